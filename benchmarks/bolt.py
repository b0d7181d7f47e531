"""The least that a Slack command costs: bare Bolt, and the same with one committed row."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import logging
import os
import time
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from anyio.to_thread import run_sync
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.types import ASGIApp

from benchmarks.floors import Record
from benchmarks.load import Make

SECRET = "a-signing-secret-of-the-benchmark"
PATH = "/slack/events"


@dataclass(frozen=True, slots=True)
class Sender:
    """Slack's ids of who types, and where.

    :param hook: where late answers go.
    """

    team: str
    user: str
    room: str
    hook: str


def bare(record: Record | None = None) -> ASGIApp:
    """Bolt with one command, its own check of signatures, and its own ASGI adapter.

    :param record: called in a worker thread before the acknowledgment.
    """
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)

    async def authorize(**_who: Any) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="U1"
        )

    app = AsyncApp(
        signing_secret=SECRET, authorize=cast("Any", authorize), process_before_response=True
    )

    async def command(ack: Any, body: dict[str, Any]) -> None:
        if record is not None:
            await run_sync(record, body)
        await ack(text=body["text"])

    for name in ("/help", "/change"):
        cast("Any", app).command(name)(command)
    return cast("ASGIApp", AsyncSlackRequestHandler(app, path=PATH))


def signed(port: int, who: Sender, command: str, text: str) -> Make:
    """Commands as Slack posts them: signed, each with a trigger of its own."""
    run, numbers = os.urandom(6).hex(), itertools.count()
    fixed = urlencode(
        {
            "token": "t", "team_id": who.team, "team_domain": "bench", "channel_id": who.room,
            "channel_name": "bench", "user_id": who.user, "user_name": "po", "command": command,
            "text": text, "api_app_id": "A1", "is_enterprise_install": "false",
            "response_url": who.hook,
        }
    )  # fmt: skip

    def make(_number: int) -> bytes:
        body = f"{fixed}&trigger_id={run}.{next(numbers)}".encode()
        now = str(int(time.time()))
        base = f"v0:{now}:".encode() + body
        digest = hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
        lines = (
            f"POST {PATH} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            f"X-Slack-Request-Timestamp: {now}",
            f"X-Slack-Signature: v0={digest}",
        )
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    return make
