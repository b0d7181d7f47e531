"""Moving a plan, taking it back, comparing it with what was agreed."""

from __future__ import annotations

import pytest

from domain.plans import PlanStatus
from tests.commands.plan_sheets import NEW, UPGRADE, active, audits, button, dates
from tests.harness import Team

# -- shifting


def test_a_shift_is_seen_before_it_is_done(team: Team) -> None:
    team.say("po", NEW)
    before = active(team)
    shown = team.say("po", "计划 顺延 开发 +3wd")
    assert "“开发”推后 3 个工作日：5 项会变" in shown
    assert "2026年12月10日（周四） – 2026年12月23日（周三）" in shown
    assert "2026年12月15日（周二） – 2026年12月28日（周一）" in shown
    assert active(team) == before
    line = button(team, "po", "计划 顺延 开发 +3wd", "plan.button.confirm_shift")
    assert "“开发”已推后 3 个工作日" in team.say("po", line)
    after = dates(active(team))
    assert after[:2] == UPGRADE[:2]
    assert after[2] == ("开发", "2026-12-15", "2026-12-28")
    assert after[4] == ("上线", "2027-01-04", "2027-01-05")
    assert "plan:plan:shifted" in audits(team, active(team))


def test_a_preview_that_is_out_of_date_is_not_carried_out(team: Team) -> None:
    team.say("po", NEW)
    line = button(team, "po", "计划 顺延 开发 +3wd", "plan.button.confirm_shift")
    team.say("pm", "计划 阶段 调整 开发 12-30")
    assert "在预览之后又有改动" in team.say("po", line)


def test_the_whole_plan_moves_in_one_line(team: Team) -> None:
    team.say("po", NEW)
    team.say("po", "计划 顺延 全部 +1wd 确认")
    assert dates(active(team))[0] == ("需求确认与设计", "2026-12-02", "2026-12-08")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        pytest.param("开发", "要移动几个工作日", id="by how much"),
        pytest.param("开发 +3d", "顺延按工作日计算", id="calendar days"),
        pytest.param("开发 +0wd", "请写 1 到", id="by nothing"),
        pytest.param("喝茶 +3wd", "没有阶段或里程碑“喝茶”", id="what"),
    ],
)
def test_shifts_that_cannot_be(team: Team, typed: str, says: str) -> None:
    team.say("po", NEW)
    assert says in team.say("po", f"计划 顺延 {typed}")


# -- taking back


def test_undo_goes_back_exactly_step_by_step(team: Team) -> None:
    team.say("po", NEW)
    states = [active(team)]
    for line in ("顺延 开发 +3wd 确认", "阶段 删除 测试", "阶段 进度 开发 60"):
        team.say("po", f"计划 {line}")
        states.append(active(team))
    for expected in reversed(states[:-1]):
        assert "已撤销" in team.say("pm", "计划 撤销")
        assert active(team) == expected
    assert "计划“V2.0”不再存在" in team.say("po", "计划 撤销")
    with team.read() as uow:
        assert uow.plans.of_product(team.product.id) == ()
    assert audits(team, states[0]).count("plan:plan:undone") == 3
    assert "plan:plan:unmade" in audits(team, states[0])


def test_an_old_undo_button_takes_nothing_else_back(team: Team) -> None:
    team.say("po", NEW)
    line = button(team, "po", "计划 阶段 进度 开发 60", "core.undo")
    team.say("po", "计划 阶段 进度 开发 80")
    assert "不能只撤销这一步" in team.say("po", line)
    assert active(team).phases[2].progress == 80
    team.say("po", "计划 撤销")
    assert "已撤销" in team.say("po", line)
    assert active(team).phases[2].progress == 0


def test_a_plan_with_stories_is_not_unmade(team: Team) -> None:
    team.say("po", NEW)
    team.say("po", "/story new 登录改版 plan=V2.0")
    assert "已有 1 条需求（S1）" in team.say("po", "计划 撤销")
    assert active(team).name == "V2.0"


def test_a_plan_whose_deliverables_were_begun_is_not_unmade(team: Team) -> None:
    team.say("po", NEW)
    team.say("dev", "交付物 起草 22 https://x.test/22")
    assert "已有进展（22）" in team.say("po", "计划 撤销")


# -- baselines


def test_a_baseline_shows_what_became_of_the_plan(team: Team) -> None:
    team.say("po", NEW)
    assert "还没有基线" in team.say("dev", "计划 对比")
    assert "已建立" in team.say("po", "计划 基线 建立 评审通过")
    assert "一致" in team.say("dev", "计划 对比 评审通过")
    team.say("po", "计划 阶段 调整 开发 12-25")
    team.say("po", "计划 阶段 添加 联调 12-24 12-28")
    shown = team.say("dev", "计划 对比 1")
    assert "有 3 处不同" in shown
    assert "晚 2 个工作日" in shown
    assert "变化: 新增" in shown
    assert "评审通过" in team.say("dev", "计划 基线")
    assert "已有基线" in team.say("po", "计划 基线 建立 评审通过")
    assert "没有基线“别的”" in team.say("po", "计划 对比 别的")


# -- several plans, documents


def test_several_plans_one_is_current(team: Team) -> None:
    team.say("po", NEW)
    shown = team.say("po", "计划 新建 V2.1 版本升级 2027-01-04")
    assert "之前的计划“V2.0”仍在进行" in shown
    assert active(team).name == "V2.1"
    team.say("po", "计划 切换 V2.0")
    assert active(team).name == "V2.0"
    team.say("po", "计划 关闭 V2.0")
    assert active(team).name == "V2.1"
    assert "已关闭" in team.say("dev", "计划 列表")
    assert "没有计划“V9”" in team.say("dev", "计划 查看 V9")
    with team.read() as uow:
        closed = uow.plans.by_name(team.product.id, "V2.0")
    assert closed is not None
    assert closed.status is PlanStatus.CLOSED
    refused = team.say("po", f"计划 阶段 完成 {closed.phases[0].id}")
    assert "已关闭，不能修改" in refused
