"""The unit of work: one transaction over every repository of one workspace."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from domain.clock import Clock, SystemClock
from domain.ids import new_id
from domain.message_json import to_json
from domain.messages import Card
from domain.people import Person, Workspace
from storage.audit import AuditEntry
from storage.database import Database
from storage.locks import lock_for_transaction
from storage.people import person_by_token
from storage.platforms import workspace_of
from storage.repositories import Repositories
from storage.tables import core as t


class UnitOfWork(Repositories):
    """One transaction of one workspace: its repositories, and what is to follow from it.

    Audit entries are gathered and chained at the very end, so the chain's head is locked only for
    the commit itself. ``queued`` holds the ids of the outbox rows that this transaction made and
    that are to be sent at once.
    """

    def __init__(self, connection: Connection, workspace_id: str, clock: Clock) -> None:
        super().__init__(connection, workspace_id, clock)
        self.queued: list[tuple[str, str, str]] = []
        self._audit: list[AuditEntry] = []
        self._written: dict[int, tuple[Card, Any]] = {}

    def written(self, card: Card) -> Any:
        """The card as JSON, not to be changed: inbox, outbox and chat store the same one.

        Writing a card costs as much as two statements.
        """
        known = self._written.get(id(card))
        if known is None:  # kept with the card, so that its id stays its own
            known = self._written[id(card)] = (card, to_json(card))
        return known[1]

    def audit(self, entry: AuditEntry) -> None:
        """Write an act into the audit at the end of this transaction."""
        self._audit.append(entry)

    def queue(
        self,
        lane: str,
        kind: str,
        payload: Mapping[str, Any],
        now: datetime,
        *,
        due_at: datetime | None = None,
        dedupe: str | None = None,
    ) -> str:
        """Queue something that must happen outside; returns the outbox row's id."""
        item = self.outbox.add(lane, kind, payload, now, due_at=due_at, dedupe=dedupe)
        if due_at is None or due_at <= now:  # who looks earlier finds nothing to do
            self.queued.append((item, lane, kind))
        return item

    def queue_all(
        self, lane: str, kind: str, payloads: Sequence[Mapping[str, Any]], now: datetime
    ) -> None:
        """Queue things for one lane, to be done in this order as soon as this is committed."""
        for item in self.outbox.add_all(lane, kind, payloads, now):
            self.queued.append((item, lane, kind))

    def finish(self) -> None:
        """Write what was gathered; the last thing before the commit."""
        self.audit_log.append(self._audit)
        self._audit = []

    @contextmanager
    def savepoint(self) -> Generator[None]:
        """A part of the transaction that may fail alone: its rows and effects are undone."""
        queued, entries = len(self.queued), len(self._audit)
        try:
            with self._connection.begin_nested():
                yield
        except BaseException:
            del self.queued[queued:]
            del self._audit[entries:]
            raise


@dataclass(frozen=True, slots=True)
class TokenView:
    """Who a token belongs to, and a consistent view of their workspace."""

    uow: UnitOfWork
    person: Person
    workspace: Workspace


class Store:
    """Opens units of work.

    :param after_commit: called after each committed transaction, outside it; it must not raise.
    :param clock: says when subjects are changed; by default the machine's.
    """

    def __init__(
        self,
        database: Database,
        after_commit: Callable[[UnitOfWork], None] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.database = database
        self.after_commit = after_commit
        self._clock = clock or SystemClock()

    @contextmanager
    def write(self, workspace_id: str) -> Generator[UnitOfWork]:
        """A transaction that commits at the end, or leaves no trace when the block raises."""
        with self.database.write() as connection:
            uow = UnitOfWork(connection, workspace_id, self._clock)
            yield uow
            uow.finish()
        if self.after_commit is not None:
            self.after_commit(uow)

    @contextmanager
    def read(self, workspace_id: str) -> Generator[UnitOfWork]:
        """A consistent view that must not write."""
        with self.database.read() as connection:
            yield UnitOfWork(connection, workspace_id, self._clock)

    @contextmanager
    def read_by_token(self, token_hash: str, now: datetime) -> Generator[TokenView | None]:
        """The view of the person whose living API token has this hash; None for no such token."""
        with self.database.read() as connection:
            found = person_by_token(connection, token_hash, now)
            if found is None:
                yield None
                return
            person, workspace = found
            yield TokenView(UnitOfWork(connection, workspace.id, self._clock), person, workspace)

    def workspaces(self) -> tuple[Workspace, ...]:
        """Every workspace, oldest first. Ticks and administration alone cross workspaces."""
        with self.database.read() as connection:
            rows = connection.execute(select(t.workspaces).order_by(t.workspaces.c.id)).all()
        return tuple(_workspace(r) for r in rows)

    def workspace_of(self, platform: str, tenant: str) -> Workspace | None:
        """The workspace that a company of a chat platform is tied to."""
        with self.database.read() as connection:
            found = workspace_of(connection, platform, tenant)
            if found is None:
                return None
            query = select(t.workspaces).where(t.workspaces.c.id == found)
            return _workspace(connection.execute(query).one())

    def create_workspace(
        self, name: str, *, locale: str, zone: str, country: str, now: datetime
    ) -> Workspace:
        """Make a workspace."""
        workspace = Workspace(new_id(), name, locale, zone, country)
        with self.database.write() as connection:
            _insert_workspace(connection, workspace, now)
        return workspace

    def found_workspace(
        self, workspace: Workspace, now: datetime, furnish: Callable[[UnitOfWork], None]
    ) -> Workspace:
        """The oldest workspace; where there is none, this one, furnished in the same transaction.

        However many processes begin at once on an empty database, one of them makes it and the
        others get the same.
        """
        with self.database.write() as connection:
            lock_for_transaction(connection, "first-workspace")
            known = connection.execute(
                select(t.workspaces).order_by(t.workspaces.c.id).limit(1)
            ).one_or_none()
            if known is not None:
                return _workspace(known)
            _insert_workspace(connection, workspace, now)
            uow = UnitOfWork(connection, workspace.id, self._clock)
            furnish(uow)
            uow.finish()
        return workspace


def _workspace(row: Row[Any]) -> Workspace:
    return Workspace(row.id, row.name, row.locale, row.zone, row.country)


def _insert_workspace(connection: Connection, workspace: Workspace, now: datetime) -> None:
    values: dict[str, Any] = {
        "id": workspace.id,
        "name": workspace.name,
        "locale": workspace.locale,
        "zone": workspace.zone,
        "country": workspace.country,
        "settings": {},
        "created_at": now,
    }
    connection.execute(insert(t.workspaces), values)
