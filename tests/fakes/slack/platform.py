"""The stand-in as tests use it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.fakes.loop import OnLoop
from tests.fakes.slack.administration import Administration
from tests.fakes.slack.faults import Faults, Pace
from tests.fakes.slack.outbound import Outbound
from tests.fakes.slack.people import User
from tests.fakes.slack.person import Person
from tests.fakes.slack.reading import Screen
from tests.fakes.slack.rooms import Channel, Message
from tests.fakes.slack.server import Server
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.team import Team
from tests.fakes.slack.tokens import Token
from tests.fakes.slack.world import ApiCall, Event, Seen, World
from tests.fakes.telling import ACK_SECONDS
from tests.waiting import MOST_SECONDS, until


class FakeSlack(Administration, OnLoop):
    """A platform with one workspace in which the app is installed.

    Start it, give ``api_url`` and ``bot_token`` (or what ``environment`` says) to the app, and set
    ``app.request_url`` to where the app listens (or ``app.socket_mode = True``).

    :param clock: seconds since 1970; signatures, triggers and time stamps go by it.
    :param features: what the workspace's plan allows: ``canvases``.
    :param pauses: seconds before each repetition of an event that was not acknowledged.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        *,
        features: frozenset[str] = frozenset({"canvases"}),
        pauses: tuple[float, ...] = (0.0, 0.05, 0.1),
    ) -> None:
        super().__init__()
        self.world = World(clock, features)
        if clock is time.time:  # the machine's own clock goes on while the machine is busy
            self.world.trigger_seconds = ACK_SECONDS
        self.sockets = Sockets(self.world)
        self.outbound = Outbound(self.world, self.sockets, pauses)
        self.world.send = self.outbound.tell
        self._server = Server(self.world, self.sockets)
        self.app = self.world.app
        self.team = self.world.add_team("Acme")
        self.world.install(self.team)
        self.app_token = self.world.keys.add(
            Token("xapp-of-the-tests", "app", self.team.id, frozenset({"connections:write"}))
        ).value

    async def _begin(self) -> None:
        self.world.base = await self._server.start()
        await self.outbound.start()

    async def _end(self) -> None:
        self.world.faults.calm()
        await self.outbound.stop()
        await self._server.stop()

    @property
    def api_url(self) -> str:
        """The base address of the Web API, for ``base_url``."""
        return f"{self.world.base}/api/"

    @property
    def bot_token(self) -> str:
        """The token of the bot in the first workspace."""
        return self.world.installations[self.team.id].token.value

    @property
    def bot_user(self) -> str:
        """The user id of the bot in the first workspace."""
        return self.world.installations[self.team.id].bot_user

    @property
    def bot_id(self) -> str:
        """Its bot id."""
        return self.world.installations[self.team.id].bot_id

    @property
    def signing_secret(self) -> str:
        """What deliveries are signed with."""
        return self.app.signing_secret

    @property
    def environment(self) -> dict[str, str]:
        """What an administrator would set, for one workspace."""
        found = {"SLACK_BOT_TOKEN": self.bot_token, "SLACK_API_BASE_URL": self.api_url}
        if self.app.socket_mode:
            return found | {"SLACK_APP_TOKEN": self.app_token}
        return found | {"SLACK_SIGNING_SECRET": self.signing_secret}

    @property
    def faults(self) -> Faults:
        """What goes wrong."""
        return self.world.faults

    @property
    def pace(self) -> Pace:
        """How much the platform takes."""
        return self.world.pace

    @property
    def calls(self) -> list[ApiCall]:
        """All calls of the Web API so far."""
        return self.world.calls

    def calls_of(self, method: str) -> list[ApiCall]:
        """The calls of one method."""
        return [c for c in self.world.calls if c.method == method]

    @property
    def seen(self) -> list[Seen]:
        """How the app answered all deliveries so far."""
        return self.outbound.seen

    def add_user(self, name: str, real_name: str = "", **more: Any) -> User:
        """A person of the first workspace, by account name."""
        with self.world.lock:
            return self.team.add_user(name, real_name, **more)

    def add_channel(
        self, name: str, *members: str, private: bool = False, bot: bool = True, **more: Any
    ) -> Channel:
        """A channel of the first workspace with these people in it.

        :param bot: whether the bot is a member.
        """
        everybody = [*members, self.bot_user] if bot else [*members]
        kind = "group" if private else "channel"
        with self.world.lock:
            return self.team.add_channel(name, *everybody, kind=kind, **more)

    def channel(self, name: str) -> Channel:
        """A channel of the first workspace by name or id."""
        return self.team.channel(name)

    def direct(self, user: str) -> Channel:
        """The conversation of a person with the bot."""
        return self.team.direct(self.bot_user, self.team.user(user).id)

    def person(self, name: str, team: Team | None = None) -> Person:
        """A person with their client."""
        home = team or self.team
        return Person(self.world, self.outbound, self.run, home, home.user(name))

    def seen_by(self, user: str, channel: str | Channel) -> list[Message]:
        """The messages that a person sees in a conversation, by time."""
        person = self.person(user)
        return self.team.seen_by(person.user.id, person.room(channel))

    def screen(self, user: str, team: Team | None = None) -> Screen:
        """Reads messages and views as this person sees them."""
        home = team or self.team
        return Screen(home, home.user(user))

    def event(self, inner: Mapping[str, Any], team: Team | None = None) -> dict[str, Any]:
        """A wrapped event, to deliver it by hand with ``deliver``."""
        return self.outbound.wrapped(Event((team or self.team).id, dict(inner)))

    def deliver(self, payload: Mapping[str, Any], **more: Any) -> Seen:
        """Deliver a wrapped event once: with ``retry``, ``reason`` and ``how`` it is signed."""
        return self.run(self.outbound.event(payload, **more))

    def settle(self, seconds: float = MOST_SECONDS) -> None:
        """Wait until no event is on its way or waits to be repeated."""
        until(lambda: not self.outbound.busy, "events are still on their way", seconds)

    def consent(self, address: str, user: str, team: Team | None = None) -> str:
        """What a browser does after "Allow": the address to which the person is sent back.

        :param address: of the platform's page where the app asks to be installed.
        """
        asked = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == self.app.client_id, asked
        scopes = set(asked["scope"].split(","))
        assert scopes <= self.app.scopes, f"invalid_scope: {scopes - self.app.scopes}"
        home = team or self.team
        code = self.world.marks.word("code")
        self.world.codes[code] = {
            "team": home.id, "user": home.user(user).id, "scopes": asked["scope"],
            "redirect_uri": asked["redirect_uri"],
        }  # fmt: skip
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
