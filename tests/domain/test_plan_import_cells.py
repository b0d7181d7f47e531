"""Headers and single cells of spreadsheets, read on Monday 2026-03-02."""

from __future__ import annotations

from datetime import date

import pytest

from domain.plan_import.headers import Column, meaning
from domain.ports import Cell
from locales import catalogue
from tests.domain.sheets import HEADER, NIGHT, TODAY, draft, problems


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_headers_of_our_own_export_are_understood(locale: str) -> None:
    texts = catalogue(locale)
    columns = set(Column) - {
        Column.NUMBER,
        Column.GROUP,
        Column.MILESTONE,
        Column.DONE_ON,
        Column.NOTE,
    }
    assert len(columns) == 11
    assert {meaning(texts[f"document.plan.{column.value}"]) for column in columns} == columns


@pytest.mark.parametrize(
    ("header", "column"),
    [
        pytest.param("计划开始时间", Column.STARTS, id="planned start"),
        pytest.param(" 预计 完成日期 ", Column.ENDS, id="expected end with spaces"),
        pytest.param("Planned Start Date", Column.STARTS, id="English planned start"),
        pytest.param("Due date", Column.ENDS, id="due date"),
        pytest.param("实际完成日期", Column.DONE_ON, id="actual end is not the end"),
        pytest.param("工期（工作日）", Column.DAYS, id="unit in brackets"),
        pytest.param("*负责人:", Column.OWNER, id="star and colon"),
        pytest.param("ＯＷＮＥＲ", Column.OWNER, id="full width"),
        pytest.param("前置任务", Column.AFTER, id="predecessors"),
        pytest.param("% Complete", Column.PROGRESS, id="percent"),
        pytest.param("预算", None, id="something else"),
        pytest.param("计划", None, id="only the word plan"),
    ],
)
def test_headers(header: str, column: Column | None) -> None:
    assert meaning(header) is column


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        pytest.param(date(2026, 5, 6), "2026-05-06", id="date"),
        pytest.param(NIGHT, "2026-05-06", id="date-time"),
        pytest.param(46148, "2026-05-06", id="serial"),
        pytest.param(46148.9, "2026-05-06", id="serial with a time"),
        pytest.param("46148", "2026-05-06", id="serial as text"),
        pytest.param(20260506, "2026-05-06", id="eight digits"),
        pytest.param("2026/5/6 18:00", "2026-05-06", id="text with a time"),
        pytest.param("2026-05-06T00:00:00.000", "2026-05-06", id="ISO with a time"),
        pytest.param("５月６日", "2026-05-06", id="full width"),
        pytest.param("6 May 2026", "2026-05-06", id="English"),
        pytest.param("下周三", "2026-03-11", id="relative"),
    ],
)
def test_dates(cell: Cell, day: str) -> None:
    read = draft([HEADER, ["开发", TODAY, cell]])
    assert read.phases[0].ends == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        pytest.param("待确认吧", "bad_date", id="words"),
        pytest.param("2026-02-30", "wrong_date", id="30 February"),
        pytest.param(5, "bad_date", id="a small number"),
        pytest.param(True, "bad_date", id="a tick"),
        pytest.param(float("nan"), "bad_date", id="not a number"),
        pytest.param(date(9999, 12, 31), "wrong_date", id="the end of time"),
        pytest.param("待定", "no_dates", id="to be decided"),
        pytest.param(None, "no_dates", id="empty"),
        pytest.param("2026-03-01", "ends_before_starts", id="before the start"),
        pytest.param("x" * 501, "too_long", id="a novel"),
    ],
)
def test_wrong_dates(cell: Cell, problem: str) -> None:
    found = problems([HEADER, ["开发", TODAY, cell]])
    assert (2, problem) in found
    assert {line for line, _ in found} == {2}


@pytest.mark.parametrize(
    ("starts", "ends", "days", "span"),
    [
        pytest.param("2026-04-29", None, 3, "04-29/05-06", id="start and length over labour day"),
        pytest.param(None, "2026-05-06", "3天", "04-29/05-06", id="end and length"),
        pytest.param("2026-05-02", None, "1d", "05-02/05-06", id="start on a holiday"),
        pytest.param(
            "2026-04-29", "2026-05-06", "99", "04-29/05-06", id="dates outrank the length"
        ),
        pytest.param("2026-04-29", None, 1.5, "04-29/04-30", id="a part of a day is a day"),
    ],
)
def test_two_of_start_end_and_length(starts: Cell, ends: Cell, days: Cell, span: str) -> None:
    read = draft([["任务", "开始", "结束", "工期"], ["开发", starts, ends, days]]).phases[0]
    assert f"{read.starts:%m-%d}/{read.ends:%m-%d}" == span


@pytest.mark.parametrize(
    ("cells", "percents"),
    [
        pytest.param([0.5, 1, 0], [50, 100, 0], id="fractions"),
        pytest.param([50, 1, 0], [50, 1, 0], id="percent"),
        pytest.param(["50%", "1%", ""], [50, 1, 0], id="signs"),
        pytest.param(["0.25", "1", None], [25, 100, 0], id="fractions as text"),
        pytest.param([0.29, "100%", "-"], [29, 100, 0], id="mixed"),
    ],
)
def test_progress(cells: list[Cell], percents: list[int]) -> None:
    rows: list[list[Cell]] = [[str(i), "3-2", "3-6", cell] for i, cell in enumerate(cells)]
    assert [p.progress for p in draft([[*HEADER, "进度"], *rows]).phases] == percents
