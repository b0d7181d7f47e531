"""Answers that do not get through the nearest way."""

from __future__ import annotations

import pytest

from tests.slack.inbound.lessons import Lessons
from tests.slack.inbound.stage import ROOM, Stage


def test_every_card_of_an_answer_arrives(stage: Stage) -> None:
    """One in the acknowledgment, five by the response URL, the others in the channel."""
    Lessons(stage)
    stage.slack.person("po").command("/po", "try many", ROOM)
    stage.settle()
    assert sorted(stage.seen("po")) == [f"第{n}张" for n in range(1, 8)]
    assert stage.seen("dev") == []


def test_an_ephemeral_answer_that_is_refused_comes_directly_with_advice(stage: Stage) -> None:
    stage.slack.faults.refuse("chat.postEphemeral", "user_not_in_channel")
    stage.slack.person("po").say(ROOM, "@Duban 帮助")
    stage.settle()
    advice, answer = stage.told("po")
    assert "/invite @duban" in advice
    assert "评审" in answer


def test_an_ephemeral_answer_for_which_slack_is_away_comes_directly(stage: Stage) -> None:
    stage.slack.faults.fail("chat.postEphemeral")
    stage.slack.person("po").say(ROOM, "@Duban 帮助")
    stage.settle()
    (answer,) = stage.told("po")
    assert "评审" in answer


def test_slack_away_while_it_is_asked_whether_duban_is_there(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.slack.faults.fail("conversations.info")
    stage.slack.person("po").command("/story", "add 登录改版", ROOM)
    stage.settle()
    assert stage.stories() == ["登录改版"]
    assert "slack.not_advised" in caplog.text
    assert "slack.after_ack" not in caplog.text, "no trace of a mistake: there is none"


def test_a_form_whose_trigger_is_spent_is_offered_again(stage: Stage) -> None:
    stage.slack.faults.refuse("views.open", "expired_trigger_id")
    po = stage.slack.person("po")
    po.command("/story", "add 登录改版", ROOM)
    po.command("/change", "", ROOM)
    stage.settle()
    (offer,) = (m for m in stage.slack.seen_by("po", ROOM) if m.get("is_ephemeral"))
    po.press(ROOM, offer["ts"], "登记变更")
    stage.settle()
    assert po.modal.body["title"]["text"] == "登记变更"


def test_a_language_that_was_just_chosen_holds_for_the_next_answer(stage: Stage) -> None:
    po = stage.slack.person("po")
    po.command("/help", "", ROOM)
    assert "评审" in stage.seen("po")[-1]
    po.command("/team", "language en", ROOM)
    po.command("/help", "", ROOM)
    assert stage.seen("po")[-1].startswith("What Duban can do")
