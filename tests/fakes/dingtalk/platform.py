"""The stand-in as tests use it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.fakes.dingtalk.cards import Card, Template
from tests.fakes.dingtalk.changes import Changes
from tests.fakes.dingtalk.faults import Faults
from tests.fakes.dingtalk.gateway import Gateway
from tests.fakes.dingtalk.limits import Limits
from tests.fakes.dingtalk.outbound import Outbound, Seen
from tests.fakes.dingtalk.people import User
from tests.fakes.dingtalk.person import Person
from tests.fakes.dingtalk.rooms import Room
from tests.fakes.dingtalk.server import Server
from tests.fakes.dingtalk.world import ApiCall, CustomRobot, World
from tests.fakes.loop import OnLoop
from tests.waiting import MOST_SECONDS, until


class FakeDingtalk(Changes, OnLoop):
    """A platform with one company in which the app is published.

    Start it, give what ``environment`` says to the app, and either let it connect to the stream or
    set ``app.http`` and the addresses where it listens.

    :param clock: seconds since 1970; tokens, tickets, reply addresses and months go by it.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.world = World(clock)
        self.gateway = Gateway(self.world)
        self.outbound = Outbound(self.world, self.gateway)
        self.world.send = self.outbound.tell
        self._server = Server(self.world, self.gateway)
        self.app = self.world.app

    async def _begin(self) -> None:
        self.world.base = await self._server.start()
        await self.outbound.start()

    async def _end(self) -> None:
        self.world.faults.calm()
        await self.outbound.stop()
        await self.gateway.break_all()
        await self._server.stop()

    @property
    def url(self) -> str:
        """The address of both APIs, without a slash at the end."""
        return self.world.base

    @property
    def environment(self) -> dict[str, str]:
        """What an administrator would set."""
        found = {
            "DINGTALK_CLIENT_ID": self.app.client_id,
            "DINGTALK_CLIENT_SECRET": self.app.client_secret,
            "DINGTALK_API_BASE_URL": self.url,
            "DINGTALK_OAPI_BASE_URL": self.url,
        }
        if self.app.http:
            found["DINGTALK_EVENT_TOKEN"] = self.app.event_token
            found["DINGTALK_EVENT_AES_KEY"] = self.app.aes_key
        return found

    @property
    def faults(self) -> Faults:
        """What goes wrong."""
        return self.world.faults

    @property
    def limits(self) -> Limits:
        """How much the platform takes."""
        return self.world.limits

    @property
    def calls(self) -> list[ApiCall]:
        """All calls so far."""
        return self.world.calls

    def calls_of(self, operation: str) -> list[ApiCall]:
        """The calls of one operation."""
        return [c for c in self.world.calls if c.operation == operation]

    @property
    def seen(self) -> list[Seen]:
        """How the app answered all deliveries so far."""
        return self.outbound.seen

    def add_user(self, handle: str, name: str = "", **more: Any) -> User:
        """Somebody of the company (``outside=True``: of another one), by a handle of the test."""
        with self.world.lock:
            return self.world.add_user(handle, name, **more)

    def add_group(self, title: str, *members: str, robot: bool = True) -> Room:
        """A group with these people in it."""
        with self.world.lock:
            return self.world.add_group(title, *members, robot=robot)

    def add_template(self, template: Template) -> Template:
        """Publish a template of cards."""
        self.world.templates[template.id] = template
        return template

    def add_custom_robot(self, room: Room, *, secret: str = "", keyword: str = "") -> str:
        """A custom robot of a group; the address of its webhook."""
        token = self.world.marks.word("custom")
        self.world.custom[token] = CustomRobot(room.id, secret, keyword)
        return f"{self.url}/robot/send?access_token={token}"

    def room(self, title: str) -> Room:
        """A group by title or id."""
        return self.world.room(title)

    def direct(self, handle: str) -> Room:
        """The conversation of a person with the robot."""
        return self.world.direct(handle)

    def card(self, track: str) -> Card:
        """A card by its own id."""
        return self.world.cards[track]

    def person(self, handle: str) -> Person:
        """A person with their client."""
        return Person(self.world, self.outbound, self.run, self.world.users[handle])

    def expire_tokens(self) -> None:
        """No access token given out so far is good any more."""
        with self.world.lock:
            self.world.keys.expire()

    def expire_sessions(self) -> None:
        """No reply address given out so far is good any more."""
        with self.world.lock:
            self.world.sessions.clear()

    def ping(self) -> bool:
        """Ask all connections whether they are there; whether all answered rightly."""
        return self.run(self.gateway.ping())

    def disconnect(self, seconds: float = 0.5) -> None:
        """Ask all connections to go, and close them after so long (in truth 10 s)."""
        self.run(self.gateway.disconnect(seconds))

    def close_connections(self) -> None:
        """End all connections as the protocol says."""
        self.run(self.gateway.close_all())

    def break_connections(self) -> None:
        """End all connections without a word."""
        self.run(self.gateway.break_all())

    def freeze(self) -> None:
        """Make all connections half-open: they stand, and nothing goes through."""
        self.run(self.gateway.freeze())

    def deafen(self) -> None:
        """Let nothing that the app says through its connections arrive."""
        for connection in list(self.gateway.open):
            connection.deaf = True

    def babble(self) -> None:
        """Send something to all connections that is no frame."""
        self.run(self.gateway.babble())

    def go_away(self) -> None:
        """Nobody listens any more, and all connections break."""
        self.run(self._server.deaf())
        self.run(self.gateway.break_all())

    def come_back(self) -> None:
        """Listen again, at the same address."""
        self.run(self._server.listen())

    def connected(self, count: int = 1, seconds: float = MOST_SECONDS) -> None:
        """Wait until so many connections stand that were not asked to go."""
        until(
            lambda: (
                sum(not (c.leaving or c.frozen or c.socket.closed) for c in self.gateway.open)
                >= count
            ),
            "no connection was made",
            seconds,
        )

    def settle(self, seconds: float = MOST_SECONDS) -> None:
        """Wait until no event is on its way or waits to be repeated."""
        until(lambda: not self.outbound.busy, "events are still on their way", seconds)
