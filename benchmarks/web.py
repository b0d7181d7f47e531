"""Commands through the web surface's HTTP interface, beside a bare ASGI handler."""

from __future__ import annotations

import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.databases import Databases
from benchmarks.load import Make, Timing, load, post
from benchmarks.report import ROUNDS, Row, show
from benchmarks.seed import TOKEN, company

CONNECTIONS = {1: 0.6, 16: 0.8, 64: 1.5}
"""How many, and how many seconds each."""
LOG = "/change log S12 改用短信登录 因为客户要求"


@dataclass(frozen=True, slots=True)
class Variant:
    """One server and what is asked of it."""

    port: int
    make: Make


Figures = dict[tuple[str, int], Timing]


def run(databases: Databases) -> None:
    """Measure and print."""
    for kind in databases.kinds():
        with ExitStack() as stack:
            variants = _variants(databases, kind, stack)
            figures = measure(variants, CONNECTIONS, ROUNDS)
        show(f"web, {kind}", list(_rows(figures)))
        _spread(databases, kind)


def _variants(databases: Databases, kind: str, stack: ExitStack) -> dict[str, Variant]:
    url, folder = databases.fresh(kind), databases.folder()
    made = company(url, folder)
    channel = made.channels[0]
    made.store.database.close()
    bare = stack.enter_context(server("bare"))
    insert = stack.enter_context(server("insert", databases.fresh(kind)))
    duban = stack.enter_context(server("duban", url, str(folder)))
    simple: Make = _bytes(post("/", bare, {"text": LOG}, {}))
    token = {"Authorization": f"Bearer {TOKEN}"}

    def api(text: str) -> Make:
        body = {"channel": channel.name, "thread": None, "text": text}
        return _bytes(post("/api/v1/commands", duban, body, token))

    return {
        "A": Variant(bare, simple),
        "B": Variant(insert, simple),
        "api /help": Variant(duban, api("/help")),
        "api /change log": Variant(duban, api(LOG)),
        "chat /help": Variant(duban, chat(duban, channel.id, "/help")),
        "chat /change log": Variant(duban, chat(duban, channel.id, LOG)),
    }


def measure(
    variants: dict[str, Variant],
    connections: Mapping[int, float],
    rounds: int,
    rest: float = 0.0,
) -> Figures:
    """The median of each figure over rounds in which the variants take turns.

    :param rest: seconds before each, for what was acknowledged and is still being done.
    """
    found: dict[tuple[str, int], list[Timing]] = {}
    with load_core():
        for _ in range(rounds):
            for count, seconds in connections.items():
                for name, variant in variants.items():
                    time.sleep(rest)
                    timing = load(variant.port, variant.make, count, seconds)
                    found.setdefault((name, count), []).append(timing)
    return {
        key: Timing(
            statistics.median(t.p50 for t in each),
            statistics.median(t.p99 for t in each),
            statistics.median(t.rate for t in each),
        )
        for key, each in found.items()
    }


def _rows(figures: Figures) -> Iterator[Row]:
    for name, floor in (
        ("api /help", "A"), ("api /change log", "B"), ("chat /help", "B"),
        ("chat /change log", "B"),
    ):  # fmt: skip
        for count in CONNECTIONS:
            ours, least = figures[name, count], figures[floor, count]
            title = f"{name} : {floor}, {count} conn."
            aim = 1.3 if floor == "A" else 2.0
            tail = None if floor == "A" else 2.0
            rate = None if floor == "A" else 0.6
            yield Row(f"{title} p50", "ms", ours.p50, least.p50, aim)
            yield Row(f"{title} p99", "ms", ours.p99, least.p99, tail)
            yield Row(f"{title} rate", "1/s", ours.rate, least.rate, rate, at_least=True)


def _spread(databases: Databases, kind: str) -> None:
    """The same command beside 1 and 100 registered ones."""
    url, folder = databases.fresh(kind), databases.folder()
    company(url, folder, each=1).store.database.close()
    token = {"Authorization": f"Bearer {TOKEN}"}
    body = {"channel": None, "thread": None, "text": "/help help"}
    with ExitStack() as stack:
        variants: dict[str, Variant] = {}
        for commands in (1, 100):
            port = stack.enter_context(server("duban", url, str(folder), str(commands)))
            make = _bytes(post("/api/v1/commands", port, body, token))
            variants[str(commands)] = Variant(port, make)
        figures = measure(variants, {1: CONNECTIONS[1]}, ROUNDS)
    one, hundred = figures["1", 1], figures["100", 1]
    rows = [Row("100 commands : 1 command, p50", "ms", hundred.p50, one.p50, 1.1)]
    show(f"registered commands, {kind}", rows)


def chat(port: int, channel: str, text: str) -> Make:
    """The chat page's own request, as a browser that has a session sends it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/api/v1/chat/me")
    answer = connection.getresponse()
    me: dict[str, Any] = json.loads(answer.read())
    cookie = str(answer.headers["set-cookie"]).partition(";")[0]
    connection.close()
    headers = {"Cookie": cookie, "X-CSRF-Token": str(me["csrf"])}
    run_id = os.urandom(6).hex()

    def make(number: int) -> bytes:
        body = {"text": text, "client_id": f"{run_id}-{make_count()}-{number}"}
        return post(f"/api/v1/chat/channels/{channel}/messages", port, body, headers)

    numbers = iter(range(10**12))

    def make_count() -> int:
        return next(numbers)

    return make


def _bytes(request: bytes) -> Make:
    return lambda _number: request


@contextmanager
def server(*arguments: str) -> Iterator[int]:
    """A server process on the first core; answers its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server", *arguments], stdout=subprocess.PIPE, text=True
    )
    try:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, {_cores()[0]})
        assert process.stdout is not None
        lines = (line.split() for line in process.stdout)
        yield next(int(words[1]) for words in lines if words[:1] == ["port"])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@contextmanager
def load_core() -> Iterator[None]:
    """The load comes from another core than the servers'."""
    cores = _cores()
    if not hasattr(os, "sched_setaffinity") or len(cores) < 2:
        yield
        return
    os.sched_setaffinity(0, {cores[1]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _cores() -> list[int]:
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
