"""A company on Slack: the real program over the real SDK, towards the stand-in."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import time as hour
from pathlib import Path
from typing import Any

from bot.app import Duban, build_asgi
from bot.core import Core, build_core
from bot.first_run import ensure_workspace
from bot.settings import Settings, load_settings
from bot.slack.directory import Directory
from bot.slack.manifest import manifest
from bot.slack.platform import SlackPlatform
from bot.slack.tokens import Tokens
from bot.vault import Vault
from domain.clock import ManualClock
from domain.ids import new_id
from domain.people import Channel, Person, Product, Role, RoleGrant
from domain.ports import JobHandler
from storage.uow import UnitOfWork
from tests.fakes.slack import FakeSlack
from tests.harness import MONDAY, PEOPLE
from tests.slack.boltapp import served

SETTLE_SECONDS = 30


class IdleEngine:
    """An engine that runs nothing: tests say when the outbox is drained."""

    def register(self, kind: str, handler: JobHandler) -> None: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def enqueue(self, key: str, kind: str, payload: Mapping[str, Any], lane: str) -> None: ...


class Company:
    """Duban in one Slack workspace, with people of every role in the channel ``wuliu``.

    :param transport: ``http`` or ``socket``.
    :param bare: nothing is set up in Duban: no product, no roles, nobody known.
    :param more: further variables of the environment.
    """

    def __init__(
        self,
        database_url: str,
        folder: Path,
        transport: str = "http",
        *,
        locale: str = "zh",
        bare: bool = False,
        **more: str,
    ) -> None:
        self.clock = ManualClock(MONDAY)
        self.transport = transport
        self.locale = locale
        self.slack = FakeSlack(lambda: self.clock.now().timestamp())
        self.slack.app.socket_mode = transport == "socket"
        self._folder = folder
        self._database_url = database_url
        self._more = more
        self._bare = bare
        self._running = ExitStack()

    @contextmanager
    def running(self) -> Iterator[Company]:
        """Start the platform and Duban; end both."""
        with self._running:
            self._running.enter_context(self.slack)
            self._fill_slack()
            self.core: Core = build_core(self._settings(), self.clock)
            self.workspace = ensure_workspace(self.core.store, self.locale, self.clock.now())
            self._apply_manifest()
            self.tokens = Tokens(
                self.core.store, self.core.settings.slack,
                Vault(self.core.settings.secret_keys), self.clock,
            )  # fmt: skip
            self.directory = Directory(self.core.store, self.tokens, self.clock)
            self.tokens.client(self.workspace.id)
            if not self._bare:
                self._fill_duban()
            self._start()
            yield self

    def _settings(self) -> Settings:
        return load_settings(
            {
                **self.slack.environment,
                "DUBAN_DATA_DIR": str(self._folder),
                "DUBAN_DATABASE_URL": self._database_url,
                "DUBAN_BASE_URL": "https://duban.example.com",
                "DUBAN_SECRET_KEYS": "a-secret-of-the-tests",
                **self._more,
            }
        )

    def _fill_slack(self) -> None:
        language = {"zh": "zh-CN", "en": "en-US"}[self.locale]
        for handle, name, roles in PEOPLE:
            self.slack.add_user(
                handle, name, email=f"{handle}@example.com", locale=language,
                is_admin=Role.ADMIN in roles, is_restricted=Role.CUSTOMER in roles,
            )  # fmt: skip
        self.slack.add_channel("wuliu", *(handle for handle, _, _ in PEOPLE))

    def _apply_manifest(self) -> None:
        socket = self.transport == "socket"
        made = manifest(
            self.core.dispatcher.registry, self.core.settings, socket=socket, locale=self.locale
        )
        self.slack.app.apply(made.content)
        token = self.slack.world.installations[self.slack.team.id].token
        token.scopes = self.slack.app.scopes

    def _fill_duban(self) -> None:
        team, where = self.slack.team.id, self.slack.channel("wuliu").id
        self.people: dict[str, Person] = {
            handle: self.directory.person(self.workspace.id, team, self.slack.team.user(handle).id)
            for handle, _, _ in PEOPLE
        }
        room = self.directory.channel(self.workspace.id, team, where, name="wuliu")
        self.product = Product(new_id(), "tms", "物流运输管理系统")
        with self.write() as uow:
            uow.products.add(self.product)
            self.channel: Channel = replace(
                room, product_id=self.product.id, locale=self.locale, digest_at=hour(9, 0)
            )
            uow.channels.save(self.channel)
            for handle, _, roles in PEOPLE:
                for role in roles:
                    if role is not Role.ADMIN:
                        grant = RoleGrant(self.people[handle].id, role, self.product.id)
                        uow.people.grant(grant, new_id())

    def _start(self) -> None:
        self.duban = Duban(
            self.core, work=False, listen=self.transport == "socket", engine=IdleEngine()
        )
        (platform,) = self.duban.platforms
        assert isinstance(platform, SlackPlatform)
        self.platform = platform
        if self.transport == "http":
            url = self._running.enter_context(served(build_asgi(self.duban)))
            self.slack.app.request_url = f"{url}/slack/events"
        self._running.callback(self.duban.stop)
        self.duban.start()
        if self.transport == "socket":
            self.until(lambda: bool(self.slack.sockets.open), "no connection was made")

    @contextmanager
    def read(self) -> Generator[UnitOfWork]:
        """What is stored now."""
        with self.core.store.read(self.workspace.id) as uow:
            yield uow

    @contextmanager
    def write(self) -> Generator[UnitOfWork]:
        """Store something directly, for what no command does."""
        with self.core.store.write(self.workspace.id) as uow:
            yield uow

    def id(self, handle: str) -> str:
        """Our id of a person."""
        return self.people[handle].id

    def user(self, handle: str) -> str:
        """Slack's id of a person."""
        return self.slack.team.user(handle).id

    @property
    def busy(self) -> bool:
        """Whether Duban still does something that follows from what was acknowledged."""
        return self.platform.busy or bool(self.core.intake._running)

    def until(self, check: Any, what: str, seconds: float = SETTLE_SECONDS) -> None:
        """Wait until it is so."""
        pause, deadline = threading.Event(), time.monotonic() + seconds
        while not check():
            assert time.monotonic() < deadline, what
            pause.wait(0.005)
