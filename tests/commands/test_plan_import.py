"""``/plan import``: whole or not at all, and what is wrong named row by row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.plans import PhaseStatus
from domain.ports import Cell
from tests.commands.plan_sheets import active, dates, xlsx
from tests.harness import Team

HEADER = [
    "序号",
    "阶段名称",
    "负责人",
    "计划开始日期",
    "计划完成日期",
    "完成率",
    "前置任务",
    "交付物",
    "颜色",
]
ROWS: list[Sequence[Cell]] = [
    HEADER,
    ["一、前期"],
    [1, "需求调研", "李雷", date(2026, 12, 1), date(2026, 12, 10), 1, None, "09、10", "红"],
    [2, "功能设计", "@dev2", "12-11", "2026年12月25日", 0.5, "1", "11,12", None],
    [3, "开发", "外包公司", "2026/12/28", date(2027, 1, 15), None, "功能设计", None, None],
]


def imported(team: Team, rows: Sequence[Sequence[Cell]], title: str = "V3.0 上线计划") -> str:
    return team.say("po", "/plan import", files=(xlsx(team, rows, title=title),))


def test_a_sheet_with_a_merged_title_and_mixed_dates(team: Team) -> None:
    shown = imported(team, ROWS)
    assert "已导入计划“V3.0 上线计划”" in shown
    assert "识别的列: 序号、名称、负责人、开始日期、结束日期、进度、前置、交付物" in shown
    assert "未使用的列: 颜色" in shown
    assert "识别的负责人: @李雷、@韩梅" in shown
    assert "找不到这些负责人：外包公司" in shown
    assert "第 3 行“一、前期”只有标题，已跳过" in shown
    plan = active(team)
    assert plan.name == "V3.0 上线计划"
    assert dates(plan) == [
        ("需求调研", "2026-12-01", "2026-12-10"),
        ("功能设计", "2026-12-11", "2026-12-25"),
        ("开发", "2026-12-28", "2027-01-15"),
    ]
    assert [p.owner for p in plan.phases] == [team.id("dev"), team.id("dev2"), None]
    assert plan.phases[1].progress == 50
    assert plan.phases[1].status is PhaseStatus.ACTIVE
    assert plan.phases[2].predecessors[0].phase_id == plan.phases[1].id
    with team.read() as uow:
        assert [d.number for d in uow.deliverables.of_plan(plan.id)] == [9, 10, 11, 12]
        own = uow.deliverables.by_number(team.product.id, 17)
    assert own is not None
    assert own.status.value == "drafted"


def test_the_button_takes_the_import_back(team: Team) -> None:
    imported(team, ROWS)
    plan = active(team)
    assert "不再存在" in team.say("po", f"/plan undo {plan.id} #1")
    with team.read() as uow:
        assert uow.plans.of_product(team.product.id) == ()


def test_wrong_rows_are_named_and_nothing_is_imported(team: Team) -> None:
    wrong = [
        *ROWS[:3],
        [2, "功能设计", None, "2-30", "??", None, None, None, None],
        [3, None, "李雷", "2026-12-01", "2026-12-02", None, None, None, None],
        [4, "开发", None, "2026-12-20", "2026-12-10", None, None, None, None],
        [5, "上线", None, "2026-12-20", "2026-12-21", None, "9", None, None],
    ]
    shown = imported(team, wrong)
    assert "有 4 行需要修改" in shown
    assert "第 5 行：开始日期“2-30”不是有效日期" in shown
    assert "第 6 行：缺少名称" in shown
    assert "第 7 行：结束日期早于开始日期" in shown
    assert "第 8 行：前置“9”在表里找不到" in shown
    assert "没有导入任何内容" in shown
    with team.read() as uow:
        assert uow.plans.of_product(team.product.id) == ()


def test_importing_twice_makes_a_second_plan_with_a_number(team: Team) -> None:
    imported(team, ROWS)
    imported(team, ROWS)
    assert active(team).name == "V3.0 上线计划 (2)"


def test_a_csv_in_the_encoding_of_chinese_excel(team: Team) -> None:
    text = "名称,开始日期,结束日期,类型\n开发,2026-12-01,2026-12-10,阶段\n上线,,2026-12-11,里程碑\n"
    file = team.upload("二期计划.csv", text.encode("gb18030"), "text/csv")
    team.say("po", "计划 导入", files=(file,))
    plan = active(team)
    assert (plan.name, [m.name for m in plan.milestones]) == ("二期计划", ["上线"])


def test_a_file_that_is_no_spreadsheet(team: Team) -> None:
    file = team.upload("计划.xlsx", b"hello")
    shown = team.say("po", "计划 导入", files=(file,))
    assert "“计划.xlsx”不是真正的 Excel 文件" in shown
    assert "另存为" in shown


def test_without_a_file_the_form_asks_for_one(team: Team) -> None:
    form = team.ask(team.request("po", "/plan import")).reply.form
    assert form is not None
    assert [f.name for f in form.fields] == ["file", "name"]


def test_a_name_can_be_given(team: Team) -> None:
    team.say("po", "/plan import 三期", files=(xlsx(team, ROWS),))
    assert active(team).name == "三期"


def test_an_english_sheet(english_team: Team) -> None:
    team = english_team
    rows: Sequence[Sequence[Cell]] = [
        ["Task", "Owner", "Start", "Finish", "Milestone", "Notes"],
        ["Build", "dev", date(2026, 12, 1), date(2026, 12, 10), None, "with care"],
        ["Go-live", None, None, date(2026, 12, 11), "yes", None],
    ]
    shown = imported(team, rows, title="Second release")
    assert "Plan “Second release” is imported" in shown
    assert "Milestones: 1" in shown
    assert "The remark (or deliverable without a number) of one row is not imported." in shown
    wrong = [rows[0], ["Build", "dev", "soon", None, None, None]]
    shown = imported(team, wrong, title="Third release")
    assert "One row needs a correction" in shown
    assert "Row 3:" in shown
