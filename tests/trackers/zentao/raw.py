"""ZenTao without a guard: requests as a careless client would send them, to show what they do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from tests.fakes.zentao import BOT, BOT_PASSWORD, FakeZentao


class Careless:
    """One token, no lock, no reading back."""

    def __init__(self, fake: FakeZentao, account: str = BOT, password: str = BOT_PASSWORD) -> None:
        self._base = f"{fake.url}/api.php"
        login = {"account": account, "password": password}
        self.token = httpx.post(f"{self._base}/v1/tokens", json=login).json()["token"]

    def send(self, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        """One request: ``send("PUT", "v2/stories/8", {...})``."""
        return httpx.request(
            method,
            f"{self._base}/{path}",
            json=body,
            params=query or None,
            headers={"Token": self.token},
        )


class Meddler(httpx.BaseTransport):
    """A transport that lets something happen just before a request of ours goes out.

    :param on: the requests that it waits for, as ``METHOD /path`` holds it.
    :param act: what happens, once.
    """

    def __init__(self, on: str, act: Callable[[], None]) -> None:
        self._inner = httpx.HTTPTransport()
        self._on = on
        self._act: Callable[[], None] | None = act

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._act and self._on in f"{request.method} {request.url.path}":
            act, self._act = self._act, None
            act()
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


class Liar(httpx.BaseTransport):
    """A transport that answers “success” to some requests and does not pass them on."""

    def __init__(self, on: str) -> None:
        self._inner = httpx.HTTPTransport()
        self._on = on

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._on in f"{request.method} {request.url.path}":
            return httpx.Response(200, json={"status": "success", "message": "保存成功"})
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


class Deaf(httpx.HTTPTransport):
    """Takes the status out of edits over v1, as servers do whose edit does not know it."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PUT" and "/v1/stories/" in request.url.path:
            body = json.loads(request.content)
            body.pop("status", None)
            request = httpx.Request(
                "PUT", request.url, json=body,
                headers={k: v for k, v in request.headers.items() if k != "content-length"},
            )  # fmt: skip
        return super().handle_request(request)
