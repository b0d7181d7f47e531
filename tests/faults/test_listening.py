"""Each command listens on the platform that it is named after, ``duban run`` on all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.dingtalk import FakeDingtalk
from tests.fakes.slack import FakeSlack
from tests.faults.processes import Duban, forks
from tests.waiting import until

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("command", "said", "heard"),
    [
        pytest.param("slack", "正在连接 Slack", {"slack"}, id="slack"),
        pytest.param("dingtalk", "正在接收钉钉", {"dingtalk"}, id="dingtalk"),
        pytest.param("run", "http://", {"slack", "dingtalk"}, id="run"),
    ],
)
def test_a_command_listens_where_it_says(
    tmp_path: Path, command: str, said: str, heard: set[str]
) -> None:
    with FakeSlack() as slack, FakeDingtalk() as dingtalk:
        slack.app.socket_mode = True
        process = Duban(forks(), tmp_path / "data", **slack.environment, **dingtalk.environment)
        process.call("migrate")
        process.start(command)
        counts = {
            "slack": lambda: len(slack.calls_of("apps.connections.open")),
            "dingtalk": lambda: dingtalk.gateway.asked,
        }
        for platform in heard:
            until(lambda p=platform: counts[p]() > 0, f"it does not listen on {platform}")
        until(lambda: said in process.printed(), "it does not say that it runs")
        assert process.stop() == 0
        assert {name for name, count in counts.items() if count()} == heard
