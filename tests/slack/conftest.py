"""Companies on Slack, over both ways of connecting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.migrate import upgrade
from tests.slack.harness import SlackTeam
from tests.slack.world import Program, running


@pytest.fixture(scope="module", params=["http", "socket"])
def program(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Program]:
    """One process for the tests of a module, over HTTP and over Socket Mode."""
    yield from _running(tmp_path_factory.mktemp("slack"), str(request.param))


@pytest.fixture(scope="module")
def http_program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The same over HTTP only, for what does not depend on the connection."""
    yield from _running(tmp_path_factory.mktemp("slack"), "http")


@pytest.fixture
def company(program: Program) -> SlackTeam:
    """A company with a product, a channel and people of every role; both ways of connecting."""
    return SlackTeam(program)


@pytest.fixture
def bare_company(program: Program) -> SlackTeam:
    """A company that has just installed Duban; both ways of connecting."""
    return SlackTeam(program, bare=True)


@pytest.fixture
def http_company(http_program: Program) -> SlackTeam:
    """A company with a product, over HTTP only."""
    return SlackTeam(http_program)


def _running(folder: Path, transport: str) -> Iterator[Program]:
    url = f"sqlite:///{folder / 'duban.sqlite'}"
    upgrade(url)
    yield from running(url, folder / "data", transport)
