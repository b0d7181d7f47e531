"""The platform's own HTTP side: both APIs, webhooks, uploads, downloads, the gateway."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Mapping
from typing import Any

from aiohttp import BodyPartReader, web

from tests.fakes.dingtalk.call import Call
from tests.fakes.dingtalk.faults import HOLD_SECONDS, Fault, Way
from tests.fakes.dingtalk.gateway import Gateway
from tests.fakes.dingtalk.methods import METHODS, Method, Side
from tests.fakes.dingtalk.refusal import Refusal
from tests.fakes.dingtalk.world import ApiCall, Media, World

LARGEST = 64 * 1024 * 1024
GATEWAY = "/v1.0/gateway/connections/open"
HEADER = "x-acs-dingtalk-access-token"


class Server:
    """Answers the app. Everything here runs on the platform's loop."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway
        self._runner: web.AppRunner | None = None
        self._site: web.SockSite | None = None
        self._port = 0

    async def start(self) -> str:
        """Listen on a free port; the address."""
        app = web.Application(client_max_size=LARGEST)
        for method in METHODS:
            app.router.add_route(method.verb, method.path, self._answer(method))
        app.router.add_post(GATEWAY, self._open)
        app.router.add_get("/connect", self._gateway.connect)
        app.router.add_get("/files/{media}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self.listen()
        return f"http://127.0.0.1:{self._port}"

    async def listen(self) -> None:
        """Take connections (again), on the same port."""
        assert self._runner is not None
        bound = socket.socket()
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", self._port))
        self._port = bound.getsockname()[1]
        self._site = web.SockSite(self._runner, bound, backlog=256)
        await self._site.start()

    async def deaf(self) -> None:
        """Take no new connection: clients hear that nobody listens."""
        assert self._site is not None
        await self._site.stop()

    async def stop(self) -> None:
        """Stop listening."""
        assert self._runner is not None
        await self._runner.cleanup()

    def _answer(self, method: Method) -> Any:
        async def answer(request: web.Request) -> web.StreamResponse:
            body, file = await _body(request)
            params = {**request.query, **request.match_info}
            fault = self._world.faults.take(method.name, body)
            if fault is not None and not fault.after:
                struck = await self._strike(fault, method, request)
                self._record(method.name, params, body, struck.status, {})
                return struck
            header = HEADER if method.side is Side.NEW else ""
            token = request.headers.get(header, "") if header else params.get("access_token", "")
            call = Call(self._world, method.name, params, body, token, file)
            status, said = self._do(method, call)
            self._record(method.name, params, body, status, said)
            if fault is not None:
                struck = await self._strike(fault, method, request)
                if fault.way not in {Way.HANG, Way.HOLD}:
                    return struck
            return web.json_response(said, status=status)

        return answer

    def _do(self, method: Method, call: Call) -> tuple[int, dict[str, Any]]:
        try:
            with self._world.lock:
                if method.side in {Side.NEW, Side.OLD}:
                    self._world.limits.call(method.name)
                    now = self._world.clock()
                    self._world.keys.check(method.side.value, call.token, now)
                    call.allowed(method.scope)
                return 200, method.answer(call)
        except Refusal as refusal:
            return _refused(method, refusal, self._world.marks.word("request"))

    def _record(
        self, name: str, params: Mapping[str, str], body: Any, status: int, said: Any
    ) -> None:
        now = self._world.clock()
        self._world.calls.append(ApiCall(name, params, body, now, status, said))

    async def _strike(self, fault: Fault, method: Method | None, request: web.Request) -> Any:
        fault.reached.set()
        if fault.way is Way.STATUS:
            return web.Response(status=fault.status, text="<html>Server Error</html>")
        if fault.way is Way.REFUSE:
            refusal = Refusal(fault.code, status=fault.status, errcode=fault.errcode)
            status, said = _refused(method, refusal, self._world.marks.word("request"))
            return web.json_response(said, status=status)
        if fault.way is Way.HANG:
            await asyncio.sleep(fault.seconds)
        elif fault.way is Way.HOLD:
            await asyncio.to_thread(fault.released.wait, HOLD_SECONDS)
        if (fault.way is Way.DROP or not fault.after) and request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _open(self, request: web.Request) -> web.StreamResponse:
        body, _ = await _body(request)
        self._gateway.asked += 1
        fault = self._world.faults.take("gateway.open", body)
        if fault is not None:
            return await self._strike(fault, None, request)
        if self._gateway.down:
            return web.Response(status=502, text="<html>Bad Gateway</html>")
        try:
            answer = self._gateway.ticket(body)
        except Refusal as refusal:
            said = refusal.new(self._world.marks.word("request"))
            return web.json_response(said, status=refusal.status)
        if "application/json" not in request.headers.get("Accept", ""):
            xml = "".join(f"<{k}>{v}</{k}>" for k, v in answer.items())
            return web.Response(text=f"<result>{xml}</result>", content_type="application/xml")
        return web.json_response(answer)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        media = self._world.media.get(request.match_info["media"])
        fault = self._world.faults.take("download", {})
        if fault is not None:
            return await self._strike(fault, None, request)
        if media is None:
            return web.Response(status=404)
        return web.Response(body=media.data, content_type="application/octet-stream")


def _refused(method: Method | None, refusal: Refusal, request: str) -> tuple[int, dict[str, Any]]:
    if method is not None and method.side in {Side.OLD, Side.HOOK}:
        return 200, refusal.old(request)
    return refusal.status, refusal.new(request)


async def _body(request: web.Request) -> tuple[dict[str, Any], Media | None]:
    """The body; what was uploaded with it."""
    if request.content_type == "application/json":
        raw = await request.read()
        try:
            body = json.loads(raw) if raw else {}
        except ValueError:
            body = {"": "no JSON"}
        return (body if isinstance(body, dict) else {"": body}), None
    if not request.content_type.startswith("multipart/"):
        return (dict(await request.post()) if request.can_read_body else {}), None
    found: dict[str, Any] = {}
    file: tuple[str, bytes] | None = None
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        data = bytes(await part.read())
        if part.name == "media" and part.filename:
            file = part.filename, data
        else:
            found[part.name or ""] = data.decode()
    if file is None:
        return found, None
    return found, Media(str(request.query.get("type") or found.get("type", "")), *file)
