"""The web chat over a real socket: a server in a thread, and browsers of httpx."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import httpx
import uvicorn
from prometheus_client import CollectorRegistry

from bot.cards.words import Reader, words
from bot.replies_json import reply_json
from bot.webchat.hub import Hub
from bot.webchat.posting import Shown, presenter
from bot.webchat.routes import routes
from bot.webchat.settings import ChatSettings
from bot.webchat.surface import WebSurface
from domain.clock import Clock
from storage.database import Database
from tests.harness import Team
from tests.webchat.family import SAMPLE
from web.api import CommandApi
from web.app import create_app
from web.health import health_routes
from web.limits import RateLimit
from web.security import LOOPBACK_NAMES

SETTINGS = ChatSettings(
    ("a-secret-of-the-tests",),
    demo=True,
    upload_limit=64 * 1024,
    heartbeat=timedelta(seconds=0.3),
    poll=timedelta(seconds=0.1),
)
MOST_SECONDS = 90
_clients = itertools.count(1)


class ChatServer:
    """A team whose chat can be reached over HTTP."""

    def __init__(
        self, team: Team, settings: ChatSettings, clock: Clock, burst: int, port: int = 0
    ) -> None:
        self.team = team
        if SAMPLE not in team.registry.commands:
            team.registry.add(SAMPLE)
        self.hub = Hub(team.store, settings)
        team.store.after_commit = self.hub.after_commit
        self.surface = WebSurface(team.store, clock)
        limit = RateLimit(clock, burst=burst)
        metrics = CollectorRegistry()
        api = CommandApi(
            team.store,
            team.dispatcher,
            clock,
            lambda answer, me, ws: reply_json(answer, Reader(me.locale, ws.zone, me.id)),
            limit,
            lambda request: presenter(request, clock.now(), said=request.text, shown=Shown()),
        )
        self.app = create_app(
            [
                *routes(
                    store=team.store,
                    dispatcher=team.dispatcher,
                    clock=clock,
                    files=team.files,
                    hub=self.hub,
                    settings=settings,
                    limit=limit,
                ),
                *api.routes(),
                *health_routes({"database": lambda: True}, metrics),
            ],
            words=lambda inline, locale: words(inline, Reader(locale, "Asia/Shanghai")),
            hosts=LOOPBACK_NAMES,
            registry=metrics,
        )
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self) -> Iterator[ChatServer]:
        config = uvicorn.Config(
            self.app, log_level="error", lifespan="off", ws="none", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        started = threading.Event()

        async def serve() -> None:
            original = server.startup

            async def startup(sockets: list[socket.socket] | None = None) -> None:
                await original(sockets)
                started.set()

            server.startup = startup  # type: ignore[method-assign]
            await server.serve(sockets=[self._socket])

        thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        thread.start()
        assert started.wait(MOST_SECONDS)
        try:
            yield self
        finally:
            self.hub.close()
            server.should_exit = True
            thread.join(MOST_SECONDS)
            self._socket.close()

    def browser(self, handle: str) -> Browser:
        return Browser(self, handle)


@contextmanager
def chat_server(
    database: Database,
    folder: Path,
    *,
    locale: str = "zh",
    settings: ChatSettings = SETTINGS,
    clock: Clock | None = None,
    burst: int = 1000,
    port: int = 0,
) -> Iterator[ChatServer]:
    team = Team(database, folder, locale)
    with ChatServer(team, settings, clock or team.clock, burst, port).running() as server:
        yield server


@dataclass
class Event:
    id: int | None
    event: str
    data: Any


class Browser:
    """What the page's scripts do, without a page."""

    def __init__(self, server: ChatServer, handle: str) -> None:
        self.team = server.team
        self.http = httpx.Client(base_url=server.url, timeout=MOST_SECONDS, trust_env=False)
        self.me = self.get("/api/v1/chat/me")
        self.headers = {"x-csrf-token": self.me["csrf"]}
        if self.me["me"]["handle"] != handle:
            self.post("/api/v1/chat/me/switch", {"person": server.team.id(handle)})
            self.me = self.get("/api/v1/chat/me")
            self.headers = {"x-csrf-token": self.me["csrf"]}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def get(self, path: str, **params: str) -> Any:
        answer = self.http.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send(self, method: str, path: str, body: Mapping[str, Any]) -> httpx.Response:
        return self.http.request(method, path, json=body, headers=self.headers)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        answer = self.send("POST", path, body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    @property
    def channel(self) -> str:
        return self.team.channel.id

    def direct(self) -> str:
        found = self.get("/api/v1/chat/channels")["channels"]
        return next(c["id"] for c in found if c["kind"] == "direct")

    def say(self, text: str, *, channel: str | None = None, **more: Any) -> Any:
        body = {"text": text, "client_id": client_id(), **more}
        return self.post(f"/api/v1/chat/channels/{channel or self.channel}/messages", body)

    def press(self, message: str, command: str, **more: Any) -> Any:
        body = {"message": message, "command": command, "client_id": client_id(), **more}
        return self.post(f"/api/v1/chat/channels/{self.channel}/commands", body)

    def submit(self, command: str, values: Mapping[str, str], **more: Any) -> Any:
        body = {"command": command, "values": values, "client_id": client_id(), **more}
        return self.post(f"/api/v1/chat/channels/{self.channel}/forms", body)

    def react(self, message: str, emoji: str, *, added: bool = True) -> Any:
        body = {"emoji": emoji, "added": added, "client_id": client_id()}
        return self.post(f"/api/v1/chat/messages/{message}/reactions", body)

    def upload(self, name: str, data: bytes) -> httpx.Response:
        return self.http.post(
            "/api/v1/chat/files", params={"name": name}, content=data, headers=self.headers
        )

    def messages(self, channel: str | None = None) -> list[Any]:
        return self.get(f"/api/v1/chat/channels/{channel or self.channel}/messages")["messages"]

    @contextmanager
    def listening(self, after: int | None, last: str | None = None) -> Iterator[Iterator[Event]]:
        params = {} if after is None else {"after": str(after)}
        headers = {"last-event-id": last} if last else {}
        with self.http.stream("GET", "/api/v1/chat/events", params=params, headers=headers) as s:
            assert s.status_code == 200
            yield events(s.iter_lines())


def events(lines: Iterator[str]) -> Iterator[Event]:
    """Server-sent events of a stream; comments come as events called ``comment``."""
    current = Event(None, "", None)
    for line in lines:
        name, _, value = line.partition(": ")
        if line.startswith(":"):
            yield Event(None, "comment", line)
        elif name == "event":
            current = replace(current, event=value)
        elif name == "id":
            current = replace(current, id=int(value))
        elif name == "data":
            current = replace(current, data=json.loads(value))
        elif not line:
            if current.event:
                yield current
            current = Event(None, "", None)


def client_id() -> str:
    return f"client-{next(_clients):08}"
