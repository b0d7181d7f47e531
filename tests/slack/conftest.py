"""Companies on Slack, over both ways of connecting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.slack.harness import SlackTeam

TRANSPORTS = ("http", "socket")


@pytest.fixture(params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> str:
    """How Slack and Duban are connected; the test runs both ways."""
    return str(request.param)


@pytest.fixture
def company(sqlite_url: str, tmp_path: Path, transport: str) -> Iterator[SlackTeam]:
    """A company with a product, a channel and people of every role, over HTTP and sockets."""
    with SlackTeam(sqlite_url, tmp_path / "data", transport).running() as team:
        assert isinstance(team, SlackTeam)
        yield team


@pytest.fixture
def http_company(sqlite_url: str, tmp_path: Path) -> Iterator[SlackTeam]:
    """The same over HTTP only, for what does not depend on the connection."""
    with SlackTeam(sqlite_url, tmp_path / "data").running() as team:
        assert isinstance(team, SlackTeam)
        yield team
