"""The repositories of one workspace on one connection, each made when it is first asked for."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import Connection

from domain.clock import Clock
from storage.actions import Actions
from storage.asker import Askers
from storage.audit import Audit
from storage.changes import Changes
from storage.channels import Channels, Products
from storage.chat import Chat
from storage.closures import Closures
from storage.deliverables import Deliverables
from storage.designs import Designs
from storage.digests import Digests
from storage.dingtalk import Dingtalk
from storage.dingtalk_sent import DingtalkSent
from storage.messaging import Cards, Inbox, Outbox
from storage.people import People
from storage.plan_links import PlanLinks
from storage.plans import Plans
from storage.platforms import LinkCodes, Tenants
from storage.pool import Pool
from storage.records import CompanyDays, Counters, Events, Files, Tokens
from storage.reminders import Ledger, Rules
from storage.reviews import Reviews
from storage.sample import Sample
from storage.schedule import Schedule
from storage.slack import Slack
from storage.standups import Standups
from storage.stories import Stories
from storage.tracker import TrackerCatalogue, TrackerFeeds
from storage.tracker_mirror import TrackerImports, TrackerNews, TrackerStories
from storage.tracker_tokens import TrackerTokens
from storage.tracker_writes import TrackerWrites


class Repositories:
    """Every repository, bound to one workspace.

    :param connection: of the transaction; :param clock: says when something is written.
    """

    def __init__(self, connection: Connection, workspace_id: str, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self.workspace_id = workspace_id
        self.chat_changed = False

    @cached_property
    def people(self) -> People:
        """People, roles, identities, absences, and the workspace itself."""
        return People(self._connection, self.workspace_id, self._clock)

    @cached_property
    def askers(self) -> Askers:
        """People where they ask: what every command needs to know first."""
        return Askers(self._connection, self.workspace_id, self._clock)

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
