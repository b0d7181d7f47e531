"""What is said: mentions, direct messages, minutes, emoji, edits; in threads, twice, with files."""

from __future__ import annotations

import pytest

from tests.fakes.slack.faults import Fault, Way
from tests.slack.inbound.lessons import Lessons
from tests.slack.inbound.stage import ROOM, Stage


def test_a_mention_is_a_command_and_counts_once(both: Stage) -> None:
    both.slack.person("po").say(ROOM, "@Duban 需求 新建 登录改版")
    both.settle()
    assert both.stories() == ["登录改版"]
    assert len(both.posts()) == 1


def test_a_reading_mention_is_answered_once_in_its_thread(both: Stage) -> None:
    po = both.slack.person("po")
    po.command("/story", "add 登录改版", ROOM)
    root = po.say(ROOM, "话题")["ts"]
    po.say(ROOM, "@Duban 需求 列表", thread=root)
    both.settle()
    assert len(both.posts()) == 2
    assert both.queued()[-1].payload["thread"] == root


def test_a_private_answer_to_a_mention_is_ephemeral_and_comes_once(stage: Stage) -> None:
    stage.slack.person("po").say(ROOM, "@Duban 帮助")
    stage.settle()
    assert sum("评审" in text for text in stage.seen("po")) == 1
    assert sum("评审" in text for text in stage.seen("dev")) == 0


def test_the_same_event_four_times_has_one_effect(stage: Stage) -> None:
    inner = {
        "type": "app_mention", "user": stage.slack.team.user("po").id, "ts": "1795000000.000100",
        "text": f"<@{stage.slack.bot_user}> 需求 新建 登录改版", "team": stage.slack.team.id,
        "channel": stage.slack.channel(ROOM).id, "event_ts": "1795000000.000100",
    }  # fmt: skip
    event = stage.slack.event(inner)
    assert [stage.slack.deliver(event, retry=n).status for n in range(4)] == [200] * 4
    stage.settle()
    assert stage.stories() == ["登录改版"]
    assert len(stage.posts()) == 1


def test_in_the_conversation_with_duban_every_line_is_a_command(both: Stage) -> None:
    both.slack.person("po").say("app", "需求 新建 登录改版")
    both.settle()
    assert both.stories() == ["登录改版"]
    (item,) = both.queued()
    with both.store.read(both.workspace.id) as uow:
        channel = uow.channels.get(item.payload["channel"])
    assert (channel.kind, channel.person_id) == ("direct", both.people["po"].id)


def test_private_answers_there_are_ordinary_messages(stage: Stage) -> None:
    stage.slack.person("po").say("app", "帮助")
    stage.settle()
    (item,) = stage.queued()
    assert "评审" in stage.text(item)


def test_a_form_is_offered_as_a_button(stage: Stage) -> None:
    po = stage.slack.person("po")
    po.command("/story", "add 登录改版", ROOM)
    po.say(ROOM, "@Duban 变更")
    stage.settle()
    (offer,) = (m for m in stage.slack.seen_by("po", ROOM) if m.get("is_ephemeral"))
    po.press(ROOM, offer["ts"], "登记变更")
    stage.settle()
    assert po.modal.body["title"]["text"] == "登记变更"


def test_guests_and_bots_are_not_obeyed(stage: Stage) -> None:
    stage.slack.add_user("guest", "客人", is_restricted=True)
    stage.slack.channel(ROOM).members.append(stage.slack.team.user("guest").id)
    stage.slack.person("guest").say(ROOM, "@Duban 需求 新建 客人的")
    stage.settle()
    assert stage.stories() == []


@pytest.fixture
def thread(stage: Stage) -> str:
    """A review that runs, and the thread of its card."""
    po = stage.slack.person("po")
    po.command("/review", "start 登录评审", ROOM)
    root = po.say(ROOM, "评审在这里")["ts"]
    with stage.store.write(stage.workspace.id) as uow:
        review = uow.reviews.open_in(stage.channel.id)
        assert review is not None
        handle = {"channel": stage.channel.external_id, "ts": root, "thread": root}
        uow.cards.save(f"review:{review.id}", f"channel:{stage.channel.id}", handle)
    stage.settle()
    return root


def test_what_is_said_in_the_reviews_thread_becomes_minutes(stage: Stage, thread: str) -> None:
    dev = stage.slack.person("dev")
    said = dev.say(ROOM, "安全组要求加 @po 图形验证码 & <b>", thread=thread)
    dev.say(ROOM, "在频道里闲聊")
    stage.settle()
    assert stage.heard() == ["安全组要求加 @陈敏 图形验证码 & <b>"]
    dev.edit(ROOM, said["ts"], "安全组要求加滑块")
    stage.settle()
    assert stage.heard() == ["安全组要求加滑块"]
    dev.delete(ROOM, said["ts"])
    stage.settle()
    assert stage.heard() == []


def test_emoji_enter_and_take_out(stage: Stage, thread: str) -> None:
    dev = stage.slack.person("dev")
    said = dev.say(ROOM, "登录只保留短信验证码", thread=thread)
    stage.settle()
    dev.react(ROOM, said["ts"], "pushpin")
    stage.settle()
    assert "登录只保留短信验证码" in stage.decisions()
    dev.react(ROOM, said["ts"], "pushpin", added=False)
    stage.settle()
    assert stage.decisions() == []


def test_an_emoji_without_meaning_costs_no_call(stage: Stage) -> None:
    dev = stage.slack.person("dev")
    said = dev.say(ROOM, "hello")
    stage.slack.calls.clear()
    dev.react(ROOM, said["ts"], "tada")
    stage.settle()
    assert stage.slack.calls == []


def test_when_slack_is_away_the_reaction_comes_again(stage: Stage, thread: str) -> None:
    dev = stage.slack.person("dev")
    said = dev.say(ROOM, "登录只保留短信验证码", thread=thread)
    stage.settle()
    fault = stage.slack.faults.add(Fault("conversations.replies", Way.STATUS, times=2))
    dev.react(ROOM, said["ts"], "pushpin")
    stage.settle()
    assert fault.hits == 2
    assert "登录只保留短信验证码" in stage.decisions()


def test_a_file_comes_with_a_mention(both: Stage) -> None:
    Lessons(both)
    both.slack.person("po").say(ROOM, "@Duban 试试 文件", files=[("a.csv", b"1,2")])
    both.settle()
    assert any("a.csv: 3" in post for post in both.posts())
    downloads = [c for c in both.slack.calls if c.method == "files"]
    assert len(downloads) <= 1


def test_a_file_that_is_not_taken_is_said(stage: Stage) -> None:
    Lessons(stage)
    stage.slack.person("po").say(ROOM, "@Duban 试试 文件", files=[("a.exe", b"MZ")])
    stage.settle()
    assert "a.exe" in stage.seen("po")[-1]


def test_events_that_nobody_asked_for_are_acknowledged(stage: Stage) -> None:
    event = stage.slack.event({"type": "emoji_changed", "subtype": "add", "name": "x"})
    assert stage.slack.deliver(event).ok
