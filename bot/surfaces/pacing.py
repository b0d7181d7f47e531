"""How fast one may write to somebody outside, and how long to leave them alone when they fail."""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable

BURST = 20
"""So many messages may go to one channel at once; then one a second (Slack's own pace)."""
LONGEST_PAUSE = 60.0


class Strain:
    """How long to leave a server alone: longer the longer it fails, until something succeeds.

    Two hundred deliveries that fail at one moment are one failure.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._failures: dict[str, tuple[int, float]] = {}

    def pause(self, workspace: str) -> float:
        """Seconds, after one more failure; spread, so that not everything comes back at once."""
        now = self._seconds()
        failures, since = self._failures.get(workspace, (0, now))
        if failures == 0 or now - since >= _doubled(failures) / 2:
            failures += 1
            self._failures[workspace] = (failures, now)
        return _doubled(failures) * random.uniform(0.5, 1.0)  # noqa: S311

    def over(self, workspace: str) -> None:
        """Something succeeded."""
        self._failures.pop(workspace, None)


def _doubled(failures: int) -> float:
    return min(LONGEST_PAUSE, 2.0 ** min(failures, 10))


class Pace:
    """About one message a second to each channel, in real seconds, with room for a burst.

    It is politeness: other processes keep their own count, and the platform has the last word.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic, burst: int = BURST) -> None:
        self._seconds = seconds
        self._burst = burst
        self._lock = threading.Lock()
        self._spent: dict[str, tuple[float, float]] = {}

    def wait(self, channel: str) -> float:
        """Seconds until the next message may go; 0 at once."""
        with self._lock:
            return max(0.0, self._level(channel) + 1 - self._burst)

    def spend(self, channel: str) -> None:
        """A message went."""
        with self._lock:
            self._spent[channel] = (self._level(channel) + 1, self._seconds())
            if len(self._spent) > 10_000:
                self._spent = {c: v for c, v in self._spent.items() if self._level(c) > 0}

    def _level(self, channel: str) -> float:
        level, at = self._spent.get(channel, (0.0, 0.0))
        return max(0.0, level - (self._seconds() - at))


class Window:
    """At most so many of each kind within any stretch of time.

    :param most: how many.
    :param span: seconds.
    """

    def __init__(
        self, most: int, span: float, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self.most = most
        self._span = span
        self._seconds = seconds
        self._lock = threading.Lock()
        self._taken: dict[str, deque[float]] = {}

    def take(self, kind: str) -> float:
        """Take one if there is one left: 0, else the seconds until there is."""
        with self._lock:
            now, recent = self._seconds(), self._recent(kind)
            if len(recent) >= self.most:
                return max(0.01, recent[0] + self._span - now)
            recent.append(now)
            return 0.0

    def left(self, kind: str) -> int:
        """How many may be taken now."""
        with self._lock:
            return self.most - len(self._recent(kind))

    def fill(self, kind: str) -> None:
        """The other side says that it has had enough: nothing for a whole span."""
        with self._lock:
            self._taken[kind] = deque([self._seconds()] * self.most)

    def _recent(self, kind: str) -> deque[float]:
        if len(self._taken) > 10_000:
            self._taken = {k: v for k, v in self._taken.items() if v}
        recent = self._taken.setdefault(kind, deque())
        while recent and recent[0] <= self._seconds() - self._span:
            recent.popleft()
        return recent
