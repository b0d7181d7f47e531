"""``duban dingtalk`` as a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.dingtalk import FakeDingtalk
from tests.fakes.dingtalk.saying import ALONE
from tests.faults.processes import Duban, forks
from tests.waiting import until

pytestmark = pytest.mark.slow


@pytest.fixture
def dingtalk() -> Iterator[FakeDingtalk]:
    with FakeDingtalk() as running:
        running.add_user("chen", "陈敏", admin=True)
        running.add_group("物流", "chen")
        yield running


def test_without_credentials_it_says_which(tmp_path: Path) -> None:
    process = Duban(forks(), tmp_path / "data", LANG="en_GB.UTF-8").start("dingtalk")
    assert process.ended() == 1
    assert "DINGTALK_CLIENT_ID" in process.printed()


def test_it_connects_waits_for_a_gateway_and_ends_when_it_is_told_to(
    dingtalk: FakeDingtalk, tmp_path: Path
) -> None:
    process = Duban(forks(), tmp_path / "data", **dingtalk.environment)
    process.call("migrate")
    dingtalk.go_away()
    process.start("dingtalk")
    until(lambda: "钉钉" in process.printed() or "DingTalk" in process.printed(), "it said nothing")
    dingtalk.come_back()
    dingtalk.connected(seconds=60)
    said = dingtalk.person("chen").say(ALONE, "帮助")
    assert said.seen is not None
    assert said.seen.ok
    assert process.stop() == 0
    until(lambda: not dingtalk.gateway.open, "it left its connection open")
    assert dingtalk.app.client_secret not in process.printed()
    assert "ticket=" not in process.printed()


def test_one_process_does_everything(dingtalk: FakeDingtalk, tmp_path: Path) -> None:
    process = Duban(forks(), tmp_path / "data", **dingtalk.environment, DUBAN_PORT="0")
    process.start("run")
    dingtalk.connected(seconds=60)
    chen = dingtalk.person("chen")
    chen.say("物流", "@督办 设置 产品 tms 物流")
    until(lambda: "已新建产品" in chen.screen("物流"), "nobody answered")
    assert process.stop() == 0
