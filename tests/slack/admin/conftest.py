"""Duban's side of Slack over the real SDK and the stand-in, without a web server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.fakes.slack import FakeSlack
from tests.harness import MONDAY
from tests.slack.admin.office import Office


@pytest.fixture
def office(sqlite_db: Database, tmp_path: Path) -> Iterator[Office]:
    """One workspace of Duban and one Slack team that know each other by ``SLACK_BOT_TOKEN``."""
    with Office.clocked(MONDAY) as clock, FakeSlack(lambda: clock.now().timestamp()) as slack:
        slack.add_user("chen", "陈敏", email="chen@example.com")
        slack.add_user("li", "李雷")
        slack.add_channel("wuliu", "chen", "li")
        yield Office(sqlite_db, tmp_path, slack, clock)


@pytest.fixture
def shared_office(db: Database, tmp_path: Path) -> Iterator[Office]:
    """The same on both kinds of database."""
    with Office.clocked(MONDAY) as clock, FakeSlack(lambda: clock.now().timestamp()) as slack:
        slack.add_user("chen", "陈敏")
        yield Office(db, tmp_path, slack, clock)
