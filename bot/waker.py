"""Calls back for what it is given, at once or after a pause, in a thread of its own."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable

Job = tuple[str, str, str, str]
"""Workspace, outbox row, lane, and which try."""

EVERY = 0.1
"""Seconds between two calls for one lane whose rows come at once. A call costs the engine a commit
of its own, as much as the command that queued the row; whoever looks at the lane then sends all of
its rows, and a platform takes about one message a second in one conversation."""
_MOST = 1000

_Lane = tuple[str, str]


class Waker:
    """Wakes whoever works. What waits here is only a hint: whatever is lost, a sweep finds.

    Rows of one lane that come close together are one call, after the last of them was committed.

    :param call: told each job; it must not raise.
    """

    def __init__(self, call: Callable[[Job], None]) -> None:
        self._call = call
        self._waiting: list[tuple[float, int, Job]] = []
        self._soon: set[_Lane] = set()
        self._called: dict[_Lane, float] = {}
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
        """Call back for what was to be called at once or is due by now, and end."""
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
            at = time.monotonic() + seconds
            if seconds == 0:
                lane = _lane(job)
                if lane in self._soon:
                    return  # a call is still to come, and will find this row too
                self._soon.add(lane)
                at = max(at, self._called.get(lane, 0.0) + EVERY)
            heapq.heappush(self._waiting, (at, next(self._order), job))
            self._changed.notify()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            self._call(job)

    def _next(self) -> Job | None:
        """The next job when its time has come; None when all that is due is done and we stop."""
        with self._changed:
            while True:
                wait = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if wait is not None and (wait <= 0 or (self._stopping and wait <= EVERY)):
                    return self._taken(heapq.heappop(self._waiting)[2])
                if self._stopping:
                    return None
                self._changed.wait(wait)

    def _taken(self, job: Job) -> Job:
        """The job; rows that are queued from now on need another call."""
        now, lane = time.monotonic(), _lane(job)
        if len(self._called) >= _MOST:
            self._called = {k: at for k, at in self._called.items() if at > now - EVERY}
        self._soon.discard(lane)
        self._called[lane] = now
        return job


def _lane(job: Job) -> _Lane:
    return job[0], job[2]
