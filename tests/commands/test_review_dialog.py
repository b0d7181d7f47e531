"""Review meetings as people hold them, over the real dispatcher, on both databases."""

from __future__ import annotations

import pytest

from domain.reviews.state import Review
from domain.stories import Verdict
from tests.commands.reviewing import add_story, review
from tests.harness import Team


def test_the_agenda_is_what_waits_for_review(meeting: Team) -> None:
    shown = meeting.say("dev", "/review")
    assert "评审 R-1 · 登录改版 · 进行中" in shown
    assert "S1 短信登录" in shown
    assert "S2 扫码登录" in shown
    assert "正在记录" in shown
    assert "登录改版" in meeting.sent("dev")[0]


def test_a_title_is_made_up_when_there_is_none(team: Team) -> None:
    assert "物流运输管理系统 2026-11-23" in team.say("po", "/review start")


def test_named_stories_are_the_agenda(team: Team) -> None:
    add_story(team, "甲", "dev")
    add_story(team, "乙", "dev")
    shown = team.say("po", "/评审 开始 只看乙 S2")
    assert "S2 乙" in shown
    assert "S1 甲" not in shown


def test_drafts_on_the_plan_come_with_the_word_plan(team: Team) -> None:
    add_story(team, "草稿")
    assert "S1 草稿" not in team.say("po", "/review start 计划外")
    team.say("po", "/review cancel 重来")
    assert review(team).title == "计划外"


@pytest.mark.parametrize("who", ["dev", "tester", "sales", "customer"])
def test_only_leaders_start(team: Team, who: str) -> None:
    shown = team.say(who, "/review start x")
    assert "此操作需要角色" in shown
    assert "陈敏" in shown


def test_a_second_review_in_the_channel_is_refused_with_the_first(meeting: Team) -> None:
    shown = meeting.say("pm", "/review start 另一个")
    assert "正在进行评审 R-1《登录改版》" in shown
    assert "/review end R-1" in shown


def test_the_database_itself_allows_one_open_review_per_channel(meeting: Team) -> None:
    """Two people at once: the loser's transaction meets the unique index and is tried again."""
    from domain.errors import ConflictError
    from domain.ids import new_id
    from domain.reviews.events import Started
    from domain.settings import ReviewRule

    body = Started(9, meeting.product.id, "x", meeting.id("pm"), ReviewRule.ALL, meeting.channel.id)
    with pytest.raises(ConflictError), meeting.write() as uow:
        uow.reviews.record(Review(new_id()), body, actor=None, at=meeting.clock.now())
    with meeting.read() as uow:
        assert len(uow.reviews.recent(meeting.product.id)) == 1


def test_verdicts_count_once_and_are_replaced(meeting: Team) -> None:
    assert "李雷 对 S1 的意见：确认通过" in meeting.say("dev", "/review verdict S1 pass")
    shown = meeting.say("dev", "/评审 意见 S1 待明确 缺少异常流程")
    assert "有待明确（此前：确认通过）" in shown
    assert "有待明确 1" in shown
    assert "确认通过 1" not in shown
    votes = review(meeting).agenda[0].votes
    assert [(v.verdict, v.comment) for v in votes] == [(Verdict.CLARIFY, "缺少异常流程")]


def test_a_verdict_of_somebody_else_is_kept_and_not_counted(meeting: Team) -> None:
    shown = meeting.say("pm", "/review verdict S1 reject 太贵")
    assert "不计票" in shown
    assert "李雷、@赵倩" in shown
    assert "结论" not in shown.split("S1 短信登录")[1].split("\n")[0]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        pytest.param(
            "/review verdict S1 revert", "第 1 版，没有可撤销的变更", id="revert version 1"
        ),
        pytest.param("/review verdict S9 pass", "不在议程上", id="not on the agenda"),
        pytest.param("/review verdict S1 好的吧", "确认通过", id="no verdict: the form"),
        pytest.param("/review agenda remove S9", "不在议程上", id="remove what is not there"),
        pytest.param("/review agenda add S1", "已在议程上", id="add what is there"),
        pytest.param("/review agenda add", "要添加或移除什么", id="add nothing"),
        pytest.param("/review reopen R-1", "正在进行中", id="reopen what is open"),
        pytest.param("/review show R-9", "没有评审 R-9", id="unknown number"),
    ],
)
def test_what_cannot_be_done_is_explained(meeting: Team, line: str, answer: str) -> None:
    assert answer in meeting.say("po", line)


def test_the_form_opens_when_something_is_missing(meeting: Team) -> None:
    shown = meeting.say("po", "/review decide")
    assert "记决定" in shown
    assert "必填" in shown
    assert "📌 决定：只留短信" in meeting.submit("po", "review decide", text="只留短信")


def test_undo_is_for_the_author_and_the_chair(meeting: Team) -> None:
    meeting.say("dev", "/review decide 用短信")
    assert "只有本人或主持人" in meeting.say("tester", "/review undo")
    assert "已撤回：决定：用短信" in meeting.say("po", "/review undo")
    assert not review(meeting).entries
    meeting.say("dev", "/review decide 用短信")
    meeting.say("dev", "/review undo")
    assert not review(meeting).entries
    assert "S2 加入议程" in meeting.say("po", "/review undo")
    assert "S1 加入议程" in meeting.say("po", "/review undo")
    assert "没有可撤回" in meeting.say("po", "/review undo")


def test_undo_of_a_verdict_brings_the_earlier_back(meeting: Team) -> None:
    meeting.say("dev", "/review verdict S1 pass")
    meeting.say("dev", "/review verdict S1 reject")
    meeting.say("dev", "/review undo")
    assert [v.verdict for v in review(meeting).agenda[0].votes] == [Verdict.PASS]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param("/review", "Review R-1 · login · open", id="card"),
        pytest.param("/review verdict S1 pass", "is noted but not counted", id="not counted"),
        pytest.param("/review decide only SMS", "Decision: only SMS", id="decision"),
        pytest.param("/review action @dev fri prototype", "due Fri, 27 Nov 2026", id="action"),
        pytest.param("/review question why", "Open question A-1: why", id="question"),
        pytest.param("/review note hm", "Noted in the minutes", id="note"),
        pytest.param("/review undo", "Taken back", id="undo"),
        pytest.param("/review end", "1 story has no outcome", id="end"),
    ],
)
def test_the_same_dialog_in_english(english_team: Team, line: str, shown: str) -> None:
    add_story(english_team, "SMS", "dev", "tester")
    english_team.say("po", "/review start login")
    assert shown in english_team.say("po", line)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param("决定 登录只留短信", "登录只留短信", id="decision"),
        pytest.param("决定：登录只留短信", "登录只留短信", id="full-width colon"),
        pytest.param("记录 安全组要求验证码", "已记入纪要", id="note"),
        pytest.param("待办 @李雷 周五 更新原型", "更新原型", id="action, though 待办 is a command"),
        pytest.param("问题 海外手机号怎么办", "海外手机号怎么办", id="question"),
        pytest.param("评审意见 S1 通过", "通过", id="verdict"),
        pytest.param("在场", "李雷", id="present"),
        pytest.param("decide SMS only", "SMS only", id="English"),
    ],
)
def test_short_lines_while_a_review_is_open(team: Team, line: str, shown: str) -> None:
    team.say("po", "/story new 登录改版")
    team.say("po", "/review start 登录 S1")
    said = team.say("dev", line)
    assert shown in said
    assert "没有这个命令" not in said
    assert "→" in said, "the review's card, with what comes next"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("决定 登录只留短信", id="decision"),
        pytest.param("记录 安全组要求验证码", id="note"),
        pytest.param("问题：海外手机号怎么办", id="question"),
        pytest.param("决定", id="the word alone opens no form"),
    ],
)
def test_short_lines_without_a_review_say_how_to_start_one(team: Team, line: str) -> None:
    said = team.say("po", line)
    assert f"“{line[:2]}”是评审里用的，这里没有进行中的评审" in said
    assert "发起评审" in said


def test_a_button_starts_the_review_that_is_missing(team: Team) -> None:
    answer = team.ask(team.request("po", "/review end"))
    (start,) = answer.reply.cards[0].actions
    assert "R-1" in team.say("po", start.command)
    assert "登录只留短信" in team.say("po", "决定 登录只留短信")


def test_short_lines_mean_nothing_without_a_review(team: Team) -> None:
    assert "“decide”是评审里用的" in team.say("dev", "decide SMS only")
    assert "更新原型" not in team.say("dev", "/action list all")
    team.say("po", "/review start 登录")
    assert "更新原型" in team.say("dev", "/action add @tester 周五 更新原型")
    assert "A-1" in team.say("dev", "/action list all"), "a named subcommand is what it says"
