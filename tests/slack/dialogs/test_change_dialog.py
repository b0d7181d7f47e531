from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.test_change_dialog import *  # noqa: F403
from tests.slack.world import Program, running


@pytest.fixture(params=["http", "socket"])
def program(request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str) -> Iterator[Program]:
    """A process for each test: these dialogs have ids of plans that can stand in one database."""
    yield from running(sqlite_url, tmp_path / "slack", str(request.param))
