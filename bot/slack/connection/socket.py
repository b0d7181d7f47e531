"""Socket Mode: a connection from us to Slack, for where Slack cannot reach us."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Collection
from typing import Any, cast

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.surfaces.loop_thread import LoopThread

log = logging.getLogger("duban.slack")

Take = Callable[[AsyncBaseSocketModeClient, SocketModeRequest], Awaitable[None]]

PATIENCE = 10.0
"""Seconds that deliveries under way get to finish when the process stops."""
PING_EVERY = 5.0
"""Seconds between pings: so soon a connection that broke without a word is made anew."""
LOOK_EVERY = 5.0
"""Seconds between looks at the connection."""
SILENT = 60.0
"""Seconds without a connection after which everything begins anew: the SDK goes on trying the
address that Slack gave it once, and Slack takes each of these only for a while."""


class Socket:
    """Keeps a connection in a thread with an event loop of its own.

    :param look_every: seconds between looks at the connection.
    """

    def __init__(self, app: AsyncApp, app_token: str, look_every: float = LOOK_EVERY) -> None:
        self._app = app
        self._token = app_token
        self._look_every = look_every
        self._thread = LoopThread("duban-slack-socket", self._serve, 3 * PATIENCE)
        self._connected = threading.Event()
        self._under_way: set[asyncio.Task[None]] = set()

    def wait(self, seconds: float) -> bool:
        """Wait for the first connection; whether it was made in time."""
        return self._connected.wait(seconds)

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Take nothing more, answer what was taken, and close the connection.

        What comes in meanwhile is not acknowledged: Slack delivers it to another connection.
        """
        self._thread.stop()

    async def _serve(self, ended: asyncio.Event) -> None:
        while not ended.is_set():
            handler = AsyncSocketModeHandler(
                self._app, self._token, logger=self._app.logger, ping_interval=PING_EVERY
            )
            handler.client.socket_mode_request_listeners[:] = [self._taker(handler)]
            connecting = asyncio.create_task(handler.connect_async())  # tries until it succeeds
            try:
                await self._watch(handler, ended)
                handler.client.socket_mode_request_listeners.clear()
                await _finish(self._under_way)
            finally:
                connecting.cancel()
                await handler.close_async()
        await _finish(asyncio.all_tasks() - {asyncio.current_task()})

    def _taker(self, handler: AsyncSocketModeHandler) -> Take:
        """What takes a delivery, and is known to be under way until it is acknowledged."""

        async def take(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
            task = asyncio.create_task(handler.handle(cast("Any", client), request))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            await task

        return take

    async def _watch(self, handler: AsyncSocketModeHandler, ended: asyncio.Event) -> None:
        """Until the process stops, or there has been no connection for too long."""
        away = 0.0
        while away < SILENT:
            if await handler.client.is_connected():
                if not self._connected.is_set():
                    log.info("slack.connected")
                    self._connected.set()
                away = 0.0
            else:
                away += self._look_every if self._connected.is_set() else 0.1
            pause = self._look_every if self._connected.is_set() else 0.1
            try:
                await asyncio.wait_for(ended.wait(), pause)
            except TimeoutError:
                continue
            return
        log.warning("slack.connection_lost")


async def _finish(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Let what is under way end, for a while."""
    if tasks:
        await asyncio.wait(set(tasks), timeout=PATIENCE)
