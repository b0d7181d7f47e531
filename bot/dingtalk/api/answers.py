"""What an answer of DingTalk means (facts, sections 5, 6 and 10)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, cast
from urllib.parse import quote

import httpx

from bot.dingtalk.api.errors import Away, DingtalkError, Refused, TooFast, UsedUp

log = logging.getLogger("duban.dingtalk")

QPS_PAUSE = 1.0
MUTE_PAUSE = 60.0
"""Seconds after ``130101``: DingTalk mutes who was too fast for ten minutes, tries do no harm."""
DEAD = frozenset({"InvalidAuthentication", "40001", "40014", "42001"})
_USED_UP = frozenset({"Forbidden.AccessDenied.ApiCountLimitForOrg", "90020"})
_TOO_FAST = {
    "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi": QPS_PAUSE,
    "90018": QPS_PAUSE,
    "90002": QPS_PAUSE,
    "130101": MUTE_PAUSE,
    "302033": MUTE_PAUSE,
    "90030": MUTE_PAUSE,
}
_UNSURE = frozenset({"15", "88", "-1"})
"""``errcode`` of the old API for a gateway that waited too long, or was too busy."""
_NEVER_SENT = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol,
)  # fmt: skip


class DeadToken(DingtalkError):
    """The token is not valid (any more)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def judged(send: Callable[[], httpx.Response], *, old: bool, again: bool) -> Mapping[str, Any]:
    """The document of a good answer; everything else raises.

    :param old: failures come with status 200 and an ``errcode``.
    :param again: the call may be made twice, so that a lost answer leaves no doubt.
    """
    try:
        response = send()
    except httpx.HTTPError as error:
        reason = type(error).__name__
        log.warning("dingtalk.unreachable", extra={"reason": reason})
        sent = not again and not isinstance(error, _NEVER_SENT)
        raise Away(reason, sent=sent) from None  # its text may hold a token
    said = _document(response, sent=not again)
    code = str(said.get("errcode", 0)) if old else str(said.get("code") or "")
    if response.status_code < 400 and code in ("", "0"):
        return said
    raise _failure(response.status_code, code, said, sent=not again)


def _document(response: httpx.Response, *, sent: bool) -> Mapping[str, Any]:
    try:
        said = response.json()
    except ValueError:
        said = None
    if isinstance(said, dict):
        return cast("Mapping[str, Any]", said)
    if 400 <= response.status_code < 500 and response.status_code not in (401, 408, 429):
        raise Refused(f"http_{response.status_code}")
    if response.status_code in (401, 429):
        return {"code": "InvalidAuthentication" if response.status_code == 401 else "http_429"}
    raise Away(f"http_{response.status_code}", sent=sent)


def _failure(status: int, code: str, said: Mapping[str, Any], *, sent: bool) -> DingtalkError:
    message = str(said.get("message") or said.get("errmsg") or "")[:300]
    if code in _USED_UP:
        return UsedUp(code)
    if code in _TOO_FAST:
        return TooFast(_TOO_FAST[code], code)
    if status == 429:
        return TooFast(QPS_PAUSE, code)
    if status == 401 or code in DEAD:
        return DeadToken(code or "401")
    if status >= 500 or code in _UNSURE:
        return Away(code if code in _UNSURE else f"http_{status}", sent=sent)
    return Refused(code or f"http_{status}", message, _scopes(said))


def _scopes(said: Mapping[str, Any]) -> str:
    """The permissions that are missing, where DingTalk names them."""
    detail = next((v for k, v in said.items() if k.lower() == "accessdenieddetail"), None)
    if not isinstance(detail, dict):
        return ""
    named = cast("dict[str, Any]", detail).get("requiredScopes")
    if isinstance(named, list):
        return ", ".join(str(s) for s in cast("list[Any]", named))
    return str(named or "")


def text_of(said: Mapping[str, Any], name: str) -> str:
    """A text that an answer must have; without it the answer is of no use."""
    value = said.get(name)
    if not isinstance(value, str) or not value:
        raise Away(f"no {name}", sent=False)
    return value


def number_of(said: Mapping[str, Any], name: str) -> float:
    """A number that an answer must have."""
    value = said.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Away(f"no {name}", sent=False)
    return float(value)


def object_of(value: object) -> Mapping[str, Any]:
    """A value that should be an object; empty when it is none."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def mapping_of(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object in an answer; empty where there is none."""
    value = said.get(name)
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def list_of(said: Mapping[str, Any], name: str) -> list[Any]:
    """A list in an answer; empty where there is none."""
    value = said.get(name)
    return cast("list[Any]", value) if isinstance(value, list) else []


def quoted(value: str) -> str:
    """A value as a part of a path: nothing in it can lead elsewhere."""
    return quote(value, safe="")


def read_at_most(response: httpx.Response, most: int) -> bytes:
    """The body; ``Refused`` (``too_large``) as soon as it is longer than ``most`` bytes."""
    out = bytearray()
    for chunk in response.iter_bytes():
        out += chunk
        if len(out) > most:
            raise Refused("too_large")
    return bytes(out)
