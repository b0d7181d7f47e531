"""The composition root: the one place where parts are made and tied together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from bot.cards.words import Reader, words
from bot.connections import build_connections, build_platforms
from bot.core import Core
from bot.delivery import Delivery, Effect
from bot.documents import DocumentProducer
from bot.effects import document_effect
from bot.engine import DbosEngine
from bot.intake import KIND as KEPT_REQUEST
from bot.platforms import Part
from bot.record_links import RecordLinks, record_route
from bot.replies_json import reply_json
from bot.sample.effect import sample_effect
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.surfaces.names import Names
from bot.templates import template_effect
from bot.webchat.access import ensure_direct
from bot.webchat.hub import Hub
from bot.webchat.posting import Shown, presenter
from bot.webchat.routes import routes as chat_routes
from bot.webchat.settings import ChatSettings
from bot.webchat.surface import WebSurface
from bot.zentao.abandoned import abandoned
from commands.dispatcher import Answer, Hook
from documents.template_store import Templates
from domain.clock import Clock
from domain.errors import DubanError
from domain.messages import Inline
from domain.people import Person, Workspace
from domain.ports import Engine
from domain.requests import Request
from reminders.tick import Services as TickServices
from reminders.tick import tick
from storage.migrate import is_current
from storage.uow import Store, UnitOfWork
from web.api import CommandApi, Render, Show
from web.app import create_app
from web.health import health_routes
from web.limits import RateLimit

log = structlog.get_logger("duban")

LEDGER_MEMORY = timedelta(days=400)
"""How long ``/reminders why`` explains what was sent; far longer than any rule catches up."""

INBOX_MEMORY = timedelta(days=7)
"""How long a repeated delivery is known; platforms repeat for minutes, people for a day."""


class Duban:
    """A running process.

    :param core: the use cases.
    :param work: whether this process does background work, or only queues it for others.
    :param listen: whether it keeps the connections through which platforms without a public address
        are heard (Slack's Socket Mode, DingTalk's stream); a name: only those of this platform.
    :param engine: another engine than DBOS on the same database.
    """

    def __init__(
        self,
        core: Core,
        *,
        work: bool = True,
        listen: bool | str = False,
        engine: Engine | None = None,
    ) -> None:
        settings, store, clock = core.settings, core.store, core.clock
        self.core = core
        self.chat = ChatSettings(
            settings.secret_keys,
            demo=not settings.public,
            secure=settings.base_url.startswith("https"),
        )
        self.hub = Hub(store, self.chat)
        self.engine = engine or DbosEngine(settings.database_url, work=work)
        self.platforms = build_platforms(core)
        self.parts: tuple[Part, ...] = (*self.platforms, *build_connections(core))
        self.delivery = self._delivery()
        self.scheduler = Scheduler(store, clock, self.tick, self.forget) if work else None
        self._listen = listen
        store.after_commit = self._after_commit

    def _delivery(self) -> Delivery:
        """What goes out: a person is told on the first platform where they can be reached."""
        core = self.core
        web = WebSurface(core.store, core.clock)
        theirs = {kind: run for part in self.parts for kind, run in part.effects().items()}
        return Delivery(
            core.store,
            self.engine,
            core.clock,
            {**{p.name: p.surface for p in self.platforms}, "web": web},
            {**self._effects(), **theirs},
            {**{p.name: p.direct for p in self.platforms}, "web": ensure_direct},
            outside=theirs,
            abandoned=abandoned(core.clock),
        )

    def _effects(self) -> Mapping[str, Effect]:
        core = self.core
        producer = DocumentProducer(core.services.holidays, core.settings.templates_dir, core.clock)
        return {
            "document": document_effect(core.store, core.files, producer, core.clock),
            "template": template_effect(core.files, Templates(core.settings.templates_dir)),
            "sample": sample_effect(core.dispatcher, core.store, core.services, core.clock),
            KEPT_REQUEST: core.intake.effect,
        }

    def _after_commit(self, uow: UnitOfWork) -> None:
        self.hub.after_commit(uow)
        self.delivery.after_commit(uow)

    def start(self) -> None:
        """Begin the background work. Call it where no event loop runs."""
        self.engine.start()
        self.delivery.start()
        for part in self._listening():
            part.start()
        if self.scheduler is not None:
            self.scheduler.start()

    def _listening(self) -> tuple[Part, ...]:
        """The parts that are heard by this process."""
        if isinstance(self._listen, str):
            return tuple(p for p in self.platforms if p.name == self._listen)
        return self.parts if self._listen else ()

    def stop(self) -> None:
        """Finish what runs, and stop."""
        if self.scheduler is not None:
            self.scheduler.stop()
        for part in self.parts:
            part.stop()
        self.core.intake.close()
        self.delivery.stop()
        self.engine.stop()
        self.core.store.database.close()

    def tick(self, now: datetime) -> None:
        """All periodic work; safe to run at any time, in any number of processes."""
        services = TickServices(self.core.services.holidays)
        for workspace in self.core.store.workspaces():
            try:
                report = tick(self.core.store, workspace.id, services, now)
            except DubanError as error:  # others wrote first, or the database is away: next tick
                log.warning("tick.put_off", workspace=workspace.id, error=str(error))
                continue
            if report.recorded or report.messages:
                log.info("tick.done", workspace=workspace.id, messages=report.messages)
        for part in self.parts:
            part.tick(now)
        self.delivery.sweep()

    def forget(self, now: datetime) -> None:
        """Drop what is only kept to recognise repeats."""
        for workspace in self.core.store.workspaces():
            with self.core.store.write(workspace.id) as uow:
                uow.inbox.forget_before(now - INBOX_MEMORY)
                uow.ledger.forget_before(now - LEDGER_MEMORY)


def build_asgi(duban: Duban, limit: RateLimit | None = None) -> ASGIApp:
    """The web application of a process.

    :param limit: how much one person may ask; the usual limit if None.
    """
    core = duban.core
    registry = CollectorRegistry()
    limit = limit or RateLimit(core.clock)
    chat = chat_routes(
        store=core.store,
        dispatcher=core.dispatcher,
        clock=core.clock,
        files=core.files,
        hub=duban.hub,
        settings=duban.chat,
        limit=limit,
    )
    api = CommandApi(
        core.store, core.dispatcher, core.clock, _as_json(core.store), limit, _shown(core.clock)
    )
    health = health_routes({"database": lambda: _ready(core.store)}, registry)
    return create_app(
        [  # looked through in this order: first where platforms wait three seconds at most
            *(r for part in duban.parts for r in part.routes()),
            *chat,
            *api.routes(),
            *health,
            record_route(_record_links(core.settings), core.store, core.files),
        ],
        words=_words,
        hosts=_hosts(core.settings),
        registry=registry,
    )


def _record_links(settings: Settings) -> RecordLinks:
    return RecordLinks(settings.base_url, settings.secret_keys)


def _ready(store: Store) -> bool:
    return is_current(store.database)


def _words(text: Inline, locale: str) -> str:
    return words(text, Reader(locale, "UTC"))


def _as_json(store: Store) -> Render:
    """Replies as JSON, with people by their names in the text."""

    def render(answer: Answer, person: Person, workspace: Workspace) -> str:
        zone, names = person.zone or workspace.zone, Names(store, workspace.id)
        return reply_json(answer, Reader(person.locale, zone, person.id, names))

    return render


def _shown(clock: Clock) -> Show:
    """What the channel sees of a script's command: the words and the answer."""

    def show(request: Request) -> Hook:
        return presenter(request, clock.now(), said=request.text, shown=Shown())

    return show


def _hosts(settings: Settings) -> tuple[str, ...]:
    """The names under which browsers may reach us."""
    named = urlsplit(settings.base_url).hostname
    return tuple(dict.fromkeys(h for h in (named, settings.host, "127.0.0.1", "localhost") if h))
