"""When home tabs are drawn: as they are opened, and anew after what their owner does elsewhere."""

from __future__ import annotations

import asyncio

from bot.slack.answering.tasks import Tasks
from bot.slack.api.tokens import Access
from bot.slack.api.webapi import WebApi
from bot.slack.views.home import SlackHome
from storage.uow import Store

PAUSE = 1.0
"""Seconds after an act until the tab is drawn: several acts in a row are drawn once, and Slack's
limit of about a hundred views a minute is far away."""
UNOPENED = 30.0
"""Seconds for which a tab that was never opened is not asked about again."""


class Tabs:
    """Draws a person's home tab; for the event loop.

    Which tabs were ever opened is remembered in the database, beside the handles of posted cards:
    the process in which somebody acts need not be the one in which they opened it.
    """

    def __init__(
        self, home: SlackHome, store: Store, api: WebApi, tasks: Tasks, pause: float = PAUSE
    ) -> None:
        self._home = home
        self._store = store
        self._api = api
        self._tasks = tasks
        self._pause = pause
        self._waiting: set[tuple[str, str]] = set()
        self._unopened: dict[tuple[str, str], float] = {}

    async def show(self, access: Access, user: str) -> None:
        """Draw it now: it was opened, or its owner did something in it.

        :param user: Slack's id of the person.
        """
        who = (access.team, user)
        self._waiting.discard(who)
        await self._api.run(lambda: self._draw(access, user))
        self._unopened.pop(who, None)

    def acted(self, access: Access, user: str) -> None:
        """A person did something, wherever: their tab is drawn anew soon, if they ever opened it.

        It waits for nothing and never fails.
        """
        who, now = (access.team, user), asyncio.get_running_loop().time()
        if who in self._waiting or self._unopened.get(who, 0.0) > now:
            return
        self._unopened.pop(who, None)
        self._waiting.add(who)
        self._tasks.spawn(self._later(access, user))

    async def _later(self, access: Access, user: str) -> None:
        who = (access.team, user)
        try:
            if not await self._api.run(lambda: self._opened(access, user)):
                self._unopened[who] = asyncio.get_running_loop().time() + UNOPENED
                return
            await asyncio.sleep(self._pause)
            if who not in self._waiting:
                return  # it was drawn meanwhile
        finally:
            self._waiting.discard(who)
        await self._api.run(lambda: self._home.publish(access, user))

    def _draw(self, access: Access, user: str) -> None:
        if self._home.publish(access, user) and not self._opened(access, user):
            handle = {"user": user}
            with self._store.write(access.workspace_id) as uow:
                uow.cards.save(_key(user), access.team, handle)

    def _opened(self, access: Access, user: str) -> bool:
        with self._store.read(access.workspace_id) as uow:
            return uow.cards.handle(_key(user), access.team) is not None


def _key(user: str) -> str:
    return f"slack-home:{user}"
