"""Events: each type goes to who takes it; all others are acknowledged and left alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from slack_bolt import BoltResponse

from bot.slack.admin.install import Installer
from bot.slack.answering.desk import again, done
from bot.slack.answering.tasks import Tasks
from bot.slack.api.tokens import Access
from bot.slack.api.webapi import WebApi
from bot.slack.listeners.talk import Talk
from bot.slack.people.membership import HANDLED, Membership
from bot.slack.reading.incoming import Json, part, text_of
from bot.slack.views.unfurling import Unfurling
from domain.errors import ConflictError, NotFoundError, OutsideError

log = logging.getLogger("duban.slack")

Home = Callable[[Access, str], Coroutine[Any, Any, None]]
"""Shows somebody's home tab."""

_ENDED = frozenset({"app_uninstalled", "tokens_revoked"})


class Events:
    """Takes what Slack says has happened.

    What cannot be taken now is not acknowledged: Slack delivers it again.
    """

    def __init__(
        self,
        *,
        talk: Talk,
        unfurling: Unfurling,
        membership: Membership,
        installer: Installer,
        home: Home,
        api: WebApi,
        tasks: Tasks,
    ) -> None:
        self._talk = talk
        self._unfurling = unfurling
        self._membership = membership
        self._installer = installer
        self._home = home
        self._api = api
        self._tasks = tasks

    async def run(self, body: Json, access: Access | None) -> BoltResponse:
        """The acknowledgment of an event.

        :param access: None for the events that tell of its end.
        """
        event = part(body, "event")
        kind = text_of(event, "type")
        try:
            if kind in _ENDED:
                return await self._ended(body, kind)
            if access is None:
                return done()
            if kind in ("message", "app_mention"):
                return await self._talk.message(body, access)
            if kind in ("reaction_added", "reaction_removed"):
                return await self._talk.reaction(body, access)
            return await self._other(body, event, access)
        except (OutsideError, ConflictError):
            log.warning("slack.event_put_off", extra={"type": kind})
            return again()

    async def _other(self, body: Json, event: Json, access: Access) -> BoltResponse:
        kind = text_of(event, "type")
        if kind == "link_shared":
            self._tasks.spawn(self._unfurling.run(body, access))
        elif kind == "app_home_opened":
            if text_of(event, "tab") != "messages":
                self._tasks.spawn(self._home(access, text_of(event, "user")))
        elif kind in HANDLED:
            await self._api.run(lambda: self._member(body, event, access))
        return done()

    def _member(self, body: Json, event: Json, access: Access) -> None:
        key = f"slack:{access.team}:{text_of(body, 'event_id')}"
        try:
            self._membership.handle(access.workspace_id, access.team, access.bot_user, key, event)
        except NotFoundError:
            log.warning("slack.event_of_nobody", extra={"type": text_of(event, "type")})

    async def _ended(self, body: Json, kind: str) -> BoltResponse:
        """The app was removed, or tokens were revoked; only the bot's own token matters."""
        bots = part(part(body, "event"), "tokens").get("bot")
        if kind == "app_uninstalled" or bots:
            await self._api.run(lambda: self._installer.ended(text_of(body, "team_id")))
        return done()
