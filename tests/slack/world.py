"""A company on Slack: the real program over the real SDK, towards the stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import time as hour
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.app import Duban, build_asgi
from bot.core import Core, build_core
from bot.first_run import ensure_workspace
from bot.settings import Settings, load_settings
from bot.slack.admin.install import Installer
from bot.slack.admin.manifest import REDIRECT_PATH, manifest
from bot.slack.outbound.surface import SlackSurface
from bot.slack.platform import SlackPlatform
from bot.surfaces.pacing import Pace
from bot.vault import Vault
from domain.clock import ManualClock
from domain.ids import new_id
from domain.people import Channel, Person, Product, Role, RoleGrant, Workspace
from storage.slack import PLATFORM
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.team import Team
from tests.fakes.telling import ACK_SECONDS
from tests.harness import MONDAY, PEOPLE
from tests.idle import IdleEngine
from tests.slack.boltapp import served
from tests.stored import Stored
from tests.waiting import until


class Program:
    """Duban in one process, connected to the stand-in.

    :param transport: ``http`` or ``socket``.
    :param many: several Slack workspaces may install it; else it has the token of the first one.
    :param more: further variables of the environment.
    """

    def __init__(
        self,
        database_url: str,
        folder: Path,
        transport: str = "http",
        *,
        locale: str = "zh",
        many: bool = False,
        **more: str,
    ) -> None:
        self.clock = ManualClock(MONDAY)
        self.transport = transport
        self.locale = locale
        self.many = many
        self.slack = FakeSlack(lambda: self.clock.now().timestamp())
        self.slack.app.socket_mode = transport == "socket"
        self._folder = folder
        self._database_url = database_url
        self._more = more

    @contextmanager
    def running(self) -> Iterator[Program]:
        """Start the platform and Duban; end both."""
        with ExitStack() as running:
            running.enter_context(self.slack)
            self.core: Core = build_core(self._settings(), self.clock)
            self.workspace = ensure_workspace(self.core.store, self.locale, self.clock.now())
            self._apply_manifest()
            self.duban = Duban(
                self.core, work=False, listen=self.transport == "socket", engine=IdleEngine()
            )
            (platform,) = self.duban.platforms
            assert isinstance(platform, SlackPlatform)
            self.platform = platform
            self._hurry()
            running.callback(self.duban.stop)
            if self.transport == "http":
                url = running.enter_context(served(build_asgi(self.duban)))
                self.slack.app.request_url = f"{url}/slack/events"
            self.duban.start()
            if self.transport == "socket":
                until(lambda: bool(self.slack.sockets.open), "no connection was made")
            yield self

    def _hurry(self) -> None:
        """Take no account of how many messages a second a channel takes: people type fast here.

        Nor of how long work may take before it is acknowledged: a busy machine needs its time.
        """
        self.slack.pace.burst = self.slack.pace.per_second = 1_000
        surface = self.platform.surface
        assert isinstance(surface, SlackSurface)
        surface._pace = Pace(burst=1_000)
        self.core.intake.patience = ACK_SECONDS

    def _settings(self) -> Settings:
        found = dict(self.slack.environment)
        if self.many:
            del found["SLACK_BOT_TOKEN"]
            found["SLACK_CLIENT_ID"] = self.slack.app.client_id
            found["SLACK_CLIENT_SECRET"] = self.slack.app.client_secret
        return load_settings(
            {
                **found,
                "DUBAN_DATA_DIR": str(self._folder),
                "DUBAN_DATABASE_URL": self._database_url,
                "DUBAN_BASE_URL": "https://duban.example.com",
                "DUBAN_SECRET_KEYS": "a-secret-of-the-tests",
                **self._more,
            }
        )

    def _apply_manifest(self) -> None:
        socket = self.transport == "socket"
        made = manifest(
            self.core.dispatcher.registry, self.core.settings, socket=socket, locale=self.locale
        )
        self.slack.app.apply(made.content)
        token = self.slack.world.installations[self.slack.team.id].token
        token.scopes = self.slack.app.scopes

    @property
    def busy(self) -> bool:
        """Whether Duban still does something that follows from what was acknowledged."""
        return self.platform.busy or bool(self.core.intake._running)

    def joined(self, locale: str) -> tuple[Team, Workspace]:
        """A Slack workspace with people of every role in the channel ``wuliu``, and ours for it."""
        if not self.many:
            self._furnish(self.slack.team, locale)
            workspace = self.workspace
        else:
            team = self.slack.world.add_team("Acme")
            self._furnish(team, locale)
            self.install(team)
            found = self.core.store.workspace_of(PLATFORM, team.id)
            assert found is not None
            self.slack.team, workspace = team, found
        bot = self.slack.bot_user
        self.slack.channel("wuliu").members.append(bot)
        return self.slack.team, workspace

    def install(self, team: Team) -> None:
        """What the installer's browser does, without the pages."""
        core = self.core
        where = f"{core.settings.base_url}{REDIRECT_PATH}"
        asked = {
            "client_id": self.slack.app.client_id, "state": "s", "redirect_uri": where,
            "scope": ",".join(self.slack.app.scopes),
        }  # fmt: skip
        back = self.slack.consent(f"https://slack.com/authorize?{urlencode(asked)}", "admin", team)
        code = parse_qs(urlsplit(back).query)["code"][0]
        vault = Vault(core.settings.secret_keys)
        tokens = self.platform.tokens
        Installer(core.store, core.settings, vault, self.clock, tokens).complete(code)

    def _furnish(self, team: Team, locale: str) -> None:
        language = {"zh": "zh-CN", "en": "en-US"}[locale]
        for handle, name, roles in PEOPLE:
            team.add_user(
                handle, name, email=f"{handle}@example.com", locale=language,
                is_admin=Role.ADMIN in roles, is_restricted=Role.CUSTOMER in roles,
            )  # fmt: skip
        team.add_channel("wuliu", *(handle for handle, _, _ in PEOPLE))


class Company(Stored):
    """One Slack workspace with Duban in it.

    :param locale: the language that everybody reads; the program's if empty.
    :param bare: nothing is set up in Duban: no product, no roles, nobody known but the installer.
    """

    def __init__(self, program: Program, locale: str = "", *, bare: bool = False) -> None:
        self.program = program
        self.locale = locale or program.locale
        self.slack = program.slack
        self.clock = program.clock
        self.clock.set(MONDAY)
        self.core = program.core
        self.store = program.core.store
        self.team, self.workspace = program.joined(self.locale)
        self.directory = program.platform.directory
        if not bare:
            self._fill()

    def _fill(self) -> None:
        where = self.team.channel("wuliu").id
        self.people: dict[str, Person] = {
            handle: self.directory.person(self.workspace.id, self.team.id, self.user(handle))
            for handle, _, _ in PEOPLE
        }
        room = self.directory.channel(self.workspace.id, self.team.id, where, name="wuliu")
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

    def id(self, handle: str) -> str:
        """Our id of a person."""
        return self.people[handle].id

    def user(self, handle: str) -> str:
        """Slack's id of a person."""
        return self.team.user(handle).id


def running(url: str, folder: Path, transport: str) -> Iterator[Program]:
    """For fixtures: a process that many Slack workspaces may install."""
    with Program(url, folder, transport, many=True).running() as program:
        yield program
