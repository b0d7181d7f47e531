"""Ids, counted up so that a failing test reads the same twice."""

from __future__ import annotations

import itertools
from threading import Lock


class Marks:
    """Makes ids of the kinds that the platform gives out."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._lock = Lock()

    def number(self) -> int:
        """The next number; never the same twice."""
        with self._lock:
            return next(self._numbers)

    def word(self, prefix: str) -> str:
        """Like ``session000007``; fit for an address."""
        return f"{prefix}{self.number():06d}"

    def base64(self, prefix: str) -> str:
        """Like ``cid000007+/==``: with the signs that must be escaped in an address."""
        return f"{prefix}{self.number():06d}+/q=="

    def staff(self) -> str:
        """A user id of a company."""
        return f"55371000302610{self.number():06d}"

    def secret(self) -> str:
        """An encrypted id of somebody."""
        return f"$:LWCP_v1:$o9eW{self.number():06d}"
