"""Work that takes longer than Slack waits."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.intake import PATIENCE, RUSH
from bot.slack.listeners import submissions, talk
from domain.messages import Action, Card
from tests.fakes.slack import Seen
from tests.fakes.slack.person import Person
from tests.fakes.slack.world import TRIGGER_SECONDS
from tests.slack.inbound.lessons import Lessons
from tests.slack.inbound.stage import ROOM, Stage


def test_a_slow_command_is_acknowledged_and_answered_later(both: Stage) -> None:
    lessons, person = Lessons.held(both), both.slack.person("po")
    seen = person.command("/po", "try slow 内容", ROOM)
    assert (seen.ok, seen.body) == (True, None)  # while the work is not done
    assert len(both.queued("request")) == 0  # it is kept, and due only when this process dies
    lessons.go_on.set()
    both.until(lambda: "终于" in both.seen("po"))
    assert both.seen("dev") == []


@pytest.mark.parametrize("way", ["typed", "pressed"])
def test_what_may_ask_opens_a_modal_at_once(stage: Stage, way: str) -> None:
    lessons, person = Lessons.held(stage), stage.slack.person("po")
    if way == "typed":
        seen = person.command("/po", "try late", ROOM)
    else:
        ts = stage.post(Card("卡片", actions=(Action("按我", "try late"),)))
        pressed = person.press(ROOM, ts, "按我")
        assert pressed is not None
        seen = pressed
    assert seen.ok
    stage.until(lambda: "正在打开" in str(opened(person)))
    lessons.go_on.set()
    stage.until(lambda: opened(person).get("title", {}).get("text") == "终于")
    person.submit({"内容": "好的"})
    stage.settle()
    assert "第二步：好的" in stage.seen("dev")[-1]


def test_a_modal_that_was_closed_meanwhile_does_not_swallow_the_answer(stage: Stage) -> None:
    lessons, person = Lessons.held(stage), stage.slack.person("po")
    person.command("/po", "try late", ROOM)
    stage.until(lambda: "正在打开" in str(opened(person)))
    person.close()
    lessons.go_on.set()
    stage.until(lambda: any("请点按钮" in text for text in stage.seen("po")))


def test_many_at_once_are_acknowledged_before_they_are_done(stage: Stage) -> None:
    """More than there are threads, and than make a rush."""
    lessons, person = Lessons.held(stage), stage.slack.person("po")
    count = RUSH + 20

    async def all_at_once() -> list[Seen]:
        commands = (person.commanding("/po", f"try slow {n}", ROOM) for n in range(count))
        return await asyncio.gather(*commands)

    seen = stage.slack.run(all_at_once())
    assert [(s.ok, s.body) for s in seen] == [(True, None)] * count
    lessons.go_on.set()
    stage.until(lambda: stage.seen("po").count("终于") == count)


def test_what_is_done_before_an_acknowledgment_leaves_time_for_it() -> None:
    """Its parts follow each other; the rest of Slack's three seconds is for the way."""
    longest = max(submissions.PREPARING, talk.PREPARING) + PATIENCE
    assert longest < TRIGGER_SECONDS


def opened(person: Person) -> dict[str, Any]:
    """The uppermost modal, if one is open."""
    stack = person.team.modals(person.user.id)
    return stack[-1].body if stack else {}
