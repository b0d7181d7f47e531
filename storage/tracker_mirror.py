"""Which stories came from a tracker elsewhere, how they came, and what changed there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from domain.ids import new_id
from domain.stories import Status
from domain.tracking import SHIFT, ImportState, News, Origin, ProductImport
from storage.repository import Repository
from storage.tables import tracker as t
from storage.tables.stories import stories

_S = t.tracker_stories.c


@dataclass(frozen=True, slots=True)
class MirrorRow:
    """What is remembered of a mirrored story beside the story itself.

    :param listing: a fingerprint of the story's row in the tracker's list, so that the sweep sees
        what is different without reading each story.
    :param read: whether the texts are here; lists do not have them.
    :param seen: the last action of its history that was taken in, as the tracker numbers it.
    """

    number: int
    product_id: str
    listing: str = ""
    read: bool = False
    seen: int = 0


class TrackerStories(Repository):
    """The stories of the mirror."""

    def get(self, number: int) -> MirrorRow | None:
        """One story's row; None when the story is not of the mirror."""
        row = self._row(t.tracker_stories, number=number)
        return _mirror_row(row) if row else None

    def called(self, remote: int) -> int | None:
        """What we call the tracker's story of this number; None when it is not mirrored."""
        for number in (remote, remote + SHIFT):
            if self.get(number) is not None:
                return number
        return None

    def of_product(self, product_id: str) -> Mapping[int, MirrorRow]:
        """The rows of a product by number."""
        rows = self._rows(t.tracker_stories, product_id=product_id)
        return {r.number: _mirror_row(r) for r in rows}

    def save(self, row: MirrorRow) -> None:
        """Remember a story."""
        where = _S.number == row.number
        if not self._update(t.tracker_stories, where, _values(row)):
            self._insert(t.tracker_stories, {"id": new_id(), "number": row.number, **_values(row)})

    def add(self, rows: Sequence[MirrorRow]) -> None:
        """Remember many that are not here yet."""
        values = [{"id": new_id(), "number": r.number, **_values(r)} for r in rows]
        self._insert_many(t.tracker_stories, values)

    def forget(self, numbers: Collection[int]) -> None:
        """The stories are gone in the tracker, or moved out of sight."""
        self._delete(t.tracker_stories, _S.number.in_(set(numbers)))

    def reset(self, product_id: str) -> None:
        """Nothing that is known of a product's stories is relied on any more."""
        self._update(t.tracker_stories, _S.product_id == product_id, {"listing": "", "read": False})

    def unread(self, product_id: str, limit: int, *, open_only: bool = False) -> tuple[int, ...]:
        """Stories whose texts are still to be read, the newest first."""
        where = self._mine(t.tracker_stories, (_S.product_id == product_id) & ~_S.read)
        query = select(_S.number).where(where).order_by(_S.number.desc()).limit(limit)
        if open_only:
            s = stories.c
            same = (s.workspace_id == _S.workspace_id) & (s.number == _S.number)
            query = query.join(stories, same).where(s.status != Status.CLOSED.value)
        return tuple(r.number for r in self._all(query))

    def count(self, product_id: str) -> tuple[int, int]:
        """How many stories of a product are here, and of how many the texts are."""
        where = self._mine(t.tracker_stories, _S.product_id == product_id)
        query = select(_S.read, func.count().label("n")).where(where).group_by(_S.read)
        counts = {bool(r.read): int(r.n) for r in self._all(query)}
        return sum(counts.values()), counts.get(True, 0)


class TrackerImports(Repository):
    """How far each product's first import is."""

    def get(self, product_id: str) -> ProductImport | None:
        """The import of a product."""
        row = self._row(t.tracker_imports, product_id=product_id)
        return _import(row) if row else None

    def all(self) -> tuple[ProductImport, ...]:
        """Every import, in the order in which they were begun."""
        query = select(t.tracker_imports).where(self._mine(t.tracker_imports))
        return tuple(_import(r) for r in self._all(query.order_by(t.tracker_imports.c.id)))

    def save(self, item: ProductImport) -> None:
        """Store an import as it stands."""
        values = {
            "ref": item.ref,
            "state": item.state.value,
            "by": item.by,
            "origin": {"channel": item.origin.channel, "thread": item.origin.thread},
            "page": item.page,
            "total": item.total,
            "listed": item.listed,
            "begun_at": item.begun_at,
            "ready_at": item.ready_at,
            "swept_at": item.swept_at,
        }
        where = t.tracker_imports.c.product_id == item.product_id
        if not self._update(t.tracker_imports, where, values):
            keys = {"id": new_id(), "product_id": item.product_id}
            self._insert(t.tracker_imports, {**keys, **values})

    def forget(self, product_id: str) -> bool:
        """The product is not kept in step any more; False when it was not."""
        where = t.tracker_imports.c.product_id == product_id
        return self._delete(t.tracker_imports, where) > 0


class TrackerNews(Repository):
    """What people did in the tracker itself."""

    def add(self, news: News) -> None:
        """Remember it for the next digest."""
        self._insert(
            t.tracker_news,
            {
                "id": new_id(),
                "product_id": news.product_id,
                "number": news.number,
                "title": news.title,
                "action": news.action,
                "who": news.who,
                "person": news.person,
                "comment": news.comment,
                "changes": {k: list(v) for k, v in news.changes.items()},
                "at": news.at,
                "seen_at": news.seen_at,
            },
        )

    def since(self, product_ids: Collection[str], instant: datetime) -> tuple[News, ...]:
        """What was learned after an instant, oldest first."""
        n = t.tracker_news.c
        where = self._mine(t.tracker_news, n.product_id.in_(set(product_ids)), n.seen_at > instant)
        rows = self._all(select(t.tracker_news).where(where).order_by(n.seen_at, n.id))
        return tuple(_news(r) for r in rows)

    def forget_before(self, instant: datetime) -> int:
        """Drop what no digest asks for any more; the number dropped."""
        return self._delete(t.tracker_news, t.tracker_news.c.seen_at < instant)


def _values(row: MirrorRow) -> dict[str, Any]:
    return {
        "product_id": row.product_id,
        "listing": row.listing,
        "read": row.read,
        "seen": row.seen,
    }


def _mirror_row(row: Row[Any]) -> MirrorRow:
    return MirrorRow(row.number, row.product_id, row.listing, row.read, row.seen)


def _import(row: Row[Any]) -> ProductImport:
    return ProductImport(
        product_id=row.product_id,
        ref=row.ref,
        state=ImportState(row.state),
        by=row.by,
        origin=Origin(**row.origin),
        begun_at=row.begun_at,
        page=row.page,
        total=row.total,
        listed=row.listed,
        ready_at=row.ready_at,
        swept_at=row.swept_at,
    )


def _news(row: Row[Any]) -> News:
    return News(
        product_id=row.product_id,
        number=row.number,
        action=row.action,
        at=row.at,
        seen_at=row.seen_at,
        title=row.title,
        who=row.who,
        person=row.person,
        comment=row.comment,
        changes={k: (v[0], v[1]) for k, v in row.changes.items()},
    )
