"""Teams whose product lives in a ZenTao."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.trackers.sync.world import VERSIONS, World

Make = Callable[..., World]


@pytest.fixture
def make_world(sqlite_db: Database, tmp_path: Path) -> Iterator[Make]:
    """Makes a world on SQLite: ``make_world("18.10")``."""
    made: list[World] = []

    def make(version: str = "22.4") -> World:
        made.append(World(sqlite_db, tmp_path / "files", version))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def world(make_world: Make) -> World:
    """ZenTao 22.4 with the team's product bound to it."""
    world = make_world()
    world.bind()
    return world


@pytest.fixture(params=VERSIONS)
def each_world(request: pytest.FixtureRequest, make_world: Make) -> World:
    """Both versions of ZenTao, with the team's product bound."""
    world = make_world(str(request.param))
    world.bind()
    return world


@pytest.fixture
def db_world(db: Database, tmp_path: Path) -> Iterator[World]:
    """ZenTao 22.4 on both databases, with the team's product bound."""
    world = World(db, tmp_path / "files")
    world.bind()
    yield world
    world.close()
