"""Spreadsheets as people keep them, read on Monday 2026-03-02."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import UserError
from domain.messages import T
from domain.plan_import import (
    DraftLink,
    ImportProblems,
    PlanDraft,
    read_plan,
)
from domain.plans import Dependency, PhaseStatus, Plan
from domain.ports import Cell
from tests.domain.sheets import CHINA, EVENING, HEADER, TODAY, draft, problems


def test_a_whole_chinese_sheet() -> None:
    read = draft(
        [
            ["物流平台 V2.3 产品计划", None, None, None, None, None, None, None, None, None],
            [None] * 10,
            ["", "", None],
            [
                "序号",
                "阶段",
                "类型",
                "计划开始日期",
                "计划完成时间",
                "负责人",
                "前置",
                "交付物",
                "进度",
                "备注",
            ],
            [
                1,
                "需求调研",
                "阶段",
                date(2026, 3, 2),
                EVENING,
                "@张三",
                "",
                "09、10-报告",
                "100%",
                "",
            ],
            [
                2,
                "设计",
                "阶段",
                "2026年3月16日",
                "4-3",
                "李四",
                "1",
                "11,12，蓝湖原型",
                0.5,
                "含评审",
            ],
            [None] * 10,
            [3, "设计定稿", "里程碑", None, "4月3日", None, "设计", None, None, None],
            [4, "开发", "阶段", 46118, 46143.75, "张三", "设计（-2）", None, "", None],
            ["说明：本计划以客户确认为准", None],
        ]
    )
    assert read.title == "物流平台 V2.3 产品计划"
    assert [(p.name, p.starts.isoformat(), p.ends.isoformat()) for p in read.phases] == [
        ("需求调研", "2026-03-02", "2026-03-13"),
        ("设计", "2026-03-16", "2026-04-03"),
        ("开发", "2026-04-06", "2026-05-01"),
    ]
    assert [p.owner for p in read.phases] == ["张三", "李四", "张三"]
    assert read.owners == ("张三", "李四")
    assert [p.deliverables for p in read.phases] == [(9, 10), (11, 12), ()]
    assert [p.progress for p in read.phases] == [100, 50, 0]
    assert read.phases[1].predecessors == (DraftLink(0),)
    assert read.phases[2].predecessors == (DraftLink(1, -2),)
    assert [(m.name, m.due, m.phase, m.line) for m in read.milestones] == [
        ("设计定稿", date(2026, 4, 3), 1, 8)
    ]
    assert [notice.key for notice in read.notices] == [
        "plan.import.no_notes",
        "plan.day_off.starts",
        "plan.day_off.ends",
    ]
    assert [column.value for column in read.columns][:3] == ["number", "name", "kind"]


def test_titles_between_the_rows_are_left_out_and_said() -> None:
    read = draft(
        [
            ["名称", "开始", "结束", "颜色"],
            ["一、设计阶段"],
            ["详细设计", "3-2", "3-6"],
            ["二、开发阶段", None, "  "],
            ["编码", "3-9", "3-13"],
        ]
    )
    assert [(p.line, p.name) for p in read.phases] == [(3, "详细设计"), (5, "编码")]
    assert [n.params["line"] for n in read.notices if n.key == "plan.import.section"] == [2, 4]
    assert read.unread == ("颜色",)


def test_a_title_in_a_column_of_phases_names_the_tasks_below() -> None:
    read = draft([["阶段", "任务", "开始", "结束"], ["设计"], [None, "原型", "3-2", "3-6"]])
    assert [p.name for p in read.phases] == ["设计 - 原型"]


def test_a_row_with_a_name_and_an_owner_but_no_date_is_a_mistake() -> None:
    assert problems([["名称", "负责人", "开始", "结束"], ["开发", "张三"]]) == [(2, "no_dates")]


def test_an_english_project_export() -> None:
    read = draft(
        [
            [
                "ID",
                "Task Name",
                "Duration",
                "Start",
                "Finish",
                "Predecessors",
                "Resource Names",
                "% Complete",
            ],
            [1, "Design", "10 days", "2026-03-02", "2026-03-13", None, "Ann", 100],
            [2, "Design done", "0 days", "2026-03-13", "2026-03-13", "1", None, 0],
            [3, "Build", "20 days?", "2026-03-16", "2026-04-10", "2", "Bob; Ann", 25],
            [4, "Test", "5 days", "2026-04-08", "2026-04-14", "3FS-3 days", "Cid", 0],
        ]
    )
    assert [p.name for p in read.phases] == ["Design", "Build", "Test"]
    assert [(m.name, m.phase) for m in read.milestones] == [("Design done", 0)]
    assert read.phases[1].predecessors == (DraftLink(0),), "through the milestone"
    assert read.phases[2].predecessors == (DraftLink(1, -3),)
    assert [p.progress for p in read.phases] == [100, 25, 0]


@pytest.mark.parametrize(
    ("grid", "found"),
    [
        pytest.param([["任务", "类型", "日期"], ["上线", "里程碑", "4-1"]], ["上线"], id="type"),
        pytest.param([["Task", "Duration", "End"], ["Live", 0, "4-1"]], ["Live"], id="length 0"),
        pytest.param([["任务", "里程碑", "结束"], ["上线", "√", "4-1"]], ["上线"], id="tick"),
        pytest.param([["任务", "里程碑", "结束"], ["上线", True, "4-1"]], ["上线"], id="checkbox"),
        pytest.param(
            [["里程碑", "日期"], ["上线", "4-1"], ["验收", "5-8"]], ["上线", "验收"], id="list"
        ),
        pytest.param(
            [["任务", "类型", "开始"], ["上线", "节点", "4-1"]], ["上线"], id="by its start"
        ),
    ],
)
def test_milestones(grid: list[list[Cell]], found: list[str]) -> None:
    read = draft(grid)
    assert read.phases == ()
    assert [stone.name for stone in read.milestones] == found
    assert read.milestones[0].due == date(2026, 4, 1)


def test_a_milestone_named_beside_its_phase() -> None:
    read = draft(
        [
            ["阶段", "开始", "结束", "里程碑"],
            ["开发", "3-2", "4-1", "提测"],
            ["测试", "4-2", "4-8", "否"],
        ]
    )
    assert [(m.name, m.due, m.phase) for m in read.milestones] == [("提测", date(2026, 4, 1), 0)]
    assert len(read.phases) == 2


def test_merged_phase_cells_beside_tasks() -> None:
    read = draft(
        [
            ["阶段", "任务", "开始", "结束", "前置"],
            ["设计", "原型", "3-2", "3-6", ""],
            [None, "详细设计", "3-9", "3-13", "原型"],
            ["开发", None, "3-16", "3-20", "设计 - 详细设计"],
        ]
    )
    assert [p.name for p in read.phases] == ["设计 - 原型", "设计 - 详细设计", "开发"]
    assert [p.predecessors for p in read.phases] == [(), (DraftLink(0),), (DraftLink(1),)]


@pytest.mark.parametrize(
    ("after", "result"),
    [
        pytest.param("设计、评审", [0, 1], id="two names"),
        pytest.param("1,2", [0, 1], id="two numbers"),
        pytest.param("1\n2", [0, 1], id="two lines"),
        pytest.param(2, [1], id="a number"),
        pytest.param(2.0, [1], id="a number with a point"),
        pytest.param("无", [], id="none"),
        pytest.param("测算", "no_predecessor", id="unknown name"),
        pytest.param("9", "no_predecessor", id="unknown number"),
        pytest.param("开发", "own_predecessor", id="itself"),
        pytest.param("1SS", "link_kind", id="start to start"),
        pytest.param("测试", "many_predecessors", id="two rows of that name"),
    ],
)
def test_predecessors(after: Cell, result: list[int] | str) -> None:
    grid: list[list[Cell]] = [
        [*HEADER, "前置"],
        ["设计", "3-2", "3-6", None],
        ["评审", "3-9", "3-10", None],
        ["开发", "3-11", "3-20", after],
        ["测试", "3-23", "3-27", None],
        ["测试", "3-30", "4-3", None],
    ]
    if isinstance(result, str):
        assert problems(grid) == [(4, result)]
    else:
        assert [link.index for link in draft(grid).phases[2].predecessors] == result


def test_circles_name_their_lines() -> None:
    grid: list[list[Cell]] = [
        [*HEADER, "前置"],
        ["甲", "3-2", "3-6", ""],
        ["乙", "3-9", "3-10", "丙"],
        ["丙", "3-11", "3-20", "乙"],
    ]
    assert problems(grid) == [(3, "cycle"), (4, "cycle")]


def test_every_wrong_row_is_reported_and_nothing_is_taken() -> None:
    grid: list[list[Cell]] = [
        ["计划"],
        ["名称", "开始", "结束", "工期", "进度", "交付物", "前置"],
        ["好的", "3-2", "3-6", "", "", "", ""],
        ["", "3-2", "3-6", "", "", "", ""],
        ["坏日期", "2-30", "??", "", "", "", ""],
        [],
        ["坏工期", "3-2", "", "很久", "", "", ""],
        ["坏进度", "3-2", "3-6", "", "150%", "", ""],
        ["坏交付物", "3-2", "3-6", "", "-5", "27", ""],
        ["坏前置", "3-2", "3-6", "", "", "", "谁"],
    ]
    assert problems(grid) == [
        (4, "no_name"),
        (5, "wrong_date"),
        (5, "bad_date"),
        (5, "no_dates"),
        (7, "bad_days"),
        (7, "no_dates"),
        (8, "bad_progress"),
        (9, "bad_progress"),
        (9, "bad_deliverable"),
        (10, "no_predecessor"),
    ]


def test_a_problem_names_the_column_and_quotes_the_cell() -> None:
    result = read_plan([HEADER, ["开发", "3-2", "4-31"]], TODAY, CHINA)
    assert isinstance(result, ImportProblems)
    params = {"column": T("plan.column.ends"), "text": "4-31"}
    assert result.rows[0].text == T("plan.import.wrong_date", params)


def test_what_is_done() -> None:
    read = draft(
        [
            [*HEADER, "状态", "实际完成日期"],
            ["甲", "2-2", "2-6", "已完成", None],
            ["乙", "2-9", "3-20", "已完成", None],
            ["丙", "2-9", "2-13", "进行中", "2-12"],
            ["丁", "3-2", "3-6", "进行中", None],
        ]
    )
    assert [p.done_on for p in read.phases] == [date(2026, 2, 6), TODAY, date(2026, 2, 12), None]


@pytest.mark.parametrize(
    ("grid", "key"),
    [
        pytest.param([], "plan.import.no_header", id="nothing"),
        pytest.param([["预算", "金额"], ["甲", 5]], "plan.import.no_header", id="another table"),
        pytest.param([["名称", "负责人"], ["甲", "张三"]], "plan.import.no_header", id="no dates"),
        pytest.param([HEADER, [None, " "]], "plan.import.empty", id="only a header"),
        pytest.param(
            [HEADER] + [["甲", "3-2", "3-6"]] * 2000, "plan.import.too_many_rows", id="2,001"
        ),
    ],
)
def test_sheets_that_are_no_plan(grid: list[list[Cell]], key: str) -> None:
    with pytest.raises(UserError) as caught:
        read_plan(grid, TODAY, CHINA)
    assert caught.value.key == key


def test_a_full_sheet_is_taken() -> None:
    rows: list[list[Cell]] = [
        [f"任务{i}", "3-2", "3-6", str(i - 1) if i > 1 else ""] for i in range(1, 2000)
    ]
    assert len(draft([[*HEADER, "前置"], *rows]).phases) == 1999


def test_building_a_plan() -> None:
    read = draft(
        [
            [*HEADER, "负责人", "前置", "进度", "状态", "类型"],
            ["设计", "2-2", "2-6", "张三", "", 1, "已完成", ""],
            ["开发", "3-2", "3-20", "@李四", "设计(+1)", 0.4, "", ""],
            ["提测", "", "3-20", "", "开发", "", "", "里程碑"],
        ]
    )
    ids = iter("abcd")
    phases, stones = read.build({"张三": "p1"}, lambda: next(ids))
    plan = Plan("plan", "product", "v1", phases, stones)
    design, build = plan.phases
    assert (design.status, design.owner, design.done_on) == (
        PhaseStatus.DONE,
        "p1",
        date(2026, 2, 6),
    )
    assert (build.status, build.owner, build.progress) == (PhaseStatus.ACTIVE, None, 40)
    assert build.predecessors == (Dependency("a", 1),)
    assert (plan.milestones[0].phase_id, plan.milestones[0].id) == ("b", "c")


_CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(),
    st.text(max_size=12),
    st.dates(),
    st.datetimes(),
    st.sampled_from(
        ["3-2", "4-1", "里程碑", "50%", "1", "2FS", "09、10", "甲", "是", "10天", "2-30"]
    ),
)


@given(rows=st.lists(st.lists(_CELLS, max_size=9), max_size=8))
def test_arbitrary_cells_give_a_draft_or_problems(rows: list[list[Cell]]) -> None:
    header: list[Cell] = [
        "名称",
        "开始",
        "结束",
        "工期",
        "进度",
        "前置",
        "交付物",
        "里程碑",
        "状态",
    ]
    try:
        result = read_plan([header, *rows], TODAY, CHINA)
    except UserError as error:
        if error.key != "plan.import.empty":
            raise
        return
    if isinstance(result, PlanDraft):
        Plan("plan", "product", "v1", *result.build({}))
