"""Single cells: dates, lengths, progress, deliverables, as spreadsheets and people write them.

A cell that cannot be read raises :class:`CellError`, whose text names what is expected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from domain.calendar import WorkingCalendar
from domain.dates import parse_date
from domain.dates.days import FIRST_YEAR, LAST_YEAR
from domain.dates.text import normalise, shown
from domain.deliverables import CATALOGUE
from domain.errors import UserError
from domain.messages import T
from domain.plan_import.headers import Column
from domain.ports import Cell

_EXCEL_ZERO = date(1899, 12, 30)
_SERIALS = range(20_000, 100_000)
"""Serial days of 1954 to 2173: below are lengths and years, above are typing errors."""
_LONGEST_TEXT = 500
_TIME = re.compile(r"[ T]\d{1,2}[:：]\d{2}(?:[:：]\d{2}(?:\.\d+)?)?$")
_DAYS = re.compile(
    r"(?P<n>\d+(?:\.\d+)?) ?(?:个?工作日|天|日|d|days?|wd|working days?|work days?)?\??"
)
_PERCENT = re.compile(r"(?P<n>\d+(?:\.\d+)?) ?(?P<sign>%)?")
_ITEM = re.compile(r"[,，、;；\n/]+")
_NUMBERED = re.compile(r"(?:交付物|d|no\.?|#)? ?(?P<n>\d{1,3})(?!\d)", re.IGNORECASE)
_YES = frozenset(
    {"是", "y", "yes", "true", "√", "✓", "✔", "◆", "★", "x", "1", "里程碑", "milestone"}
)
_NO = frozenset({"", "否", "n", "no", "false", "0", "-", "—", "/", "无"})
_DONE = frozenset(
    {"已完成", "完成", "done", "completed", "complete", "finished", "closed", "已关闭"}
)
_MILESTONE_KINDS = frozenset({"里程碑", "milestone", "m", "关键节点", "节点", "◆"})


class CellError(Exception):
    """A cell that cannot be read; ``text`` says what is wrong with it."""

    def __init__(self, text: T) -> None:
        super().__init__(text.key)
        self.text = text


def text_of(cell: Cell) -> str:
    """A cell as text; its line breaks stay, the ``.0`` that spreadsheets give whole numbers goes.

    :raises CellError: ``plan.import.too_long``.
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    lines = (" ".join(line.split()) for line in str(cell).strip().splitlines())
    text = "\n".join(lines)
    if len(text) > _LONGEST_TEXT:
        raise CellError(T("plan.import.too_long", {"most": _LONGEST_TEXT}))
    return text


def date_of(cell: Cell, column: Column, today: date, calendar: WorkingCalendar) -> date | None:
    """A day; ``None`` for an empty cell. A time of day beside it is dropped.

    :param today: what a date without a year is read against.
    :raises CellError: ``plan.import.bad_date``, or the reason why there is no such day.
    """
    text = text_of(cell)
    if normalise(text) in {"", "-", "/", "无", "n/a", "tbd", "待定"}:
        return None
    try:
        day = _as_date(cell, text)
        if day is None and not isinstance(cell, bool):
            day = parse_date(_TIME.sub("", text), today, calendar)
    except UserError as error:
        key = "bad_date" if error.key == "date.unknown" else "wrong_date"
    else:
        if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR:
            return day
        key = "bad_date" if day is None else "wrong_date"
    raise CellError(T(f"plan.import.{key}", {"column": column.text, "text": shown(text)}))


def days_of(cell: Cell) -> int | None:
    """A length in working days; ``None`` for an empty cell. A part of a day counts as a day.

    :raises CellError: ``plan.import.bad_days``.
    """
    text = text_of(cell)
    if not text or text == "-":
        return None
    match = _DAYS.fullmatch(normalise(text))
    if match is None or isinstance(cell, bool) or float(match["n"]) > 1000:
        raise CellError(T("plan.import.bad_days", {"text": shown(text)}))
    return -int(-float(match["n"]) // 1)


def progress_scale(cells: Iterable[Cell]) -> int:
    """What a bare number of a progress column is multiplied with to be percent.

    Spreadsheets keep 50 % as 0.5, people write 50: a column whose numbers all lie within 1 holds
    fractions.
    """
    texts = [text_of(cell) for cell in cells if not isinstance(cell, bool)]
    matches = (_PERCENT.fullmatch(text) for text in texts)
    return 100 if all(float(m["n"]) <= 1 for m in matches if m and not m["sign"]) else 1


def progress_of(cell: Cell, scale: int) -> int:
    """Percent, 0 to 100; 0 for an empty cell.

    :raises CellError: ``plan.import.bad_progress``.
    """
    text = text_of(cell)
    if not text or text == "-":
        return 0
    match = _PERCENT.fullmatch(normalise(text))
    percent = -1.0
    if match is not None and not isinstance(cell, bool):
        percent = float(match["n"]) * (1 if match["sign"] else scale)
    if not 0 <= percent <= 100:
        raise CellError(T("plan.import.bad_progress", {"text": shown(text)}))
    return round(percent)


def deliverables_of(cell: Cell) -> tuple[tuple[int, ...], str]:
    """The numbers of the catalogue in a cell (``09、10-需求调研报告``), and what has no number.

    :raises CellError: ``plan.import.bad_deliverable`` for a number beyond the catalogue.
    """
    numbers: list[int] = []
    others: list[str] = []
    for item in filter(None, (each.strip() for each in _ITEM.split(text_of(cell)))):
        match = _NUMBERED.match(item)
        if match is None:
            others.append(item)
        elif 1 <= int(match["n"]) <= len(CATALOGUE):
            numbers.append(int(match["n"]))
        else:
            raise CellError(T("plan.import.bad_deliverable", {"text": shown(item)}))
    return tuple(dict.fromkeys(numbers)), "、".join(others)


def is_milestone_kind(cell: Cell) -> bool:
    """Whether a type column says milestone."""
    return normalise(text_of(cell)) in _MILESTONE_KINDS


def milestone_mark(cell: Cell) -> bool | str:
    """What a milestone column says: that the row is one, or not, or a milestone's own name."""
    if isinstance(cell, bool):
        return cell
    text = " ".join(text_of(cell).split())
    plain = normalise(text)
    if plain in _YES:
        return True
    return False if plain in _NO else text


def is_done(cell: Cell) -> bool:
    """Whether a status column says done."""
    return normalise(text_of(cell)) in _DONE


def _as_date(cell: Cell, text: str) -> date | None:
    """A date cell, or one that a spreadsheet left as its number of days (time as fraction)."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool) or (
        isinstance(cell, str) and not re.fullmatch(r"\d{5}(\.\d+)?", text)
    ):
        return None
    if isinstance(cell, (int, float, str)) and _SERIALS.start <= float(cell) < _SERIALS.stop:
        return _EXCEL_ZERO + timedelta(days=int(float(cell)))
    return None
