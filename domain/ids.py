"""Identifiers: sortable by time of making, unguessable enough to be unique, readable in a log."""

from __future__ import annotations

import os
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u


def new_id() -> str:
    """A new 26-character id: 48 bits of milliseconds, then 80 random bits (the ULID layout).

    The time part only helps databases keep new rows together. It is not a clock that rules may read.
    """
    value = (time.time_ns() // 1_000_000 << 80) | int.from_bytes(os.urandom(10), "big")
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))
