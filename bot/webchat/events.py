"""Live updates as server-sent events: every change of a message that the reader may see."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from anyio.to_thread import run_sync

from bot.webchat.access import conversations
from bot.webchat.hub import Hub
from bot.webchat.settings import ChatSettings
from bot.webchat.views import desk_of, message_views
from domain.errors import NotFoundError
from storage.uow import Store
from web.sessions import Session

PAGE = 200
TOO_FAR = 1000
"""Who missed more changes than this is told to load everything anew."""


@dataclass(frozen=True, slots=True)
class _News:
    """Changes for one reader, and the number up to which they are complete."""

    views: list[dict[str, Any]]
    upto: int
    more: bool = False
    reset: bool = False


class EventStream:
    """Sends changes for as long as the browser listens."""

    def __init__(self, store: Store, hub: Hub, settings: ChatSettings) -> None:
        self._store = store
        self._hub = hub
        self._heartbeat = settings.heartbeat.total_seconds()

    async def stream(self, session: Session, after: int | None) -> AsyncIterator[str]:
        """Events ``message`` (id: the change's number) and ``reset``.

        :param after: the last change that the browser has; None begins with what comes next.
        """
        at = after
        yield "retry: 2000\n\n"
        while not self._hub.closed:
            news = await run_sync(self._news, session, at)
            if news is None:
                yield "event: signed-out\ndata: {}\n\n"
                return
            if news.reset:
                yield f"event: reset\nid: {news.upto}\ndata: {{}}\n\n"
            for view in news.views:
                data = json.dumps(view, ensure_ascii=False, separators=(",", ":"))
                yield f"event: message\nid: {view['seq']}\ndata: {data}\n\n"
            at = news.upto
            if not news.more and not await self._hub.wait(session.workspace, at, self._heartbeat):
                yield ": still here\n\n"

    def _news(self, session: Session, after: int | None) -> _News | None:
        """The changes since; None when the person may not listen any more."""
        with self._store.read(session.workspace) as uow:
            try:
                me = uow.people.get(session.person)
            except NotFoundError:
                return None
            if not me.active:
                return None
            latest = uow.chat.latest()
            if after is None:
                return _News([], latest)
            if after > latest or latest - after > TOO_FAR:
                return _News([], latest, reset=True)
            channels = [c.id for c in conversations(uow, me)]
            found = uow.chat.changes(after, me.id, channels, PAGE)
            views = message_views(uow, desk_of(uow, me), found)
        if len(found) == PAGE:
            return _News(views, found[-1].seq, more=True)
        return _News(views, latest)
