"""Waiting for what another thread or process is about to do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

MOST_SECONDS = 180.0
"""What takes milliseconds on an idle machine has to have happened by then on any."""


def until(
    check: Callable[[], bool], what: str = "it never came to be", seconds: float = MOST_SECONDS
) -> None:
    """Wait until it is so; ``AssertionError`` (with ``what``) when it is not in time."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, what
        pause.wait(0.005)
