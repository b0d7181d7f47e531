"""A team whose product lives in a ZenTao that has a bad day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.trackers.sync.world import VERSIONS, World


@pytest.fixture(params=VERSIONS)
def world(request: pytest.FixtureRequest, sqlite_db: Database, tmp_path: Path) -> Iterator[World]:
    """Both versions, with the team's product bound."""
    world = World(sqlite_db, tmp_path / "files", str(request.param))
    world.bind()
    yield world
    world.close()


@pytest.fixture
def new_world(sqlite_db: Database, tmp_path: Path) -> Iterator[World]:
    """22.4 alone, where the version makes no difference."""
    world = World(sqlite_db, tmp_path / "files")
    world.bind()
    yield world
    world.close()
