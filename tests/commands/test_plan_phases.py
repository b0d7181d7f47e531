"""Phases and milestones of a plan: progress, dates, who is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.messages import T
from domain.plans import PhaseStatus
from domain.requests import Kind
from tests.commands.plan_sheets import NEW, UPGRADE, active, dates
from tests.harness import Team

# -- phases


def test_progress_and_end_of_a_phase(team: Team) -> None:
    team.say("po", NEW)
    assert "0% → 60%" in team.say("po", "计划 阶段 进度 开发 60%")
    assert active(team).phases[2].status is PhaseStatus.ACTIVE
    shown = team.say("po", "/plan phase done 1")
    assert "阶段“需求确认与设计”已完成（2026年11月23日（周一））" in shown
    assert "还有 4 项交付物未提交：11 需求概要说明书" in shown
    assert "请确认出口条件：升级范围已确认" in shown
    assert "已完成，不能再改动" in team.say("po", "/plan phase done 1")
    team.say("po", "计划 阶段 重开 需求确认")
    assert active(team).phases[0].status is PhaseStatus.ACTIVE


def test_what_was_done_late_says_by_how_much(team: Team) -> None:
    team.say("po", NEW)
    team.clock.advance(timedelta(days=20))  # Sunday 13 December
    shown = team.say("po", "计划 阶段 完成 需求评审 12-11")
    assert "比计划晚 2 个工作日" in shown
    assert active(team).phases[1].done_on == date(2026, 12, 11)


def test_nothing_is_done_in_the_future(team: Team) -> None:
    team.say("po", NEW)
    assert "还没到" in team.say("po", "计划 阶段 完成 需求评审 12-11")


@pytest.mark.parametrize(
    ("typed", "starts", "ends"),
    [
        pytest.param("开发 12-25", "2026-12-10", "2026-12-25", id="a new end"),
        pytest.param("开发 到 12-25", "2026-12-10", "2026-12-25", id="a new end in words"),
        pytest.param("开发 开始 12-14", "2026-12-14", "2026-12-25", id="a new start"),
        pytest.param("开发 12-14 12-20", "2026-12-14", "2026-12-20", id="both"),
        pytest.param("开发 12-14 到 12-20", "2026-12-14", "2026-12-20", id="from … to"),
        pytest.param("开发 12-14 5天", "2026-12-14", "2026-12-18", id="start and length"),
        pytest.param("开发 +2wd", "2026-12-14", "2026-12-25", id="two working days later"),
        pytest.param("3 +2wd", "2026-12-14", "2026-12-25", id="by number"),
        pytest.param("开发 提前 1 个工作日", "2026-12-09", "2026-12-22", id="earlier"),
    ],
)
def test_new_dates_of_one_phase(team: Team, typed: str, starts: str, ends: str) -> None:
    team.say("po", NEW)
    shown = team.say("po", f"计划 阶段 调整 {typed}")
    assert dates(active(team))[2] == ("开发", starts, ends), shown


def test_a_slip_that_breaks_what_follows_is_said_and_stored(team: Team) -> None:
    team.say("po", NEW)
    shown = team.say("po", "计划 阶段 调整 开发 12-30")
    assert "“测试”开始得太早：要等“开发”，还差" in shown
    assert active(team).phases[2].ends == date(2026, 12, 30)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        pytest.param("阶段 调整 开发 2-30", "date", id="no such day"),
        pytest.param("阶段 调整 开发", "请写开始和结束日期", id="no date"),
        pytest.param("阶段 调整 喝茶 12-01", "计划里没有阶段“喝茶”", id="no such phase"),
        pytest.param("阶段 调整 需求 12-08", "对应多项", id="two such phases"),
        pytest.param("阶段 调整 开发 12-20 12-14", "结束日期早于开始日期", id="backwards"),
        pytest.param("阶段 进度 开发", "请写进度百分比", id="no percentage"),
        pytest.param("阶段 进度 开发 120", "进度应在 0 到 100 之间", id="120 %"),
        pytest.param("阶段 负责人 开发", "请写上负责人", id="no owner"),
        pytest.param("阶段 添加 联调 12-20", "请写开始和结束日期", id="half the dates"),
        pytest.param("阶段 添加 开发 12-01 12-02", "已有同名", id="a second 开发"),
        pytest.param("阶段 添加 新 12-01 12-02 交付物=99", "编号不在 1 到 26 之间", id="no. 99"),
        pytest.param("里程碑 调整 上线", "请写日期", id="milestone without a date"),
        pytest.param("里程碑 完成 喝茶", "没有里程碑“喝茶”", id="no such milestone"),
    ],
)
def test_mistakes_are_answered_and_change_nothing(team: Team, typed: str, says: str) -> None:
    team.say("po", NEW)
    before = active(team)
    shown = team.say("po", f"计划 {typed}")
    assert says in shown or (says == "date" and "2-30" in shown), shown
    assert active(team) == before


def test_a_new_phase_with_all_that_belongs_to_it(team: Team) -> None:
    team.say("po", NEW)
    team.say("po", "计划 阶段 添加 联调 12-24 12-28 前置=开发 交付物=22、23 出口=全部联通 @dev")
    plan = active(team)
    phase = plan.phases[3]
    assert (phase.name, phase.owner, phase.gate) == ("联调", team.id("dev"), "全部联通")
    assert phase.deliverables == (22, 23)
    assert [d.phase_id for d in phase.predecessors] == [plan.phases[2].id]
    with team.read() as uow:
        assert [d.number for d in uow.deliverables.of_phase(phase.id)] == [23]  # 22 is due later
    team.say("po", "计划 阶段 删除 联调")
    assert [p.name for p in active(team).phases] == [name for name, _, _ in UPGRADE]


def test_a_length_after_a_predecessor_is_enough(team: Team) -> None:
    team.say("po", NEW)
    team.say("po", "计划 阶段 添加 联调 3天 前置=开发")
    assert dates(active(team))[3] == ("联调", "2026-12-24", "2026-12-28")


def test_forms_ask_for_what_each_act_needs(team: Team) -> None:
    team.say("po", NEW)
    shown = {
        act: [f.name for f in form.fields]
        for act in ("add", "move", "progress", "done", "owner", "remove")
        if (form := team.ask(team.request("po", f"/plan phase {act}")).reply.form)
    }
    assert shown == {
        "add": ["act", "title", "starts", "ends", "owner", "after", "outputs", "gate"],
        "move": ["act", "part", "starts", "ends"],
        "progress": ["act", "part", "percent"],
        "done": ["act", "part", "ends"],
        "owner": ["act", "part", "owner"],
        "remove": ["act", "part"],
    }
    plan = active(team)
    development = plan.phases[2].id
    team.submit("po", "plan phase", act="progress", part=development, percent="40")
    team.submit(
        "po", "plan phase", act="add", title="联调", starts="2026-12-24", ends="2026-12-28",
        owner=team.id("dev"), after=development,
    )  # fmt: skip
    team.submit("po", "plan milestone", act="move", part=plan.milestones[0].id, ends="2026-12-10")
    after = active(team)
    assert after.phases[2].progress == 40
    assert (after.phases[3].name, after.phases[3].owner) == ("联调", team.id("dev"))
    assert after.milestones[0].due == date(2026, 12, 10)


def test_whoever_gets_a_phase_is_told_by_name(team: Team) -> None:
    team.say("po", NEW)
    assert "“开发”的负责人现在是 @李雷" in team.say("po", "计划 阶段 负责人 开发 @李雷")
    assert "请您负责计划“V2.0”的阶段“开发”" in team.sent("dev")[0]
    team.say("po", "计划 阶段 负责人 开发 无")
    assert active(team).phases[2].owner is None


# -- milestones


def test_milestones_from_first_to_last(team: Team) -> None:
    team.say("po", NEW)
    assert "落在非工作日" in team.say("po", "计划 里程碑 添加 发布会 12-26 阶段=上线")
    stone = next(m for m in active(team).milestones if m.name == "发布会")
    assert (stone.due, stone.phase_id) == (date(2026, 12, 26), active(team).phases[4].id)
    team.say("po", "计划 里程碑 调整 发布会 +3wd")
    assert next(m for m in active(team).milestones if m.name == "发布会").due.day == 30
    team.say("po", "/plan milestone done 发布会")
    assert "已达成 2026年11月23日" in team.say("po", "/plan")
    team.say("po", "/plan milestone reopen 发布会")
    team.say("po", "/plan milestone remove 发布会")
    assert "发布会" not in [m.name for m in active(team).milestones]


@pytest.mark.parametrize(
    ("command", "values", "wrong"),
    [
        pytest.param("plan phase", {"act": "remove", "part": ""}, {"part"}, id="which phase"),
        pytest.param(
            "plan phase", {"act": "progress", "part": "", "percent": ""}, {"part", "percent"},
            id="all that is needed",
        ),
        pytest.param(
            "plan milestone", {"act": "move", "part": "", "ends": "2026-12-30"}, {"part"},
            id="which milestone",
        ),
        pytest.param("plan shift", {"part": "all", "by": ""}, {"by"}, id="by how much"),
    ],
)  # fmt: skip
def test_a_form_that_comes_back_says_what_it_lacks(
    team: Team, command: str, values: dict[str, str], wrong: set[str]
) -> None:
    team.say("po", NEW)
    form = team.ask(team.request("po", command, kind=Kind.FORM, values=values)).reply.form
    assert form is not None
    assert {f.name for f in form.fields if f.error == T("core.field_required")} == wrong
    assert {f.name: f.value for f in form.fields} == values


def test_the_next_step_of_a_form_is_not_wrong_yet(team: Team) -> None:
    team.say("po", NEW)
    values = {"act": "move", "part": ""}
    form = team.ask(team.request("po", "plan phase", kind=Kind.FORM, values=values)).reply.form
    assert form is not None
    assert [f.name for f in form.fields] == ["act", "part", "starts", "ends"]
    assert not any(f.error for f in form.fields)
