"""DingTalk and a company that writes to it, over real sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.dingtalk.outbound.mailroom import MailRoom
from tests.fakes.dingtalk import FakeDingtalk
from tests.harness import Team


@pytest.fixture
def open_mail(sqlite_db: Database, tmp_path: Path) -> Iterator[Callable[..., MailRoom]]:
    """Opens the company's mail room, with settings of one's own."""
    team = Team(sqlite_db, tmp_path / "files")
    rooms: list[MailRoom] = []
    with FakeDingtalk(lambda: team.clock.now().timestamp()) as dingtalk:
        for handle, person in team.people.items():
            dingtalk.add_user(handle, person.name)

        def opened(**variables: str) -> MailRoom:
            rooms.append(MailRoom(tmp_path, dingtalk, team, **variables))
            return rooms[-1]

        yield opened
        for room in rooms:
            room.close()


@pytest.fixture
def mail(open_mail: Callable[..., MailRoom]) -> MailRoom:
    """A company in Shanghai that reads Chinese."""
    return open_mail()
