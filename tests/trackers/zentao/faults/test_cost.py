"""How much is asked of ZenTao: counted, so that it cannot creep up."""

from __future__ import annotations

import math
from datetime import timedelta
from pathlib import Path

import pytest

from storage.database import Database
from tests.trackers.sync.world import World
from tests.trackers.zentao.cost import everything_read, fill, first_import, quiet
from trackers.zentao.sync.importing import PAGE

PRODUCTS, OPEN, CLOSED = 4, 30, 10
HOURS = 3


@pytest.mark.slow
def test_an_import_and_quiet_hours(sqlite_db: Database, tmp_path: Path) -> None:
    world = World(sqlite_db, tmp_path / "files")
    try:
        refs = fill(world, PRODUCTS, OPEN, CLOSED)
        found = first_import(world, refs)
        lists = PRODUCTS * math.ceil((OPEN + CLOSED) / PAGE)
        assert found["one story"] <= PRODUCTS * OPEN + 20, "each open text once, few closed ones"
        assert found["list of stories"] == lists
        assert found["all"] - found["one story"] - lists <= PRODUCTS, "the plans of each"
        everything_read(world)
        world.keep(after=timedelta(hours=1))
        found = quiet(world, timedelta(hours=HOURS))
        assert found["look (action log)"] == HOURS * 60, "one a minute"
        assert found["list of stories"] <= HOURS * PRODUCTS, "one sweep an hour"
        assert found["one story"] == 0
        assert found["version and settings"] <= 4 * HOURS, "once an hour"
        assert found["products"] + found["people"] + found["plans"] <= 2 + PRODUCTS, "rarely"
        assert found["other"] + found["login"] == 0
    finally:
        world.close()
