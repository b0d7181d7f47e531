"""The unit of work: one transaction over every repository of one workspace."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from domain.clock import Clock, SystemClock
from domain.ids import new_id
from domain.people import Person, Workspace
from storage.actions import Actions
from storage.audit import Audit, AuditEntry
from storage.changes import Changes
from storage.channels import Channels, Products
from storage.chat import Chat
from storage.closures import Closures
from storage.database import Database
from storage.deliverables import Deliverables
from storage.designs import Designs
from storage.digests import Digests
from storage.dingtalk import Dingtalk
from storage.dingtalk_sent import DingtalkSent
from storage.locks import lock_for_transaction
from storage.messaging import Cards, Inbox, Outbox
from storage.people import People, person_by_token
from storage.plan_links import PlanLinks
from storage.plans import Plans
from storage.platforms import LinkCodes, Tenants, workspace_of
from storage.pool import Pool
from storage.records import CompanyDays, Counters, Events, Files, Tokens
from storage.reminders import Ledger, Rules
from storage.reviews import Reviews
from storage.sample import Sample
from storage.schedule import Schedule
from storage.slack import Slack
from storage.standups import Standups
from storage.stories import Stories
from storage.tables import core as t
from storage.tracker import TrackerCatalogue, TrackerFeeds
from storage.tracker_mirror import TrackerImports, TrackerNews, TrackerStories
from storage.tracker_tokens import TrackerTokens
from storage.tracker_writes import TrackerWrites


class UnitOfWork:
    """The repositories, all on one connection and bound to one workspace.

    Audit entries are gathered and chained at the very end, so the chain's head is locked only for
    the
    commit itself. ``queued`` holds the ids of the outbox rows that this transaction made.
    """

    def __init__(self, connection: Connection, workspace_id: str, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self.workspace_id = workspace_id
        self.queued: list[tuple[str, str, str]] = []
        self.chat_changed = False
        self._audit: list[AuditEntry] = []

    @cached_property
    def people(self) -> People:
        """People, roles, identities, absences, and the workspace itself."""
        return People(self._connection, self.workspace_id, self._clock)

    @cached_property
    def products(self) -> Products:
        """Products."""
        return Products(self._connection, self.workspace_id, self._clock)

    @cached_property
    def channels(self) -> Channels:
        """Channels and direct conversations."""
        return Channels(self._connection, self.workspace_id, self._clock)

    @cached_property
    def inbox(self) -> Inbox:
        """Deliveries that were handled."""
        return Inbox(self._connection, self.workspace_id, self._clock)

    @cached_property
    def outbox(self) -> Outbox:
        """What must happen outside. Use :meth:`queue` to add."""
        return Outbox(self._connection, self.workspace_id, self._clock)

    @cached_property
    def cards(self) -> Cards:
        """Handles of posted cards."""
        return Cards(self._connection, self.workspace_id, self._clock)

    @cached_property
    def chat(self) -> Chat:
        """Messages of the web chat."""
        return Chat(self._connection, self.workspace_id, self._clock, self._chat_changed)

    @cached_property
    def events(self) -> Events:
        """Append-only event streams."""
        return Events(self._connection, self.workspace_id, self._clock)

    @cached_property
    def counters(self) -> Counters:
        """Gapless numbers."""
        return Counters(self._connection, self.workspace_id, self._clock)

    @cached_property
    def files(self) -> Files:
        """Descriptions of stored files."""
        return Files(self._connection, self.workspace_id, self._clock)

    @cached_property
    def tenants(self) -> Tenants:
        """The workspace's companies on chat platforms."""
        return Tenants(self._connection, self.workspace_id, self._clock)

    @cached_property
    def link_codes(self) -> LinkCodes:
        """Codes that link a person's accounts."""
        return LinkCodes(self._connection, self.workspace_id, self._clock)

    @cached_property
    def slack(self) -> Slack:
        """What Slack granted, and what it said about people."""
        return Slack(self._connection, self.workspace_id, self._clock)

    @cached_property
    def dingtalk(self) -> Dingtalk:
        """DingTalk's conversations and people, and the questions under way."""
        return Dingtalk(self._connection, self.workspace_id, self._clock)

    @cached_property
    def dingtalk_sent(self) -> DingtalkSent:
        """What was sent to DingTalk, and how many calls it took."""
        return DingtalkSent(self._connection, self.workspace_id, self._clock)

    @cached_property
    def tokens(self) -> Tokens:
        """Tokens for scripts."""
        return Tokens(self._connection, self.workspace_id, self._clock)

    @cached_property
    def company_days(self) -> CompanyDays:
        """The company's own working and free days."""
        return CompanyDays(self._connection, self.workspace_id, self._clock)

    @cached_property
    def schedule(self) -> Schedule:
        """When to look at each subject again."""
        return Schedule(self._connection, self.workspace_id, self._clock)

    @cached_property
    def stories(self) -> Stories:
        """Stories: the built-in tracker's store, or the mirror of another tracker."""
        return Stories(self._connection, self.workspace_id, self._clock)

    @cached_property
    def tracker_feed(self) -> TrackerFeeds:
        """How the connection to a tracker elsewhere stands."""
        return TrackerFeeds(self._connection, self.workspace_id, self._clock)

    @cached_property
    def tracker_catalogue(self) -> TrackerCatalogue:
        """Products, plans and accounts of the tracker elsewhere."""
        return TrackerCatalogue(self._connection, self.workspace_id, self._clock)

    @cached_property
    def tracker_imports(self) -> TrackerImports:
        """How products came into the mirror."""
        return TrackerImports(self._connection, self.workspace_id, self._clock)

    @cached_property
    def tracker_stories(self) -> TrackerStories:
        """Which stories are mirrored."""
        return TrackerStories(self._connection, self.workspace_id, self._clock)

    @cached_property
    def tracker_writes(self) -> TrackerWrites:
        """What waits to be written to the tracker elsewhere."""
        return TrackerWrites(self._connection, self.workspace_id, self._clock)

    @cached_property
    def tracker_news(self) -> TrackerNews:
        """What people did in the tracker itself."""
        return TrackerNews(self._connection, self.workspace_id, self._clock)

    @cached_property
    def tracker_tokens(self) -> TrackerTokens:
        """The sealed tokens with which reviewers vote in the tracker elsewhere."""
        return TrackerTokens(self._connection, self.workspace_id, self._clock)

    @cached_property
    def designs(self) -> Designs:
        """Designs in Lanhu."""
        return Designs(self._connection, self.workspace_id, self._clock)

    @cached_property
    def plans(self) -> Plans:
        """Product plans."""
        return Plans(self._connection, self.workspace_id, self._clock)

    @cached_property
    def plan_links(self) -> PlanLinks:
        """What the tracker's side of each plan was when both sides last agreed."""
        return PlanLinks(self._connection, self.workspace_id, self._clock)

    @cached_property
    def deliverables(self) -> Deliverables:
        """Deliverables of products and plans."""
        return Deliverables(self._connection, self.workspace_id, self._clock)

    @cached_property
    def reviews(self) -> Reviews:
        """Review meetings."""
        return Reviews(self._connection, self.workspace_id, self._clock)

    @cached_property
    def changes(self) -> Changes:
        """Change requests."""
        return Changes(self._connection, self.workspace_id, self._clock)

    @cached_property
    def actions(self) -> Actions:
        """Action items, open questions and blockers."""
        return Actions(self._connection, self.workspace_id, self._clock)

    @cached_property
    def pool(self) -> Pool:
        """The requirement pool."""
        return Pool(self._connection, self.workspace_id, self._clock)

    @cached_property
    def closures(self) -> Closures:
        """How stories come to be closed."""
        return Closures(self._connection, self.workspace_id, self._clock)

    @cached_property
    def ledger(self) -> Ledger:
        """What was due, and what became of it."""
        return Ledger(self._connection, self.workspace_id, self._clock)

    @cached_property
    def digests(self) -> Digests:
        """The lists of digests."""
        return Digests(self._connection, self.workspace_id, self._clock)

    @cached_property
    def rules(self) -> Rules:
        """What products set about the reminder rules."""
        return Rules(self._connection, self.workspace_id, self._clock)

    @cached_property
    def standups(self) -> Standups:
        """Standup answers."""
        return Standups(self._connection, self.workspace_id, self._clock)

    @cached_property
    def sample(self) -> Sample:
        """The sample product as a whole."""
        return Sample(self._connection, self.workspace_id, self._clock)

    @cached_property
    def audit_log(self) -> Audit:
        """The audit chain, to read and verify. Use :meth:`audit` to write."""
        return Audit(self._connection, self.workspace_id, self._clock)

    def _chat_changed(self) -> None:
        self.chat_changed = True

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
        self.queued.append((item, lane, kind))
        return item

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
