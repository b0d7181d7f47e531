"""What a test makes go wrong between the app and Slack, and how much Slack takes."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.faults import HOLD_SECONDS, Failing, Failings, Way

__all__ = ["HOLD_SECONDS", "TIERS", "Fault", "Faults", "Pace", "Way"]


@dataclass(slots=True)
class Fault(Failing):
    """One thing that goes wrong with calls of a method (``chat.*``).

    :param error: what a refusal says.
    """

    error: str = "internal_error"


class Faults(Failings[Fault]):
    """The list of what goes wrong next."""

    def __init__(self) -> None:
        super().__init__(Fault)

    def refuse(self, method: str, error: str, **more: Any) -> Fault:
        """Answer ``ok: false`` with this code."""
        return self.make(method, Way.REFUSE, error=error, **more)

    def storm(self, method: str = "*", *, seconds: float = 1, **more: Any) -> Fault:
        """Answer 429; without ``times`` until ``calm``."""
        return self.make(method, Way.LIMIT, seconds=seconds, **{"times": None, **more})


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
