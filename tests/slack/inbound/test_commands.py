"""Slash commands, over both ways in."""

from __future__ import annotations

import pytest

from tests.slack.inbound.stage import ROOM, Stage


def test_a_reading_command_is_answered_in_the_acknowledgment(both: Stage) -> None:
    both.slack.person("po").command("/story", "add 登录改版", ROOM)
    writes = both.writes()
    seen = both.slack.person("dev").command("/story", "list", ROOM)
    assert seen.body["response_type"] == "in_channel"
    assert "登录改版" in both.seen("tester")[-1]
    assert writes() == 0


def test_what_only_the_asker_is_to_see(stage: Stage) -> None:
    stage.slack.person("po").command("/help", "", ROOM)
    assert "评审" in stage.seen("po")[-1]
    assert stage.seen("dev") == []


def test_what_was_changed_goes_to_the_channel_by_the_outbox(both: Stage) -> None:
    seen = both.slack.person("po").command("/story", "add 登录改版", ROOM)
    assert (seen.ok, seen.body) == (True, None)
    (post,) = both.posts()
    assert post.startswith("S1 登录改版")
    assert both.stories() == ["登录改版"]


@pytest.mark.parametrize(
    ("command", "text"),
    [
        pytest.param("/review", "start 登录评审", id="its own name"),
        pytest.param("/po", "review start 登录评审", id="the umbrella"),
        pytest.param("/po", "评审 开始 登录评审", id="in Chinese"),
        pytest.param("/po", "／评审开始 “登录评审”", id="as input methods write it"),
    ],
)
def test_one_grammar(stage: Stage, command: str, text: str) -> None:
    stage.slack.person("po").command(command, text, ROOM)
    assert stage.posts()[0].startswith("评审 R-1《登录评审》")


def test_mentions_become_people(stage: Stage) -> None:
    stage.slack.person("po").command("/review", "start 登录评审", ROOM)
    stage.slack.person("po").command("/review", "action @李雷 更新原型 a<b", ROOM)
    assert any("@李雷" in post and "更新原型 a<b" in post for post in stage.posts())


def test_an_error_is_for_the_asker_alone(stage: Stage) -> None:
    seen = stage.slack.person("dev").command("/setup", "product x 产品", ROOM)
    assert seen.body["response_type"] == "ephemeral"
    assert stage.seen("po") == []


def test_the_same_delivery_again_has_one_effect_and_the_same_answer(stage: Stage) -> None:
    answers = stage.deliver_often("po", "/story", "add 登录改版", 4)
    assert [(a.status, a.body) for a in answers] == [(200, None)] * 4
    assert stage.stories() == ["登录改版"]
    assert len(stage.posts()) == 1


@pytest.mark.parametrize(
    ("room", "title"),
    [
        pytest.param(ROOM, "payload 校验", id="in what was typed"),
        pytest.param("payload-team", "登录改版", id="in the channel's name"),
    ],
)
def test_the_word_payload_is_a_word_like_any_other(both: Stage, room: str, title: str) -> None:
    """Bolt takes every form in which it stands for one of Slack's interactions."""
    if room != ROOM:
        both.slack.add_channel(room, "po")
    assert both.slack.person("po").command("/story", f"add {title} in=tms", room).ok
    assert both.stories() == [title]


def test_a_form_is_opened_within_the_triggers_life(both: Stage) -> None:
    person = both.slack.person("po")
    person.command("/story", "add 登录改版", ROOM)
    assert person.command("/change", "", ROOM).ok
    both.settle()
    assert person.modal.body["title"]["text"] == "登记变更"


@pytest.mark.parametrize("private", [True, False])
def test_where_duban_is_no_member_the_person_is_told_what_to_do(
    stage: Stage, private: bool
) -> None:
    stage.slack.add_channel("secret", "po", private=private, bot=False)
    stage.slack.person("po").command("/story", "add 登录改版 in=tms", "secret")
    stage.settle()
    told = stage.seen("po", "secret")[-1]
    assert "/invite @duban" in told
    assert "不用再做一次" in told
    assert stage.stories() == ["登录改版"]


def test_a_conversation_of_two_people_is_not_taken_for_the_one_with_duban(stage: Stage) -> None:
    room = stage.slack.team.direct(stage.slack.team.user("po").id, stage.slack.team.user("dev").id)
    seen = stage.slack.person("po").command("/story", "list in=tms", room)
    assert seen.body["response_type"] == "ephemeral"
    with stage.store.read(stage.workspace.id) as uow:
        assert uow.channels.by_external("slack", room.id) is None


def test_when_slack_does_not_say_who_it_is_nothing_is_done(stage: Stage) -> None:
    stage.slack.add_user("new", "新人")
    stage.slack.channel(ROOM).members.append(stage.slack.team.user("new").id)
    stage.slack.faults.fail("users.info", times=None)
    seen = stage.slack.person("new").command("/story", "add 别人的", ROOM)
    assert seen.ok
    assert "Slack" in seen.body["text"]
    assert stage.stories() == []


def test_a_guest_has_no_rights(stage: Stage) -> None:
    stage.slack.add_user("guest", "客人", is_restricted=True)
    stage.slack.channel(ROOM).members.append(stage.slack.team.user("guest").id)
    seen = stage.slack.person("guest").command("/story", "add 客人的", ROOM)
    assert seen.body["response_type"] == "ephemeral"
    assert stage.stories() == []
