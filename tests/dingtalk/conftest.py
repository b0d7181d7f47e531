"""Companies on DingTalk, over both ways of connecting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dingtalk.harness import DingtalkTeam
from tests.dingtalk.world import Program


@pytest.fixture(params=["stream", "http"])
def program(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> Iterator[Program]:
    """One process with an empty database, over the stream and over HTTP."""
    with Program(sqlite_url, tmp_path / "data", str(request.param)).running() as running:
        yield running


@pytest.fixture
def company(program: Program) -> DingtalkTeam:
    """A company with a product, a group and people of every role; both ways of connecting."""
    return DingtalkTeam(program)


@pytest.fixture
def bare_company(program: Program) -> DingtalkTeam:
    """A company that has just installed Duban; both ways of connecting."""
    return DingtalkTeam(program, bare=True)


@pytest.fixture
def stream_company(sqlite_url: str, tmp_path: Path) -> Iterator[DingtalkTeam]:
    """A company with a product, over the stream only, for what does not depend on the way."""
    with Program(sqlite_url, tmp_path / "data").running() as running:
        yield DingtalkTeam(running)


@pytest.fixture
def english_company(sqlite_url: str, tmp_path: Path) -> Iterator[DingtalkTeam]:
    """The same company, reading English."""
    with Program(sqlite_url, tmp_path / "data", locale="en").running() as running:
        yield DingtalkTeam(running)
