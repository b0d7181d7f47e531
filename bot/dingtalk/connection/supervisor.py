"""Keeps a stream connection: watched, replaced without a gap, stopped cleanly.

Nothing is kept at DingTalk for an application without a connection, so before one is given up the
next one is open wherever that is possible.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from bot.dingtalk.connection.stream import Connection, Takers
from bot.dingtalk.connection.waiting import Waiting, backoff
from bot.settings_outside import DingtalkSettings
from bot.surfaces.loop_thread import LoopThread

log = logging.getLogger("duban.dingtalk")

PATIENCE = 10.0
"""Seconds that messages under way get to finish when the process stops."""
RELIEF = 8.0
"""Seconds that another connection may take after the gateway said that it will close this one: it
does so after about ten."""
LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How the connection is watched, in seconds.

    :param look: between looks.
    :param silence: without any frame after which another connection takes over: the gateway pings.
    :param stuck: without a connection, and without a try to make one, after which the SDK begins
        anew. Its longest pause is half a minute.
    """

    look: float = 1.0
    silence: float = 600.0
    stuck: float = 180.0


@dataclass(slots=True, eq=False)
class _Line:
    connection: Connection
    task: asyncio.Task[None]


class Stream:
    """The connection of this process, in a thread with an event loop of its own.

    :param connect: makes a connection; for tests that are in a hurry.
    :param waiting: by which everything here waits; for tests of hours.
    """

    def __init__(
        self,
        settings: DingtalkSettings,
        takers: Takers,
        pace: Pace | None = None,
        connect: Callable[..., Connection] = Connection,
        waiting: Waiting | None = None,
    ) -> None:
        self._settings = settings
        self._takers = takers
        self._pace = pace or Pace()
        self._connect = connect
        self._waiting = waiting or Waiting()
        self._thread = LoopThread("duban-dingtalk-stream", self._serve, 3 * PATIENCE)
        self._ended: asyncio.Event | None = None
        self._first = threading.Event()
        self._line: _Line | None = None
        self._leaving: set[_Line] = set()
        self._retiring: set[asyncio.Task[None]] = set()
        self._failures = 0

    def start(self) -> None:
        """Begin to connect; returns at once, whether DingTalk can be reached or not."""
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the first connection; whether it was made in time."""
        return self._first.wait(seconds)

    @property
    def is_open(self) -> bool:
        """Whether there is a connection now."""
        line = self._line
        return line is not None and line.connection.is_open

    def stop(self) -> None:
        """Take nothing more, finish what was taken, and close.

        What comes in meanwhile is not acknowledged: DingTalk delivers it to another connection.
        """
        self._thread.stop()

    async def _serve(self, ended: asyncio.Event) -> None:
        self._ended = ended
        self._line = self._begin()
        while not ended.is_set():
            look = self._pace.look if self._first.is_set() else self._pace.look / 10
            await self._waiting.until(look, ended)
            if not ended.is_set():
                await self._look(ended)
        await asyncio.gather(*(self._end(each) for each in {*self._leaving, self._line}))
        if self._retiring:
            await asyncio.wait(set(self._retiring), timeout=PATIENCE)

    async def _look(self, ended: asyncio.Event) -> None:
        """Look at the connection once; put another one in its place where it is needed."""
        line, now = self._line, self._waiting.now()
        if line is None or line.task.done():
            if line is not None and not line.task.cancelled() and line.task.exception():
                reason = type(line.task.exception()).__name__
                log.error("dingtalk.stream_broke", extra={"reason": reason})
            self._failures += 1
            await self._waiting.until(backoff(self._failures, 1.0, LONGEST_PAUSE), ended)
            if not ended.is_set():
                self._line = self._begin()
            return
        if line.connection.is_open:
            self._failures = 0
            if not self._first.is_set():
                log.info("dingtalk.connected")
                self._first.set()
            if now - line.connection.heard_at > self._pace.silence:
                log.warning("dingtalk.silent")
                await self._replace(line, ended)
        elif now - max(line.connection.tried_at, line.connection.heard_at) > self._pace.stuck:
            log.warning("dingtalk.stuck")
            await self._replace(line, ended)

    def _begin(self) -> _Line:
        connection = self._connect(self._settings, self._takers, self._relieve, self._waiting)
        return _Line(connection, asyncio.create_task(connection.start()))

    async def _relieve(self, old: Connection) -> None:
        """The gateway is about to close a connection: another one takes over."""
        line, ended = self._line, self._ended
        if line is not None and ended is not None and line.connection is old:
            await asyncio.shield(await self._replace(line, ended))

    async def _replace(self, old: _Line, ended: asyncio.Event) -> asyncio.Task[None]:
        """Open another connection, then let the old one go; in this order there is no gap."""
        self._leaving.add(old)
        fresh = self._line = self._begin()
        await self._waiting.until(RELIEF, fresh.connection.opened, ended)
        task = asyncio.create_task(self._end(old))
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)
        return task

    async def _end(self, line: _Line) -> None:
        """Let a connection finish what it took, and close it; one that is still made is let be."""
        await line.connection.finish(PATIENCE)
        await line.connection.stop()
        if not line.connection.is_open:
            line.task.cancel()
        await asyncio.wait({line.task}, timeout=PATIENCE)
        if not line.task.done():
            line.task.cancel()
            await asyncio.wait({line.task}, timeout=1)
        await line.connection.finish(PATIENCE)
        self._leaving.discard(line)
