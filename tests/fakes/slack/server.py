"""The platform's own HTTP side: Web API, uploads and downloads, reply addresses, sockets."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from aiohttp import web

from tests.fakes.slack.call import Call
from tests.fakes.slack.faults import HOLD_SECONDS, Fault, Way
from tests.fakes.slack.faults import TIERS as PER_MINUTE
from tests.fakes.slack.hooks import answer_hook
from tests.fakes.slack.methods import APP_TOKEN, METHODS, NO_TOKEN, TIERS
from tests.fakes.slack.refusal import Refusal
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.world import ApiCall, World

LARGEST = 64 * 1024 * 1024


class Server:
    """Answers the app. Everything here runs on the platform's loop."""

    def __init__(self, world: World, sockets: Sockets) -> None:
        self._world = world
        self._sockets = sockets
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listen on a free port; the address."""
        app = web.Application(client_max_size=LARGEST)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_route("*", "/upload/v1/{ticket}", self._upload)
        app.router.add_get("/files-pri/{file}/{path:.*}", self._download)
        app.router.add_post("/hooks/{kind}/{team}/{hook}", self._hook)
        app.router.add_get("/link/", self._sockets.connect)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024)
        await site.start()
        port = self._runner.addresses[0][1]
        return f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        """Stop listening."""
        assert self._runner is not None
        await self._runner.cleanup()

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = str(args.pop("token", "")) or token
        if request.headers.get("Authorization", "").startswith("Basic "):
            args |= _basic(request)
        fault = self._world.faults.take(method, args)
        if fault is not None and not fault.after:
            answer = await self._strike(fault, request)
            self._record(method, args, token, answer.status, {})
            return answer
        status, headers, body = self._do(method, args, token)
        self._record(method, args, token, status, body)
        if fault is not None:
            struck = await self._strike(fault, request)
            if fault.way not in {Way.HANG, Way.HOLD}:
                return struck
        return web.json_response(body, status=status, headers=headers)

    def _record(self, method: str, args: Any, token: str, status: int, body: Any) -> None:
        now = self._world.clock()
        self._world.calls.append(ApiCall(method, args, token, now, status, body))

    def _do(self, method: str, args: dict[str, Any], token: str) -> tuple[int, Any, Any]:
        call = Call(self._world, method, args, token)
        try:
            with self._world.lock:
                rule = METHODS.get(method)
                if rule is None:
                    raise Refusal("unknown_method", req_method=method)
                if method not in NO_TOKEN:
                    call.authorize("app" if method in APP_TOKEN else "bot")
                self._tier(call)
                return 200, _granted(call, method), rule(call)
        except Refusal as refusal:
            return refusal.status, refusal.headers, refusal.body

    def _tier(self, call: Call) -> None:
        pace, tier = self._world.pace, TIERS.get(call.method)
        if not pace.tiers or tier is None:
            return
        minute = PER_MINUTE[tier]
        wait = pace.take(f"{call.method}:{call.token.team}", minute / 60, minute)
        if wait:
            headers = {"Retry-After": str(max(1, round(wait)))}
            raise Refusal("ratelimited", status=429, headers=headers)

    async def _strike(self, fault: Fault, request: web.Request) -> web.Response:
        fault.reached.set()
        if fault.way is Way.STATUS:
            return web.Response(status=fault.status, text="<html>Server Error</html>")
        if fault.way is Way.REFUSE:
            return web.json_response({"ok": False, "error": fault.error})
        if fault.way is Way.LIMIT:
            headers = {"Retry-After": str(max(1, round(fault.seconds)))}
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers=headers)
        if fault.way is Way.HANG:
            await asyncio.sleep(fault.seconds)
        elif fault.way is Way.HOLD:
            await _held(fault, request)
        if (fault.way is Way.DROP or not fault.after) and request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _upload(self, request: web.Request) -> web.Response:
        team, file_id, length = self._world.uploads.get(request.match_info["ticket"], "::0").split(
            ":"
        )
        fault = self._world.faults.take("upload", {})
        if fault is not None:
            return await self._strike(fault, request)
        if not team:
            return web.Response(status=404, text="not found")
        data = await _uploaded(request)
        if len(data) != int(length):
            return web.Response(status=400, text="wrong length")
        self._world.teams[team].files[file_id].data = data
        return web.Response(text=f"OK - {len(data)}")

    async def _download(self, request: web.Request) -> web.StreamResponse:
        team, _, file_id = request.match_info["file"].partition("-")
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        fault = self._world.faults.take("download", {"file": file_id})
        if fault is not None:
            return await self._strike(fault, request)
        try:
            known = self._world.keys.check(token, self._world.clock())
        except Refusal:
            known = None
        if known is None or known.team != team or "files:read" not in known.scopes:
            # The platform sends a page to sign in, with status 200.
            return web.Response(
                text="<!DOCTYPE html><title>Sign in</title>", content_type="text/html"
            )
        file = self._world.teams[team].files.get(file_id)
        if file is None:
            return web.Response(status=404)
        return web.Response(body=file.data, content_type=file.mime)

    async def _hook(self, request: web.Request) -> web.Response:
        fault = self._world.faults.take("response_url", {})
        if fault is not None:
            return await self._strike(fault, request)
        try:
            body = json.loads(await request.read())
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        with self._world.lock:
            status, text = answer_hook(self._world, request.match_info["hook"], body)
        return web.Response(status=status, text=text)


async def _held(fault: Fault, request: web.Request) -> None:
    """Wait until the test lets go, or nobody waits for the answer any more."""
    deadline = time.monotonic() + HOLD_SECONDS
    while time.monotonic() < deadline and not fault.released.is_set():
        if request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(0.005)  # the test's thread sets the event, which no loop can await


def _granted(call: Call, method: str) -> dict[str, str]:
    if method in NO_TOKEN:
        return {}
    return {"X-OAuth-Scopes": ",".join(sorted(call.token.scopes))}


async def _arguments(request: web.Request) -> dict[str, Any]:
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = await request.read()
        return args | (json.loads(body) if body else {})
    if request.can_read_body:
        args |= dict(await request.post())
    return args


def _basic(request: web.Request) -> dict[str, str]:
    from aiohttp import BasicAuth

    login = BasicAuth.decode(request.headers["Authorization"])
    return {"client_id": login.login, "client_secret": login.password}


async def _uploaded(request: web.Request) -> bytes:
    if request.content_type.startswith("multipart/"):
        async for part in await request.multipart():
            return bytes(await part.read())  # type: ignore[union-attr]
    return await request.read()
