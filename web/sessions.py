"""Signed session cookies and the token that every write of a browser must carry."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

COOKIE = "duban_session"
CSRF_HEADER = "x-csrf-token"
MAX_AGE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Session:
    """Who a browser is.

    :param csrf: must come back in the header ``X-CSRF-Token`` of every write.
    :param at: when it began; it ends after :data:`MAX_AGE`.
    """

    workspace: str
    person: str
    csrf: str
    at: datetime


class Sessions:
    """Signs sessions with the first key and accepts those of every key: keys can change."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys or not all(keys):
            raise ValueError("sessions need a secret key")
        self._keys = tuple(k.encode() for k in keys)

    def begin(self, workspace: str, person: str, now: datetime) -> Session:
        """A new session."""
        return Session(workspace, person, secrets.token_urlsafe(24), now)

    def seal(self, session: Session) -> str:
        """The cookie's value."""
        body = json.dumps(
            [session.workspace, session.person, session.csrf, session.at.timestamp()]
        ).encode()
        text = base64.urlsafe_b64encode(body)
        return f"{text.decode()}.{_sign(self._keys[0], text)}"

    def open(self, value: str | None, now: datetime) -> Session | None:
        """The session of a cookie; None when it is missing, forged or too old."""
        text, _, signature = (value or "").rpartition(".")
        signed = text.encode("ascii", "replace")
        given = signature.encode("ascii", "replace")
        if not any(hmac.compare_digest(_sign(k, signed).encode(), given) for k in self._keys):
            return None
        workspace, person, csrf, at = json.loads(base64.urlsafe_b64decode(signed))
        began = datetime.fromtimestamp(at, UTC)
        if not began <= now + timedelta(minutes=5) or now - began > MAX_AGE:
            return None
        return Session(workspace, person, csrf, began)


def _sign(key: bytes, text: bytes) -> str:
    return hmac.new(key, b"duban.session:" + text, hashlib.sha256).hexdigest()


def csrf_fits(session: Session, header: str | None) -> bool:
    """Whether a write carries its session's token."""
    return hmac.compare_digest(session.csrf.encode(), (header or "").encode("utf-8", "replace"))
