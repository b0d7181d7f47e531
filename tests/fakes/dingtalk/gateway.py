"""The stream: tickets, connections, frames, acknowledgements."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.dingtalk.faults import HOLD_SECONDS
from tests.fakes.dingtalk.refusal import Refusal
from tests.fakes.dingtalk.world import World

TICKET_SECONDS = 90
ROBOT, CARD = "/v1.0/im/bot/messages/get", "/v1.0/card/instances/callback"
CODES = {200, 404, 500}
_OPEN = {"clientId", "clientSecret", "subscriptions", "ua", "localIp"}


@dataclass(slots=True)
class Connection:
    """A websocket of the app.

    :param topics: what it subscribed to.
    :ivar frozen: half-open: nothing goes through, but the connection stands.
    :ivar deaf: what the app answers does not arrive, but it gets everything.
    :ivar leaving: it was asked to go and gets nothing more while there is another one.
    :ivar silent: something that it got was never answered; likewise.
    :ivar frames: how many frames with content were sent to it.
    """

    id: str
    socket: web.WebSocketResponse
    transport: asyncio.BaseTransport | None
    topics: frozenset[tuple[str, str]]
    ua: str = ""
    frozen: bool = False
    deaf: bool = False
    leaving: bool = False
    silent: bool = False
    frames: int = 0
    gone: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Ticket:
    """Permission to connect once."""

    until: float
    topics: frozenset[tuple[str, str]]
    ua: str


class Lost(Exception):
    """There is no connection to send it to, or (``sent``) it ended before an answer came."""

    def __init__(self, *, sent: bool = False) -> None:
        super().__init__()
        self.sent = sent


@dataclass(slots=True)
class Gateway:
    """All connections. Everything here runs on the platform's loop.

    :ivar down: nobody can connect.
    :ivar asked: how often the app wanted an address, whatever came of it.
    :ivar opened: how often it got one.
    :ivar greeted: how often it connected.
    :ivar refuse_tickets: every ticket is refused at the websocket.
    :ivar faults: what clients answered against the protocol.
    """

    world: World
    open: list[Connection] = field(default_factory=list[Connection])
    down: bool = False
    refuse_tickets: bool = False
    asked: int = 0
    opened: int = 0
    greeted: int = 0
    faults: list[str] = field(default_factory=list[str])
    used: list[str] = field(default_factory=list[str])
    _tickets: dict[str, Ticket] = field(default_factory=dict[str, Ticket])
    _waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict[str, Any])

    def ticket(self, body: Any) -> dict[str, Any]:
        """``POST /v1.0/gateway/connections/open``; ``Refusal`` for what it does not take."""
        app, self.opened = self.world.app, self.opened + 1
        if not isinstance(body, dict) or set(body) - _OPEN:
            raise Refusal("invalidParameter.body.invalid")
        if (body.get("clientId"), body.get("clientSecret")) != (app.client_id, app.client_secret):
            raise Refusal("authFailed", "鉴权失败", status=401)
        topics = frozenset(
            (str(s.get("type")), str(s.get("topic"))) for s in body.get("subscriptions") or ()
        )
        if not topics or not all(t in {"EVENT", "CALLBACK", "SYSTEM"} for t, _ in topics):
            raise Refusal("invalidParameter.subscriptions.empty")
        ticket = self.world.marks.word("ticket-")
        until = self.world.clock() + TICKET_SECONDS
        self._tickets[ticket] = Ticket(until, topics, str(body.get("ua", "")))
        return {"endpoint": self.world.base.replace("http", "ws") + "/connect", "ticket": ticket}

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Take a connection; each ticket once, within 90 seconds."""
        fault = self.world.faults.take("gateway.connect", {})
        if fault is not None:
            fault.reached.set()
            await asyncio.to_thread(fault.released.wait, HOLD_SECONDS)
        ticket = self._tickets.pop(request.query.get("ticket", ""), None)
        late = ticket is None or self.world.clock() >= ticket.until
        if ticket is None or late or self.down or self.refuse_tickets:
            return web.Response(status=401)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        number = self.world.marks.word("connection-")
        made = Connection(number, socket, request.transport, ticket.topics, ticket.ua)
        self.open.append(made)
        self.greeted += 1
        try:
            await self._serve(made)
        finally:
            self.open.remove(made)
            made.gone.set()
        return socket

    async def _serve(self, connection: Connection) -> None:
        async for message in connection.socket:
            if connection.frozen or connection.deaf:
                continue
            if message.type is WSMsgType.PING:
                await connection.socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._received(message.data)

    def _received(self, text: str) -> None:
        try:
            body = json.loads(text)
        except ValueError:
            self.faults.append(f"no JSON: {text!r}")
            return
        number = body.get("headers", {}).get("messageId")
        if body.get("code") not in CODES or not isinstance(body.get("data"), str):
            self.faults.append(f"not an acknowledgement: {text!r}")
            return
        waiting = self._waiting.get(number or "")
        if waiting is not None and not waiting.done():
            waiting.set_result(body)

    async def push(
        self, kind: str, topic: str, data: str, more: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Send a frame to one of the connections, at random, and wait for what it answers.

        ``Lost`` when there is none that subscribed to it, or when it ends first.
        """
        ready = self.ready(kind, topic)
        ready = [c for c in ready if not (c.leaving or c.silent)] or ready
        if not ready:
            raise Lost
        connection = random.choice(ready)
        self.used.append(connection.id)
        return await self.ask(connection, kind, topic, data, more)

    def ready(self, kind: str, topic: str) -> list[Connection]:
        """The connections that subscribed to this."""
        return [c for c in self.open if not c.socket.closed and (kind, topic) in c.topics]

    async def ask(
        self, connection: Connection, kind: str, topic: str, data: str,
        more: dict[str, str] | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Send a frame to this connection and wait for what it answers.

        Nobody waits for an answer to a message that a half-open connection swallows.
        """
        if connection.frozen and topic == ROBOT:
            connection.silent = True
            raise Lost(sent=True)
        number = self.world.marks.word("message-")
        waiting: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        closed = asyncio.ensure_future(connection.gone.wait())
        try:
            if not connection.frozen:
                connection.frames += 1
                text = self.frame(connection, kind, topic, data, number, more)
                with contextlib.suppress(ConnectionError):
                    await connection.socket.send_str(text)
            await asyncio.wait({waiting, closed}, return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done():
                raise Lost(sent=True)
            return waiting.result()
        finally:
            closed.cancel()
            connection.silent = connection.silent or not waiting.done()
            del self._waiting[number]

    def frame(
        self, connection: Connection, kind: str, topic: str, data: str, number: str,
        more: dict[str, str] | None = None,
    ) -> str:  # fmt: skip
        """A frame as it goes over the wire."""
        headers = {
            "appId": "app-of-the-tests", "connectionId": connection.id,
            "contentType": "application/json", "messageId": number,
            "time": str(self.world.millis), "topic": topic, **(more or {}),
        }  # fmt: skip
        frame = {"specVersion": "1.0", "type": kind, "headers": headers, "data": data}
        return json.dumps(frame, ensure_ascii=False)

    async def ping(self) -> bool:
        """Ask all connections whether they are there; whether all said the same word back."""
        word = json.dumps({"opaque": self.world.marks.word("opaque-")})
        said: list[bool] = []
        for connection in list(self.open):
            with contextlib.suppress(Lost):
                answer = await self.ask(connection, "SYSTEM", "ping", word)
                said.append(json.loads(answer["data"]) == json.loads(word))
        return bool(said) and all(said)

    async def disconnect(self, seconds: float) -> None:
        """Ask all connections to go, and close those that are still there after so long."""
        leaving = list(self.open)
        data = json.dumps({"reason": "connection is expired"})
        for connection in leaving:
            connection.leaving = True
            frame = json.loads(self.frame(connection, "SYSTEM", "disconnect", data, ""))
            del frame["headers"]["messageId"]
            await connection.socket.send_str(json.dumps(frame))
        going = [asyncio.ensure_future(c.gone.wait()) for c in leaving]
        if going:
            await asyncio.wait(going, timeout=seconds)
        for waiting in going:
            waiting.cancel()
        for connection in leaving:
            if connection in self.open:
                await connection.socket.close()

    async def freeze(self) -> None:
        """Make all connections half-open: not even their end comes through."""
        for connection in list(self.open):
            connection.frozen = True
            if isinstance(connection.transport, asyncio.Transport):
                connection.transport.pause_reading()

    async def close_all(self) -> None:
        """End all connections as the protocol says."""
        for connection in list(self.open):
            if connection.frozen:
                self.cut(connection)
            else:
                await connection.socket.close()

    async def break_all(self) -> None:
        """End all connections without a word."""
        broken = list(self.open)
        for connection in broken:
            self.cut(connection)
        await asyncio.gather(*(connection.gone.wait() for connection in broken))

    def cut(self, connection: Connection) -> None:
        """End one connection without a word."""
        if isinstance(connection.transport, asyncio.Transport):
            connection.transport.abort()

    async def babble(self, text: str = "<html>502 Bad Gateway</html>") -> None:
        """Send something to all connections that is no frame."""
        for connection in list(self.open):
            await connection.socket.send_str(text)
