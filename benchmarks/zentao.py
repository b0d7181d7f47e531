"""What ZenTao is asked for: the first import of many products, and a quiet day (counted)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from benchmarks.databases import Databases
from benchmarks.report import Row, show
from storage.database import Database
from tests.trackers.sync.world import World
from tests.trackers.zentao.cost import everything_read, fill, first_import, quiet

PRODUCTS, OPEN, CLOSED = 50, 100, 900
FEW = 5
DAY = timedelta(days=1)


def run(databases: Databases) -> None:
    """Count and print; the stand-in answers at once, so that the seconds are Duban's own."""
    name = f"first import, {PRODUCTS} products of {OPEN + CLOSED:,} stories, {OPEN} open each"
    with _world(databases) as world:
        refs = fill(world, PRODUCTS, OPEN, CLOSED)
        begun = time.perf_counter()
        found = first_import(world, refs)
        show(name, [*_rows(found), Row("time", "s", time.perf_counter() - begun)])
    with _world(databases) as world:
        # A sweep asks for a thousand stories a page: few of them cost as many requests as many.
        first_import(world, fill(world, PRODUCTS, FEW, FEW))
        everything_read(world)
        world.keep(after=timedelta(hours=1))
        show(f"a quiet day, {PRODUCTS} products", _rows(quiet(world, DAY)))


@contextmanager
def _world(databases: Databases) -> Iterator[World]:
    world = World(Database(databases.fresh("sqlite")), databases.folder())
    try:
        yield world
    finally:
        world.close()


def _rows(found: Counter[str]) -> list[Row]:
    return [Row(kind, "requests", count) for kind, count in found.most_common()]
