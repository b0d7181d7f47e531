"""What is said to Duban in a review: a line of the minutes, or a command with a slip in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.reviews.state import EntryKind, Review, ReviewStatus
from domain.stories import Verdict
from tests.dingtalk.inbound.office import Office
from tests.fakes.dingtalk.saying import ALONE


@pytest.fixture(scope="module")
def meeting(new_office: Callable[..., Office]) -> Office:
    """An office in whose group a review is open."""
    office = new_office()
    office.furnish()
    office.say("po", "评审 开始 登录 S1")
    return office


def _review(office: Office) -> Review:
    with office.store.read(office.workspace.id) as uow:
        (product,) = uow.products.all()
        (running,) = uow.reviews.running(product.id)
    assert running.status is ReviewStatus.OPEN
    return running


def _notes(office: Office) -> list[str]:
    return [e.text for e in _review(office).of_kind(EntryKind.NOTE)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("验收标准没有写清楚，手机号换了怎么办", id="sentence"),
        pytest.param("同意 张三 的看法", id="words"),
        pytest.param("the login page is slow", id="english"),
        pytest.param("@赵倩 你看一下异常流程", id="to-somebody"),
        pytest.param("同意，没有别的问题", id="a-word-of-commands"),
    ],
)
def test_a_remark_is_kept_and_can_be_taken_back(meeting: Office, text: str) -> None:
    shown = meeting.say("dev", text)
    assert "已记入纪要，撤回请发送“@督办 评审 撤回”" in shown
    assert "参加" not in shown, "the whole card is not shown for it"
    assert _notes(meeting)[-1].removeprefix("@") == text.removeprefix("@")
    assert "已撤回" in meeting.say("dev", "评审 撤回")
    assert text not in _notes(meeting)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("平审 结束", "› @督办 评审 结束", id="slip"),
        pytest.param("变跟 列表", "› @督办 变更 列表", id="slip-of-another"),
        pytest.param(
            "计划 有点紧", "› 记入纪要：@督办 评审 记录 计划 有点紧", id="a-command's-word"
        ),
        pytest.param("平审 太快", "› 记入纪要：@督办 评审 记录 平审 太快", id="slip-or-remark"),
        pytest.param("同意 CR-3", "› @督办 变更 批准 CR-3", id="a-command-without-its-name"),
        pytest.param("嗯", "没有“嗯”这个命令", id="one-letter"),
        pytest.param("/随便 说说", "没有“/随便”这个命令", id="with-a-slash"),
        pytest.param("完成", "现在没有要填的内容", id="steers-nothing"),
    ],
)
def test_what_is_nearly_a_command_is_not_kept(meeting: Office, text: str, shown: str) -> None:
    before = _notes(meeting)
    assert shown in meeting.say("dev", text)
    assert _notes(meeting) == before


def test_what_was_not_kept_can_be_kept_by_the_line_that_is_offered(meeting: Office) -> None:
    meeting.say("dev", "计划 有点紧")
    assert "已记入纪要" in meeting.say("dev", "评审 记录 计划 有点紧")
    assert _notes(meeting)[-1] == "计划 有点紧"


def test_a_command_that_goes_wrong_offers_nothing_else(meeting: Office) -> None:
    assert "记入纪要" not in meeting.say("dev", "评审 意见 S99 通过")
    assert "记入纪要" not in meeting.say("dev", "意见 S99 通过")


@pytest.mark.parametrize(
    ("text", "verdict", "why"),
    [
        pytest.param("S1 通过", Verdict.PASS, "", id="story-first"),
        pytest.param("S1待明确，没有写导出格式", Verdict.CLARIFY, "没有写导出格式", id="together"),
        pytest.param("拒绝 S1。", Verdict.REJECT, "", id="verdict-first"),
        pytest.param("s1: clarify", Verdict.CLARIFY, "", id="english"),
    ],
)
def test_a_verdict_in_ones_own_words_counts(
    meeting: Office, text: str, verdict: Verdict, why: str
) -> None:
    before = _notes(meeting)
    assert "李雷 对 S1 的意见" in meeting.say("dev", text)
    vote = _review(meeting).agenda[0].vote_of(meeting.person("dev"))
    assert vote is not None
    assert (vote.verdict, vote.comment) == (verdict, why)
    assert _notes(meeting) == before


def test_a_verdict_about_nothing_is_asked_further(meeting: Office) -> None:
    assert "给出评审意见" in meeting.say("dev", "通过")
    meeting.alone("dev", "S1")
    assert "李雷 对 S1 的意见：确认通过" in _then(meeting, "dev", "完成")


def _then(office: Office, who: str, answer: str) -> str:
    """What an answer given alone brings to the group."""
    person = office.dingtalk.person(who)
    before = person.screen(office.group)
    office.alone(who, answer)
    return person.screen(office.group)[len(before) :]


@pytest.mark.parametrize("text", ["S1通过率太低", "同意他说的 S1"])
def test_a_sentence_with_a_verdicts_word_is_a_remark(meeting: Office, text: str) -> None:
    assert "已记入纪要" in meeting.say("dev", text)


@pytest.mark.parametrize("text", ["我们想要深色模式", "S1 通过", ""])
def test_people_from_outside_are_told_whom_to_tell(meeting: Office, text: str) -> None:
    before = _review(meeting)
    assert "请直接告诉产品经理" in meeting.say("customer", text)
    after = _review(meeting)
    assert (after.entries, after.agenda[0].votes) == (before.entries, before.agenda[0].votes)


def test_where_no_review_is_open_it_is_no_command(meeting: Office) -> None:
    shown = meeting.say("tester", "验收标准没有写清楚", room=ALONE)
    assert "没有“验收标准没有写清楚”这个命令" in shown
    assert "记入纪要" not in shown


def test_a_message_that_comes_twice_is_in_the_minutes_once(meeting: Office) -> None:
    person = meeting.dingtalk.person("dev")
    heard = person.say(meeting.group, "@督办 两次说的话")
    meeting.settle()
    text = {"msgtype": "text", "text": {"content": " 两次说的话"}}
    payload = person.payload(meeting.group, heard.message, ()) | text
    person.run(person.outbound.robot(payload))
    meeting.settle()
    assert _notes(meeting).count("两次说的话") == 1
