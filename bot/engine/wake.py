"""Makes DBOS look at its queue at once when this process has queued something.

DBOS only polls: an interval that is short enough for a conversation costs a tenth of a processor
while nothing happens. So the pause between two polls is shortened from here. Should DBOS one day
pause in another way, jobs are found by its polling all the same, only later.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable

_QUICK_SECONDS = 0.005
_BUSY_SECONDS = 0.1


class Wake:
    """Shortens the pauses of one of DBOS's queue threads.

    :param thread_name: the thread; all others pause as before.
    """

    def __init__(self, thread_name: str) -> None:
        self._thread_name = thread_name
        self._asked = threading.Event()
        self._busy_until = 0.0

    def install(self, stop_events: Iterable[threading.Event]) -> None:
        """Pause on our terms where DBOS waits for one of its stop events."""
        for event in stop_events:
            self._replace_wait(event)

    def now(self) -> None:
        """Something was queued: look at once."""
        self.soon()
        self._asked.set()

    def soon(self) -> None:
        """A job ends: its lane is free in a moment, when DBOS has written that down."""
        self._busy_until = time.monotonic() + _BUSY_SECONDS

    def _replace_wait(self, event: threading.Event) -> None:
        original = event.wait

        def wait(timeout: float | None = None) -> bool:
            if threading.current_thread().name != self._thread_name or timeout is None:
                return original(timeout)
            if not event.is_set():
                busy = time.monotonic() < self._busy_until
                self._asked.wait(min(timeout, _QUICK_SECONDS) if busy else timeout)
                self._asked.clear()
            return event.is_set()

        event.wait = wait  # the instance's: DBOS looks the method up at every pause
