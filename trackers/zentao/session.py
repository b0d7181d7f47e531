"""Logging in, and staying out of ZenTao's lock-out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

_AT_ONCE = 2
_PAUSES = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
"""ZenTao locks an account for 10 minutes at the sixth failure in all; only a login that works
sets its count back. So after two failures the tries become rare."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """Failed logins in a row.

    :param until: no login is tried before; None: the next call may try.
    :param reason: ZenTao's sentence at the last failure.
    """

    failed: int = 0
    until: datetime | None = None
    reason: str = ""

    def after_failure(self, now: datetime, reason: str) -> Attempts:
        """One more failure; from the second on there is a pause, each longer than the last."""
        failed = self.failed + 1
        if failed < _AT_ONCE:
            return Attempts(failed, None, reason)
        pause = _PAUSES[min(failed - _AT_ONCE, len(_PAUSES) - 1)]
        return Attempts(failed, now + pause, reason)

    def waits(self, now: datetime) -> timedelta:
        """How long no login may be tried; zero when one may."""
        if self.until is None or now >= self.until:
            return timedelta()
        return self.until - now
