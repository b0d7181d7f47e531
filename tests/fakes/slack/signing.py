"""Signatures as the platform makes them."""

from __future__ import annotations

import hashlib
import hmac
from enum import StrEnum


class Signature(StrEnum):
    """How a delivery is signed."""

    GOOD = "good"
    FORGED = "forged"  # made with another secret
    OLD = "old"  # right, but of six minutes ago
    NONE = "none"
    NOT_A_NUMBER = "not a number"  # a time stamp that is no number, signed rightly


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """``v0=`` and the HMAC-SHA256 of version, time stamp and body."""
    base = f"v0:{timestamp}:".encode() + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def headers(secret: str, now: float, body: bytes, how: Signature) -> dict[str, str]:
    """The two headers."""
    if how is Signature.NONE:
        return {}
    timestamp = str(int(now))
    if how is Signature.OLD:
        timestamp = str(int(now) - 360)
    if how is Signature.NOT_A_NUMBER:
        timestamp = "soon"
    key = "another secret" if how is Signature.FORGED else secret
    return {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": sign(key, timestamp, body),
    }
