"""The addresses of the web chat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.webchat.acts import Acts
from bot.webchat.call import Call
from bot.webchat.complete import Completer
from bot.webchat.door import Door
from bot.webchat.events import EventStream
from bot.webchat.files import FileDesk
from bot.webchat.hub import Hub
from bot.webchat.reads import Reads
from bot.webchat.settings import ChatSettings
from commands.dispatcher import Dispatcher
from domain.clock import Clock
from domain.ports import FileStore
from storage.uow import Store
from web.limits import RateLimit, body_bytes, json_body

BASE = "/api/v1/chat"
STATIC = Path(__file__).parent / "static"

Work = Callable[[Call], Mapping[str, Any]]
"""What a route does, in a worker thread."""


def routes(
    *,
    store: Store,
    dispatcher: Dispatcher,
    clock: Clock,
    files: FileStore,
    hub: Hub,
    settings: ChatSettings,
    limit: RateLimit,
) -> list[BaseRoute]:
    """Every address of the chat: the page at ``/``, its parts, the API below ``/api/v1/chat``."""
    web = _Web(Door(store, clock, settings), limit)
    reads = Reads(store, clock, demo=settings.demo)
    acts = Acts(store, dispatcher, clock)
    streams = EventStream(store, hub, settings)
    desk = FileDesk(store, files, clock)
    channel, message = f"{BASE}/channels/{{channel}}", f"{BASE}/messages/{{message}}"
    return [
        Route("/", _page),
        Mount("/static/chat", _Fresh(directory=STATIC)),
        Route(f"{BASE}/me", web.enter(reads.me)),
        Route(f"{BASE}/me", web.write(reads.language), methods=["PATCH"]),
        Route(f"{BASE}/me/switch", web.switch, methods=["POST"]),
        Route(f"{BASE}/channels", web.read(reads.channels)),
        Route(f"{channel}/messages", web.read(reads.messages)),
        Route(f"{channel}/messages", web.write(acts.say), methods=["POST"]),
        Route(f"{channel}/commands", web.write(acts.press), methods=["POST"]),
        Route(f"{channel}/forms", web.write(acts.submit), methods=["POST"]),
        Route(f"{channel}/read", web.write(reads.mark_read, counted=False), methods=["POST"]),
        Route(f"{BASE}/direct", web.write(reads.open_pair), methods=["POST"]),
        Route(f"{message}/thread", web.read(reads.thread)),
        Route(f"{message}/reactions", web.write(acts.react), methods=["POST"]),
        Route(message, web.write(acts.edit), methods=["PATCH"]),
        Route(message, web.write(acts.erase), methods=["DELETE"]),
        Route(f"{BASE}/complete", web.read(Completer(store, dispatcher).complete)),
        Route(f"{BASE}/files", web.upload(desk, settings.upload_limit), methods=["POST"]),
        Route(f"{BASE}/events", web.listen(streams)),
        Route("/files/{file}", web.download(desk)),
    ]


async def _page(_request: Request) -> Response:
    return FileResponse(STATIC / "index.html", headers={"cache-control": "no-cache"})


class _Fresh(StaticFiles):
    """Static files that browsers ask for again each time (unchanged ones cost a 304)."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file, with the word to ask again."""
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response

    def get_path(self, scope: Scope) -> str:
        """The path; nothing that begins with a dot is served."""
        path = super().get_path(scope)
        return "" if "/." in f"/{path}" and path != "." else path


Handler = Callable[[Request], Any]


class _Web:
    """Between Starlette and the chat: signs in, reads, runs in a worker thread, answers."""

    def __init__(self, door: Door, limit: RateLimit) -> None:
        self._door = door
        self._limit = limit

    def read(self, work: Work) -> Handler:
        """A route that changes nothing."""

        async def handle(request: Request) -> Response:
            session = self._door.session(request)
            call = Call(session, request.path_params, request.query_params)
            return JSONResponse(await run_sync(work, call))

        return handle

    def enter(self, work: Work) -> Handler:
        """The first route of a visit: begins a session where that is allowed."""

        async def handle(request: Request) -> Response:
            session, cookie = await run_sync(self._door.enter, request)
            answer = JSONResponse(await run_sync(work, Call(session)))
            if cookie:
                self._door.give(answer, session)
            answer.headers["cache-control"] = "no-store"
            return answer

        return handle

    def write(self, work: Work, *, counted: bool = True) -> Handler:
        """A route that changes something: needs the session's token, counts against the limit."""

        async def handle(request: Request) -> Response:
            session = self._door.writer(request)
            if counted:
                self._limit.take(session.person)
            body = await json_body(request)
            call = Call(session, request.path_params, request.query_params, body)
            return JSONResponse(await run_sync(work, call))

        return handle

    async def switch(self, request: Request) -> Response:
        """Become another person (in the demo only)."""
        old = self._door.writer(request)
        call = Call(old, body=await json_body(request))
        session = await run_sync(self._door.switch, old, call.text("person", most=26))
        answer = JSONResponse({})
        self._door.give(answer, session)
        return answer

    def upload(self, desk: FileDesk, most: int) -> Handler:
        """Take in a file: its bytes are the body."""

        async def handle(request: Request) -> Response:
            session = self._door.writer(request)
            self._limit.take(session.person)
            data = await body_bytes(request, most)
            call = Call(session, query=request.query_params)
            return JSONResponse(await run_sync(desk.upload, call, data), 201)

        return handle

    def download(self, desk: FileDesk) -> Handler:
        """Hand out a file."""

        async def handle(request: Request) -> Response:
            session = self._door.session(request)
            found = await run_sync(desk.download, Call(session, request.path_params))
            return Response(found.data, media_type=found.mime, headers=dict(found.headers))

        return handle

    def listen(self, streams: EventStream) -> Handler:
        """Live updates; ``Last-Event-ID`` goes before ``after``."""

        async def handle(request: Request) -> Response:
            session = self._door.session(request)
            query = dict(request.query_params)
            last = request.headers.get("last-event-id")
            if last:
                query["after"] = last
            after = Call(session, query=query).asked("after")
            return StreamingResponse(
                streams.stream(session, after),
                media_type="text/event-stream",
                headers={"cache-control": "no-store", "x-accel-buffering": "no"},
            )

        return handle
