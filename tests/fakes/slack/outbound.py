"""What the platform sends to the app: commands, interactions and events, with its patience."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.signing import Signature, headers
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.world import Event, Seen, World
from tests.fakes.telling import ACK_SECONDS, Telling

NO_RETRY = "x-slack-no-retry"


class Outbound(Telling[Event]):
    """Delivers over HTTP or Socket Mode and keeps what came back in ``seen``.

    :param pauses: seconds before each repetition of an event (in truth 0, 60 and 300).
    """

    def __init__(self, world: World, sockets: Sockets, pauses: tuple[float, ...]) -> None:
        super().__init__()
        self._world = world
        self._sockets = sockets
        self._pauses = pauses
        self.seen: list[Seen] = []
        self.ack_seconds = ACK_SECONDS

    async def _persist(self, event: Event) -> None:
        payload = self.wrapped(event)
        reason = ""
        for number, pause in enumerate((0.0, *self._pauses)):
            await asyncio.sleep(pause)
            seen = await self.event(payload, retry=number, reason=reason)
            if seen.ok or seen.headers.get(NO_RETRY) == "1":
                return
            reason = "http_timeout" if seen.late else seen.error or "http_error"

    def wrapped(self, event: Event) -> dict[str, Any]:
        """The envelope of an event, with an id that repetitions share."""
        app, bot = self._world.app, self._world.installations[event.team].bot_user
        return {
            "token": app.verification_token,
            "team_id": event.team,
            "context_team_id": event.team,
            "api_app_id": app.id,
            "event": event.body,
            "type": "event_callback",
            "event_id": self._world.marks.id("Ev"),
            "event_time": int(self._world.clock()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": event.team,
                    "user_id": bot,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": self._world.marks.word("4-event-"),
        }

    async def event(
        self,
        payload: Mapping[str, Any],
        *,
        retry: int = 0,
        reason: str = "http_timeout",
        how: Signature = Signature.GOOD,
    ) -> Seen:
        """Deliver a wrapped event once."""
        name = payload["event"]["type"]
        if self._world.app.socket_mode:
            again = {"retry_attempt": retry, "retry_reason": reason if retry else ""}
            return await self._by_socket("event", name, "events_api", dict(payload), again)
        extra = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason} if retry else {}
        body = json.dumps(payload).encode()
        return await self._post("event", name, body, "application/json", how, extra, retry)

    async def command(self, fields: dict[str, str], how: Signature = Signature.GOOD) -> Seen:
        """Deliver a slash command."""
        name = fields["command"]
        if self._world.app.socket_mode:
            return await self._by_socket("command", name, "slash_commands", fields, {})
        return await self._form("command", name, fields, how)

    async def interaction(
        self, payload: dict[str, Any], name: str, how: Signature = Signature.GOOD
    ) -> Seen:
        """Deliver a press, a submission, a shortcut."""
        kind = payload["type"]
        if self._world.app.socket_mode:
            return await self._by_socket(kind, name, "interactive", payload, {})
        fields = {"payload": json.dumps(payload, ensure_ascii=False)}
        return await self._form(kind, name, fields, how)

    async def _form(self, kind: str, name: str, fields: dict[str, str], how: Signature) -> Seen:
        body = urlencode(fields).encode()
        return await self._post(kind, name, body, "application/x-www-form-urlencoded", how, {})

    async def _post(
        self,
        kind: str,
        name: str,
        body: bytes,
        content_type: str,
        how: Signature,
        extra: Mapping[str, str],
        retry: int = 0,
    ) -> Seen:
        assert self._session is not None
        app = self._world.app
        sent = headers(app.signing_secret, self._world.clock(), body, how)
        sent |= {"Content-Type": content_type, "User-Agent": "Slackbot 1.0", **extra}
        started = time.monotonic()
        seen = Seen(kind, name, 0, 0.0, False, retry=retry)
        try:
            limit = aiohttp.ClientTimeout(total=self.ack_seconds)
            async with self._session.post(
                app.request_url, data=body, headers=sent, timeout=limit
            ) as answer:
                seen.status = answer.status
                seen.headers = {k.lower(): v for k, v in answer.headers.items()}
                seen.body = _body(answer.content_type, await answer.text())
        except TimeoutError:
            seen.late = True
        except aiohttp.ClientError:
            seen.error = "connection_failed"
        return self._keep(seen, started)

    async def _by_socket(
        self, kind: str, name: str, envelope: str, payload: dict[str, Any], more: dict[str, Any]
    ) -> Seen:
        started = time.monotonic()
        seen = Seen(kind, name, 0, 0.0, False, retry=more.get("retry_attempt", 0))
        try:
            sending = self._sockets.send(envelope, payload, more)
            seen.body = await asyncio.wait_for(sending, self.ack_seconds)
            seen.status = 200
        except TimeoutError:
            seen.late = True
        except (ConnectionError, aiohttp.ClientError):
            seen.error = "connection_failed"
        return self._keep(seen, started)

    def _keep(self, seen: Seen, started: float) -> Seen:
        seen.seconds = time.monotonic() - started
        self.seen.append(seen)
        return seen


def _body(content_type: str, text: str) -> Any:
    if not text.strip():
        return None
    if content_type == "application/json":
        return json.loads(text)
    return {"text": text}
