"""Calls back for what it is given, at once or after a pause, in a thread of its own."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable

Job = tuple[str, str, str, str]
"""Workspace, outbox row, lane, and which try."""


class Waker:
    """Wakes whoever works. What waits here is only a hint: whatever is lost, a sweep finds.

    :param call: told each job; it must not raise.
    """

    def __init__(self, call: Callable[[Job], None]) -> None:
        self._call = call
        self._waiting: list[tuple[float, int, Job]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="duban-waker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Call back for what is due by now, and end."""
        if self._thread is None:
            return
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()
        self._thread = None

    def wake(self, job: Job, seconds: float = 0) -> None:
        """Call back after ``seconds``; never waits, never raises."""
        with self._changed:
            heapq.heappush(self._waiting, (time.monotonic() + seconds, next(self._order), job))
            self._changed.notify()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            self._call(job)

    def _next(self) -> Job | None:
        """The next job when its time has come; None when all that is due is done and we stop."""
        with self._changed:
            while True:
                wait = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._waiting)[2]
                if self._stopping:
                    return None
                self._changed.wait(wait)
