"""Work that goes on after Slack was acknowledged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger("duban.slack")


class Tasks:
    """Keeps tasks from being forgotten, and what goes wrong in them in the log."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin; the acknowledgment does not wait for it."""
        task = asyncio.create_task(_logged(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    @property
    def busy(self) -> bool:
        """Whether anything that was begun has not ended."""
        return bool(self._running)


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:
        log.exception("slack.after_ack")
