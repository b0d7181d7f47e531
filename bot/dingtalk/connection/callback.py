"""The address to which DingTalk posts in HTTP mode: messages, and encrypted events."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.dingtalk.connection.crypto import EventSeal, Sealed, Unsealed, admits
from bot.dingtalk.connection.stream import Takers
from bot.dingtalk.inbound.incoming import Event, text_of
from bot.settings_outside import DingtalkSettings
from domain.clock import Clock
from web.limits import body_bytes

log = logging.getLogger("duban.dingtalk")

PATH = "/dingtalk/callback"
MAX_BODY = 1024 * 1024
"""Bytes."""
_REFUSED = {"error": "invalid request"}
_EMPTY = {"msgtype": "empty"}


class CallbackPage:
    """Takes what is signed, and answers when it is done or kept."""

    def __init__(self, settings: DingtalkSettings, takers: Takers, clock: Clock) -> None:
        self._settings = settings
        self._takers = takers
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One delivery: 401 for what DingTalk did not sign, 413 for what is too large for it."""
        answer = await self._answer(Request(scope, receive))
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        raw = await body_bytes(request, MAX_BODY)
        query = request.query_params
        if "msg_signature" in query or "signature" in query:
            return await self._event(request, raw)
        headers = request.headers
        secret, now = self._settings.client_secret, self._clock.now()
        if not admits(secret, headers.get("timestamp"), headers.get("sign"), now):
            return JSONResponse(_REFUSED, 401)
        body = _object(raw)
        if body is None:
            return JSONResponse(_REFUSED, 400)
        await self._takers.message(body)
        return JSONResponse(_EMPTY)

    async def _event(self, request: Request, raw: bytes) -> Response:
        """An event; DingTalk wants a sealed “success”, else it delivers it again."""
        settings, query, body = self._settings, request.query_params, _object(raw)
        if not (settings.event_token and settings.event_aes_key) or body is None:
            return JSONResponse(_REFUSED, 401)
        seal = EventSeal(settings.event_token, settings.event_aes_key, settings.client_id)
        signature = query.get("msg_signature") or query.get("signature") or ""
        sealed = Sealed(
            signature, query.get("timestamp", ""), query.get("nonce", ""), text_of(body, "encrypt")
        )
        try:
            data = _object(seal.open(sealed).encode())
        except Unsealed:
            return JSONResponse(_REFUSED, 401)
        if data is None:
            return JSONResponse(_REFUSED, 400)
        event = _event_of(data, sealed)
        if event.kind != "check_url" and not await self._takers.event(event):
            return JSONResponse({"error": "later"}, 503)
        stamp = str(int(self._clock.now().timestamp() * 1000))
        made = seal.seal("success", stamp, secrets.token_hex(8))
        return JSONResponse(
            {
                "msg_signature": made.signature,
                "timeStamp": made.timestamp,
                "nonce": made.nonce,
                "encrypt": made.encrypt,
            }
        )


def _event_of(data: Mapping[str, Any], sealed: Sealed) -> Event:
    """The event; older ones begin their names with capitals and bear no id."""
    named = {key[:1].lower() + key[1:]: value for key, value in data.items()}
    return Event(
        id=text_of(named, "eventId") or sealed.signature,
        kind=text_of(named, "eventType"),
        corp=text_of(named, "eventCorpId") or text_of(named, "corpId"),
        data=named,
    )


def _object(raw: bytes) -> Mapping[str, Any] | None:
    try:
        said = json.loads(raw)
    except ValueError:
        return None
    return cast("Mapping[str, Any]", said) if isinstance(said, dict) else None
