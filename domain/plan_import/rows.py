"""The rows of a table, each read by itself; what is wrong with one is collected, never skipped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from domain.calendar import WorkingCalendar
from domain.dates.text import normalise, shown
from domain.messages import T
from domain.plan_import import cells
from domain.plan_import.cells import CellError
from domain.plan_import.draft import RowProblem
from domain.plan_import.headers import Column, Table
from domain.plans.model import Span
from domain.ports import Cell

_REMARKS = ("备注", "说明", "注:", "注意", "合计", "总计", "note", "total", "remark", "*")
_V = TypeVar("_V")

BETWEEN = " - "
"""Stands between a phase and its task where a sheet has a column for each."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row, read.

    :param line: as the spreadsheet counts, from 1.
    :param number: what its number column says, for predecessors; else its place in the table.
    :param after: predecessors as written.
    :param side_milestone: a milestone that is named in a column of a phase's row.
    """

    line: int
    number: str
    name: str
    milestone: bool
    starts: date
    ends: date
    owner: str
    after: str
    deliverables: tuple[int, ...]
    gate: str
    progress: int
    done_on: date | None
    note: str
    side_milestone: str


@dataclass(frozen=True, slots=True)
class Body:
    """What lies below the header.

    :param rows: every row that can be read. :param problems: what is wrong with the others.
    :param sections: rows that are only a title over those that follow.
    """

    rows: list[Row]
    problems: list[RowProblem]
    sections: list[RowProblem]


def read_rows(
    grid: Sequence[Sequence[Cell]], table: Table, today: date, calendar: WorkingCalendar
) -> Body:
    """Every row below the header, read by itself."""
    body = grid[table.header + 1 :]
    progress = table.columns.get(Column.PROGRESS)
    column = [row[progress] for row in body if progress is not None and progress < len(row)]
    sheet = _Sheet(table, today, calendar, cells.progress_scale(column))
    rows: list[Row] = []
    sections: list[RowProblem] = []
    for line, cells_of_row in enumerate(body, start=table.header + 2):
        if _is_blank(cells_of_row) or _is_remark(cells_of_row):
            continue
        if title := _section_title(cells_of_row, table):
            if Column.GROUP in table.columns:
                sheet.group = title
            text = T("plan.import.section", {"line": line, "name": shown(title)})
            sections.append(RowProblem(line, text))
            continue
        sheet.count += 1
        row = _Line(sheet, line, cells_of_row).read()
        if row is not None:
            rows.append(row)
    return Body(rows, sheet.problems, sections)


@dataclass(slots=True)
class _Sheet:
    """What the rows share.

    :param scale: what bare numbers of the progress column are multiplied with.
    :param group: the last phase named in a column of merged cells.
    """

    table: Table
    today: date
    calendar: WorkingCalendar
    scale: int
    group: str = ""
    count: int = 0
    problems: list[RowProblem] = field(default_factory=list[RowProblem])

    @property
    def only_milestones(self) -> bool:
        """Whether the table is a list of milestones: that column is the only one with names."""
        named = self.table.columns.keys() & {Column.NAME, Column.GROUP, Column.MILESTONE}
        return named == {Column.MILESTONE}


@dataclass(slots=True)
class _Line:
    """One row while it is being read."""

    sheet: _Sheet
    line: int
    row: Sequence[Cell]
    wrong: bool = False

    def read(self) -> Row | None:
        """The row, or ``None`` when something is wrong with it."""
        mark = self.attempt(Column.MILESTONE, cells.milestone_mark, False)
        days = self.attempt(Column.DAYS, cells.days_of, None)
        name = self.name()
        is_stone = self.is_milestone(mark, days)
        span = self.stone_span() if is_stone else self.phase_span(days)
        progress = self.attempt(Column.PROGRESS, self.percent, 0)
        done_on = self.done_on(span)
        numbers, others = self.attempt(Column.DELIVERABLES, cells.deliverables_of, ((), ""))
        remarks = [self.text(Column.NOTE), others]
        row = Row(
            line=self.line,
            number=self.words(Column.NUMBER) or str(self.sheet.count),
            name=name,
            milestone=is_stone,
            starts=span.starts,
            ends=span.ends,
            owner=self.words(Column.OWNER).lstrip("@＠").strip(),
            after=self.text(Column.AFTER),
            deliverables=numbers,
            gate=self.text(Column.GATE),
            progress=progress,
            done_on=done_on,
            note="\n".join(text for text in remarks if text),
            side_milestone=mark if isinstance(mark, str) and not is_stone else "",
        )
        return None if self.wrong else row

    def name(self) -> str:
        """The name; with a column of phases beside one of tasks it is ``phase - task``."""
        if self.sheet.only_milestones:
            name = self.words(Column.MILESTONE)
        else:
            name = self.words(Column.NAME)
            group = self.words(Column.GROUP)
            self.sheet.group = group or self.sheet.group
            name = (
                f"{self.sheet.group}{BETWEEN}{name}" if self.sheet.group and name else name or group
            )
        if not name:
            self.fail(T("plan.import.no_name"))
        return name

    def is_milestone(self, mark: bool | str, days: int | None) -> bool:
        """Whether the row is one, by its type, its mark, or a length of 0."""
        kind = self.attempt(Column.KIND, cells.is_milestone_kind, False)
        return kind or mark is True or days == 0 or self.sheet.only_milestones

    def stone_span(self) -> Span:
        """A milestone's day: its end, or else its start."""
        starts, ends = self.date(Column.STARTS), self.date(Column.ENDS)
        due = ends or starts
        if due is None:
            self.fail(T("plan.import.no_due"))
        return Span(due or self.sheet.today, due or self.sheet.today)

    def phase_span(self, days: int | None) -> Span:
        """A phase's days, from two of start, end and length."""
        calendar = self.sheet.calendar
        starts, ends = self.date(Column.STARTS), self.date(Column.ENDS)
        if starts and ends is None and days:
            ends = calendar.shift(calendar.on_or_after(starts), days - 1)
        if ends and starts is None and days:
            starts = calendar.shift(calendar.on_or_before(ends), 1 - days)
        if starts is None or ends is None:
            self.fail(T("plan.import.no_dates"))
        elif ends < starts:
            self.fail(T("plan.import.ends_before_starts"))
        return Span(starts or self.sheet.today, ends or self.sheet.today)

    def done_on(self, span: Span) -> date | None:
        """When it was done: as written, or its end when only the status says so."""
        done_on = self.date(Column.DONE_ON)
        if done_on is None and self.attempt(Column.STATE, cells.is_done, False):
            return min(span.ends, self.sheet.today)
        return done_on

    def percent(self, cell: Cell) -> int:
        """A progress cell in this sheet's unit."""
        return cells.progress_of(cell, self.sheet.scale)

    def date(self, column: Column) -> date | None:
        """A date cell; ``None`` when it is empty or wrong."""

        def read(cell: Cell) -> date | None:
            return cells.date_of(cell, column, self.sheet.today, self.sheet.calendar)

        return self.attempt(column, read, None)

    def text(self, column: Column) -> str:
        """A text cell, empty when the table has no such column."""
        return self.attempt(column, cells.text_of, "")

    def words(self, column: Column) -> str:
        """A text cell on one line."""
        return " ".join(self.text(column).split())

    def attempt(self, column: Column, read: Callable[[Cell], _V], otherwise: _V) -> _V:
        """What a cell says; when it is wrong, that is noted and the other value taken."""
        index = self.sheet.table.columns.get(column)
        try:
            return read(self.row[index] if index is not None and index < len(self.row) else None)
        except CellError as error:
            self.fail(error.text)
            return otherwise

    def fail(self, text: T) -> None:
        """Note a problem of this row, once."""
        self.wrong = True
        problem = RowProblem(self.line, text)
        if problem not in self.sheet.problems:
            self.sheet.problems.append(problem)


def _is_blank(row: Sequence[Cell]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)


def _section_title(row: Sequence[Cell], table: Table) -> str:
    """The text of a row that has nothing but a text where names stand; empty for other rows."""
    filled = [(i, cell) for i, cell in enumerate(row) if not _is_blank([cell])]
    names = {table.columns.get(Column.NAME), table.columns.get(Column.GROUP), 0}
    if len(filled) != 1 or filled[0][0] not in names or not isinstance(filled[0][1], str):
        return ""
    return " ".join(filled[0][1].split())


def _is_remark(row: Sequence[Cell]) -> bool:
    """Whether the row is a note under the table: one text, which says so itself."""
    filled = [cell for cell in row if cell is not None and cell != ""]
    if len(filled) != 1 or not isinstance(filled[0], str):
        return False
    return normalise(filled[0][:20]).startswith(_REMARKS)
