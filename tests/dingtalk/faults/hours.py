"""Hours of a stream's waiting that pass when the test says so."""

from __future__ import annotations

import asyncio
import threading

from bot.dingtalk.connection.waiting import Waiting, first_of


class Hours(Waiting):
    """All pauses of a stream; what it does between them is real.

    :ivar pauses: how long each of them was to be, in seconds.
    """

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self._lock = threading.Lock()
        self._now = 0.0
        self._resting: dict[asyncio.Event, tuple[float, asyncio.AbstractEventLoop]] = {}

    def now(self) -> float:
        return self._now

    async def until(self, seconds: float, *events: asyncio.Event) -> None:
        over = asyncio.Event()
        with self._lock:
            self.pauses.append(seconds)
            self._resting[over] = (self._now + seconds, asyncio.get_running_loop())
        try:
            await first_of(None, over.wait(), *(event.wait() for event in events))
        finally:
            with self._lock:
                del self._resting[over]

    @property
    def resting(self) -> int:
        """How many wait now."""
        with self._lock:
            return len(self._resting)

    def pass_next(self, most: float) -> float:
        """Let time pass until the first of those who wait goes on; how many seconds that were."""
        with self._lock:
            first = min((until for until, _ in self._resting.values()), default=self._now + most)
        passed = min(max(first - self._now, 0.0), most)
        self.pass_(passed)
        return passed

    def pass_(self, seconds: float) -> None:
        """Let so many seconds pass."""
        with self._lock:
            self._now += seconds
            over = [(e, loop) for e, (at, loop) in self._resting.items() if at <= self._now]
        for event, loop in over:
            loop.call_soon_threadsafe(event.set)
