"""A small app on the real slack_bolt, to try the stand-in platform with."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.fakes.loop import LoopThread
from tests.fakes.slack import FakeSlack

Build = Callable[[AsyncApp], None]


@contextmanager
def over_http(slack: FakeSlack, build: Build) -> Iterator[None]:
    """An app that the platform reaches over HTTP."""
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, timeout=60)
    app = AsyncApp(client=client, signing_secret=slack.signing_secret)
    build(app)
    handler = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        return await handler.handle(request)

    web = Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])
    with served(web) as url:
        slack.app.request_url = f"{url}/slack/events"
        yield


@contextmanager
def over_socket(slack: FakeSlack, build: Build, connections: int = 1) -> Iterator[None]:
    """An app that keeps connections to the platform."""
    slack.app.socket_mode = True
    loop = LoopThread()
    loop.start()

    async def connect() -> list[AsyncSocketModeHandler]:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, timeout=60)
        app = AsyncApp(client=client, signing_secret="unused")
        build(app)
        handlers = [AsyncSocketModeHandler(app, slack.app_token) for _ in range(connections)]
        for handler in handlers:
            await handler.connect_async()
        return handlers

    async def close() -> None:
        for handler in handlers:
            await handler.close_async()

    handlers = loop.run(connect())
    try:
        yield
    finally:
        loop.run(close())
        loop.stop()


@contextmanager
def served(app: Any) -> Iterator[str]:
    """An ASGI application on a free port of this machine; its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_level="error", lifespan="off", ws="none", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
    thread.start()
    pause = threading.Event()
    while not server.started:
        assert thread.is_alive()
        pause.wait(0.005)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(90)
        listening.close()
