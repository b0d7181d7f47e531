"""The stage, over HTTP, over Socket Mode, or over both in turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.slack import FakeSlack
from tests.slack.inbound.stage import Stage, playing


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as running:
        yield running


@pytest.fixture
def stage(slack: FakeSlack, sqlite_url: str, tmp_path: Path) -> Iterator[Stage]:
    """Over HTTP."""
    with playing(Stage(slack, sqlite_url, tmp_path / "data")) as going:
        yield going


@pytest.fixture(params=["http", "socket"])
def both(
    request: pytest.FixtureRequest, slack: FakeSlack, sqlite_url: str, tmp_path: Path
) -> Iterator[Stage]:
    """Over HTTP and over Socket Mode."""
    slack.app.socket_mode = request.param == "socket"
    with playing(Stage(slack, sqlite_url, tmp_path / "data")) as going:
        yield going
