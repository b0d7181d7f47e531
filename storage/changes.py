"""Change requests: the event streams, and the rows that lists and rules ask."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from domain.changes.events import WORDS, Body, Event, Logged
from domain.changes.fold import fold
from domain.changes.people import as_people
from domain.changes.state import OPEN, ChangeRequest, ChangeStatus
from domain.errors import NotFoundError
from domain.event_log import following
from storage.people import People
from storage.records import Events
from storage.repository import Repository
from storage.schedule import Schedule
from storage.tables.records import changes as c


class Changes(Repository):
    """Change requests of the workspace. Each is always what its events fold to."""

    def log(self, change_id: str) -> tuple[Event, ...]:
        """All events of a change request, in order; empty when there is no such request.

        Accounts that were linked since count as the one person that they are.
        """
        return self._log(change_id, self._beside(People).joined())

    def get(self, change_id: str) -> ChangeRequest:
        """The change request with this id; ``NotFoundError`` if none."""
        return self._get(change_id, self._beside(People).joined())

    def _log(self, change_id: str, joined: Mapping[str, str]) -> tuple[Event, ...]:
        return as_people(self._beside(Events).log(f"change:{change_id}", WORDS), joined)

    def _get(self, change_id: str, joined: Mapping[str, str]) -> ChangeRequest:
        log = self._log(change_id, joined)
        if not log:
            raise NotFoundError("change.unknown", ref=change_id)
        return fold(change_id, log)

    def record(
        self, change: ChangeRequest, *bodies: Body, actor: str | None, at: datetime
    ) -> ChangeRequest:
        """Append events to a change request and answer it as it stands then.

        :param change: as it was loaded, or ``ChangeRequest(new_id())`` for the first event. When
            somebody else appended in between this raises ``ConflictError``, and the use case is
            tried again.
        :param actor: person id, or None for Duban itself.
        """
        log = list(self.log(change.id)) if change.seq else []
        product_id = change.product_id or next(
            b.product_id for b in bodies if isinstance(b, Logged)
        )
        new = following(change.seq, bodies, actor=actor, at=at)
        self._beside(Events).extend(f"change:{change.id}", WORDS, new, product_id=product_id)
        after = fold(change.id, [*log, *new])
        self._save(after)
        return after

    def _save(self, change: ChangeRequest) -> None:
        values = {
            "product_id": change.product_id,
            "number": change.number,
            "story": change.content.story,
            "what": change.content.what,
            "author": change.author,
            "status": change.status.value,
            "logged_at": change.logged_at,
            "submitted_at": change.submitted_at,
            "applied_at": change.applied_at,
        }
        self._upsert(c, {"id": change.id}, values)
        self._beside(Schedule).touch("change", change.id, change.product_id)

    def by_number(self, product_id: str, number: int) -> ChangeRequest | None:
        """Change request number 12 (``CR-12``) of a product."""
        where = self._mine(c, (c.c.product_id == product_id) & (c.c.number == number))
        row = self._first(select(c.c.id).where(where))
        return self.get(row.id) if row else None

    def open_of(self, product_id: str) -> tuple[ChangeRequest, ...]:
        """What is still to be decided or applied, oldest first."""
        return self.in_status(product_id, OPEN)

    def in_status(
        self, product_id: str, statuses: Collection[ChangeStatus]
    ) -> tuple[ChangeRequest, ...]:
        """Change requests of a product in some statuses, oldest first."""
        wanted = c.c.status.in_([s.value for s in statuses])
        where = self._mine(c, (c.c.product_id == product_id) & wanted)
        return self._folded(select(c.c.id).where(where).order_by(c.c.number))

    def unacknowledged(self, product_id: str) -> tuple[ChangeRequest, ...]:
        """Applied, and somebody affected has not acknowledged."""
        return self.in_status(product_id, (ChangeStatus.APPLIED,))

    def of_story(self, story: int, *, only_open: bool = True) -> tuple[ChangeRequest, ...]:
        """Change requests of a story, oldest first."""
        where = c.c.story == story
        if only_open:
            where &= c.c.status.in_([s.value for s in OPEN])
        return self._folded(select(c.c.id).where(self._mine(c, where)).order_by(c.c.number))

    def recent(self, product_id: str, limit: int = 20) -> tuple[ChangeRequest, ...]:
        """The last change requests of a product, newest first."""
        where = self._mine(c, c.c.product_id == product_id)
        return self._folded(select(c.c.id).where(where).order_by(c.c.number.desc()).limit(limit))

    def _folded(self, query: Select[Any]) -> tuple[ChangeRequest, ...]:
        found = list(self._all(query))
        if not found:
            return ()
        joined = self._beside(People).joined()
        return tuple(self._get(row.id, joined) for row in found)
