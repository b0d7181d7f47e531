"""The one clock. Nothing else in Duban asks the system for the time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that moves only when told to: for tests and for previews of another day.

    :param start: an aware instant; a naive one is refused with ``ValueError``.
    """

    def __init__(self, start: datetime) -> None:
        self._lock = threading.Lock()
        self._now = require_aware(start)

    def now(self) -> datetime:
        """The instant that was last set."""
        with self._lock:
            return self._now

    def set(self, instant: datetime) -> None:
        """Jump to an aware instant; backwards is allowed, as on a real machine."""
        with self._lock:
            self._now = require_aware(instant)

    def advance(self, step: timedelta) -> None:
        """Move by a step."""
        with self._lock:
            self._now += step


def require_aware(instant: datetime) -> datetime:
    """The instant in UTC; a naive date-time is a ``ValueError``, because it means no instant."""
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError("a date-time without a zone is not an instant")
    return instant.astimezone(UTC)
