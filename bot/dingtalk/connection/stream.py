"""One connection to DingTalk's stream gateway: the official SDK, with what it does badly replaced.

The SDK (0.24.4b1) keeps the socket, tries again with growing pauses, and answers frames. Ours are:
asking the gateway for an address (the SDK's way logs whatever the gateway said), the handlers (the
SDK's add handlers to the log and cannot say "later"), and a log that never shows a ticket or what
people wrote. See the facts, sections 1 and 2.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import dingtalk_stream as sdk
import httpx

from bot.dingtalk.api.quiet import quiet_logger
from bot.dingtalk.connection.waiting import Waiting, backoff
from bot.dingtalk.inbound.incoming import Event
from bot.settings_outside import DingtalkSettings

log = logging.getLogger("duban.dingtalk")

OPEN_PATH = "/v1.0/gateway/connections/open"
OPEN_TIMEOUT = 10.0
"""Seconds for the gateway to say where to connect."""
PING_EVERY = 20
"""Seconds between pings, and for the answer to one: so soon a half-open socket is noticed."""
CLOSE_TIMEOUT = 2
STEADY = 60.0
"""Seconds after which a connection was a good one: the pauses begin anew with the shortest."""
SUBSCRIPTIONS = (
    {"type": "EVENT", "topic": "*"},
    {"type": "CALLBACK", "topic": "/v1.0/im/bot/messages/get"},
    {"type": "CALLBACK", "topic": "/v1.0/card/instances/callback"},
)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Takers:
    """Who takes what comes in. What they raise leaves the frame unacknowledged: it comes again.

    :param message: a robot message; returns when it is done or kept.
    :param pressed: a press on an interactive card; what the card shows now.
    :param event: False: it is to be delivered again.
    """

    message: Callable[[Json], Awaitable[None]]
    pressed: Callable[[Json], Awaitable[Json]]
    event: Callable[[Event], Awaitable[bool]]


class Connection(sdk.DingTalkStreamClient):
    """The SDK's client with our handlers; ``start()`` keeps connecting until ``stop()``.

    :param relieve: called when the gateway is about to close this connection; it returns when
        another one is open, or it takes too long.
    :param waiting: by which the pauses between two tries go.
    :ivar heard_at: when something last came in, or the connection was made.
    :ivar tried_at: when it was last tried to make one.
    """

    RECONNECT_MAX_DELAY_SECONDS = 30
    PING_SECONDS: float = PING_EVERY

    def __init__(
        self,
        settings: DingtalkSettings,
        takers: Takers,
        relieve: Callable[[Connection], Awaitable[None]],
        waiting: Waiting,
    ) -> None:
        options = {
            "ping_interval": self.PING_SECONDS,
            "ping_timeout": self.PING_SECONDS,
            "close_timeout": CLOSE_TIMEOUT,
            "logger": quiet_logger("duban.dingtalk.websocket", logging.WARNING),
        }
        super().__init__(
            sdk.Credential(settings.client_id, settings.client_secret),
            logger=quiet_logger("duban.dingtalk.sdk", logging.WARNING),
            websocket_connect_options=options,
        )
        self._settings = settings
        self._relieve = relieve
        self._under_way: set[asyncio.Task[Any]] = set()
        self._waiting = waiting
        self._failures = 0
        self._open_at: float | None = None
        self.heard_at = self.tried_at = waiting.now()
        self.opened = asyncio.Event()
        self.system_handler = _Handler(self._system)
        self.event_handler = _Handler(lambda frame: self._event(takers, frame))
        self.callback_handler_map = {
            SUBSCRIPTIONS[1]["topic"]: _Handler(lambda f: self._message(takers, f)),
            SUBSCRIPTIONS[2]["topic"]: _Handler(lambda f: self._pressed(takers, f)),
        }

    @property
    def is_open(self) -> bool:
        """Whether there is a connection."""
        return self.websocket is not None

    def open_connection(self) -> dict[str, str] | None:
        """Ask the gateway where to connect; None when it does not say. Runs in a worker thread."""
        self.tried_at = self._waiting.now()
        body = {
            "clientId": self._settings.client_id,
            "clientSecret": self._settings.client_secret,
            "subscriptions": list(SUBSCRIPTIONS),
            "ua": "duban",
        }
        url = self._settings.api_base_url + OPEN_PATH
        try:
            answer = httpx.post(
                url, json=body, headers={"Accept": "application/json"}, timeout=OPEN_TIMEOUT
            )
            said = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            log.warning("dingtalk.gateway", extra={"reason": type(error).__name__})
            return None
        endpoint, ticket = (str(said.get(n) or "") for n in ("endpoint", "ticket"))
        if answer.status_code != 200 or not (endpoint and ticket):
            shown = {"status": answer.status_code, "code": str(said.get("code"))[:80]}
            log.error("dingtalk.gateway_refused", extra=shown)
            return None
        return {"endpoint": endpoint, "ticket": ticket}

    async def keepalive(self, ws: Any, ping_interval: int = PING_EVERY) -> None:
        """The SDK calls this when a connection is open; the library's own pings watch it."""
        del ws, ping_interval
        self.heard_at = self._open_at = self._waiting.now()
        self.opened.set()

    def _reconnect_delay(self, attempt: int) -> float:
        """The SDK's own pauses are the same in all processes once they are at their longest.

        They also begin anew with each frame: a gateway that greets and closes is asked each second.
        """
        del attempt
        opened, self._open_at = self._open_at, None
        stood = opened is not None and self._waiting.now() - opened >= STEADY
        self._failures = 1 if stood else self._failures + 1
        first, longest = self.RECONNECT_BASE_DELAY_SECONDS, self.RECONNECT_MAX_DELAY_SECONDS
        return backoff(self._failures, first, longest)

    async def _wait_before_retry(self, delay: float) -> None:
        if self._stop_event is not None and not self._stop_event.is_set():
            await self._waiting.until(delay, self._stop_event)

    async def finish(self, seconds: float) -> None:
        """Wait for what was taken, for so long."""
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=seconds)

    async def _system(self, frame: Any) -> sdk.AckMessage | None:
        self.heard_at = self._waiting.now()
        if frame.headers.topic == "disconnect":
            await self._relieve(self)
            return None  # it needs no answer; the SDK closes the socket now
        return _ack(frame, frame.data)

    async def _message(self, takers: Takers, frame: Any) -> sdk.AckMessage:
        await self._kept(takers.message(frame.data))
        return _ack(frame, {"response": None})

    async def _pressed(self, takers: Takers, frame: Any) -> sdk.AckMessage:
        return _ack(frame, {"response": await self._kept(takers.pressed(frame.data))})

    async def _event(self, takers: Takers, frame: Any) -> sdk.AckMessage:
        headers, data = frame.headers, cast("object", frame.data)
        event = Event(
            str(headers.event_id or headers.message_id),
            str(headers.event_type or ""),
            str(headers.event_corp_id or ""),
            cast("Json", data) if isinstance(data, dict) else {},
        )
        taken = await self._kept(takers.event(event))
        return _ack(frame, {"status": "SUCCESS" if taken else "LATER", "message": "success"})

    async def _kept(self, work: Awaitable[Any]) -> Any:
        """Do it to the end even if the socket closes: the SDK cancels what it waits for."""
        self.heard_at = self._waiting.now()
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)


class _Handler:
    """What the SDK calls for a frame: only ``raw_process`` and ``pre_start`` are."""

    def __init__(self, process: Callable[[Any], Awaitable[sdk.AckMessage | None]]) -> None:
        self._process = process

    def pre_start(self) -> None:
        """There is nothing to prepare."""

    async def raw_process(self, frame: Any) -> sdk.AckMessage | None:
        """The acknowledgment; None: there is none."""
        return await self._process(frame)


def _ack(frame: Any, data: object) -> sdk.AckMessage:
    ack = sdk.AckMessage()
    ack.code, ack.message, ack.data = 200, "OK", data
    ack.headers.message_id = frame.headers.message_id
    ack.headers.content_type = "application/json"
    return ack
