"""``/plan`` as people type it: making, changing, shifting, taking back, comparing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.messages import Action
from domain.plans import PhaseStatus, Plan, PlanStatus
from tests.commands.plan_sheets import NEW, active, dates
from tests.harness import Team

UPGRADE = [
    ("需求确认与设计", "2026-12-01", "2026-12-07"),
    ("需求评审", "2026-12-08", "2026-12-09"),
    ("开发", "2026-12-10", "2026-12-23"),
    ("测试", "2026-12-23", "2026-12-29"),
    ("上线", "2026-12-30", "2026-12-31"),
]


def button(team: Team, who: str, line: str, label: str) -> str:
    """The command behind a button of the reply to a line."""
    answer = team.ask(team.request(who, line))
    actions: list[Action] = [a for card in answer.reply.cards for a in card.actions]
    return next(a.command for a in actions if getattr(a.label, "key", "") == label)


def audits(team: Team, plan: Plan) -> list[str]:
    """What was written into the audit about a plan, oldest first."""
    with team.read() as uow:
        assert uow.audit_log.verify()[1] is None
        return sorted(entry.action for entry in uow.audit_log.of(f"plan:{plan.id}"))


# -- looking


def test_without_a_plan_the_ways_to_one_are_shown(team: Team) -> None:
    shown = team.say("dev", "计划")
    assert "还没有进行中的计划" in shown
    for line in ("/plan new", "/plan backward", "/plan import"):
        assert line in shown


def test_everybody_of_the_company_sees_how_it_stands(team: Team) -> None:
    team.say("po", NEW)
    shown = team.say("tester", "/plan")
    assert "计划 V2.0 · 正常" in shown
    assert "3. 开发 · 2026年12月10日（周四） – 2026年12月23日（周三） · 未开始" in shown
    assert "◆ 上线 · 2026年12月31日（周四） · 还有 28 个工作日" in shown
    assert "下一阶段: 需求确认与设计，2026年12月1日（周二） 开始" in shown


def test_customers_do_not_see_plans(team: Team) -> None:
    team.say("po", NEW)
    assert "此操作需要角色" in team.say("customer", "/plan")


def test_what_is_late_is_said_with_its_button(team: Team) -> None:
    team.say("po", NEW)
    team.clock.advance(timedelta(days=17))  # 10 December
    shown = team.say("po", "/plan")
    assert "已延期" in shown
    assert "逾期 3 个工作日" in shown
    line = button(team, "po", "/plan", "plan.button.done")
    assert "阶段“需求确认与设计”已完成" in team.say("po", line)


# -- making


def test_a_plan_from_a_template(team: Team) -> None:
    shown = team.say("po", NEW)
    assert (
        "已建立计划“V2.0”：2026年12月1日（周二） – 2026年12月31日（周四），共 5 个阶段。" in shown
    )
    assert dates(active(team)) == UPGRADE
    assert audits(team, active(team)) == ["plan:plan:made"]


def test_the_form_makes_the_same_plan(team: Team) -> None:
    answer = team.ask(team.request("pm", "/plan new"))
    assert answer.reply.form is not None
    names = [f.name for f in answer.reply.form.fields]
    assert names == ["name", "template", "start", "release", "adjust"]
    values = {"name": "V2.0", "template": "upgrade", "start": "2026-12-01", "release": "v2.0.1"}
    team.submit("pm", "plan new", **values)
    assert dates(active(team)) == UPGRADE
    assert active(team).release == "v2.0.1"


def test_lengths_and_fixed_dates_of_the_form_count(team: Team) -> None:
    adjust = "需求确认与设计 3\n开发 12-14 12-18"
    values = {"name": "短", "template": "upgrade", "start": "2026-12-01", "adjust": adjust}
    team.submit("po", "plan new", **values)
    found = {name: (starts, ends) for name, starts, ends in dates(active(team))}
    assert found["需求确认与设计"] == ("2026-12-01", "2026-12-03")
    assert found["开发"] == ("2026-12-14", "2026-12-18")


def test_a_line_of_the_form_that_is_not_understood_stands_beside_its_field(team: Team) -> None:
    values = {"name": "x", "start": "2026-12-01", "adjust": "喝茶 3"}
    shown = team.submit("po", "plan new", **values)
    assert "“喝茶 3”：计划里没有阶段“喝茶”" in shown
    assert "2026-12-01" in shown


def test_backward_from_going_live(team: Team) -> None:
    team.say("po", "计划 倒排 V2.0 版本升级 2026-12-31")
    assert dates(active(team)) == UPGRADE


def test_a_go_live_that_comes_too_soon_names_the_first_that_would_do(team: Team) -> None:
    shown = team.say("po", "/plan backward V2.0 upgrade 2026-12-04")
    assert "时间不够：“需求确认与设计”还缺" in shown
    assert "最早可在" in shown
    with team.read() as uow:
        assert uow.plans.of_product(team.product.id) == ()


def test_names_are_used_once(team: Team) -> None:
    team.say("po", NEW)
    assert "已有同名的计划“V2.0”" in team.say("pm", NEW)


@pytest.mark.parametrize(
    "line",
    [
        "/plan new V2 12-01",
        "/plan backward V2 2027-06-30",
        "/plan import",
        "/plan phase done 1",
        "/plan milestone done 上线",
        "/plan shift all +3wd",
        "/plan baseline take",
        "/plan undo",
        "/plan close",
        "/plan activate V2.0",
    ],
)
def test_developers_change_no_plan(team: Team, line: str) -> None:
    team.say("po", NEW)
    before = active(team)
    shown = team.say("dev", line)
    assert "此操作需要角色" in shown
    assert "@陈敏" in shown
    assert active(team) == before


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


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("计划 导出", "plan.xlsx"),
        ("计划 导出 日历", "plan.ics"),
        ("/plan export docx", "plan.docx"),
        ("计划 图表", "chart.png"),
    ],
)
def test_documents_are_made_afterwards(team: Team, line: str, kind: str) -> None:
    team.say("po", NEW)
    assert "稍后发到这里" in team.say("dev", line)
    with team.read() as uow:
        items = uow.outbox.pending(team.clock.now(), limit=100)
    made = [i.payload for i in items if i.kind == "document"]
    assert [p["document"] for p in made] == [kind]
    assert made[0]["params"]["plan"] == active(team).id


def test_what_is_changed_elsewhere_is_told_in_the_channel(team: Team) -> None:
    team.say("po", NEW)
    team.ask(team.request("po", "计划 阶段 进度 开发 60", channel=None))
    assert any("“开发”的进度：0% → 60%" in text for text in team.sent())


# -- in English


def test_the_same_in_english(english_team: Team) -> None:
    team = english_team
    shown = team.say("po", "/plan new V2.0 upgrade 2026-12-01")
    assert "Plan “V2.0” is made: Tue, 1 Dec 2026 – Thu, 31 Dec 2026, 5 phases." in shown
    assert [p.name for p in active(team).phases][2] == "Development"
    shown = team.say("po", "/plan shift Development +1wd")
    assert "“Development” later by one working day" in shown
    assert "/plan shift Development +1wd yes" in shown
    team.say("po", "/plan shift Development +1wd yes")
    assert "overdue" not in team.say("dev", "/plan")
    assert "Taken back what" in team.say("po", "/plan undo")
    assert "needs the role" in team.say("dev", "/plan undo") or "role" in team.say(
        "dev", "/plan undo"
    )
    assert "starts too early" in team.say("po", "/plan phase move Development 12-30")
