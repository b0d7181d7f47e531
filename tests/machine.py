"""What the tests ask of the machine, and how they behave where it is not there."""

from __future__ import annotations

import ipaddress
import json
import os
import socket
import sys
import time
from collections.abc import Mapping
from functools import partial
from typing import Any, NoReturn
from urllib.parse import urlsplit

import pytest

QUICK_SECONDS = 0.1
"""What :func:`slowness` measures takes so long on a server that has nothing else to do."""
SETTINGS = ("DUBAN_", "SLACK_", "DINGTALK_", "ZENTAO_")


class NotAvailableError(Exception):
    """The machine lacks something; the text says what."""


def give_up(reason: str) -> NoReturn:
    """Skip loudly on a person's machine; fail where a build server says that it has everything."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"NOT AVAILABLE: {reason}", pytrace=False)
    pytest.skip(f"NOT AVAILABLE: {reason}")


def slowness() -> float:
    """How many times as long as a quick idle machine this one takes now; at least 1.

    For deadlines of the outside that are in seconds, whatever machine we are on.
    """
    began = time.perf_counter()
    for number in range(2_000):
        json.loads(json.dumps([{"number": number, "text": "一些文字"}] * 50))
    return max(1.0, (time.perf_counter() - began) / QUICK_SECONDS)


def real_zentao() -> Mapping[str, str]:
    """``url``, ``account``, ``password`` of a ZenTao server to try the tracker on; or nothing.

    Ask before :func:`strip_environment`.
    """
    found = {x: os.environ.get(f"ZENTAO_{x.upper()}", "") for x in ("url", "account", "password")}
    return found if all(found.values()) else {}


def strip_environment() -> str | None:
    """Remove all settings of Duban and its platforms; answers the test server's address."""
    server = os.environ.get("DUBAN_TEST_POSTGRES_URL")
    for name in [name for name in os.environ if name.startswith(SETTINGS)]:
        del os.environ[name]
    return server


def close_network(but: str = "") -> None:
    """Refuse every connection and look-up beyond this machine, for the rest of the process.

    :param but: the address of the one server outside that was asked for (``https://…``).
    """
    host = urlsplit(but).hostname or ""
    found = socket.getaddrinfo(host, None) if host else []
    allowed = frozenset({host, *(str(x[4][0]) for x in found)} - {""})
    sys.addaudithook(partial(_guard, allowed))


def _guard(allowed: frozenset[str], event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    else:
        return
    if host is not None and host not in allowed and not _is_here(host):
        raise RuntimeError(f"a test tried to reach {host!r}: the network is closed")


def _is_here(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback or name == "0.0.0.0"
    except ValueError:
        return False
