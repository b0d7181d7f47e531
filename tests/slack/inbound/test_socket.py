"""Socket Mode: connecting late, again, and ending."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.slack import FakeSlack
from tests.slack.inbound.lessons import Lessons
from tests.slack.inbound.stage import ROOM, Stage, playing
from tests.waiting import MOST_SECONDS


@pytest.fixture
def going(slack: FakeSlack, sqlite_url: str, tmp_path: Path) -> Iterator[Stage]:
    slack.app.socket_mode = True
    with playing(Stage(slack, sqlite_url, tmp_path / "data")) as stage:
        yield stage


def test_it_connects_again_when_slack_asks_for_it(going: Stage) -> None:
    going.slack.run(going.slack.sockets.disconnect_all("refresh_requested"))
    going.until(lambda: going.slack.sockets.greeted >= 2)
    person = going.slack.person("po")
    going.until(lambda: person.command("/help", "", ROOM).ok)


@pytest.mark.slow  # the SDK notices by its own clock
def test_it_connects_again_when_the_connection_breaks(going: Stage) -> None:
    going.slack.run(going.slack.sockets.break_all())
    going.until(lambda: going.slack.sockets.greeted >= 2)
    person = going.slack.person("po")
    going.until(lambda: person.command("/help", "", ROOM).ok)


def test_a_first_connection_that_fails_is_tried_again(
    slack: FakeSlack, sqlite_url: str, tmp_path: Path
) -> None:
    slack.app.socket_mode = True
    stage = Stage(slack, sqlite_url, tmp_path / "data")
    fault = slack.faults.fail("apps.connections.open")
    stage.platform.start()
    fault.wait()
    stage.platform.stop()
    stage.core.intake.close()
    stage.store.database.close()
    assert slack.sockets.greeted == 0


def test_what_is_under_way_is_answered_before_it_ends(going: Stage) -> None:
    lessons, person = Lessons.held(going), going.slack.person("po")
    seen = []
    typing = threading.Thread(
        target=lambda: seen.append(person.command("/po", "try slow 内容", ROOM))
    )
    typing.start()
    assert lessons.begun.wait(MOST_SECONDS)
    ending = threading.Thread(target=going.platform.stop)
    ending.start()
    lessons.go_on.set()
    typing.join(MOST_SECONDS)
    ending.join(MOST_SECONDS)
    assert seen[0].ok
    assert "终于" in "".join(going.seen("po"))
