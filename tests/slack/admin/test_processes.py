"""``duban slack`` and ``duban manifest`` as processes of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.fakes.slack import FakeSlack
from tests.faults.processes import Duban, forks
from tests.waiting import until

pytestmark = pytest.mark.slow


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as running:
        running.app.socket_mode = True
        running.add_user("chen", "陈敏")
        running.add_channel("wuliu", "chen")
        yield running


def test_the_manifest_alone_is_on_standard_output(tmp_path: Path) -> None:
    process = Duban(forks(), tmp_path / "data", LANG="en_GB.UTF-8")
    printed = process.call("manifest", "--socket", "--lang", "zh")
    made = json.loads(printed)
    assert made["settings"]["socket_mode_enabled"] is True
    assert made["display_information"]["name"] == "督办"


def test_without_a_token_it_says_which_one(tmp_path: Path) -> None:
    process = Duban(forks(), tmp_path / "data", LANG="en_GB.UTF-8").start("slack")
    assert process.ended() == 1
    assert "SLACK_APP_TOKEN" in process.printed()


def test_an_umbrella_that_slack_has_stops_the_start(slack: FakeSlack, tmp_path: Path) -> None:
    environment = {**slack.environment, "LANG": "en_GB.UTF-8"}
    Duban(forks(), tmp_path / "data", **environment).call("migrate")
    process = Duban(forks(), tmp_path / "data", **environment, SLACK_UMBRELLA="remind")
    assert process.start("slack").ended() == 1
    assert "/remind is a command of Slack itself" in process.printed()


def test_it_connects_answers_and_ends_when_it_is_told_to(slack: FakeSlack, tmp_path: Path) -> None:
    process = Duban(forks(), tmp_path / "data", **slack.environment)
    process.call("migrate")
    process.start("slack")
    until(lambda: bool(slack.sockets.open), "it does not connect")
    seen = slack.person("chen").command("/po", "help", "wuliu")
    assert seen.ok
    heard = partial(slack.seen_by, "chen", "wuliu")
    until(lambda: any("评审" in m["text"] for m in heard()), "it does not answer")
    assert process.stop() == 0
    until(lambda: not slack.sockets.open, "it left its connection open")
    assert slack.bot_token not in process.printed()
    assert slack.app_token not in process.printed()
