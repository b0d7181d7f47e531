"""When each subject with dates must be looked at again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Insert, bindparam, case, select
from sqlalchemy.dialects import postgresql, sqlite

from storage import driver
from storage.repository import Repository
from storage.tables.reminders import schedule

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""Earlier than every tick: the subject was changed and is looked at by the next one."""


@dataclass(frozen=True, slots=True)
class DueSubject:
    """A subject whose time has come.

    :param kind: ``phase``, ``milestone``, ``story``, ``change``, ``review``, ``action`` …
    :param next_at: the instant it was due at; :data:`AT_ONCE` after a change.
    :param owed_at: from when on everything that falls due is still owed: the instant that the last
        look computed, or that of a change before it.
    """

    kind: str
    subject_id: str
    product_id: str | None
    next_at: datetime
    owed_at: datetime | None = None


class Schedule(Repository):
    """The index that keeps a tick's cost at what is due, whatever is pending.

    The instant of a change is kept: what falls due between it and a tick that comes late, because
    Duban was down, is not lost.
    """

    def touch(self, kind: str, subject_id: str, product_id: str | None) -> None:
        """The subject was made or changed: look at it at the next tick."""
        row = self._touched(kind, subject_id, product_id, self._clock.now())
        driver.run(self._connection, _touch_on(self._connection.dialect.name), row)

    def touch_many(self, kind: str, subject_ids: Sequence[str], product_id: str | None) -> None:
        """Several subjects of one kind and product were made or changed."""
        now = self._clock.now()
        rows = [self._touched(kind, subject_id, product_id, now) for subject_id in subject_ids]
        if rows:
            self._connection.execute(_touch_on(self._connection.dialect.name), rows)

    def touch_new(self, kind: str, subject_ids: Sequence[str], product_id: str | None) -> None:
        """Many subjects that were made just now, and so are not here yet."""
        now = self._clock.now()
        rows = [self._touched(kind, subject_id, product_id, now) for subject_id in subject_ids]
        self._insert_many(schedule, rows)

    def _touched(
        self, kind: str, subject_id: str, product_id: str | None, now: datetime
    ) -> dict[str, Any]:
        return {
            "workspace_id": self._workspace,
            "subject_kind": kind,
            "subject_id": subject_id,
            "product_id": product_id,
            "next_at": AT_ONCE,
            "owed_at": now,
        }

    def set(self, kind: str, subject_id: str, product_id: str | None, next_at: datetime) -> None:
        """Look at the subject again at an instant."""
        keys = {"subject_kind": kind, "subject_id": subject_id}
        values = {"product_id": product_id, "next_at": next_at, "owed_at": next_at}
        self._upsert(schedule, keys, values)

    def drop(self, kind: str, subject_id: str) -> None:
        """Nothing more will come of the subject."""
        s = schedule.c
        self._delete(schedule, (s.subject_kind == kind) & (s.subject_id == subject_id))

    def due(self, now: datetime, limit: int = 500) -> tuple[DueSubject, ...]:
        """Subjects to look at now, longest waiting first."""
        return self._due(now, limit, claim=False)

    def claim(self, now: datetime, limit: int = 500) -> tuple[DueSubject, ...]:
        """As :meth:`due`, but held until the transaction ends.

        Subjects that another process holds are left out.
        """
        return self._due(now, limit, claim=True)

    def _due(self, now: datetime, limit: int, *, claim: bool) -> tuple[DueSubject, ...]:
        s = schedule.c
        query = select(
            s.subject_kind, s.subject_id, s.product_id, s.next_at, s.owed_at
        ).where(self._mine(schedule, s.next_at <= now))  # fmt: skip
        query = query.order_by(s.next_at).limit(limit)
        if claim:
            query = query.with_for_update(skip_locked=True)
        return tuple(DueSubject(*row) for row in self._all(query))

    def any_due(self, now: datetime) -> bool:
        """Whether there is anything to look at, held by another process or not."""
        s = schedule.c
        query = select(s.next_at).where(self._mine(schedule, s.next_at <= now)).limit(1)
        return self._first(query) is not None

    def of_product(self, product_id: str) -> tuple[DueSubject, ...]:
        """Every subject of a product that is still to be looked at, whenever."""
        s = schedule.c
        query = select(s.subject_kind, s.subject_id, s.product_id, s.next_at, s.owed_at)
        query = query.where(self._mine(schedule, s.product_id == product_id))
        rows = self._all(query.order_by(s.next_at, s.subject_kind, s.subject_id))
        return tuple(DueSubject(*row) for row in rows)

    def settle(self, looked: Iterable[tuple[DueSubject, datetime | None]]) -> None:
        """Write down when to look at claimed subjects again; None: never, unless they change."""
        groups: dict[tuple[str, datetime | None], list[str]] = defaultdict(list)
        for subject, next_at in looked:
            groups[subject.kind, next_at].append(subject.subject_id)
        s = schedule.c
        for (kind, next_at), ids in groups.items():
            where = (s.subject_kind == kind) & self._among(s.subject_id, ids)
            if next_at is None:
                self._delete(schedule, where)
            else:
                self._update(schedule, where, {"next_at": next_at, "owed_at": next_at})

    def touch_product(self, product_id: str) -> None:
        """Everything of a product may fall differently now (a rule of it was changed)."""
        s = schedule.c
        where = (s.product_id == product_id) & (s.next_at > AT_ONCE)
        self._update(schedule, where, self._at_once())

    def touch_all(self) -> None:
        """Everything may fall differently now (the calendar or a rule changed)."""
        self._update(schedule, schedule.c.next_at > AT_ONCE, self._at_once())

    def _at_once(self) -> dict[str, Any]:
        return {"next_at": AT_ONCE, "owed_at": _owed(self._clock.now())}


def _owed(now: datetime) -> ColumnElement[datetime]:
    """What was owed before stays owed; else what falls due from the change on."""
    owed = schedule.c.owed_at
    return case((owed < now, owed), else_=bindparam(None, now, type_=owed.type))


@cache
def _touch_on(dialect: str) -> Insert:
    """A subject's row, or the one that it has brought forward; what was owed before stays owed."""
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = make(schedule)
    owed, changed = schedule.c.owed_at, statement.excluded.owed_at
    return statement.on_conflict_do_update(
        index_elements=["workspace_id", "subject_kind", "subject_id"],
        set_={
            "product_id": statement.excluded.product_id,
            "next_at": statement.excluded.next_at,
            "owed_at": case((owed < changed, owed), else_=changed),
        },
    )
