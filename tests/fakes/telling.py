"""Events on their way from a platform to the app, each repeated until it is acknowledged."""

from __future__ import annotations

import asyncio
from typing import Any, Generic, TypeVar

import aiohttp

Event = TypeVar("Event")

ACK_SECONDS = 60.0
"""How long a platform waits for an acknowledgment: in truth 3, or 60. A busy machine may need more
than 3 for what is done at once on any other, so that tests of the deadline itself hold the work
until the acknowledgment is there."""


class Telling(Generic[Event]):
    """Begins, ends and counts what is told; the platform says how in :meth:`_persist`."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._waiting = 0
        self.muted = False

    async def start(self) -> None:
        """Begin, on the platform's loop."""
        self._loop = asyncio.get_running_loop()
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def stop(self) -> None:
        """End what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        assert self._session is not None
        await self._session.close()

    @property
    def busy(self) -> bool:
        """Whether events are on their way, or wait to be repeated."""
        return self._waiting > 0

    def tell(self, event: Event) -> None:
        """Deliver an event soon, from any thread, and again while it is not acknowledged."""
        if self.muted or self._loop is None:
            return
        self._waiting += 1
        self._loop.call_soon_threadsafe(self._begin, event)

    def _begin(self, event: Event) -> None:
        task = asyncio.ensure_future(self._persist(event))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        self._waiting -= 1

    async def _persist(self, event: Event) -> None:
        """Deliver the event, again after a pause while the app does not acknowledge it."""
        raise NotImplementedError
