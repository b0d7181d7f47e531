"""Whether this process lives, whether it can work, and how much it did."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from time import perf_counter

from anyio.to_thread import run_sync
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics import Counter, Histogram
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("duban.web")

Check = Callable[[], bool]
"""Answers whether something works; raising means that it does not. Runs in a worker thread."""


def health_routes(checks: Mapping[str, Check], registry: CollectorRegistry) -> list[Route]:
    """``/healthz`` (alive), ``/readyz`` (every check passes, else 503), ``/metrics``."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_request: Request) -> Response:
        found = {name: await run_sync(_passes, name, check) for name, check in checks.items()}
        ready = all(found.values())
        return JSONResponse({"ready": ready, "checks": found}, 200 if ready else 503)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]


def _passes(name: str, check: Check) -> bool:
    try:
        return check()
    except Exception:
        log.exception("ready.failed", extra={"check": name})
        return False


class Measured:
    """Counts requests by method and status, and how long they took (streams are left out)."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        labels = ("method", "status")
        self._count = Counter("duban_http_requests", "Requests", labels, registry=registry)
        self._seconds = Histogram("duban_http_seconds", "Time to answer", registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on and count."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = perf_counter()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._count.labels(_method(scope["method"]), str(message["status"])).inc()
                self._seconds.observe(perf_counter() - begun)
            await send(message)

        await self._app(scope, receive, sending)


def _method(name: str) -> str:
    """The method, if it is one that we know: nobody fills the metrics with words of their own."""
    return name if name in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "OTHER"
