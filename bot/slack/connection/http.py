"""The address to which Slack posts: commands, events and interactions alike."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import parse_qs, parse_qsl

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.slack.connection.guard import MAX_BODY, Guard
from web.limits import body_bytes

_REFUSED = {"error": "invalid request"}
_SSL_CHECK = b"ssl_check=1"


class EventsPage:
    """Takes what is signed, hands it to Bolt, and answers what Bolt answers."""

    def __init__(self, app: AsyncApp, guard: Guard) -> None:
        self._app = app
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One delivery: 401 for what Slack did not sign, 413 for what is too large for it."""
        answer = await self._answer(Request(scope, receive))
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        body = await body_bytes(request, MAX_BODY)
        headers = request.headers
        signature = headers.get("x-slack-signature")
        if not self._guard.admits(headers.get("x-slack-request-timestamp"), signature, body):
            if signature is None and _is_ssl_check(body):
                return Response()
            return JSONResponse(_REFUSED, 401)
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return JSONResponse(_REFUSED, 400)
        kind: str | Sequence[str] = headers.get("content-type", "")
        answer = await self._app.async_dispatch(
            AsyncBoltRequest(body=_legible(text), headers={"content-type": kind})
        )
        return Response(answer.body, answer.status, answer.first_headers_without_set_cookie())


def _legible(text: str) -> str:
    """The body as Bolt reads it rightly.

    Bolt (1.30, ``slack_bolt.request.internals.parse_body``) takes every form in which the word
    "payload" stands for an interaction, and reads nothing from a command in which somebody typed
    it, or in a channel of that name.
    """
    if "payload" not in text or text.startswith(("payload=", "{")):
        return text
    fields = dict(parse_qsl(text, keep_blank_values=True))
    return fields.get("payload") or json.dumps(fields)


def _is_ssl_check(body: bytes) -> bool:
    """Slack's test of the certificate carries no signature and asks for nothing."""
    return _SSL_CHECK in body[:4096] and parse_qs(body[:4096].decode("latin-1")).get(
        "ssl_check"
    ) == ["1"]
