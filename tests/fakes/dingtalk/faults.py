"""What a test makes go wrong between the app and the platform."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

HOLD_SECONDS = 60


class Way(StrEnum):
    """How a call fails."""

    STATUS = "status"  # an HTTP error in place of an answer
    REFUSE = "refuse"  # the platform's own error
    DROP = "drop"  # the connection ends without an answer
    HANG = "hang"  # no answer for a while
    HOLD = "hold"  # no answer until the test says so


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong.

    :param operation: a pattern like ``card.*``; the names are in ``methods/__init__.py``.
    :param times: how often; None: until ``calm``.
    :param after: whether the work is done before it goes wrong (the answer is lost).
    :param when: looks at the body of the call.
    :param code: of the new API; ``errcode`` of the old one and the webhooks.
    """

    operation: str
    way: Way
    times: int | None = 1
    after: bool = False
    when: Callable[[Mapping[str, Any]], bool] | None = None
    status: int = 500
    code: str = "ServiceUnavailable"
    errcode: int = -1
    seconds: float = 0.0
    hits: int = 0
    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float = HOLD_SECONDS) -> None:
        """Wait until a call has been caught."""
        assert self.reached.wait(seconds), f"nothing called {self.operation}"

    def release(self) -> None:
        """Let a held call go on."""
        self.released.set()


class Faults:
    """The list of what goes wrong next."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._held: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Let this go wrong, too."""
        with self._lock:
            self._faults.append(fault)
        return fault

    def fail(self, operation: str = "*", *, status: int = 500, **more: Any) -> Fault:
        """Answer with an HTTP error that is no JSON."""
        return self.add(Fault(operation, Way.STATUS, status=status, **more))

    def gateway_timeout(self, operation: str, **more: Any) -> Fault:
        """Do the work and answer 504, as the platform's own gateway does after 3 seconds."""
        return self.fail(operation, status=504, **{"after": True, **more})

    def refuse(self, operation: str, code: str, **more: Any) -> Fault:
        """Answer with this code (``errcode`` for the old API and the webhooks)."""
        return self.add(Fault(operation, Way.REFUSE, code=code, **{"status": 400, **more}))

    def drop(self, operation: str = "*", **more: Any) -> Fault:
        """End the connection; with ``after=True`` once the work is done."""
        return self.add(Fault(operation, Way.DROP, **more))

    def hang(self, operation: str, seconds: float, **more: Any) -> Fault:
        """Answer only after so many seconds."""
        return self.add(Fault(operation, Way.HANG, seconds=seconds, **{"after": True, **more}))

    def hold(self, operation: str, **more: Any) -> Fault:
        """Do the work and keep the answer until ``release`` (a minute at most)."""
        return self.add(Fault(operation, Way.HOLD, **{"after": True, **more}))

    def calm(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            for fault in (*self._faults, *self._held):
                fault.released.set()
            self._faults.clear()
            self._held.clear()

    def take(self, operation: str, body: Mapping[str, Any]) -> Fault | None:
        """The fault that strikes this call, counted."""
        with self._lock:
            for fault in self._faults:
                if not fnmatchcase(operation, fault.operation):
                    continue
                if fault.when is not None and not fault.when(body):
                    continue
                fault.hits += 1
                if fault.way is Way.HOLD:
                    self._held.append(fault)
                if fault.times is not None and fault.hits >= fault.times:
                    self._faults.remove(fault)
                return fault
        return None
