"""A plan as a spreadsheet that people can print, change and import again."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from documents.packing import repack
from documents.plan_columns import COLUMNS, Part
from documents.plan_view import PlanView, parts_in_order
from documents.sheet_safety import clean_text, put_text
from documents.texts import full_day, say
from domain.plans.model import Milestone, Phase

_TITLE_ROW, _NOTE_ROW, _HEADER_ROW = 1, 2, 3
_FACE = "Microsoft YaHei"
_LINE = Side(style="thin", color="D9DFE5")
_EDGES = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD_FILL = PatternFill("solid", fgColor="2F6DB5")
_STONE_FILL = PatternFill("solid", fgColor="EEF4FB")
_DONE_FILL = PatternFill(bgColor="E3EBE5")
_LATE_FILL = PatternFill(bgColor="F9DEDB")


def plan_sheet(view: PlanView, locale: str) -> bytes:
    """The plan as xlsx: a title, a note, then one row per phase and milestone.

    Dates are date cells, progress is a percentage, and what people typed is always text. Rows that
    are overdue or done are tinted by rules of the sheet, which go on working when it is edited.
    """
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook has a sheet")
    sheet.title = say(locale, "document.plan.sheet")
    book.properties.creator = "Duban"
    book.properties.title = clean_text(view.heading)
    _head(sheet, view, locale)
    parts = parts_in_order(view.plan)
    for offset, part in enumerate(parts, start=1):
        _write_row(sheet, _HEADER_ROW + offset, view, part, locale)
    _finish(sheet, _HEADER_ROW + len(parts))
    out = io.BytesIO()
    book.save(out)
    return repack(out.getvalue(), view.revised_at)


def _head(sheet: Worksheet, view: PlanView, locale: str) -> None:
    title = _cell(sheet, _TITLE_ROW, 1)
    put_text(title, view.plan.name)  # the import takes the plan's name from here
    title.font = Font(name=_FACE, size=16, bold=True)
    sheet.merge_cells(
        start_row=_TITLE_ROW, end_row=_TITLE_ROW, start_column=1, end_column=len(COLUMNS)
    )
    note = _cell(sheet, _NOTE_ROW, 1)
    put_text(note, _note(view, locale))
    note.font = Font(name=_FACE, size=10, color="616E7C")
    sheet.merge_cells(
        start_row=_NOTE_ROW, end_row=_NOTE_ROW, start_column=1, end_column=len(COLUMNS)
    )
    for index, column in enumerate(COLUMNS, start=1):
        cell = _cell(sheet, _HEADER_ROW, index)
        put_text(cell, say(locale, f"document.plan.{column.name}"))
        cell.font = Font(name=_FACE, size=11, bold=True, color="FFFFFF")
        cell.fill = _HEAD_FILL
        cell.border = _EDGES
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    sheet.row_dimensions[_TITLE_ROW].height = 28
    sheet.row_dimensions[_HEADER_ROW].height = 22


def _note(view: PlanView, locale: str) -> str:
    day = full_day(locale, view.today)
    return " · ".join((view.product, say(locale, "document.plan.as_of", day=day)))


def _write_row(sheet: Worksheet, row: int, view: PlanView, part: Part, locale: str) -> None:
    for index, column in enumerate(COLUMNS, start=1):
        cell = _cell(sheet, row, index)
        value = column.value(view, part, locale)
        if isinstance(value, str):
            put_text(cell, value)
        else:
            cell.value = value
        cell.number_format = column.form
        cell.font = Font(
            name=_FACE, size=11, bold=column.name == "name" and isinstance(part, Phase)
        )
        cell.border = _EDGES
        cell.alignment = Alignment(vertical="center", wrap_text=isinstance(value, str))
        if isinstance(part, Milestone):
            cell.fill = _STONE_FILL


def _finish(sheet: Worksheet, last: int) -> None:
    """Frozen header, filter, tints, and the header again on each printed page."""
    right = get_column_letter(len(COLUMNS))
    sheet.freeze_panes = f"D{_HEADER_ROW + 1}"
    if last > _HEADER_ROW:
        area = f"A{_HEADER_ROW + 1}:{right}{last}"
        sheet.auto_filter.ref = f"A{_HEADER_ROW}:{right}{last}"
        ends, progress = _letter("ends"), _letter("progress")
        first = _HEADER_ROW + 1
        done = f"${progress}{first}=1"
        late = f"AND(${ends}{first}<TODAY(),${progress}{first}<1)"
        _tint(sheet, area, done, _DONE_FILL)
        _tint(sheet, area, late, _LATE_FILL)
    sheet.print_title_rows = f"{_HEADER_ROW}:{_HEADER_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    if sheet.sheet_properties.pageSetUpPr is not None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _tint(sheet: Worksheet, area: str, formula: str, fill: PatternFill) -> None:
    """Colour the rows for which a formula of ours holds; the first one that holds wins."""
    rule = Rule(type="expression", dxf=DifferentialStyle(fill=fill), stopIfTrue=True)
    rule.formula = [formula]
    sheet.conditional_formatting.add(area, rule)  # pyright: ignore[reportUnknownMemberType]


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell):
        raise TypeError("a cell inside a merged range")
    return cell


def _letter(name: str) -> str:
    return get_column_letter(next(i for i, c in enumerate(COLUMNS, start=1) if c.name == name))
