"""A reviewer's own view of ZenTao: signed in with their token, for their vote and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass

import httpx

from domain.clock import Clock
from trackers.zentao.client import Client
from trackers.zentao.errors import ZentaoLogin


@dataclass(frozen=True, slots=True)
class OwnToken:
    """What a person gave so that their vote counts as theirs. It is sealed wherever it is kept.

    :param password: empty unless the person agreed to have it kept; with it a dead token is
        replaced, without it the person is asked for a new one.
    """

    account: str
    token: str
    password: str = ""

    def __repr__(self) -> str:
        return f"OwnToken({self.account!r})"

    def to_text(self) -> str:
        """For sealing."""
        return json.dumps([self.account, self.token, self.password])

    @classmethod
    def from_text(cls, text: str) -> OwnToken:
        """What :meth:`to_text` gave."""
        account, token, password = json.loads(text)
        return cls(account, token, password)


class OwnClient(Client):
    """A client that begins with a token and may have no password to get another one."""

    def __init__(
        self,
        url: str,
        own: OwnToken,
        clock: Clock,
        *,
        language: str = "zh-cn",
        timeout: float = 40.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(
            url, own.account, own.password, clock,
            language=language, timeout=timeout, transport=transport,
        )  # fmt: skip
        self._token = own.token

    def _log_in(self) -> None:
        if not self._password:
            self._token = ""
            raise ZentaoLogin(self.account, "", None)
        super()._log_in()


def fetch_token(
    url: str,
    account: str,
    password: str,
    clock: Clock,
    *,
    transport: httpx.BaseTransport | None = None,
) -> OwnToken:
    """Sign in once and take the token; ``ZentaoLogin`` when ZenTao does not let the person in."""
    client = _Fetching(url, account, password, clock, transport=transport)
    try:
        return OwnToken(account, client.token())
    finally:
        client.close()


class _Fetching(Client):
    def token(self) -> str:
        self._log_in()
        return self._token
