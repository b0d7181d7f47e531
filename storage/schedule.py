"""When each subject with dates must be looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from storage.repository import Repository
from storage.tables.reminders import schedule

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""Earlier than every tick: the subject was changed and is looked at by the next one."""


@dataclass(frozen=True, slots=True)
class DueSubject:
    """A subject whose time has come.

    :param kind: ``phase``, ``milestone``, ``story``, ``change``, ``review``, ``action`` …
    :param next_at: the instant it was due at; :data:`AT_ONCE` after a change.
    """

    kind: str
    subject_id: str
    product_id: str | None
    next_at: datetime


class Schedule(Repository):
    """The index that keeps a tick's cost at what is due, whatever is pending."""

    def touch(self, kind: str, subject_id: str, product_id: str | None) -> None:
        """The subject was made or changed: look at it at the next tick."""
        self.set(kind, subject_id, product_id, AT_ONCE)

    def set(self, kind: str, subject_id: str, product_id: str | None, next_at: datetime) -> None:
        """Look at the subject again at an instant."""
        keys = {"subject_kind": kind, "subject_id": subject_id}
        self._upsert(schedule, keys, {"product_id": product_id, "next_at": next_at})

    def drop(self, kind: str, subject_id: str) -> None:
        """Nothing more will come of the subject."""
        s = schedule.c
        self._delete(schedule, (s.subject_kind == kind) & (s.subject_id == subject_id))

    def due(self, now: datetime, limit: int = 500) -> tuple[DueSubject, ...]:
        """Subjects to look at now, longest waiting first."""
        s = schedule.c
        query = select(schedule).where(self._mine(schedule, s.next_at <= now))
        rows = self._all(query.order_by(s.next_at, s.subject_kind, s.subject_id).limit(limit))
        return tuple(
            DueSubject(r.subject_kind, r.subject_id, r.product_id, r.next_at) for r in rows
        )

    def touch_all(self) -> None:
        """Everything may fall differently now (the calendar or a rule changed)."""
        self._update(schedule, schedule.c.next_at > AT_ONCE, {"next_at": AT_ONCE})
