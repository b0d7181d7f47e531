"""The engine: from queueing to handling, one at a time, in one lane, and in many lanes."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Mapping
from typing import Any

from benchmarks.databases import Databases
from benchmarks.report import Row, show
from bot.engine import DbosEngine

JOBS = 200
WAIT = 60.0


class _Watch:
    """Knows when how many jobs were handled."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0

    def handle(self, _payload: Mapping[str, Any]) -> None:
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait_for(self, count: int) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._count >= count, WAIT):
                raise TimeoutError(f"{self._count} of {count} jobs in {WAIT} s")


def run(databases: Databases) -> None:
    """Measure and print."""
    for kind in databases.kinds():
        watch = _Watch()
        engine = DbosEngine(databases.fresh(kind))
        engine.register("bench", watch.handle)
        engine.start()
        try:
            show(f"engine, {kind}", _measure(engine, watch))
        finally:
            engine.stop()


def _measure(engine: DbosEngine, watch: _Watch) -> list[Row]:
    done = 0

    def queue(count: int, lanes: int) -> float:
        nonlocal done
        begun = time.perf_counter()
        for n in range(count):
            engine.enqueue(f"bench-{done + n}", "bench", {}, f"lane-{n % lanes}")
        done += count
        watch.wait_for(done)
        return time.perf_counter() - begun

    queue(1, 1)
    single = [queue(1, 1) * 1000 for _ in range(20)]
    return [
        Row("queued to handled, alone, p50", "ms", statistics.median(single)),
        Row("queued to handled, alone, longest of 20", "ms", max(single)),
        Row(f"{JOBS} jobs in one lane", "1/s", JOBS / queue(JOBS, 1)),
        Row(f"{JOBS} jobs in {JOBS} lanes", "1/s", JOBS / queue(JOBS, JOBS)),
    ]
