"""Spreadsheets and plans that the tests of ``/plan`` share."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from domain.messages import Action, FileRef
from domain.plans import Plan
from domain.ports import Cell
from tests.harness import Team

NEW = "计划 新建 V2.0 版本升级 12-01"
"""A plan of five phases: 5, 2, 10, 5 (one shared) and 2 working days from 1 December 2026."""
UPGRADE = [
    ("需求确认与设计", "2026-12-01", "2026-12-07"),
    ("需求评审", "2026-12-08", "2026-12-09"),
    ("开发", "2026-12-10", "2026-12-23"),
    ("测试", "2026-12-23", "2026-12-29"),
    ("上线", "2026-12-30", "2026-12-31"),
]
"""Its phases with their first and last days."""


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
