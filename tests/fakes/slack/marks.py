"""Ids and time stamps, counted up so that a failing test reads the same twice."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from threading import Lock


class Marks:
    """Makes ids and message time stamps.

    :param clock: seconds since 1970, as a float.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._numbers = itertools.count(1)
        self._lock = Lock()
        self._last = 0

    def id(self, prefix: str) -> str:
        """A new id like ``U0000001``."""
        return f"{prefix}{next(self._numbers):07d}"

    def word(self, prefix: str) -> str:
        """A new lower-case word, for hashes and secrets."""
        return f"{prefix}{next(self._numbers):06d}"

    def ts(self) -> str:
        """A new time stamp: never the same twice, never smaller than the one before."""
        with self._lock:
            self._last = max(self._last + 100, int(self.clock() * 1_000_000))
            seconds, micros = divmod(self._last, 1_000_000)
        return f"{seconds}.{micros:06d}"
