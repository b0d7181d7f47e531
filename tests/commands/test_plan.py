"""``/plan`` as people type it: looking and making."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.commands.plan_sheets import NEW, UPGRADE, active, audits, button, dates
from tests.harness import Team

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
    assert "好了就发出来" in team.say("dev", line)
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
