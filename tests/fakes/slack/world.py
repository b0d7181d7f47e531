"""Everything that the platform knows, and the rules that several methods share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.config import AppConfig
from tests.fakes.slack.faults import Faults, Pace
from tests.fakes.slack.marks import Marks
from tests.fakes.slack.people import User
from tests.fakes.slack.refusal import Refusal
from tests.fakes.slack.rooms import Channel, Message
from tests.fakes.slack.team import Team
from tests.fakes.slack.tokens import Installation, Keys, Token

TRIGGER_SECONDS = 3.0
HOOK_SECONDS = 30 * 60
HOOK_USES = 5
TOKEN_SECONDS = 12 * 60 * 60


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call of the Web API that arrived, and what it was answered."""

    method: str
    args: Mapping[str, Any]
    token: str
    at: float
    status: int
    answer: Mapping[str, Any]


@dataclass(slots=True)
class Trigger:
    """Permission to open one view."""

    user: str
    team: str
    until: float
    used: bool = False


@dataclass(slots=True)
class Hook:
    """A ``response_url``."""

    id: str
    team: str
    channel: str
    user: str
    until: float
    uses: int = 0
    origin: str | None = None
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell the app."""

    team: str
    body: dict[str, Any]


class World:
    """The state of the platform. ``lock`` guards it: calls come from the loop and from tests."""

    def __init__(self, clock: Callable[[], float], features: frozenset[str]) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.marks = Marks(clock)
        self.app = AppConfig()
        self.teams: dict[str, Team] = {}
        self.keys = Keys()
        self.installations: dict[str, Installation] = {}
        self.triggers: dict[str, Trigger] = {}
        self.trigger_seconds = TRIGGER_SECONDS
        self.hooks: dict[str, Hook] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.uploads: dict[str, str] = {}
        self.calls: list[ApiCall] = []
        self.faults = Faults()
        self.pace = Pace()
        self.base = ""
        self.send: Callable[[Event], None] = lambda _event: None
        self.features = features

    def add_team(self, name: str) -> Team:
        """A new workspace, where the app is not installed yet."""
        team = Team(self.marks.id("T"), name, self.marks, self.features)
        self.teams[team.id] = team
        return team

    def install(self, team: Team, installer: str = "", scopes: frozenset[str] = frozenset()) -> Any:
        """Install the app (again): new token, same bot."""
        known = self.installations.get(team.id)
        granted = scopes or self.app.scopes
        token = self.new_token(team.id, granted)
        if known is not None:
            known.token, known.active, known.installer = token, True, installer
            return known
        bot = User(
            self.marks.id("U"), team.id, self.app.name.lower(), self.app.name, is_bot=True,
            bot_id=self.marks.id("B"),
        )  # fmt: skip
        team.users[bot.id] = bot
        made = Installation(team.id, bot.id, bot.bot_id, token, installer)
        self.installations[team.id] = made
        return made

    def new_token(self, team: str, scopes: frozenset[str]) -> Token:
        """A bot token; one that expires when the app rotates its tokens."""
        rotating = self.app.token_rotation
        return self.keys.add(
            Token(
                self.marks.word("xoxe.xoxb-" if rotating else "xoxb-"),
                "bot",
                team,
                scopes,
                self.clock() + TOKEN_SECONDS if rotating else None,
                self.marks.word("xoxe-") if rotating else "",
            )
        )

    def bot(self, team: str) -> Installation:
        """The app in a workspace; ``account_inactive`` where it is not."""
        found = self.installations.get(team)
        if found is None or not found.active:
            raise Refusal("account_inactive")
        return found

    def trigger(self, team: str, user: str) -> str:
        """A new trigger id of a person who has just done something."""
        made = f"{self.marks.word('')}.{team}.{self.marks.word('x')}"
        self.triggers[made] = Trigger(user, team, self.clock() + self.trigger_seconds)
        return made

    def pull(self, trigger_id: str) -> Trigger:
        """Use a trigger id: once, within three seconds."""
        found = self.triggers.get(trigger_id)
        if found is None:
            raise Refusal("invalid_trigger_id")
        if found.used:
            raise Refusal("exchanged_trigger_id")
        if self.clock() > found.until:
            raise Refusal("expired_trigger_id")
        found.used = True
        return found

    def hook(
        self, kind: str, channel: Channel, user: str, origin: str | None, thread: str | None
    ) -> str:
        """A new ``response_url``."""
        made = Hook(
            self.marks.word("h"), channel.team_id, channel.id, user,
            self.clock() + HOOK_SECONDS, 0, origin, thread,
        )  # fmt: skip
        self.hooks[made.id] = made
        return f"{self.base}/hooks/{kind}/{channel.team_id}/{made.id}"

    def emit(self, team: str, inner: dict[str, Any]) -> None:
        """Tell the app of something, if it is installed and has asked for such events."""
        installation = self.installations.get(team)
        gone = inner["type"] in {"app_uninstalled", "tokens_revoked"}
        if installation is None or not (installation.active or gone):
            return
        wanted = inner["type"]
        if wanted == "message":
            wanted = f"message.{_plural(inner['channel_type'])}"
        if wanted not in self.app.events:
            return
        self.send(Event(team, inner))

    def emit_message(self, channel: Channel, inner: dict[str, Any]) -> None:
        """Tell the app of what stands in a conversation where it is a member."""
        installation = self.installations.get(channel.team_id)
        if installation is None or installation.bot_user not in channel.members:
            return
        event = {"type": "message", "channel": channel.id, "channel_type": channel.channel_type}
        event |= {"event_ts": inner.get("event_ts", inner["ts"])}
        self.emit(channel.team_id, event | inner)

    def say_as_bot(self, channel: Channel, message: Message) -> Message:
        """Put a message of the app into a conversation and tell what follows from it."""
        channel.add(message)
        self.emit_message(channel, {k: v for k, v in message.items() if k != "parent_user_id"})
        return message


def _plural(channel_type: str) -> str:
    return {"channel": "channels", "group": "groups"}.get(channel_type, channel_type)


@dataclass(slots=True)
class Seen:
    """How the app answered something that was delivered to it.

    :param kind: ``command``, ``event``, ``block_actions``, ``view_submission`` …
    :param status: HTTP status (200 for an acknowledged envelope), 0 without an answer.
    :param late: no answer within three seconds.
    :param retry: 0 for the first delivery.
    """

    kind: str
    name: str
    status: int
    seconds: float
    late: bool
    body: Any = None
    retry: int = 0
    error: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def ok(self) -> bool:
        """Acknowledged in time."""
        return not self.late and 200 <= self.status < 300
