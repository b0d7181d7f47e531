"""What ``duban doctor`` looks at in DingTalk. It asks DingTalk and changes nothing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import cast

import httpx

from bot.core import Core
from bot.dingtalk.api.budget import Budget, Standing
from bot.dingtalk.connection.callback import PATH
from bot.dingtalk.connection.stream import OPEN_PATH, OPEN_TIMEOUT, SUBSCRIPTIONS
from bot.doctor import Finding, Level
from bot.settings_outside import DingtalkSettings
from domain.messages import Code, Inline, T
from storage.dingtalk import PLATFORM

LOW = 0.8
"""The part of the month's calls from which it is worth a word."""
KEY_BYTES = 32


def dingtalk_findings(core: Core) -> Iterator[Finding]:
    """Credentials, the gateway, the company, events by HTTP, cards, and this month's calls."""
    settings = core.settings.dingtalk
    good, finding = _credentials(settings)
    yield finding
    if good:
        yield _gateway(settings)
    yield from _companies(core)
    yield from _events(core, settings)
    key = "doctor.dingtalk_cards" if settings.card_template else "doctor.dingtalk_no_cards"
    yield Finding(Level.GOOD, T(key))
    budget = Budget(core.store, core.clock, settings.monthly_calls)
    for workspace in core.store.workspaces():
        yield _calls(budget.standing(workspace.id))


def _credentials(settings: DingtalkSettings) -> tuple[bool, Finding]:
    body = {"appKey": settings.client_id, "appSecret": settings.client_secret}
    status, said = _asked(f"{settings.api_base_url}/v1.0/oauth2/accessToken", body)
    if status == 200 and said.get("accessToken"):
        return True, Finding(Level.GOOD, T("doctor.dingtalk_credentials"))
    return False, _failed(status, said, settings, "doctor.dingtalk_refused")


def _gateway(settings: DingtalkSettings) -> Finding:
    """Whether the gateway would take a connection; none is made."""
    body = {
        "clientId": settings.client_id,
        "clientSecret": settings.client_secret,
        "subscriptions": list(SUBSCRIPTIONS),
    }
    status, said = _asked(settings.api_base_url + OPEN_PATH, body)
    if status == 200 and said.get("endpoint"):
        return Finding(Level.GOOD, T("doctor.dingtalk_stream"))
    return _failed(status, said, settings, "doctor.dingtalk_no_stream")


def _asked(url: str, body: Mapping[str, object]) -> tuple[int, dict[str, object]]:
    """Status and document; status 0 and the reason when there was no answer."""
    headers = {"Accept": "application/json"}
    try:
        answer = httpx.post(url, json=body, headers=headers, timeout=OPEN_TIMEOUT)
        said = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        return 0, {"code": type(error).__name__}
    document = cast("dict[str, object]", said) if isinstance(said, dict) else {}
    return answer.status_code, document


def _failed(status: int, said: dict[str, object], settings: DingtalkSettings, key: str) -> Finding:
    code = str(said.get("code") or status)[:80]
    if not status:
        shown: dict[str, Inline | int] = {"url": settings.api_base_url, "reason": code}
        return Finding(Level.BAD, T("doctor.dingtalk_away", shown), T("doctor.dingtalk_reach"))
    return Finding(Level.BAD, T(key, {"code": code}), T(f"{key}_do"))


def _companies(core: Core) -> Iterator[Finding]:
    found = 0
    for workspace in core.store.workspaces():
        with core.store.read(workspace.id) as uow:
            home = uow.tenants.of(PLATFORM)
            people = len(uow.dingtalk.ids(home.tenant)) if home else 0
        if home is not None:
            found += 1
            shown: dict[str, Inline | int] = {
                "corp": home.tenant,
                "workspace": workspace.name,
                "n": people,
            }
            yield Finding(Level.GOOD, T("doctor.dingtalk_company", shown))
    if not found:
        yield Finding(Level.WARN, T("doctor.dingtalk_no_company"), T("doctor.dingtalk_say_hello"))


def _events(core: Core, settings: DingtalkSettings) -> Iterator[Finding]:
    """Events by HTTP need both a token and a key, and an address that DingTalk reaches."""
    if not (settings.event_token or settings.event_aes_key):
        return
    address = Code(core.settings.base_url + PATH)
    if not (settings.event_token and _is_key(settings.event_aes_key)):
        yield Finding(Level.BAD, T("doctor.dingtalk_event_key"), T("doctor.dingtalk_event_key_do"))
    elif not core.settings.base_url.startswith("https://"):
        said = T("doctor.dingtalk_http", {"url": address})
        yield Finding(Level.BAD, said, T("doctor.dingtalk_needs_https"))
    else:
        yield Finding(Level.GOOD, T("doctor.dingtalk_http", {"url": address}))


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text + "=", validate=True)) == KEY_BYTES
    except (ValueError, binascii.Error):
        return False


def _calls(standing: Standing) -> Finding:
    shown: dict[str, Inline | int] = {
        "month": standing.month,
        "used": standing.used,
        "limit": standing.limit,
    }
    if standing.part < LOW:
        return Finding(Level.GOOD, T("doctor.dingtalk_calls", shown))
    level = Level.BAD if standing.part >= 1 else Level.WARN
    return Finding(level, T("doctor.dingtalk_calls", shown), T("dingtalk.calls_advice"))
