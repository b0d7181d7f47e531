"""A company on DingTalk: the real program over the real SDK, towards the stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import time as hour
from pathlib import Path

from bot.app import Duban, build_asgi
from bot.core import Core, build_core
from bot.dingtalk.connection.callback import PATH
from bot.dingtalk.people.rooms import Heard
from bot.dingtalk.platform import DingtalkPlatform
from bot.first_run import ensure_workspace
from bot.settings import load_settings
from bot.surfaces.pacing import Window
from domain.clock import ManualClock
from domain.ids import new_id
from domain.people import Channel, Person, Product, Role, RoleGrant
from storage.dingtalk import SENDER
from tests.fakes.dingtalk import FakeDingtalk
from tests.harness import MONDAY, PEOPLE
from tests.idle import IdleEngine
from tests.slack.boltapp import served
from tests.stored import Stored

ROOM = "物流"
"""The group of the product, whatever it is called in the company's language."""
TITLES = {"zh": ROOM, "en": "Logistics"}
ROBOTS = {"zh": "督办", "en": "Duban"}
PRODUCTS = {"zh": "物流运输管理系统", "en": "Transport"}
ENGLISH = {
    "po": "Emma Clark", "pm": "Oliver Hughes", "dev": "Liam Wood", "dev2": "Grace Bell",
    "tester": "Chloe Reed", "sales": "Noah Price", "customer": "Ruby Stone", "admin": "Adam Ford",
}  # fmt: skip
"""What those of ``tests.harness.PEOPLE`` are called in a company that reads English."""
PLENTY = 100_000


class Program:
    """Duban in one process, connected to the stand-in; one company in DingTalk, one workspace.

    :param transport: ``stream`` or ``http``.
    :param more: further variables of the environment.
    """

    def __init__(
        self,
        database_url: str,
        folder: Path,
        transport: str = "stream",
        *,
        locale: str = "zh",
        **more: str,
    ) -> None:
        self.clock = ManualClock(MONDAY)
        self.transport = transport
        self.locale = locale
        self.dingtalk = FakeDingtalk(lambda: self.clock.now().timestamp())
        self.dingtalk.app.http = transport == "http"
        self.dingtalk.app.robot_name = ROBOTS[locale]
        self._folder = folder
        self._database_url = database_url
        self._more = more
        self.others: list[Core] = []
        """Of further processes on the same database."""

    @contextmanager
    def running(self) -> Iterator[Program]:
        """Start the platform and Duban; end both."""
        with ExitStack() as running:
            running.enter_context(self.dingtalk)
            settings = load_settings(
                {
                    **self.dingtalk.environment,
                    "DUBAN_DATA_DIR": str(self._folder),
                    "DUBAN_DATABASE_URL": self._database_url,
                    "DUBAN_BASE_URL": "https://duban.example.com",
                    "DUBAN_SECRET_KEYS": "a-secret-of-the-tests",
                    **self._more,
                }
            )
            self.core: Core = build_core(settings, self.clock)
            self.workspace = ensure_workspace(self.core.store, self.locale, self.clock.now())
            stream = self.transport == "stream"
            self.duban = Duban(self.core, work=False, listen=stream, engine=IdleEngine())
            (platform,) = self.duban.platforms
            assert isinstance(platform, DingtalkPlatform)
            self.platform = platform
            self.hurry()
            running.callback(self.duban.stop)
            if not stream:
                url = running.enter_context(served(build_asgi(self.duban)))
                self.dingtalk.app.robot_url = self.dingtalk.app.event_url = f"{url}{PATH}"
            self.duban.start()
            if stream:
                self.dingtalk.connected()
            yield self

    def hurry(self) -> None:
        """Take no account of how much DingTalk takes in a minute: people type fast here."""
        limits = self.dingtalk.limits
        limits.per_second = limits.per_minute = limits.monthly = PLENTY
        self.platform._surface._speaking.most = PLENTY
        self.platform.client._rate = Window(PLENTY, 1.0)

    @property
    def busy(self) -> bool:
        """Whether Duban still does something that follows from what was acknowledged."""
        return any(core.intake._running for core in (self.core, *self.others))


class Company(Stored):
    """The company, with Duban in one of its groups.

    :param bare: nothing is set up in Duban: no product, no roles, nobody known.
    """

    def __init__(self, program: Program, *, bare: bool = False) -> None:
        self.program = program
        self.locale = program.locale
        self.dingtalk = program.dingtalk
        self.clock = program.clock
        self.core = program.core
        self.store = program.core.store
        self.workspace = program.workspace
        self.directory = program.platform.directory
        self.people: dict[str, Person] = {}
        handles = [handle for handle, _, _ in PEOPLE]
        for handle, _, roles in PEOPLE:
            outside, admin = Role.CUSTOMER in roles, Role.ADMIN in roles
            self.dingtalk.add_user(handle, self.name(handle), admin=admin, outside=outside)
        self.room = self.dingtalk.add_group(TITLES[self.locale], *handles)
        if not bare:
            self._fill()

    def _fill(self) -> None:
        corp, workspace = self.dingtalk.world.corp, self.workspace.id
        assert program_home(self.program, corp) == workspace
        for handle, _, _ in PEOPLE:
            user, name = self.dingtalk.world.users[handle], self.name(handle)
            if user.outside:
                found = self.directory.outsider(workspace, corp, SENDER, user.sender, name)
            else:
                found = self.directory.person(workspace, corp, user.staff, name, admin=user.admin)
            self.people[handle] = self._reading(found)
        title, robot = self.room.title, self.dingtalk.app.robot_code
        heard = Heard(self.room.id, title, False, robot, None, None, self.clock.now())
        room = self.directory.conversation(workspace, heard, self.people["po"])
        self.product = Product(new_id(), "tms", PRODUCTS[self.locale])
        with self.write() as uow:
            uow.products.add(self.product)
            self.channel: Channel = replace(
                room, product_id=self.product.id, locale=self.locale, digest_at=hour(9, 0)
            )
            uow.channels.save(self.channel)
            for handle, _, roles in PEOPLE:
                for role in set(roles) - {Role.ADMIN, Role.CUSTOMER}:
                    grant = RoleGrant(self.people[handle].id, role, self.product.id)
                    uow.people.grant(grant, new_id())

    def _reading(self, person: Person) -> Person:
        """The person, reading the program's language."""
        if person.locale == self.locale:
            return person
        with self.write() as uow:
            changed = replace(person, locale=self.locale)
            uow.people.save(changed)
            return changed

    def name(self, handle: str) -> str:
        """What somebody is called."""
        chinese = {known: name for known, name, _ in PEOPLE}
        return ENGLISH[handle] if self.locale == "en" else chinese[handle]

    def id(self, handle: str) -> str:
        """Our id of a person."""
        return self.people[handle].id

    def staff(self, handle: str) -> str:
        """DingTalk's id of a person; empty for those from outside."""
        return self.dingtalk.world.users[handle].staff


def program_home(program: Program, corp: str) -> str | None:
    """The workspace of the company, tied to it now."""
    return program.platform.homes.workspace(corp)
