"""Which cards are being answered now: DingTalk wants no update of a card during its callback.

See open.dingtalk.com/document/development/event-callback-card (“请勿在回调过程中，调用更新接口”).
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

PATIENCE = 2.5
"""Seconds that an update waits at the most; DingTalk waits two for an answer."""


class Answering:
    """Of this process; another one does not know, and then the update may come first."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open: Counter[str] = Counter()

    @contextmanager
    def on(self, track: str) -> Generator[None]:
        """A press on this card is being answered."""
        with self._changed:
            self._open[track] += 1
        try:
            yield
        finally:
            with self._changed:
                self._open[track] -= 1
                if self._open[track] <= 0:
                    del self._open[track]
                self._changed.notify_all()

    def wait(self, track: str) -> None:
        """Wait until no press on this card is being answered, or for long enough."""
        with self._changed:
            self._changed.wait_for(lambda: track not in self._open, PATIENCE)
