"""Socket Mode: connections of the app, and envelopes that go to one of them."""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.slack.world import World

MOST_CONNECTIONS = 10


class Sockets:
    """The open connections. Everything here runs on the platform's loop."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self.open: list[web.WebSocketResponse] = []
        self.greeted = 0
        self.used: list[int] = []

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Take a connection whose ticket was given out for it."""
        ticket = request.query.get("ticket", "")
        if self._world.uploads.pop(ticket, None) != "socket":
            return web.Response(status=403)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.open.append(socket)
        self.greeted += 1
        try:
            await self._serve(socket)
        finally:
            self.open.remove(socket)
        return socket

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self.open),
                "connection_info": {"app_id": self._world.app.id},
                "debug_info": {"host": "applink", "approximate_connection_time": 18060},
            }
        )
        if len(self.open) > MOST_CONNECTIONS:
            await self.disconnect(socket, "too_many_websockets")
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self._received(message.data)

    def _received(self, data: str) -> None:
        try:
            body = json.loads(data)
        except ValueError:
            return
        waiting = self._waiting.get(body.get("envelope_id", ""))
        if waiting is not None and not waiting.done():
            waiting.set_result(body.get("payload"))

    async def send(self, kind: str, payload: dict[str, Any], retry: dict[str, Any]) -> Any:
        """Send an envelope to one of the connections and wait for its acknowledgement.

        ``ConnectionError`` when there is none.
        """
        ready = [s for s in self.open if not s.closed]
        if not ready:
            raise ConnectionError("no connection")
        socket = random.choice(ready)
        self.used.append(id(socket))
        envelope = self._world.marks.word("envelope-")
        waiting = asyncio.get_running_loop().create_future()
        self._waiting[envelope] = waiting
        try:
            await socket.send_json(
                {
                    "envelope_id": envelope,
                    "type": kind,
                    "payload": payload,
                    "accepts_response_payload": kind != "events_api",
                    **retry,
                }
            )
            return await waiting
        finally:
            del self._waiting[envelope]

    async def disconnect(self, socket: web.WebSocketResponse, reason: str) -> None:
        """Ask the app to connect anew, and end the connection."""
        await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
        await socket.close()

    async def disconnect_all(self, reason: str) -> None:
        """The same for all of them."""
        for socket in list(self.open):
            await self.disconnect(socket, reason)

    async def break_all(self) -> None:
        """End all connections without a word."""
        for socket in list(self.open):
            transport = socket._req.transport if socket._req else None
            if transport is not None:
                transport.abort()
