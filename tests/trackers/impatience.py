"""A client that waits for every answer, but not for one that a fault keeps back.

A short time-out for all requests would fail on a busy machine, for one that only takes its time.
"""

from __future__ import annotations

import httpx

from tests.fakes.zentao.faults import Faults

IMPATIENT = 0.2
"""Seconds after which a client gives up while ZenTao hangs (40 in earnest)."""


def give_up_soon(http: httpx.Client, faults: Faults) -> None:
    """Wait only a moment for what will hang."""

    def look(request: httpx.Request) -> None:
        if faults.will_hang(f"{request.method} {request.url.raw_path.decode()}"):
            request.extensions["timeout"] = httpx.Timeout(IMPATIENT).as_dict()

    http.event_hooks = {"request": [look]}
