"""How much one person may ask in a while, and how much one request may bring."""

from __future__ import annotations

import json
import math
import re
import threading
from collections import OrderedDict
from datetime import datetime
from typing import Any, cast

from starlette.requests import ClientDisconnect, Request

from domain.clock import Clock
from web.errors import ApiError

JSON_LIMIT = 256 * 1024
# Most bodies hold no such escape, and then nothing in them needs to be looked at.
_NO_TEXT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_BROKEN = re.compile("[\x00\ud800-\udfff]")


class RateLimit:
    """A bucket per person: ``burst`` requests at once, then ``per_minute``.

    Kept in memory, per process; people who were quiet longest are forgotten first.
    """

    def __init__(self, clock: Clock, *, per_minute: int = 120, burst: int = 40) -> None:
        self._clock = clock
        self._rate = per_minute / 60
        self._burst = burst
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, datetime]] = OrderedDict()

    def take(self, who: str) -> None:
        """Count one request; ``ApiError`` 429, with the seconds to wait, when it is too many."""
        now = self._clock.now()
        with self._lock:
            level, at = self._buckets.pop(who, (float(self._burst), now))
            passed = max(0.0, (now - at).total_seconds())
            level = min(float(self._burst), level + passed * self._rate)
            enough = level >= 1
            self._buckets[who] = (level - 1 if enough else level, now)
            if len(self._buckets) > 10_000:
                self._buckets.popitem(last=False)
        if not enough:
            wait = max(1, math.ceil((1 - level) / self._rate))
            raise ApiError(429, "web.too_many", {"retry-after": str(wait)}, seconds=wait)


async def body_bytes(request: Request, limit: int) -> bytes:
    """The body; ``ApiError`` 413 as soon as it is known to be larger than ``limit`` bytes."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise too_large(limit)
    data = bytearray()
    try:
        async for chunk in request.stream():
            data += chunk
            if len(data) > limit:
                raise too_large(limit)
    except ClientDisconnect as error:
        raise ApiError(400, "web.http_400") from error
    return bytes(data)


def too_large(limit: int) -> ApiError:
    """The error that names the limit."""
    return ApiError(413, "web.too_large", limit=f"{limit // (1024 * 1024) or 1} MB")


async def json_body(request: Request) -> dict[str, Any]:
    """The body as a JSON object; ``ApiError`` 422 when it is none.

    A body with text that is none (half an emoji, NUL), which JSON can spell but neither UTF-8 nor
    every database can hold, is refused in the same way.
    """
    data = await body_bytes(request, JSON_LIMIT)
    try:
        # Decoded here: for bytes the library would let half of an emoji pass.
        body: Any = json.loads(data.decode()) if data else {}
        sound = _NO_TEXT.search(data) is None or _is_text(body)
    except (ValueError, RecursionError) as error:
        raise ApiError(422, "web.no_json") from error
    if not isinstance(body, dict) or not sound:
        raise ApiError(422, "web.no_json")
    return cast("dict[str, Any]", body)


def _is_text(value: Any) -> bool:
    """Whether every text in a value of JSON can be stored."""
    if isinstance(value, str):
        return _BROKEN.search(value) is None
    if isinstance(value, list):
        return all(map(_is_text, cast("list[Any]", value)))
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value)
        return all(map(_is_text, pairs)) and all(map(_is_text, pairs.values()))
    return True
