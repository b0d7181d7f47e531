from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from documents.plan_xlsx import plan_sheet
from documents.sheet_safety import GUARD, clean_text, csv_text, is_dangerous
from domain.plan_import import PlanDraft, read_plan
from domain.plans.model import Dependency, Phase, Plan
from domain.ports import Cell
from tests.documents.samples import CALENDAR, NAMES, PLAN, TODAY, view


def sheet_of(data: bytes) -> Worksheet:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def grid_of(data: bytes) -> list[list[Cell]]:
    return [list(row) for row in sheet_of(data).iter_rows(values_only=True)]  # type: ignore[misc]


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_what_is_exported_can_be_imported_again(locale):
    draft = read_plan(grid_of(plan_sheet(view(), locale)), TODAY, CALENDAR)
    assert isinstance(draft, PlanDraft)
    assert draft.title == PLAN.name
    for phase, read in zip(PLAN.phases, draft.phases, strict=True):
        assert (read.name, read.starts, read.ends) == (phase.name, phase.starts, phase.ends)
        assert (read.progress, read.done_on) == (phase.progress, phase.done_on)
        assert (read.deliverables, read.gate) == (phase.deliverables, phase.gate)
        assert read.owner == NAMES[phase.owner or ""]
        before = [(PLAN.phases[link.index].id, link.lag) for link in read.predecessors]
        assert before == [(d.phase_id, d.lag) for d in phase.predecessors]
    for stone, read in zip(PLAN.milestones, draft.milestones, strict=True):
        assert (read.name, read.due, read.done_on) == (stone.name, stone.due, stone.done_on)
        owner = PLAN.phases[read.phase].id if read.phase is not None else None
        assert owner == stone.phase_id


def test_predecessors_whose_names_would_not_be_read_are_written_as_row_numbers():
    day = date(2026, 10, 12)
    names = ("设计、评审", "开发 (一期)", "3", "同名", "同名")
    phases = [Phase(f"p{n}", name, day, day) for n, name in enumerate(names)]
    last = Phase("last", "上线", day, day, predecessors=tuple(Dependency(p.id, 2) for p in phases))
    plan = Plan("x", "y", "名字", (*phases, last))
    draft = read_plan(grid_of(plan_sheet(view(plan), "zh")), TODAY, CALENDAR)
    assert isinstance(draft, PlanDraft)
    assert [(link.index, link.lag) for link in draft.phases[-1].predecessors] == [
        (n, 2) for n in range(5)
    ]


def test_dates_are_date_cells_and_progress_a_percentage():
    sheet = sheet_of(plan_sheet(view(), "zh"))
    heads = {str(c.value): place for place, c in enumerate(sheet[3], 1)}
    row = 6  # the second phase: title, note, header, phase 1, its milestone
    assert str(sheet.cell(row, heads["开始日期"]).value) == "2026-09-21 00:00:00"
    assert sheet.cell(row, heads["开始日期"]).number_format == "yyyy-mm-dd"
    assert sheet.cell(row, heads["进度"]).value == 0.6
    assert sheet.cell(row, heads["进度"]).number_format == "0%"
    assert sheet.cell(row, heads["工作日"]).value == CALENDAR.length(
        date(2026, 9, 21), date(2026, 10, 13)
    )
    assert sheet.freeze_panes == "D4"
    assert sheet.print_title_rows == "$3:$3"
    assert all(sheet.column_dimensions[c].width >= 6 for c in "ABCDEFGH")


DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0", "＝1+1", "\r\n=1")


@pytest.mark.parametrize("text", DANGEROUS)
def test_typed_text_is_never_a_formula(text):
    plan = PLAN.with_phases([replace(PLAN.phases[1], name=text, gate=text)])
    sheet = sheet_of(plan_sheet(view(replace(plan, name=text)), "zh"))
    cells = [c for row in sheet.iter_rows() for c in row]
    assert not [c for c in cells if c.data_type == "f"]
    kept = [c for c in cells if isinstance(c.value, str) and c.value.strip() == text.strip()]
    assert len(kept) >= 2
    assert all(c.data_type == "s" for c in kept)
    assert all(c.quotePrefix for c in kept)


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_csv_cell_with_a_formula_is_guarded(text):
    assert is_dangerous(text)
    assert csv_text(text).startswith(GUARD)


@pytest.mark.parametrize("text", ["督办", "1-2", "a=b", "", "2026-10-12"])
def test_harmless_text_is_left_alone(text):
    assert csv_text(text) == text


def test_characters_that_no_sheet_holds_are_left_out():
    assert clean_text("a\x00\x0b\ud800b\nc") == "ab\nc"
    assert len(clean_text("督" * 40_000)) == 32_767
    sheet_of(plan_sheet(view(replace(PLAN, name="x\x00\x1fy")), "zh"))


def test_the_same_plan_gives_the_same_bytes():
    assert plan_sheet(view(), "zh") == plan_sheet(view(), "zh")


def test_an_empty_plan_is_a_sheet_with_headers():
    sheet = sheet_of(plan_sheet(view(Plan("p", "x", "空计划")), "zh"))
    assert sheet.max_row == 3
