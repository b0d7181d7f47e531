"""Identifiers: sortable by order of making, unguessable enough to be unique, readable in a log."""

from __future__ import annotations

import os
import threading
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
_SHIFTS = range(120, -1, -10)
_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A new 26-character id: 48 bits of milliseconds, then 80 random bits (the ULID layout).

    Within one process a later id is always greater, also within one millisecond and when the
    machine's
    clock is set back, so ids order what one transaction made. The time part is no clock for rules.
    """
    global _last  # noqa: PLW0603 (the one counter of this process)
    fresh = (time.time_ns() // 1_000_000 << 80) | int.from_bytes(os.urandom(10), "big")
    with _lock:
        _last = fresh if fresh > _last else _last + 1 + int.from_bytes(os.urandom(4), "big")
        value = _last
    return "".join([_PAIRS[(value >> shift) & 1023] for shift in _SHIFTS])
