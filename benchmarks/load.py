"""A load generator: keep-alive connections that send the next request when the answer is there.

It speaks just enough HTTP/1.1 by hand to be several times faster than what it measures.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Make = Callable[[int], bytes]
"""The bytes of request number n."""

WARM_UP = 0.2
"""Seconds that are not counted."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What a load found: milliseconds, and answers in a second."""

    p50: float
    p99: float
    rate: float


def post(path: str, port: int, body: Mapping[str, Any], headers: Mapping[str, str]) -> bytes:
    """A request."""
    data = json.dumps(body, ensure_ascii=False).encode()
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Content-Type: application/json",
        f"Content-Length: {len(data)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def load(port: int, make: Make, connections: int, seconds: float) -> Timing:
    """Load the server for a while; an answer that is not 200 is an error."""
    return asyncio.run(_load(port, make, connections, seconds))


async def _load(port: int, make: Make, connections: int, seconds: float) -> Timing:
    loop = asyncio.get_running_loop()
    begun = time.perf_counter()
    run = _Run(make, begun + WARM_UP, begun + WARM_UP + seconds)
    clients = [_Client(run, loop.create_future()) for _ in range(connections)]
    for client in clients:
        await loop.create_connection(lambda c=client: c, "127.0.0.1", port)
    await asyncio.gather(*(c.done for c in clients))
    times = sorted(run.times)
    rate = len(times) / (run.last - run.count_from)
    return Timing(times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000, rate)


class _Run:
    def __init__(self, make: Make, count_from: float, until: float) -> None:
        self.make = make
        self.count_from = count_from
        self.until = until
        self.numbers = itertools.count()
        self.times: list[float] = []
        self.last = until


class _Client(asyncio.Protocol):
    def __init__(self, run: _Run, done: asyncio.Future[None]) -> None:
        self._run = run
        self.done = done
        self._data = b""
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        request = self._run.make(next(self._run.numbers))
        self._sent = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, found, body = self._data.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        now = time.perf_counter()
        if not head.startswith(b"HTTP/1.1 200") or b'"failed":true' in body:
            self._fail(RuntimeError(self._data[:500].decode(errors="replace")))
            return
        self._data = b""
        if now >= self._run.count_from:
            self._run.times.append(now - self._sent)
            self._run.last = now
        if now < self._run.until:
            self._send()
        elif not self.done.done():
            self.done.set_result(None)
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(exc or RuntimeError("the server closed the connection"))

    def _fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)


def _length(head: bytes) -> int:
    lower = head.lower()
    start = lower.index(b"content-length:") + 15
    end = lower.find(b"\r\n", start)
    return int(lower[start : end if end >= 0 else None])
