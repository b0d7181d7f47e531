"""What the platform sends to the app: messages, presses on cards and events, with its patience."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.fakes.dingtalk import crypto
from tests.fakes.dingtalk.gateway import CARD, ROBOT, Gateway, Lost
from tests.fakes.dingtalk.world import Event, World
from tests.fakes.telling import ACK_SECONDS, Telling

GOOD = 200


@dataclass(slots=True)
class Seen:
    """How the app answered one delivery.

    :param kind: ``robot``, ``card`` or ``event``.
    :param lost: there was no connection, or it ended first (then ``sent`` is true).
    :param late: there was no answer in time.
    """

    kind: str
    name: str
    code: int = 0
    body: Any = None
    seconds: float = 0.0
    late: bool = False
    lost: bool = False
    sent: bool = False
    retry: int = 0

    @property
    def ok(self) -> bool:
        """Whether the platform is content and does not repeat it."""
        if self.kind == "event" and isinstance(self.body, dict):
            return self.code == GOOD and self.body.get("status") == "SUCCESS"
        return self.code == GOOD


@dataclass(slots=True)
class Patience:
    """Seconds.

    :param robot: until a message that was not acknowledged is repeated, once (in truth 60).
    :param card: until a press counts as failed (in truth 3).
    :param event: until an event counts as not acknowledged.
    :param pauses: before each repetition of an event; much shorter than the platform's.
    """

    robot: float = ACK_SECONDS
    card: float = ACK_SECONDS
    event: float = ACK_SECONDS
    pauses: tuple[float, ...] = (0.0, 0.05, 0.1, 0.2, 0.4)


class Outbound(Telling[Event]):
    """Delivers through the stream or over HTTP and keeps what came back in ``seen``."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        super().__init__()
        self._world = world
        self._gateway = gateway
        self.seen: list[Seen] = []
        self.patience = Patience()
        self.twice = False
        """Every message to the robot comes twice, as other apps have seen."""
        self.keeps = False
        """A message for an app without a connection is delivered when there is one."""

    async def _persist(self, event: Event) -> None:
        number = self._world.marks.word("event-")
        for retry, pause in enumerate((0.0, *self.patience.pauses)):
            await asyncio.sleep(pause)
            if (await self.event(event, number, retry=retry)).ok:
                return

    async def event(self, event: Event, number: str, *, retry: int = 0) -> Seen:
        """Deliver an event once; repetitions have the same number and a new frame."""
        seen = Seen("event", event.kind, retry=retry)
        born = str(self._world.millis)
        if self._world.app.http:
            return await self._run(seen, self._post_event(seen, event, number), "event")
        headers = {
            "eventType": event.kind, "eventId": number, "eventCorpId": self._world.corp,
            "eventBornTime": born, "eventUnifiedAppId": "unified-app-of-the-tests",
        }  # fmt: skip
        data = json.dumps(event.data, ensure_ascii=False)
        return await self._run(seen, self._push(seen, "EVENT", "*", data, headers), "event")

    async def robot(self, payload: dict[str, Any]) -> Seen:
        """Deliver a message to the robot; once again if nobody acknowledges it."""
        seen = await self._robot(payload, 0)
        again = seen.late or seen.sent or seen.code > GOOD or (self.twice and seen.ok)
        again = again or (seen.lost and self.keeps)
        if not again or self._world.app.http:
            return seen
        await self._connected()
        return await self._robot(payload, 1)

    async def _connected(self) -> None:
        """The time until a repetition, as far as it matters: until the app is there again."""
        for _ in range(int(self.patience.robot * 100)):
            ready = self._gateway.ready("CALLBACK", ROBOT)
            if any(not connection.silent for connection in ready):
                return
            await asyncio.sleep(0.01)

    async def _robot(self, payload: dict[str, Any], retry: int) -> Seen:
        name = payload.get("text", {}).get("content", payload["msgtype"])
        seen = Seen("robot", name, retry=retry)
        if self._world.app.http:
            sending = self._post_robot(seen, payload)
        else:
            data = json.dumps(payload, ensure_ascii=False)
            sending = self._push(seen, "CALLBACK", ROBOT, data)
        return await self._run(seen, sending, "robot")

    async def card(self, payload: dict[str, Any], route: str) -> Seen:
        """Deliver a press on a card; ``route`` of one that calls back over HTTP.

        Where a secret was registered with the route, it signs the time, in headers of its own.
        """
        seen = Seen("card", payload["outTrackId"])
        if route:
            app, stamp = self._world.app, str(self._world.millis)
            secret, headers = app.secrets.get(route, ""), dict[str, str]()
            if secret:
                headers["x-ddpaas-signature-timestamp"] = stamp
                headers["x-ddpaas-signature"] = crypto.sign_time(secret, stamp)
            sending = self._post(seen, app.routes[route], payload, headers)
        else:
            data = json.dumps(payload, ensure_ascii=False)
            sending = self._push(seen, "CALLBACK", CARD, data)
        return await self._run(seen, sending, "card")

    async def _run(self, seen: Seen, sending: Any, kind: str) -> Seen:
        started = time.monotonic()
        try:
            await asyncio.wait_for(sending, getattr(self.patience, kind))
        except TimeoutError:
            seen.late = True
        except Lost as lost:
            seen.lost, seen.sent = True, lost.sent
        except aiohttp.ClientError:
            seen.lost = True
        seen.seconds = time.monotonic() - started
        self.seen.append(seen)
        return seen

    async def _push(
        self, seen: Seen, kind: str, topic: str, data: str, more: dict[str, str] | None = None
    ) -> None:
        answer = await self._gateway.push(kind, topic, data, more)
        seen.code = answer["code"]
        try:
            seen.body = json.loads(answer["data"])
        except ValueError:
            self._gateway.faults.append(f"data is no JSON text: {answer}")
            seen.code = 500

    async def _post_robot(self, seen: Seen, payload: dict[str, Any]) -> None:
        app, stamp = self._world.app, str(self._world.millis)
        headers = {"timestamp": stamp, "sign": crypto.sign(app.client_secret, stamp)}
        await self._post(seen, app.robot_url, payload, headers)

    async def _post_event(self, seen: Seen, event: Event, number: str) -> None:
        app, stamp = self._world.app, str(self._world.millis)
        nonce = self._world.marks.word("nonce")
        text = json.dumps(
            {
                "EventType": event.kind, "EventTime": self._world.millis,
                "CorpId": self._world.corp, "eventId": number, **event.data,
            },
            ensure_ascii=False,
        )  # fmt: skip
        sealed = crypto.encrypt(app.aes_key, app.client_id, text)
        signed = crypto.signature(app.event_token, stamp, nonce, sealed)
        query = urlencode({"msg_signature": signed, "timestamp": stamp, "nonce": nonce})
        await self._post(seen, f"{app.event_url}?{query}", {"encrypt": sealed}, {})
        good = crypto.answered(app.aes_key, app.event_token, app.client_id, seen.body)
        seen.body = {"status": "SUCCESS" if good else "LATER"}

    async def _post(
        self, seen: Seen, url: str, payload: dict[str, Any], headers: dict[str, str]
    ) -> None:
        assert self._session is not None
        async with self._session.post(url, json=payload, headers=headers) as answer:
            seen.code = answer.status
            text = await answer.text()
            seen.body = json.loads(text) if answer.content_type == "application/json" else text
