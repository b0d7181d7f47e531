"""How the stream waits: in real seconds, but for tests of ten minutes that have none."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Coroutine
from typing import Any


class Waiting:
    """Seconds that pass."""

    def now(self) -> float:
        """Seconds since some fixed moment."""
        return time.monotonic()

    async def until(self, seconds: float, *events: asyncio.Event) -> None:
        """Wait until one of these has happened, but no longer than so many seconds."""
        await first_of(seconds, *(event.wait() for event in events))


async def first_of(seconds: float | None, *waits: Coroutine[Any, Any, object]) -> None:
    """Wait until one of these is over, then end the others."""
    tasks = [asyncio.ensure_future(each) for each in waits]
    try:
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


def backoff(failures: int, first: float, longest: float) -> float:
    """Seconds before another try: doubling from ``first`` to ``longest``.

    They differ, so that processes which lost their connections together do not come back together.

    :param failures: in a row, this one counted.
    """
    pause = min(longest, first * 2.0 ** min(max(failures - 1, 0), 16))
    return pause * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)
