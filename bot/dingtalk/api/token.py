"""An access token, kept as long as it lives."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from domain.clock import Clock

EARLY = timedelta(minutes=5)
"""How long before its end a token is replaced."""
SHORTEST = timedelta(seconds=30)
"""A token that lives even less than ``EARLY`` is used for so long."""

Fetch = Callable[[], tuple[str, float]]
"""Asks DingTalk for a token: the token, and the seconds that it lives."""


class AccessToken:
    """One token for all threads: while one of them renews it, the others wait for it.

    The same token is answered again as long as it lives, so nobody who still uses it is cut off.
    """

    def __init__(self, fetch: Fetch, clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._value = ""
        self._until: datetime | None = None

    def get(self, *, not_this: str = "") -> str:
        """The token.

        :param not_this: one that DingTalk has refused: another one is fetched, unless another
            thread has done so already.
        """
        with self._lock:
            fresh = self._until is not None and self._clock.now() < self._until
            if not fresh or self._value == not_this:
                value, seconds = self._fetch()
                lives = timedelta(seconds=seconds)
                self._value = value
                self._until = self._clock.now() + max(lives - EARLY, min(lives, SHORTEST))
            return self._value
