"""The dialogs of ``tests/commands``, run on Slack instead of straight into the dispatcher.

Half of them run over HTTP and half over Socket Mode, always the same half; with
``DUBAN_TEST_SLACK=both`` all run over both. What differs between the two is tested on both in any
case (``tests/slack/test_dialogs_*.py``, ``tests/slack/inbound``).
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import pytest

from tests.commands.conftest import meeting, planned, submitted
from tests.slack.as_team import Readable, TeamOnSlack
from tests.slack.dialogs.elsewhere import ELSEWHERE
from tests.slack.world import Program

__all__ = ["meeting", "planned", "submitted"]

BOTH = os.environ.get("DUBAN_TEST_SLACK") == "both"
HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    dropped = [i for i in items if i.path.is_relative_to(HERE) and not _wanted(i)]
    config.hook.pytest_deselected(items=dropped)
    gone = set(dropped)
    items[:] = [i for i in items if i not in gone]


def _wanted(item: pytest.Item) -> bool:
    name = getattr(item, "originalname", item.name)
    spec = getattr(item, "callspec", None)
    case = spec.id.removeprefix("http-").removeprefix("socket-") if spec is not None else ""
    if name in ELSEWHERE or f"{name}[{case}]" in ELSEWHERE:
        return False
    transport = spec.params.get("program") if spec is not None else None
    if BOTH or transport is None:
        return True
    others = {k: str(v) for k, v in spec.params.items() if k != "program"} if spec else {}
    half = zlib.crc32(f"{name}{sorted(others.items())}".encode()) % 2
    return transport == ("http", "socket")[half]


@pytest.fixture
def team(program: Program) -> TeamOnSlack:
    """The company that reads Chinese, on Slack."""
    return TeamOnSlack(Readable(program))


@pytest.fixture
def english_team(program: Program) -> TeamOnSlack:
    """The same company, reading English."""
    return TeamOnSlack(Readable(program, "en"))
