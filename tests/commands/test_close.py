"""``/close`` and ``/verify``: tested, verified, agreed, closed; and every way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.closures.state import Step
from domain.ids import new_id
from domain.people import Role, RoleGrant
from domain.settings import with_rule
from domain.stories import ClosedReason, Stage, Status, Story, Verdict
from tests.harness import Team

POINTS = '验收标准="有 Excel\n有 CSV"'


def story(team: Team, number: int = 1) -> Story:
    with team.read() as uow:
        return uow.stories.get(number)


def step(team: Team, number: int = 1) -> Step | None:
    with team.read() as uow:
        line = uow.closures.get(number)
    return line.step if line else None


@pytest.fixture
def ready(team: Team) -> Team:
    """S1 with two acceptance points, agreed in a review, assigned and tested."""
    team.say("po", f"/story new 导出 {POINTS} @dev")
    with team.write() as uow:
        tracker = team.services.tracker(uow, team.product, team.clock.now())
        tracker.record_verdict(1, Verdict.PASS, "", team.id("po"))
    team.say("po", "/story assign S1 @dev")
    team.say("tester", "/story stage S1 tested")
    return team


def rule(team: Team, name: str, value: str) -> None:
    with team.write() as uow:
        settings = tuple(with_rule(uow.products.get(team.product.id), name, value).items())
        uow.products.save(replace(team.product, settings=settings))


def test_the_whole_way(ready: Team) -> None:
    assert "已申请" in ready.say("dev", "/close S1")
    shown = ready.say("po", "/verify S1 全部")
    assert "已验证" in shown
    assert story(ready).stage is Stage.VERIFIED
    assert any("close agree S1" in text for text in ready.sent("pm")), "the PM is asked"
    ready.clock.advance(timedelta(hours=1))
    assert "已关闭" in ready.say("pm", "/close agree S1")
    closed = story(ready)
    assert (closed.status, closed.stage) == (Status.CLOSED, Stage.CLOSED)
    assert closed.closed_reason is ClosedReason.DONE
    with ready.read() as uow:
        line = uow.closures.get(1)
        acts = [a.action for a in uow.audit_log.of("story:1") if a.action.startswith("closure")]
        now = ready.clock.now()
        assert uow.closures.closed_between(ready.product.id, now, now + timedelta(seconds=1))
        assert not uow.closures.closed_between(ready.product.id, now - timedelta(days=1), now)
    assert line is not None
    assert (line.verified_by, line.agreed_by) == (ready.id("po"), ready.id("pm"))
    assert acts == [
        "closure:closure:requested", "closure:points:ticked", "closure:story:verified",
        "closure:closure:agreed", "closure:story:closed",
    ]  # fmt: skip


def test_everybody_concerned_hears_of_the_end_but_not_the_doer(ready: Team) -> None:
    ready.say("tester", "/close S1")
    ready.say("po", "/verify S1 all")
    before = len(ready.sent("pm"))
    ready.say("pm", "/close agree S1")
    for who in ("po", "dev", "tester"):
        assert "已关闭" in ready.sent(who)[-1]
    assert len(ready.sent("pm")) == before


def test_the_list_names_what_is_missing(ready: Team) -> None:
    shown = ready.say("po", "/close")
    assert "等产品经理验证（1）" in shown
    assert "2 条验收标准未确认" in shown
    ready.say("po", "/verify S1 全部")
    assert "已验证，等项目经理同意（1）" in ready.say("po", "关闭")
    ready.say("pm", "/close agree S1")
    assert "没有等待关闭的需求" in ready.say("po", "/close")


def test_a_request_before_the_tests_is_listed_with_what_is_missing(team: Team) -> None:
    team.say("po", f"/story new 导出 {POINTS}")
    shown = team.say("dev", "/close S1")
    for part in ("测试还没有完毕", "需求还没有评审通过", "☐ 1. 有 Excel"):
        assert part in shown
    assert "S1 导出" in team.say("po", "/close")
    assert len(team.sent("po")) == 1
    team.say("tester", "/close S1")
    assert len(team.sent("po")) == 1, "asking twice asks once"


@pytest.mark.parametrize(
    ("words", "ticked"),
    [
        pytest.param("1", {1}, id="one"),
        pytest.param("1,2", {1, 2}, id="comma"),
        pytest.param("1、2", {1, 2}, id="Chinese comma"),
        pytest.param("1-2", {1, 2}, id="range"),
        pytest.param("全部 都试过了", {1, 2}, id="all with a note"),
        pytest.param("ALL", {1, 2}, id="all in English"),
        pytest.param("3", set(), id="no such point"),
        pytest.param("0", set(), id="zero"),
        pytest.param("差不多", set(), id="no number"),
    ],
)
def test_points_on_a_line(ready: Team, words: str, ticked: set[int]) -> None:
    shown = ready.say("po", f"/verify S1 {words}")
    if not ticked:
        assert "验收标准共 2 条" in shown
    marks = ready.say("po", "/close show S1")
    assert {n for n in (1, 2) if f"☑ {n}." in marks} == ticked
    assert (story(ready).stage is Stage.VERIFIED) is (ticked == {1, 2})


def test_points_are_added_one_by_one(ready: Team) -> None:
    ready.say("po", "/verify S1 2")
    assert step(ready) is Step.OPEN
    ready.say("po", "/verify S1 1")
    assert step(ready) is Step.VERIFIED


def test_a_form_says_all_points_at_once(ready: Team) -> None:
    assert "1. 有 Excel" in ready.say("po", "/verify S1")
    ready.submit("po", "verify confirm", story="S1", points="1.1,1.2", note="")
    assert step(ready) is Step.VERIFIED
    ready.say("po", "/close undo S1")
    ready.submit("po", "verify confirm", story="S1", points="1.2", note="")
    shown = ready.say("po", "/close show S1")
    assert "☐ 1. 有 Excel" in shown
    assert "☑ 2. 有 CSV" in shown


def test_verify_without_a_story_asks_which(ready: Team) -> None:
    assert "需求（如 S12）" in ready.say("po", "/verify")
    assert "1. 有 Excel" in ready.submit("po", "verify confirm", story="S1")


def test_a_form_opened_before_a_change_ticks_nothing(ready: Team) -> None:
    with ready.write() as uow:
        tracker = ready.services.tracker(uow, ready.product, ready.clock.now())
        old = tracker.story(1)
        tracker.change(
            1, title=old.title, spec="新", verify="先导入\n有 Excel", reviewers=(), comment="",
            actor=ready.id("po"),
        )  # fmt: skip
    shown = ready.submit("po", "verify confirm", story="S1", points="1.1,1.2", note="")
    assert "变成了第 2 版" in shown
    assert step(ready) is None


def test_a_change_after_the_verification_voids_it(ready: Team) -> None:
    ready.say("po", "/verify S1 全部")
    with ready.write() as uow:
        tracker = ready.services.tracker(uow, ready.product, ready.clock.now())
        old = tracker.story(1)
        tracker.change(
            1, title=old.title, spec="新", verify=old.verify, reviewers=(), comment="",
            actor=ready.id("po"),
        )  # fmt: skip
    assert "还没有验证" in ready.say("pm", "/close agree S1")
    assert story(ready).status is Status.ACTIVE


@pytest.mark.parametrize(
    ("who", "line"),
    [
        pytest.param("pm", "/verify S1 全部", id="PM verifies"),
        pytest.param("dev", "/verify S1 全部", id="developer verifies"),
        pytest.param("po", "/close agree S1", id="PO agrees"),
        pytest.param("admin", "/close agree S1", id="administrator agrees"),
        pytest.param("tester", "/close refuse S1 不好", id="tester refuses"),
        pytest.param("dev", "/close waive S1 1 省事", id="developer waives"),
        pytest.param("dev", "/close reopen S1 再来", id="developer reopens"),
        pytest.param("customer", "/close S1", id="customer asks"),
    ],
)
def test_who_may_not(ready: Team, who: str, line: str) -> None:
    assert "需要角色" in ready.say(who, line)
    assert (step(ready), story(ready).stage) == (None, Stage.TESTED)


def test_the_pm_comes_after_the_po(ready: Team) -> None:
    shown = ready.say("pm", "/close agree S1")
    assert "还没有验证" in shown
    assert "@陈敏" in shown


def test_an_administrator_may_verify(ready: Team) -> None:
    ready.say("admin", "/verify S1 全部")
    assert step(ready) is Step.VERIFIED


@pytest.mark.parametrize("allowed", [False, True])
def test_one_person_with_both_roles(ready: Team, allowed: bool) -> None:
    with ready.write() as uow:
        uow.people.grant(RoleGrant(ready.id("po"), Role.PM, ready.product.id), new_id())
    if allowed:
        rule(ready, "closure_same_person", "yes")
    ready.say("po", "/verify S1 全部")
    shown = ready.say("po", "/close agree S1")
    assert ("另一位项目经理" in shown) is not allowed
    assert (story(ready).status is Status.CLOSED) is allowed


@pytest.mark.parametrize(
    ("who", "line"),
    [
        pytest.param("po", "/verify S1 全部", id="PO"),
        pytest.param("pm", "/close agree S1", id="PM"),
    ],
)
def test_one_word_is_enough_where_the_team_says_so(ready: Team, who: str, line: str) -> None:
    rule(ready, "closure_needs", "one")
    if who == "pm":
        assert "还不能关闭" in ready.say("pm", line), "the evidence is needed all the same"
        ready.say("pm", "/close waive S1 1 已看")
        ready.say("pm", "/close waive S1 2 已看")
    ready.say(who, line)
    assert story(ready).status is Status.CLOSED


def test_refusing_needs_a_reason_and_returns_the_story(ready: Team) -> None:
    ready.say("po", "/verify S1 1")
    assert "原因" in ready.say("po", "/close refuse S1")
    assert story(ready).stage is Stage.TESTED, "the form was opened, nothing else"
    assert "已退回" in ready.say("po", "/close refuse S1 导出少了一列")
    assert story(ready).stage is Stage.DEVELOPING
    assert "导出少了一列" in ready.sent("dev")[-1]
    assert "导出少了一列" in ready.say("dev", "/story history S1")
    assert "☐ 1." in ready.say("po", "/close show S1"), "ticks are void"


def test_there_is_nothing_to_refuse_before_the_tests(team: Team) -> None:
    team.say("po", "/story new 导出")
    assert "没有可退回的" in team.say("po", "/close refuse S1 不好")


def test_reopening(ready: Team) -> None:
    ready.say("po", "/verify S1 全部")
    ready.say("pm", "/close agree S1")
    assert "已经关闭" in ready.say("po", "/verify S1 全部")
    shown = ready.say("pm", "/close reopen S1 客户又发现问题")
    assert "客户又发现问题" in shown
    assert (story(ready).status, story(ready).stage) == (Status.ACTIVE, Stage.TESTED)
    assert "没有关闭" in ready.say("pm", "/close reopen S1 再来一次")
    ready.say("po", "/verify S1 全部")
    ready.say("pm", "/close agree S1")
    assert story(ready).status is Status.CLOSED


def test_waiving_is_kept_with_its_reason(ready: Team) -> None:
    ready.say("po", "/verify S1 1")
    assert "原因" in ready.say("po", "/close waive S1 2"), "the reason is asked for"
    shown = ready.say("po", "/close waive S1 2 下期再做")
    assert "➖ 2. 有 CSV（@陈敏 豁免：下期再做）" in shown
    assert "可选：" not in shown
    assert "没有要豁免的" in ready.say("po", "/close waive S1 2 再来")
    ready.say("po", "/verify S1 1")
    assert step(ready) is Step.VERIFIED


def test_waiving_what_is_not_missing(ready: Team) -> None:
    assert "可选：1、2" in ready.say("po", "/close waive S1 阶段 着急")


@pytest.mark.parametrize("word", ["stage", "阶段"])
def test_waiving_the_tests(team: Team, word: str) -> None:
    team.say("po", "/story new 改错字")
    team.say("po", f"/close waive S1 {word} 只改文字")
    team.say("po", "/close waive S1 status 小事")
    team.say("po", "/verify S1")
    team.say("pm", "/close agree S1")
    assert story(team).status is Status.CLOSED


def test_an_open_change_request_is_in_the_way(ready: Team) -> None:
    from domain.changes.events import Content, Logged
    from domain.changes.state import ChangeRequest

    with ready.write() as uow:
        logged = Logged(3, ready.product.id, Content(1, "再加一列"))
        uow.changes.record(
            ChangeRequest(new_id()), logged, actor=ready.id("po"), at=ready.clock.now()
        )
    shown = ready.say("po", "/verify S1 全部")
    assert "变更 CR-3 还没有完成" in shown
    assert step(ready) is Step.OPEN
    ready.say("po", "/close waive S1 cr-3 下一版做")
    ready.say("po", "/verify S1 全部")
    assert step(ready) is Step.VERIFIED


def test_undo_goes_back_step_by_step(ready: Team) -> None:
    ready.say("po", "/verify S1 全部")
    assert "需要角色" in ready.say("dev", "/close undo S1")
    ready.say("po", "/close undo S1")
    assert (step(ready), story(ready).stage) == (Step.OPEN, Stage.TESTED)
    assert "☑ 1." in ready.say("po", "/close show S1")
    ready.say("po", "/close undo S1")
    assert "☐ 1." in ready.say("po", "/close show S1")
    assert "没有可以撤销的步骤" in ready.say("po", "/close undo S1")


def test_verifying_twice(ready: Team) -> None:
    ready.say("po", "/verify S1 全部")
    assert "已经验证过了" in ready.say("po", "/verify S1 全部")


def test_going_back_to_development_asks_for_a_new_verification(ready: Team) -> None:
    ready.say("po", "/verify S1 全部")
    ready.say("dev", "/story stage S1 developing")
    ready.say("tester", "/story stage S1 tested")
    assert "还没有验证" in ready.say("pm", "/close agree S1")


def test_english(english_team: Team) -> None:
    team = english_team
    team.say("po", "/story new Export")
    for line in ("stage S1 tested",):
        team.say("tester", f"/story {line}")
    assert "1 story waits to be closed" in team.say("po", "/close")
    team.say("po", "/close waive S1 status small")
    assert "verified" in team.say("po", "/verify S1")
    assert "· closed" in team.say("pm", "/close agree S1")
