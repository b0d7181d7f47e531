"""Whether a request comes from Slack: decided on the raw bytes, before anything reads them.

``v0=`` and the hexadecimal HMAC-SHA256 of ``v0:<timestamp>:<body>`` under the signing secret, not
older and not newer than five minutes (docs.slack.dev, "Verifying requests from Slack"). Bolt's own
check comes too late: a timestamp that is no number breaks it, and it logs the body that it refuses.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from domain.clock import Clock

WINDOW = 300.0
"""Seconds by which a request's timestamp may differ from now, in either direction."""

MAX_BODY = 1024 * 1024
"""Bytes. Slack's largest requests carry a form of 250 kB or a message of 40,000 characters."""

_NUMBER = re.compile(r"[0-9]{1,12}\Z")


class Guard:
    """Checks signatures.

    :param secret: the app's signing secret; an empty one lets nothing in.
    """

    def __init__(self, secret: str, clock: Clock) -> None:
        self._secret = secret.encode()
        self._clock = clock

    def admits(self, timestamp: str | None, signature: str | None, body: bytes) -> bool:
        """Whether the body was signed with our secret within the window; never raises.

        :param timestamp: the header ``X-Slack-Request-Timestamp``: seconds since 1970.
        :param signature: the header ``X-Slack-Signature``.
        """
        if not self._secret or not timestamp or not signature or not _NUMBER.match(timestamp):
            return False
        if abs(self._clock.now().timestamp() - int(timestamp)) > WINDOW:
            return False
        expected = signed(self._secret, timestamp, body)
        return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


def signed(secret: bytes, timestamp: str, body: bytes) -> str:
    """The signature of a body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret, base, hashlib.sha256).hexdigest()
