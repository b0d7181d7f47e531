"""Faults that a test switches on: silence, half answers, lost replies (issue 5, "Faults")."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from enum import Enum


class Effect(Enum):
    """What happens to a request that a fault meets."""

    HANG = "hang"
    """It waits before the work; a client that gives up finds nothing done."""
    HANG_AFTER = "hang after"
    """It waits after the work; the client that gives up does not know that it is done."""
    RESET = "reset"
    """The connection is cut before the work."""
    LOSE_REPLY = "lose reply"
    """The work is done, then the connection is cut without a word."""
    HALF = "half a page"
    """The work is done; the body is the first half of the JSON, with a matching length."""
    CUT = "cut off"
    """The work is done; the connection is cut in the middle of the body."""
    LOGIN_PAGE = "login page"
    """302 to the login page instead of any answer; nothing is done."""
    CRASH = "crash"
    """500 with an empty body; nothing is done."""
    EMPTY = "empty"
    """200 with an empty body; the work is done."""


@dataclass(slots=True)
class Fault:
    """One fault.

    :param on: an expression that ``METHOD path?query`` must contain to be met.
    :param times: how many requests it meets; None: all.
    :param skip: how many matching requests pass untouched before.
    """

    effect: Effect
    on: re.Pattern[str]
    seconds: float = 0.0
    times: int | None = None
    skip: int = 0
    met: int = 0


@dataclass(slots=True)
class Faults:
    """The faults of one server, asked for each request."""

    faults: list[Fault] = field(default_factory=list[Fault])
    delay: float = 0.0
    ended: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(
        self,
        effect: Effect,
        on: str = "",
        *,
        seconds: float = 0.0,
        times: int | None = None,
        skip: int = 0,
    ) -> Fault:
        """Switch a fault on."""
        fault = Fault(effect, re.compile(on), seconds, times, skip)
        with self._lock:
            self.faults.append(fault)
        return fault

    def clear(self) -> None:
        """No more faults; whoever waits is let go."""
        with self._lock:
            self.faults.clear()
            self.delay = 0.0
            self.ended.set()
            self.ended = threading.Event()

    def meets(self, line: str) -> Fault | None:
        """The fault that this request meets, counted."""
        with self._lock:
            for fault in self.faults:
                if not fault.on.search(line):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                if fault.times is None or fault.met < fault.times:
                    fault.met += 1
                    return fault
        return None

    def will_hang(self, line: str) -> bool:
        """Whether this request, if it comes next, is met by a fault that waits; not counted."""
        with self._lock:
            for fault in self.faults:
                spent = fault.times is not None and fault.met >= fault.times
                if fault.on.search(line) and not fault.skip and not spent:
                    return fault.effect in {Effect.HANG, Effect.HANG_AFTER}
        return False

    def wait(self, seconds: float) -> None:
        """Wait as told, or until the faults are cleared."""
        if seconds > 0:
            self.ended.wait(seconds)
