"""Slack, put together: what comes in, what goes out, and what is looked after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_bolt.async_app import AsyncApp
from starlette.routing import BaseRoute, Route

from bot.core import Core
from bot.delivery import Effect
from bot.documents import DocumentProducer
from bot.slack.admin.install import Installer
from bot.slack.admin.manifest import EVENTS_PATH
from bot.slack.admin.names import check_names, slash_commands, way_of
from bot.slack.admin.oauth import OAuthPages
from bot.slack.answering.desk import Desk
from bot.slack.answering.modals import Modals
from bot.slack.answering.pens import Pens
from bot.slack.answering.tasks import Tasks
from bot.slack.answering.voice import Voice
from bot.slack.api.tokens import Tokens
from bot.slack.api.webapi import WebApi
from bot.slack.connection.app import Authorize, Handlers, build_app
from bot.slack.connection.events import Events
from bot.slack.connection.guard import Guard
from bot.slack.connection.http import EventsPage
from bot.slack.connection.socket import Socket
from bot.slack.listeners.presses import Presses
from bot.slack.listeners.searches import Searches
from bot.slack.listeners.shortcuts import Shortcuts
from bot.slack.listeners.slashes import Slashes
from bot.slack.listeners.submissions import Submissions
from bot.slack.listeners.talk import Talk
from bot.slack.listeners.where import Chosen
from bot.slack.outbound.surface import SlackSurface
from bot.slack.people.directory import Directory
from bot.slack.people.membership import Membership
from bot.slack.reading.files_in import FilesIn
from bot.slack.reading.resolve import Resolver
from bot.slack.views.home import SlackHome
from bot.slack.views.tabs import Tabs
from bot.slack.views.unfurling import Unfurling
from bot.vault import Vault
from commands.unfurl import LinkHosts, unfurl
from domain.messages import Card
from domain.people import Channel, Person
from domain.ports import Surface
from storage.slack import PLATFORM
from storage.uow import UnitOfWork


class SlackPlatform:
    """Duban in Slack. Making it connects to nothing.

    :raises UserError: the umbrella's name cannot be a command in Slack.
    """

    def __init__(self, core: Core, vault: Vault) -> None:
        settings, store, clock = core.settings, core.store, core.clock
        check_names(core.dispatcher.registry, settings.slack)
        self._way = way_of(slash_commands(core.dispatcher.registry, settings.slack), settings.slack)
        self._core = core
        self._settings = settings.slack
        self._sealed = False
        self.tokens = Tokens(store, settings.slack, vault, clock)
        self.directory = Directory(store, self.tokens, clock)
        self._installer = Installer(store, settings, vault, clock, self.tokens)
        self._membership = Membership(store, self.directory, clock)
        self._api = WebApi(self.tokens, settings.slack.api_base_url)
        self._tasks = Tasks()
        documents = DocumentProducer(core.services.holidays, settings.templates_dir, clock)
        self._surface = SlackSurface(
            store, self.tokens, self.directory, core.files, clock, settings.base_url,
            make=documents.make, way=self._way,
        )  # fmt: skip
        self._app = self._build(core)
        self._socket = (
            Socket(self._app, settings.slack.app_token) if settings.slack.socket else None
        )

    @property
    def name(self) -> str:
        """As in ``Channel.platform``."""
        return PLATFORM

    @property
    def surface(self) -> Surface:
        """Sends cards to Slack."""
        return self._surface

    def direct(self, uow: UnitOfWork, person: Person) -> Channel | None:
        """The person's conversation with Duban in Slack; None where they have no account there."""
        return self.directory.direct(uow, person)

    def routes(self) -> Sequence[BaseRoute]:
        """Where Slack posts to, and the pages on which the app is installed."""
        pages = OAuthPages(self._installer, self._core.settings, self._core.clock).routes()
        if not self._settings.http:
            return pages
        page = EventsPage(self._app, Guard(self._settings.signing_secret, self._core.clock))
        return (Route(EVENTS_PATH, page, methods=["POST"]), *pages)

    def effects(self) -> Mapping[str, Effect]:
        """Slack asks for no rows of its own."""
        return {}

    def start(self) -> None:
        """Connect, in Socket Mode; by HTTP Slack comes to us."""
        if self._socket is not None:
            self._socket.start()

    def stop(self) -> None:
        """Answer what was taken, and close the connection."""
        if self._socket is not None:
            self._socket.stop()
        self._api.close()

    @property
    def busy(self) -> bool:
        """Whether something goes on after an acknowledgment."""
        return self._tasks.busy

    def tick(self, now: datetime) -> None:
        """Once per process, the stored tokens are sealed with the newest key."""
        del now
        if not self._sealed:
            self._sealed = True
            self.tokens.reseal()

    def _build(self, core: Core) -> AsyncApp:
        slack = self._settings
        pens = Pens(core.store, self.directory, core.clock, core.settings.base_url, self._way)
        home = SlackHome(core.dispatcher, self.directory, self.tokens, pens, core.clock)
        tabs = Tabs(home, core.store, self._api, self._tasks)
        desk = self._desk(core, pens, tabs)
        files = FilesIn(core.store, core.files, self._api, core.clock)
        unfurling = Unfurling(core.store, self._api, desk.pens, desk.resolver, self._unfurl)
        events = Events(
            talk=Talk(desk, files),
            unfurling=unfurling,
            membership=self._membership,
            installer=self._installer,
            home=tabs.show,
            api=self._api,
            tasks=self._tasks,
        )
        handlers = Handlers(
            slashes=Slashes(desk, slack.prefix, slack.umbrella),
            presses=Presses(desk, tabs.show),
            submissions=Submissions(desk, files, tabs.show),
            chosen=Chosen(desk),
            searches=Searches(desk),
            shortcuts=Shortcuts(desk),
            events=events,
        )
        return build_app(handlers, Authorize(self.tokens, self._api), slack.api_base_url)

    def _desk(self, core: Core, pens: Pens, tabs: Tabs) -> Desk:
        return Desk(
            store=core.store,
            registry=core.dispatcher.registry,
            intake=core.intake,
            clock=core.clock,
            api=self._api,
            resolver=Resolver(core.store, self.directory, core.clock),
            pens=pens,
            voice=Voice(self._api, pens, self.directory, core.store, core.clock),
            modals=Modals(self._api, pens, core.store, core.settings.base_url),
            tasks=self._tasks,
            acted=tabs.acted,
        )

    def _unfurl(self, uow: UnitOfWork, url: str) -> Card | None:
        settings = self._core.settings
        zentao = settings.zentao.url if settings.zentao is not None else None
        return unfurl(uow, url, LinkHosts(zentao, settings.lanhu_hosts))
