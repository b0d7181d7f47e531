"""Slack and a company that writes to it, over real sockets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.clock import ManualClock
from storage.database import Database
from tests.fakes.slack import FakeSlack
from tests.harness import MONDAY, Team
from tests.slack.outbound.mailroom import MailRoom


@pytest.fixture
def mail(sqlite_db: Database, tmp_path: Path) -> Iterator[MailRoom]:
    """A company in Shanghai that reads Chinese."""
    team = Team(sqlite_db, tmp_path / "files")
    clock: ManualClock = team.clock
    assert clock.now() == MONDAY
    with FakeSlack(lambda: clock.now().timestamp()) as slack:
        for handle, person in team.people.items():
            slack.add_user(handle, person.name)
        yield MailRoom(tmp_path, slack, team)
