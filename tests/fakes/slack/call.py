"""One call of the Web API, its arguments read whichever way they were encoded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.fakes.slack.refusal import Refusal
from tests.fakes.slack.rooms import Channel
from tests.fakes.slack.team import Team
from tests.fakes.slack.tokens import Installation, Token, need
from tests.fakes.slack.world import World

READS = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}
HISTORY = {kind: scope.replace(":read", ":history") for kind, scope in READS.items()}


class Call:
    """What was asked, by whom.

    :param args: as sent; complex values may be JSON texts.
    """

    def __init__(self, world: World, method: str, args: Mapping[str, Any], token: str) -> None:
        self.world = world
        self.method = method
        self.args = args
        self.raw_token = token
        self._token: Token | None = None

    def authorize(self, kind: str = "bot") -> None:
        """Check the token; the methods that need none do not call this."""
        token = self.world.keys.check(self.raw_token, self.world.clock())
        if token.kind != kind:
            raise Refusal("not_allowed_token_type")
        self._token = token
        if kind == "bot" and not self.bot.active:
            raise Refusal("account_inactive")

    @property
    def token(self) -> Token:
        """The token, checked."""
        assert self._token is not None
        return self._token

    @property
    def team(self) -> Team:
        """The workspace of the token."""
        return self.world.teams[self.token.team]

    @property
    def bot(self) -> Installation:
        """The app in that workspace."""
        return self.world.installations[self.token.team]

    def scope(self, *scopes: str) -> None:
        """``missing_scope`` unless the token has one of them."""
        need(self.token, *scopes)

    def text(self, name: str, default: str | None = None) -> str:
        """A text; ``invalid_arguments`` if it is missing and has no default."""
        value = self.args.get(name)
        if value is None or value == "":
            if default is None:
                raise Refusal("invalid_arguments", messages=[f"[ERROR] missing required {name}"])
            return default
        return str(value)

    def flag(self, name: str) -> bool:
        """Yes or no, in any of the ways it is written."""
        return str(self.args.get(name, "")).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        """A number."""
        return int(self.args.get(name) or default)

    def data(self, name: str) -> Any:
        """A list or an object, sent as such or as JSON; None if it is missing."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise Refusal("invalid_arguments", messages=[f"[ERROR] {name} is no JSON"]) from error

    def names(self, name: str) -> list[str]:
        """A list that may be separated by commas."""
        value = self.args.get(name)
        if isinstance(value, str):
            return [v.strip() for v in value.split(",") if v.strip()]
        return [str(v) for v in value or ()]

    def channel(self, *, joined: bool = False, archived: bool = True) -> Channel:
        """The conversation, as far as the bot may know of it.

        :param joined: ``not_in_channel`` unless it is a member.
        :param archived: whether an archived one will do (else ``is_archived``).
        """
        found = self.team.channels.get(self.text("channel"))
        inside = found is not None and self.bot.bot_user in found.members
        if found is None or (found.kind != "channel" and not inside):
            raise Refusal("channel_not_found")
        if found.is_archived and not archived:
            raise Refusal("is_archived")
        if joined and not inside:
            raise Refusal("not_in_channel")
        return found

    def page(self, items: list[Any], *, most: int = 1000) -> tuple[list[Any], dict[str, Any]]:
        """A part of a list, and ``response_metadata`` with the next cursor."""
        limit = min(self.number("limit", 100), most)
        start = int(str(self.args.get("cursor") or "c0").removeprefix("c"))
        following = start + limit
        cursor = f"c{following}" if following < len(items) else ""
        return items[start:following], {"next_cursor": cursor}
