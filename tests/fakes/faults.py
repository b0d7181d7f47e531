"""What a test makes go wrong between the app and a platform."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any, Generic, TypeVar

HOLD_SECONDS = 180


class Way(StrEnum):
    """How a call fails."""

    STATUS = "status"  # an HTTP error in place of an answer
    REFUSE = "refuse"  # the platform's own error
    LIMIT = "limit"  # 429 with Retry-After
    DROP = "drop"  # the connection ends without an answer
    HANG = "hang"  # no answer for a while
    HOLD = "hold"  # no answer until the test says so


@dataclass(slots=True)
class Failing:
    """One thing that goes wrong.

    :param call: a pattern like ``chat.*``.
    :param times: how often; None: until ``calm``.
    :param after: whether the work is done before it goes wrong (the answer is lost).
    :param when: looks at the arguments of the call.
    :param seconds: how long to hang, or what to say in Retry-After.
    """

    call: str
    way: Way
    times: int | None = 1
    after: bool = False
    when: Callable[[Mapping[str, Any]], bool] | None = None
    status: int = 500
    seconds: float = 0.0
    hits: int = 0
    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float = HOLD_SECONDS) -> None:
        """Wait until a call has been caught."""
        assert self.reached.wait(seconds), f"nothing called {self.call}"

    def release(self) -> None:
        """Let a held call go on."""
        self.released.set()


Kind = TypeVar("Kind", bound=Failing)


class Failings(Generic[Kind]):
    """The list of what goes wrong next.

    :param make: a platform's own kind of fault.
    """

    def __init__(self, make: Callable[..., Kind]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._next: list[Kind] = []
        self._all: list[Kind] = []

    def add(self, fault: Kind) -> Kind:
        """Let this go wrong, too."""
        with self._lock:
            self._next.append(fault)
            self._all.append(fault)
        return fault

    def make(self, call: str, way: Way, **more: Any) -> Kind:
        """Let this go wrong, too; ``more`` as in the fault itself."""
        return self.add(self._make(call, way, **more))

    def fail(self, call: str = "*", *, status: int = 500, **more: Any) -> Kind:
        """Answer with an HTTP error (500, 502, 503 …)."""
        return self.make(call, Way.STATUS, status=status, **more)

    def drop(self, call: str = "*", **more: Any) -> Kind:
        """End the connection; with ``after=True`` once the work is done."""
        return self.make(call, Way.DROP, **more)

    def hang(self, call: str, seconds: float, **more: Any) -> Kind:
        """Answer only after so many seconds; with ``after=True`` do the work before."""
        return self.make(call, Way.HANG, seconds=seconds, **more)

    def hold(self, call: str, **more: Any) -> Kind:
        """Do the work and keep the answer until ``release`` (minutes at most)."""
        return self.make(call, Way.HOLD, **{"after": True, **more})

    def calm(self) -> None:
        """Nothing goes wrong any more, and nobody is held."""
        with self._lock:
            for fault in self._all:
                fault.released.set()
            self._next.clear()
            self._all.clear()

    def take(self, call: str, given: Mapping[str, Any]) -> Kind | None:
        """The fault that strikes this call, counted."""
        with self._lock:
            for fault in self._next:
                if not fnmatchcase(call, fault.call):
                    continue
                if fault.when is not None and not fault.when(given):
                    continue
                fault.hits += 1
                if fault.times is not None and fault.hits >= fault.times:
                    self._next.remove(fault)
                return fault
        return None
