"""What all that a person does has in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from tests.fakes.slack.outbound import Outbound
from tests.fakes.slack.people import User
from tests.fakes.slack.refusal import CannotDo
from tests.fakes.slack.rooms import Channel
from tests.fakes.slack.team import Team
from tests.fakes.slack.world import World

Made = TypeVar("Made")
Run = Callable[[Coroutine[Any, Any, Made]], Made]
_URL = re.compile(r"https?://[^\s<>|]+")


class Desk:
    """One person of one workspace, and the way to the app.

    :param run: runs a coroutine on the platform's loop and waits for it.
    """

    def __init__(
        self, world: World, outbound: Outbound, run: Callable[..., Any], team: Team, user: User
    ) -> None:
        self.world = world
        self.outbound = outbound
        self.run = run
        self.team = team
        self.user = user

    def room(self, channel: str | Channel) -> Channel:
        """A conversation by name or id; ``app`` is the direct one with the bot."""
        if isinstance(channel, Channel):
            return channel
        if channel == "app":
            return self.team.direct(self.world.installations[self.team.id].bot_user, self.user.id)
        return self.team.channel(channel)

    def look_at(self, channel: str | Channel) -> None:
        """Have a conversation before one's eyes, as global shortcuts and forms notice."""
        self.team.looking[self.user.id] = self.room(channel).id

    @property
    def looking_at(self) -> str | None:
        """The id of that conversation."""
        return self.team.looking.get(self.user.id)

    def inside(self, channel: str | Channel) -> Channel:
        """The same, of which they are a member; public ones they join."""
        room = self.room(channel)
        if room.is_archived:
            raise CannotDo("the channel is archived")
        if self.user.id not in room.members:
            if room.kind != "channel":
                raise CannotDo("not a member of the conversation")
            room.members.append(self.user.id)
        return room

    @property
    def short(self) -> dict[str, str]:
        """Who they are, in payloads of interactions."""
        return {
            "id": self.user.id, "username": self.user.name, "name": self.user.name,
            "team_id": self.user.home_team or self.team.id,
        }  # fmt: skip

    @property
    def frame(self) -> dict[str, Any]:
        """What all payloads of interactions carry."""
        return {
            "user": self.short,
            "api_app_id": self.world.app.id,
            "token": self.world.app.verification_token,
            "team": {"id": self.team.id, "domain": self.team.domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self.world.trigger(self.team.id, self.user.id),
        }

    def typed(self, text: str, *, mentions: bool, named: bool) -> str:
        """What is typed, as the platform passes it on.

        :param mentions: whether @names, #channels and addresses become tokens.
        :param named: whether a token of a person carries the name, too.
        """
        for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            text = text.replace(sign, entity)
        if not mentions:
            return text
        text = _URL.sub(lambda m: f"<{m.group()}>", text)
        for user in sorted(self.team.users.values(), key=lambda u: -len(u.shown)):
            token = f"<@{user.id}|{user.name}>" if named else f"<@{user.id}>"
            for name in (user.shown, user.name):
                text = re.sub(rf"(?<![\w@|])@{re.escape(name)}(?!\w)", token, text)
        for channel in self.team.channels.values():
            if channel.kind in {"channel", "group"}:
                token = f"<#{channel.id}|{channel.name}>"
                text = re.sub(rf"(?<![\w#&])#{re.escape(channel.name)}(?!\w)", token, text)
        return text
