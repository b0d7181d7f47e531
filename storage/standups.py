"""Standup answers: one entry per person, product and day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select

from domain.standups import Entry
from storage.repository import Repository
from storage.tables.reminders import standups as t

_C = t.c


class Standups(Repository):
    """Entries of the workspace."""

    def get(self, product_id: str, person_id: str, day: date) -> Entry | None:
        """The entry of a person for a day."""
        where = (_C.product_id == product_id) & (_C.person_id == person_id) & (_C.day == day)
        row = self._first(select(t).where(self._mine(t, where)))
        return _entry(row) if row else None

    def before(self, product_id: str, person_id: str, day: date) -> Entry | None:
        """The person's last answered entry before a day: its "today" is the next one's draft."""
        where = (_C.product_id == product_id) & (_C.person_id == person_id) & (_C.day < day)
        where &= _C.answered_at.is_not(None)
        query = select(t).where(self._mine(t, where)).order_by(_C.day.desc()).limit(1)
        row = self._first(query)
        return _entry(row) if row else None

    def of_day(self, product_id: str, day: date) -> tuple[Entry, ...]:
        """Every entry of a product for a day, those that were answered first, in that order."""
        where = self._mine(t, (_C.product_id == product_id) & (_C.day == day))
        query = select(t).where(where)
        query = query.order_by(_C.answered_at.is_(None), _C.answered_at, _C.id)
        return tuple(_entry(r) for r in self._all(query))

    def asked(self, person_id: str, since: date) -> tuple[Entry, ...]:
        """The entries of a person from a day on that wait for an answer, oldest first."""
        where = (_C.person_id == person_id) & (_C.day >= since)
        where &= _C.answered_at.is_(None) & _C.skipped.is_(False)
        query = select(t).where(self._mine(t, where)).order_by(_C.day, _C.id)
        return tuple(_entry(r) for r in self._all(query))

    def since(self, product_ids: Collection[str], first: date) -> tuple[Entry, ...]:
        """Every entry of some products from a day on, in the order of the answers."""
        where = self._mine(t, _C.product_id.in_(tuple(product_ids)) & (_C.day >= first))
        query = select(t).where(where)
        query = query.order_by(_C.answered_at.is_(None), _C.answered_at, _C.id)
        return tuple(_entry(r) for r in self._all(query))

    def save(self, entry: Entry) -> None:
        """Store an entry; a second one for the same day raises ``ConflictError``."""
        self._upsert(t, {"id": entry.id}, _values(entry))

    def mark_asked(self, entry: Entry, at: datetime) -> None:
        """Note that the person was asked, unless they were asked or answered before."""
        known = self.get(entry.product_id, entry.person_id, entry.day)
        if known is None:
            self.save(replace(entry, asked_at=at))
        elif known.asked_at is None:
            self.save(replace(known, asked_at=at))


def _values(e: Entry) -> dict[str, Any]:
    return {
        "product_id": e.product_id,
        "person_id": e.person_id,
        "day": e.day,
        "asked_at": e.asked_at,
        "answered_at": e.answered_at,
        "edited_at": e.edited_at,
        "answers": list(e.answers),
        "skipped": e.skipped,
        "late": e.late,
        "blocker_id": e.blocker_id,
    }


def _entry(r: Row[Any]) -> Entry:
    return Entry(
        r.id, r.product_id, r.person_id, r.day, tuple(r.answers), r.asked_at, r.answered_at,
        r.edited_at, r.skipped, r.late, r.blocker_id,
    )  # fmt: skip
