"""The dialogs of ``tests/commands``, run on DingTalk instead of straight into the dispatcher.

One in six runs, always the same; with ``DUBAN_TEST_DINGTALK=all`` all do. What is DingTalk's own is
tested in any case (``tests/dingtalk/test_dialogs_*.py``, ``tests/dingtalk/inbound``).
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import meeting, planned, submitted
from tests.dingtalk.as_team import TeamOnDingtalk
from tests.dingtalk.dialogs.elsewhere import ELSEWHERE
from tests.dingtalk.harness import DingtalkTeam
from tests.dingtalk.world import Program

__all__ = ["meeting", "planned", "submitted"]

ALL = os.environ.get("DUBAN_TEST_DINGTALK") == "all"
HERE = Path(__file__).parent
ONE_IN = 6


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    dropped = [i for i in items if i.path.is_relative_to(HERE) and not _wanted(i)]
    config.hook.pytest_deselected(items=dropped)
    gone = set(dropped)
    items[:] = [i for i in items if i not in gone]


def _wanted(item: pytest.Item) -> bool:
    if {item.name, getattr(item, "originalname", "")} & set(ELSEWHERE):
        return False
    fixtures: tuple[str, ...] = getattr(item, "fixturenames", ())
    if "team" not in fixtures or "english_team" in fixtures:
        return False  # it is not about the company of this module
    return ALL or zlib.crc32(item.name.encode()) % ONE_IN == 0


@pytest.fixture
def team(sqlite_url: str, tmp_path: Path) -> Iterator[TeamOnDingtalk]:
    """The company that reads Chinese, on DingTalk."""
    with Program(sqlite_url, tmp_path / "data").running() as running:
        yield TeamOnDingtalk(DingtalkTeam(running))
