"""Files from a chat platform: kept once, named safely, and of no other kind than ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.surfaces.received import Received
from domain.errors import UserError
from domain.messages import FileRef
from storage.database import Database
from tests.harness import Team

PNG = b"\x89PNG\r\n\x1a\n and so on"


@pytest.fixture
def team(sqlite_db: Database, tmp_path: Path) -> Team:
    return Team(sqlite_db, tmp_path)


@pytest.fixture
def received(team: Team) -> Received:
    return Received(team.store, team.files, team.clock)


def keep(team: Team, received: Received, name: str, data: bytes) -> FileRef:
    return received.keep(
        team.workspace.id, team.id("po"), "f1", name, data, unfit="slack.file_kind"
    )


def test_what_was_kept_is_known_by_its_id(team: Team, received: Received) -> None:
    assert received.known(team.workspace.id, "f1") is None
    kept = keep(team, received, "../原型\u202e.png", PNG)
    assert kept == FileRef("f1", "原型.png", "image/png", len(PNG))
    assert received.known(team.workspace.id, "f1") == kept
    assert team.files.get("f1") == PNG
    with team.read() as uow:
        stored = uow.files.get("f1")
    assert stored is not None
    assert (stored.created_by, stored.created_at) == (team.id("po"), team.clock.now())


def test_kept_by_two_deliveries_at_once_it_is_one_file(team: Team, received: Received) -> None:
    first = keep(team, received, "a.png", PNG)
    assert keep(team, received, "a.png", PNG) == first
    assert received.known(team.workspace.id, "f1") == first


@pytest.mark.parametrize(
    ("name", "data", "shown"),
    [
        pytest.param("run.exe", b"MZ", "run.exe", id="of no kind that is taken"),
        pytest.param("a.png", b"MZ", "a.png", id="not what its name says"),
        pytest.param("", b"x", "?", id="without a name"),
    ],
)
def test_what_is_not_taken_is_not_kept(
    team: Team, received: Received, name: str, data: bytes, shown: str
) -> None:
    with pytest.raises(UserError) as refused:
        keep(team, received, name, data)
    assert (refused.value.text.key, refused.value.text.params) == (
        "slack.file_kind", {"name": shown},
    )  # fmt: skip
    assert received.known(team.workspace.id, "f1") is None
