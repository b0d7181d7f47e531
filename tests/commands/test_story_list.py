"""``/story list``: filters, groups, plans."""

from __future__ import annotations

import pytest

from domain.ids import new_id
from domain.plans.model import Plan
from domain.stories import ClosedReason, Stage
from tests.commands.stories import make, stored
from tests.harness import Team


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        pytest.param("", {1, 2, 3}, id="all open ones"),
        pytest.param("已测试", {2}, id="stage"),
        pytest.param("tested", {2}, id="stage in English"),
        pytest.param("评审中", {3}, id="status"),
        pytest.param("mine", {1}, id="mine"),
        pytest.param("我的", {1}, id="mine in Chinese"),
        pytest.param("@dev", {2}, id="somebody's"),
        pytest.param("草稿 导出", {2}, id="status and text"),
        pytest.param("LOGIN", {1}, id="text, case folded"),
        pytest.param("50%", set(), id="a percent sign is no pattern"),
        pytest.param("全部", {1, 2, 3, 4}, id="closed ones too"),
        pytest.param("已关闭", {4}, id="closed ones"),
        pytest.param("未计划 导出", {2}, id="unplanned"),
    ],
)
def test_list_filters(team: Team, words: str, numbers: set[int]) -> None:
    for line in ("Login 改版", "运单导出", "报表 @dev", "旧需求"):
        team.say("po", f"/story new {line}")
    team.say("po", "/story assign S1 @po")
    team.say("po", "/story assign S2 @dev")
    team.say("po", "/story stage S2 tested")
    with team.write() as uow:
        tracker = team.services.tracker(uow, team.product, team.clock.now())
        tracker.close(4, ClosedReason.POSTPONED, "", team.id("po"))
    shown = team.say("po", f"/story list {words}")
    assert {n for n in range(1, 5) if f"- S{n} " in shown} == numbers
    if not numbers:
        assert "没有符合条件的需求" in shown


def test_the_list_is_grouped_by_stage(team: Team) -> None:
    for title in ("甲", "乙", "丙"):
        team.say("po", f"/story new {title}")
    team.say("po", "/story stage S1 tested")
    shown = team.say("dev", "需求")
    assert shown.index("未开始（2）") < shown.index("S2 乙") < shown.index("测试完毕（1）")
    assert shown.index("测试完毕（1）") < shown.index("S1 甲")


def test_a_number_alone_shows_the_story(team: Team) -> None:
    make(team, '登录改版 描述="新界面"')
    assert "新界面" in team.say("dev", "/story S1")
    assert "新界面" in team.say("dev", "需求 #1")


def test_an_empty_list_says_how_to_begin(team: Team) -> None:
    shown = team.say("po", "/story")
    assert "还没有需求" in shown
    assert "/story import" in shown
    assert "/story new" not in team.say("dev", "/story")


@pytest.fixture
def planned(team: Team) -> Team:
    """The team with two plans, v2.3 and v2.4."""
    with team.write() as uow:
        for name in ("v2.3 运单", "v2.4 结算"):
            plan = Plan(new_id(), team.product.id, name)
            uow.plans.add(plan, by=None, at=team.clock.now())
    return team


def test_stories_go_on_a_plan_and_off_it(planned: Team) -> None:
    make(planned)
    make(planned, "导出")
    shown = planned.say("po", "/story plan S1 S2 v2.3")
    assert "已移入计划“v2.3 运单”：S1 登录改版、S2 导出" in shown
    assert stored(planned).stage is Stage.PLANNED
    assert "计划: v2.3 运单" in planned.say("po", "/story show S1")
    assert "移入计划 v2.3 运单" in planned.say("po", "/story history S1")
    planned.say("po", "/story unplan S1")
    assert (stored(planned).plan_id, stored(planned).stage) == (None, Stage.WAIT)
    planned.say("po", "/story undo S1")
    assert stored(planned).plan_id == stored(planned, 2).plan_id


def test_the_list_of_a_plan(planned: Team) -> None:
    make(planned, "登录改版 计划=v2.3")
    make(planned, "导出")
    for words in ("v2.3", "v2.3 运单", "计划=v2.3", "plan=v2.3 未开始 已计划"):
        shown = planned.say("dev", f"/story list {words}")
        assert "S1 登录改版" in shown
        assert "S2 导出" not in shown
    assert "S2 导出" in planned.say("dev", "/story list 未计划")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        pytest.param("v9", "现有计划：v2.4 结算、v2.3 运单", id="unknown"),
        pytest.param("v2", "现有计划：v2.4 结算、v2.3 运单", id="more than one"),
    ],
)
def test_a_plan_that_is_not_found(planned: Team, name: str, says: str) -> None:
    make(planned)
    assert says in planned.say("po", f"/story plan S1 {name}")


def test_the_form_offers_the_plans(planned: Team) -> None:
    shown = planned.say("po", "/story new")
    assert "v2.3 运单" in shown
    assert "v2.4 结算" in shown
    with planned.read() as uow:
        last = uow.plans.of_product(planned.product.id)[-1]
    planned.submit("po", "story new", title="结算单", plan=last.id)
    assert stored(planned).plan_id == last.id
