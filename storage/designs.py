"""Designs: their event streams, and the rows that find them by link and by story."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from domain.designs import WORDS, Body, Design, Event, fold
from domain.errors import NotFoundError
from domain.event_log import following
from domain.ids import new_id
from storage.records import Events
from storage.repository import Repository
from storage.tables.designs import design_stories as s
from storage.tables.designs import designs as d


class Designs(Repository):
    """Designs of the workspace. Each is always what its events fold to."""

    def log(self, design_id: str) -> tuple[Event, ...]:
        """All events of a design, in order; empty when there is no such design."""
        return self._beside(Events).log(f"design:{design_id}", WORDS)

    def get(self, design_id: str) -> Design:
        """The design with this id; ``NotFoundError`` if none."""
        log = self.log(design_id)
        if not log:
            raise NotFoundError("lanhu.unknown", ref=design_id)
        return fold(design_id, log)

    def by_key(self, product_id: str, key: str) -> Design | None:
        """The design of a product that links with this key show."""
        where = self._mine(d, (d.c.product_id == product_id) & (d.c.key == key))
        return self._one(select(d.c.id).where(where))

    def by_number(self, product_id: str, number: int) -> Design | None:
        """Design number 3 (``D-3``) of a product."""
        where = self._mine(d, (d.c.product_id == product_id) & (d.c.number == number))
        return self._one(select(d.c.id).where(where))

    def everywhere(self, key: str) -> tuple[Design, ...]:
        """The designs with this key, of any product, oldest first."""
        where = self._mine(d, d.c.key == key)
        return self._folded(select(d.c.id).where(where).order_by(d.c.id))

    def of_story(self, number: int) -> tuple[Design, ...]:
        """The designs that were posted with a story, in the order of their numbers."""
        query = (
            select(d.c.id)
            .join(s, s.c.design_id == d.c.id)
            .where(self._mine(d), self._mine(s, s.c.number == number))
            .order_by(d.c.number)
        )
        return self._folded(query)

    def recent(self, product_id: str, limit: int = 20) -> tuple[Design, ...]:
        """The designs of a product that were posted last, newest first."""
        where = self._mine(d, d.c.product_id == product_id)
        order = (d.c.posted_at.desc(), d.c.number.desc())
        return self._folded(select(d.c.id).where(where).order_by(*order).limit(limit))

    def record(self, design: Design, *bodies: Body, actor: str | None, at: datetime) -> Design:
        """Append events to a design and answer it as it stands then.

        :param design: as it was loaded, or ``Design(new_id())`` before the first posting. When
            somebody else appended in between this raises ``ConflictError``.
        :param actor: person id, or None for Duban itself.
        """
        log = self.log(design.id) if design.seq else ()
        new = following(design.seq, bodies, actor=actor, at=at)
        after = fold(design.id, (*log, *new))
        self._save(after, at)
        self._beside(Events).extend(f"design:{design.id}", WORDS, new, product_id=after.product_id)
        self._save_stories(after, design.stories)
        return after

    def _save(self, design: Design, at: datetime) -> None:
        values = {
            "product_id": design.product_id,
            "number": design.number,
            "key": design.link.key,
            "url": design.link.url,
            "posted_at": at,
        }
        self._upsert(d, {"id": design.id}, values)

    def _save_stories(self, design: Design, known: Iterable[int]) -> None:
        new = [n for n in design.stories if n not in set(known)]
        rows = [{"id": new_id(), "design_id": design.id, "number": n} for n in new]
        self._insert_many(s, rows)

    def _one(self, query: Select[Any]) -> Design | None:
        row = self._first(query)
        return self.get(row.id) if row else None

    def _folded(self, query: Select[Any]) -> tuple[Design, ...]:
        return tuple(self.get(row.id) for row in list(self._all(query)))
