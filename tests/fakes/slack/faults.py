"""What a test makes go wrong between the app and the platform."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

HOLD_SECONDS = 180


class Way(StrEnum):
    """How a call fails."""

    STATUS = "status"  # an HTTP error in place of an answer
    REFUSE = "refuse"  # ok: false
    LIMIT = "limit"  # 429 with Retry-After
    DROP = "drop"  # the connection ends without an answer
    HANG = "hang"  # no answer for a while
    HOLD = "hold"  # no answer until the test says so


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong.

    :param method: a pattern like ``chat.*``.
    :param times: how often; None: until ``calm``.
    :param after: whether the work is done before it goes wrong (the answer is lost).
    :param when: looks at the arguments of the call.
    :param seconds: how long to hang, or what to say in Retry-After.
    """

    method: str
    way: Way
    times: int | None = 1
    after: bool = False
    when: Callable[[Mapping[str, Any]], bool] | None = None
    status: int = 500
    error: str = "internal_error"
    seconds: float = 0.0
    hits: int = 0
    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float = HOLD_SECONDS) -> None:
        """Wait until a call has been caught."""
        assert self.reached.wait(seconds), f"nothing called {self.method}"

    def release(self) -> None:
        """Let a held call go on."""
        self.released.set()


class Faults:
    """The list of what goes wrong next."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._all: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Let this go wrong, too."""
        with self._lock:
            self._faults.append(fault)
            self._all.append(fault)
        return fault

    def fail(self, method: str = "*", *, status: int = 500, **more: Any) -> Fault:
        """Answer with an HTTP error (500, 502, 503 …)."""
        return self.add(Fault(method, Way.STATUS, status=status, **more))

    def refuse(self, method: str, error: str, **more: Any) -> Fault:
        """Answer ``ok: false`` with this code."""
        return self.add(Fault(method, Way.REFUSE, error=error, **more))

    def storm(self, method: str = "*", *, seconds: float = 1, **more: Any) -> Fault:
        """Answer 429; without ``times`` until ``calm``."""
        return self.add(Fault(method, Way.LIMIT, seconds=seconds, **{"times": None, **more}))

    def drop(self, method: str = "*", **more: Any) -> Fault:
        """End the connection; with ``after=True`` once the work is done."""
        return self.add(Fault(method, Way.DROP, **more))

    def hang(self, method: str, seconds: float, **more: Any) -> Fault:
        """Answer only after so many seconds."""
        return self.add(Fault(method, Way.HANG, seconds=seconds, **more))

    def hold(self, method: str, **more: Any) -> Fault:
        """Do the work and keep the answer until ``release`` (a minute at most)."""
        return self.add(Fault(method, Way.HOLD, **{"after": True, **more}))

    def calm(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            for fault in self._all:
                fault.released.set()
            self._faults.clear()
            self._all.clear()

    def take(self, method: str, args: Mapping[str, Any]) -> Fault | None:
        """The fault that strikes this call, counted."""
        with self._lock:
            for fault in self._faults:
                if not fnmatchcase(method, fault.method):
                    continue
                if fault.when is not None and not fault.when(args):
                    continue
                fault.hits += 1
                if fault.times is not None and fault.hits >= fault.times:
                    self._faults.remove(fault)
                return fault
        return None


TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute."""


@dataclass(slots=True)
class Pace:
    """How much the platform takes before it answers 429. Real seconds, whatever the clock says.

    :param per_second: messages to one channel.
    :param burst: messages to one channel that pass at once.
    :param tiers: whether the limits per method are kept, too.
    """

    per_second: float = 1.0
    burst: float = 60.0
    tiers: bool = False
    limited: int = 0
    _filled: dict[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])

    def take(self, key: str, rate: float, burst: float) -> float:
        """Take one; the seconds to wait if there is none, else 0."""
        now = time.monotonic()
        level, at = self._filled.get(key, (burst, now))
        level = min(burst, level + (now - at) * rate)
        if level < 1:
            self._filled[key] = (level, now)
            self.limited += 1
            return (1 - level) / rate
        self._filled[key] = (level - 1, now)
        return 0.0
