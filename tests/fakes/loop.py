"""An event loop in a thread of its own, for platforms whose tests are ordinary functions."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

Made = TypeVar("Made")
MOST_SECONDS = 120


class LoopThread:
    """Runs coroutines, from :meth:`start` to :meth:`stop`."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Made], seconds: float = MOST_SECONDS) -> Made:
        """Run a coroutine and wait for it; ``TimeoutError`` when it takes longer."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def stop(self) -> None:
        """End what still runs, so that it lets go of its files and sockets, and the thread."""
        self.run(_end_the_rest())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(MOST_SECONDS)
        self._loop.close()


class OnLoop:
    """A platform that runs on such a loop, between :meth:`start` and :meth:`stop`."""

    def __init__(self) -> None:
        self._loop = LoopThread()

    def start(self) -> Self:
        """Listen on a free port of this machine."""
        self._loop.start()
        self.run(self._begin())
        return self

    def stop(self) -> None:
        """End, with all that is under way."""
        self.run(self._end())
        self._loop.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def run(self, work: Coroutine[Any, Any, Made]) -> Made:
        """Run a coroutine on the platform's loop and wait for it."""
        return self._loop.run(work)

    async def _begin(self) -> None:
        """Open what the platform listens on."""
        raise NotImplementedError

    async def _end(self) -> None:
        """Close it."""
        raise NotImplementedError


async def _end_the_rest() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    loop = asyncio.get_running_loop()
    await loop.shutdown_asyncgens()
    await loop.shutdown_default_executor()
