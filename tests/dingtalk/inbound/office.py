"""Duban connected to the stand-in, with a group and people; the outbox is drained by the test."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.app import Duban, build_asgi
from bot.core import build_core
from bot.dingtalk.connection.stream import Connection
from bot.dingtalk.connection.supervisor import Pace
from bot.dingtalk.platform import DingtalkPlatform
from bot.first_run import ensure_workspace
from bot.settings import load_settings
from bot.surfaces.pacing import Window
from domain.clock import ManualClock
from domain.people import Role
from tests.fakes.dingtalk import FakeDingtalk, Room
from tests.fakes.dingtalk.saying import ALONE
from tests.harness import MONDAY, PEOPLE
from tests.idle import IdleEngine
from tests.slack.boltapp import served
from tests.waiting import until

GROUP = "物流产品组"
PLENTY = 100_000
"""Calls and messages, more than any test here makes."""


class Office:
    """A company on DingTalk. What somebody says answers with what is new on their screen."""

    def __init__(
        self,
        url: str,
        folder: Path,
        *,
        http: bool = False,
        pace: Pace | None = None,
        connect: Callable[..., Connection] = Connection,
        **more: str,
    ) -> None:
        self.clock = ManualClock(MONDAY)
        self.dingtalk = FakeDingtalk(lambda: self.clock.now().timestamp())
        self.dingtalk.app.http = http
        self._url, self._folder, self._more = url, folder, more
        self._pace = pace or Pace(look=0.02)
        self._connect = connect

    @contextmanager
    def open(self) -> Iterator[Office]:
        """Start the platform and Duban; end both."""
        with self.dingtalk, ExitStack() as self._running:
            self._start(self._running)
            self._people()
            yield self

    def restart(self) -> None:
        """End Duban and start it again, over the same database."""
        self._running.close()
        self._start(self._running)

    def _start(self, running: ExitStack) -> None:
        settings = load_settings(
            {
                **self.dingtalk.environment,
                "DUBAN_DATA_DIR": str(self._folder),
                "DUBAN_DATABASE_URL": self._url,
                "DUBAN_BASE_URL": "https://duban.example.com",
                "DUBAN_SECRET_KEYS": "a-secret-of-the-tests",
                **self._more,
            }
        )
        self.core = build_core(settings, self.clock)
        self.store = self.core.store
        self.workspace = ensure_workspace(self.store, "zh", self.clock.now())
        http = self.dingtalk.app.http
        self.duban = Duban(self.core, work=False, listen=not http, engine=IdleEngine())
        (platform,) = self.duban.platforms
        assert isinstance(platform, DingtalkPlatform)
        self.platform = platform
        platform.stream._pace = self._pace
        platform.stream._connect = self._connect
        # The tests' clock stands still, so what has to wait for its turn would never go.
        platform._surface._speaking.most = PLENTY
        platform.client._rate = Window(PLENTY, 1.0)
        limits = self.dingtalk.limits
        limits.per_second = limits.per_minute = PLENTY
        running.callback(self.duban.stop)
        if http:
            url = running.enter_context(served(build_asgi(self.duban)))
            self.dingtalk.app.robot_url = f"{url}/dingtalk/callback"
            self.dingtalk.app.event_url = f"{url}/dingtalk/callback"
        self.duban.start()
        if not http:
            self.dingtalk.connected()

    def _people(self) -> None:
        for handle, name, roles in PEOPLE:
            outside = Role.CUSTOMER in roles
            self.dingtalk.add_user(handle, name, admin=Role.ADMIN in roles, outside=outside)
        self.group: Room = self.dingtalk.add_group(GROUP, *(h for h, _, _ in PEOPLE))

    def furnish(self) -> None:
        """A product, its roles, and a story."""
        self.say("admin", "设置 产品 tms 物流运输管理系统")
        for handle, _, roles in PEOPLE:
            for role in roles:
                if role not in (Role.ADMIN, Role.CUSTOMER):
                    name = self.dingtalk.world.users[handle].name
                    self.say("admin", f"团队 角色 @{name} {role.value}")
        self.say("po", "需求 新建 登录改版")

    def replace_message_taker(self, taker: Callable[[Any], Awaitable[None]]) -> None:
        """Have another taker take messages, on a connection of its own."""
        stream = self.platform.stream
        stream.stop()
        stream._takers = replace(stream._takers, message=taker)
        stream.start()
        self.dingtalk.connected()

    def say(self, who: str, text: str, *, room: str | Room = "", **more: Any) -> str:
        """Say something: in the group to Duban, or alone with it (``room=ALONE``)."""
        where = room or self.group
        typed = text if where == ALONE or "@督办" in text else f"@督办 {text}"
        return self.screen_after(who, where, lambda p: p.say(where, typed, **more))

    def alone(self, who: str, text: str, **more: Any) -> str:
        """Say something to Duban alone."""
        return self.say(who, text, room=ALONE, **more)

    def screen_after(self, who: str, room: str | Room, do: Callable[[Any], object]) -> str:
        """What is new on somebody's screen after they did something."""
        person = self.dingtalk.person(who)
        before = person.screen(room)
        do(person)
        self.settle()
        after = person.screen(room)
        assert after.startswith(before), "what was there before has changed"
        return after[len(before) :].strip()

    def settle(self) -> None:
        """Wait until everything that follows has happened."""
        self.dingtalk.settle()
        until(lambda: not self.core.intake._running, "answers are still to be given")
        self.duban.delivery.drain()

    def person(self, who: str) -> str:
        """Our id of somebody."""
        user, corp = self.dingtalk.world.users[who], self.dingtalk.world.corp
        found = self.platform.directory.known(self.workspace.id, corp, user.staff)
        assert found is not None, f"{who} was never met"
        return found.id
