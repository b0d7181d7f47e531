"""Keeps a stream connection: watched, replaced without a gap, stopped cleanly.

Nothing is kept at DingTalk for an application without a connection, so before one is given up the
next one is open wherever that is possible.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.dingtalk.stream import Connection, Takers
from bot.settings_outside import DingtalkSettings

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
    :param stuck: without a connection after which the SDK begins anew.
    """

    look: float = 1.0
    silence: float = 600.0
    stuck: float = 180.0


@dataclass(slots=True)
class _Line:
    connection: Connection
    task: asyncio.Task[None]
    open_at: float


class Stream:
    """The connection of this process, in a thread with an event loop of its own.

    :param connect: makes a connection; for tests that are in a hurry.
    """

    def __init__(
        self,
        settings: DingtalkSettings,
        takers: Takers,
        pace: Pace | None = None,
        connect: Callable[..., Connection] = Connection,
    ) -> None:
        self._settings = settings
        self._takers = takers
        self._pace = pace or Pace()
        self._connect = connect
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._first = threading.Event()
        self._line: _Line | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self._failures = 0

    def start(self) -> None:
        """Begin to connect; returns at once, whether DingTalk can be reached or not."""
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._run, name="duban-dingtalk-stream", daemon=True
            )
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
        if self._thread is None:
            return
        loop, ended = self._loop, self._ended
        if loop is not None and ended is not None:
            loop.call_soon_threadsafe(ended.set)
        self._thread.join(3 * PATIENCE)
        self._thread = None

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            self._loop, self._ended = runner.get_loop(), asyncio.Event()
            runner.run(self._serve(self._ended))

    async def _serve(self, ended: asyncio.Event) -> None:
        line = self._line = self._begin()
        while not ended.is_set():
            await _pause(ended, self._pace.look if self._first.is_set() else self._pace.look / 10)
            if not ended.is_set():
                await self._look(ended)
            line = self._line
        await self._end(line)
        if self._retiring:
            await asyncio.wait(set(self._retiring), timeout=PATIENCE)

    async def _look(self, ended: asyncio.Event) -> None:
        """Look at the connection once; put another one in its place where it is needed."""
        line, now = self._line, time.monotonic()
        if line is None or line.task.done():
            if line is not None and not line.task.cancelled() and line.task.exception():
                reason = type(line.task.exception()).__name__
                log.error("dingtalk.stream_broke", extra={"reason": reason})
            self._failures += 1
            await _pause(ended, _backoff(self._failures))
            if not ended.is_set():
                self._line = self._begin()
            return
        if line.connection.is_open:
            line.open_at, self._failures = now, 0
            if not self._first.is_set():
                log.info("dingtalk.connected")
                self._first.set()
            if now - line.connection.heard_at > self._pace.silence:
                log.warning("dingtalk.silent")
                await self._replace(line)
        elif now - line.open_at > self._pace.stuck:
            log.warning("dingtalk.stuck")
            await self._replace(line)

    def _begin(self) -> _Line:
        connection = self._connect(self._settings, self._takers, self._relieve)
        return _Line(connection, asyncio.create_task(connection.start()), time.monotonic())

    async def _relieve(self, old: Connection) -> None:
        """The gateway is about to close a connection: another one takes over."""
        line = self._line
        if line is not None and line.connection is old:
            await asyncio.shield(await self._replace(line))

    async def _replace(self, old: _Line) -> asyncio.Task[None]:
        """Open another connection, then let the old one go; in this order there is no gap."""
        fresh = self._line = self._begin()
        await _pause(fresh.connection.opened, RELIEF)
        task = asyncio.create_task(self._end(old))
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)
        return task

    async def _end(self, line: _Line) -> None:
        """Let a connection finish what it took, and close it."""
        await line.connection.finish(PATIENCE)
        await line.connection.stop()
        await asyncio.wait({line.task}, timeout=PATIENCE)
        if not line.task.done():
            line.task.cancel()
            await asyncio.wait({line.task}, timeout=1)
        await line.connection.finish(PATIENCE)


async def _pause(until: asyncio.Event, seconds: float) -> None:
    """Wait for something, but no longer than that."""
    try:
        await asyncio.wait_for(until.wait(), seconds)
    except TimeoutError:
        return


def _backoff(failures: int) -> float:
    """Seconds before another try; different in each process, so that they do not come together."""
    return min(LONGEST_PAUSE, 2.0 ** min(failures - 1, 6)) * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)
