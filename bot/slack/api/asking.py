"""One question to Slack's Web API, with every way of failing in two kinds."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Protocol, cast

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from domain.errors import OutsideError

log = logging.getLogger("duban.slack")

TIMEOUT = 15
"""Seconds that Slack has to answer."""

GONE = frozenset(
    {"account_inactive", "app_missing", "invalid_auth", "not_authed", "org_login_required",
     "team_access_not_granted", "token_expired", "token_revoked"}
)  # fmt: skip
"""What Slack calls a token that does not work (any more)."""

_CODE = re.compile(r"[a-z][a-z0-9_]*\Z")
"""A reason of Slack; of an answer that is no JSON the SDK makes a sentence."""

_FOR_NOW = frozenset(
    {"fatal_error", "internal_error", "ratelimited", "rate_limited", "request_timeout",
     "service_unavailable", "team_added_to_org"}
)  # fmt: skip


class Refused(Exception):
    """Slack understood and said no.

    :ivar code: Slack's own word for the reason (``user_not_found``).
    """

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"{method}: {code}")
        self.code = code


def client_for(token: str | None, base_url: str) -> WebClient:
    """A client that tries once: who asks decides what a failure means.

    :param base_url: ends with ``/api/``.
    """
    return WebClient(token, base_url=base_url, timeout=TIMEOUT, retry_handlers=[])


class _Caller(Protocol):
    """The one method of the SDK's client that is called here; the SDK leaves its types open."""

    def api_call(
        self, api_method: str, *, data: dict[str, Any], auth: dict[str, str] | None = None
    ) -> _Answer: ...


class _Answer(Protocol):
    data: Mapping[str, Any]
    headers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """What Slack answered.

    :param scopes: what the token may do, in alphabetical order, where Slack says it.
    """

    data: Mapping[str, Any]
    scopes: tuple[str, ...]


def ask(
    client: WebClient, method: str, *, auth: dict[str, str] | None = None, **values: Any
) -> Said:
    """Ask once.

    :param method: Slack's name of it (``users.info``).
    :param auth: the app's own id and secret, where a method takes those.
    :raises Refused: Slack said no.
    :raises OutsideError: Slack could not be reached, or cannot answer now (``slack.away``).
    """
    try:
        answer = cast("_Caller", client).api_call(method, data=values, auth=auth)
    except SlackApiError as error:
        raise _translated(method, error) from error
    except (SlackClientError, HTTPException, OSError, ValueError) as error:
        log.warning("slack.unreachable", extra={"method": method, "reason": type(error).__name__})
        raise OutsideError("slack.away") from error
    return Said(answer.data, _scopes(answer.headers))


def _scopes(headers: Mapping[str, Any]) -> tuple[str, ...]:
    given = next((str(v) for k, v in headers.items() if k.lower() == "x-oauth-scopes"), "")
    return tuple(sorted({s.strip() for s in given.split(",") if s.strip()}))


def _translated(method: str, error: SlackApiError) -> Exception:
    response = cast("Any", error.response)
    code, status = str(response.get("error") or ""), int(getattr(response, "status_code", 200))
    if not _CODE.match(code) or code in _FOR_NOW or status == 429 or status >= 500:
        return OutsideError("slack.away")
    return Refused(method, code)
