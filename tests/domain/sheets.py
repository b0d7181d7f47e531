"""Spreadsheets as people keep them, read on Monday 2026-03-02."""

from __future__ import annotations

from datetime import date, datetime

from bot.holiday_data import LibraryHolidays
from domain.calendar import WorkingCalendar
from domain.plan_import import ImportProblems, PlanDraft, read_plan
from domain.ports import Cell

CHINA = WorkingCalendar("CN", LibraryHolidays())
TODAY = date(2026, 3, 2)
# spreadsheets know no zones
EVENING, NIGHT = (datetime.fromisoformat(f"2026-{day}") for day in ("03-13 18:00", "05-06 23:59"))
HEADER: list[Cell] = ["名称", "开始", "结束"]


def draft(grid: list[list[Cell]]) -> PlanDraft:
    """What was read of a sheet without problems."""
    result = read_plan(grid, TODAY, CHINA)
    assert isinstance(result, PlanDraft), result
    return result


def problems(grid: list[list[Cell]]) -> list[tuple[int, str]]:
    """Line and kind of each problem of a sheet that was refused."""
    result = read_plan(grid, TODAY, CHINA)
    assert isinstance(result, ImportProblems), result
    return [(each.line, each.text.key.removeprefix("plan.import.")) for each in result.rows]
