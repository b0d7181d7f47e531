"""Spreadsheets and plans that the tests of ``/plan`` share."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from domain.messages import FileRef
from domain.plans import Plan
from domain.ports import Cell
from tests.harness import Team

NEW = "计划 新建 V2.0 版本升级 12-01"
"""A plan of five phases: 5, 2, 10, 5 (one shared) and 2 working days from 1 December 2026."""


def xlsx(
    team: Team, rows: Sequence[Sequence[Cell]], *, title: str = "", name: str = "计划.xlsx"
) -> FileRef:
    """An uploaded workbook, its title in merged cells above the table."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    if title:
        sheet.append([title])
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=5)
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return team.upload("计划.xlsx", out.getvalue())


def active(team: Team) -> Plan:
    """The product's current plan."""
    with team.read() as uow:
        plan = uow.plans.active(team.product.id)
    assert plan is not None
    return plan


def dates(plan: Plan) -> list[tuple[str, str, str]]:
    """Name, start and end of each phase."""
    return [(p.name, p.starts.isoformat(), p.ends.isoformat()) for p in plan.phases]
