"""Reading a grid of cells as a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.calendar import WorkingCalendar
from domain.errors import UserError
from domain.messages import T
from domain.plan_import.draft import (
    DraftMilestone,
    DraftPhase,
    ImportProblems,
    PlanDraft,
    RowProblem,
)
from domain.plan_import.headers import find_table
from domain.plan_import.linking import Links
from domain.plan_import.rows import Body, Row, read_rows
from domain.plans.changes import Move, Part, notices
from domain.plans.graph import find_circle
from domain.plans.model import Span
from domain.ports import Cell

MOST_ROWS = 2000
"""Rows of one sheet, blank ones included; a plan with more is no plan that people can follow."""


def read_plan(
    grid: Sequence[Sequence[Cell]], today: date, calendar: WorkingCalendar
) -> PlanDraft | ImportProblems:
    """A plan from a grid of cells: either all of it, or everything that is wrong with it.

    A row is a milestone when its type or its milestone column says so, or when its length is 0. A
    phase needs two of start, end and length. Rows without a cell are skipped, as are remarks below
    the table; a row that is nothing but a title is skipped with a notice.

    :param grid: the cells, row by row; rows may differ in length.
    :param today: what dates without a year are read against.
    :raises UserError: ``plan.import.no_header``, ``plan.import.too_many_rows``,
        ``plan.import.empty``.
    """
    if len(grid) > MOST_ROWS:
        raise UserError("plan.import.too_many_rows", n=len(grid), most=MOST_ROWS)
    table = find_table(grid)
    body = read_rows(grid, table, today, calendar)
    rows, problems = body.rows, body.problems
    if not rows and not problems:
        raise UserError("plan.import.empty")
    links = Links(rows)
    problems += links.problems
    if problems:
        return ImportProblems(tuple(sorted(problems, key=lambda each: each.line)))
    phases = tuple(_phase(row, links) for row in rows if not row.milestone)
    stones = tuple(_stone(row, links) for row in rows if row.milestone) + _side_stones(rows, links)
    notices = (*_left_out(body), *_notices(phases, stones, calendar))
    columns = tuple(sorted(table.columns, key=lambda each: table.columns[each]))
    draft = PlanDraft(table.title, phases, stones, notices, columns, table.unread)
    circle = _circle(draft)
    return ImportProblems(circle) if circle else draft


def _phase(row: Row, links: Links) -> DraftPhase:
    return DraftPhase(
        line=row.line,
        name=row.name,
        starts=row.starts,
        ends=row.ends,
        owner=row.owner,
        predecessors=links.of(row),
        deliverables=row.deliverables,
        gate=row.gate,
        progress=row.progress,
        done_on=row.done_on,
    )


def _stone(row: Row, links: Links) -> DraftMilestone:
    before = links.of(row)
    return DraftMilestone(
        line=row.line,
        name=row.name,
        due=row.ends,
        phase=before[0].index if before else None,
        done_on=row.done_on,
    )


def _side_stones(rows: Sequence[Row], links: Links) -> tuple[DraftMilestone, ...]:
    """Milestones that stand in a column of their phase's own row; they are due at its end."""
    return tuple(
        DraftMilestone(row.line, row.side_milestone, row.ends, links.index(row), row.done_on)
        for row in rows
        if row.side_milestone
    )


def _circle(draft: PlanDraft) -> tuple[RowProblem, ...]:
    """One problem for each line of phases that wait for each other."""
    phases, _ = draft.build({})
    lines = {phase.id: row.line for phase, row in zip(phases, draft.phases, strict=True)}
    circle = find_circle(phases)
    if not circle:
        return ()
    names = " → ".join(phase.name for phase in (*circle, circle[0]))
    text = T("plan.import.cycle", {"names": names})
    return tuple(RowProblem(line, text) for line in sorted(lines[phase.id] for phase in circle))


def _left_out(body: Body) -> tuple[T, ...]:
    """What the sheet has and a plan has no place for."""
    noted = sum(bool(row.note) for row in body.rows)
    notes = (T("plan.import.no_notes", {"n": noted}),) if noted else ()
    return (*(each.text for each in body.sections), *notes)


def _notices(
    phases: Sequence[DraftPhase], stones: Sequence[DraftMilestone], calendar: WorkingCalendar
) -> tuple[T, ...]:
    spans = [(Part.PHASE, p.name, Span(p.starts, p.ends)) for p in phases]
    spans += [(Part.MILESTONE, s.name, Span(s.due, s.due)) for s in stones]
    return notices([Move(part, "", name, span, span) for part, name, span in spans], calendar)
