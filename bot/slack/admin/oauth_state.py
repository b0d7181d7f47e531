"""The ``state`` of an installation: made for one browser, good for ten minutes and for one use."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.errors import UserError

GOOD_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Begun:
    """An installation that somebody began.

    :param state: goes to Slack and comes back with the code.
    :param browser: a secret that only the browser keeps, in a cookie.
    """

    state: str
    browser: str


class States:
    """Makes states and checks those that come back.

    They are signed and not stored, so that asking for one costs nothing; that each is used only
    once is the caller's to see to, by the name that :meth:`check` gives.

    :param keys: the first one signs, all are accepted.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = tuple(k.encode() for k in keys)

    def begin(self, now: datetime) -> Begun:
        """A new state for one browser."""
        browser = secrets.token_urlsafe(24)
        body = f"{secrets.token_urlsafe(16)}.{int(now.timestamp())}"
        return Begun(f"{body}.{_sign(self._keys[0], body, browser)}", browser)

    def check(self, state: str, browser: str, now: datetime) -> str:
        """The name of this use.

        :raises UserError: forged, of another browser, or too old (``slack.install_state``).
        """
        body, _, signature = state.rpartition(".")
        name, _, since = body.partition(".")
        given = signature.encode("utf-8", "replace")
        good = [hmac.compare_digest(_sign(k, body, browser).encode(), given) for k in self._keys]
        if not browser or not any(good):
            raise UserError("slack.install_state")
        begun = datetime.fromtimestamp(int(since), UTC)
        if not timedelta(0) <= now - begun + timedelta(seconds=1) <= GOOD_FOR:
            raise UserError("slack.install_state")
        return name


def _sign(key: bytes, body: str, browser: str) -> str:
    text = b"duban.slack.state\0" + body.encode("utf-8", "replace") + b"\0"
    return hmac.new(key, text + browser.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
