"""Dates, lengths and shifts in what people type about a plan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from commands.context import Context
from domain.calendar import WorkingCalendar
from domain.dates import parse_date, take_date
from domain.errors import UserError
from domain.messages import Code

_UNIT = r"wd|个?工作[日天]|working days?|workdays?"
_SHIFT = re.compile(
    r"(?:^|(?<=[^0-9A-Za-z_+-]))(?P<sign>[+\-＋－−]|后移|延后|推迟|顺延|推后|延|提前|前移)\s*"
    rf"(?P<n>\d{{1,4}})\s*(?P<unit>{_UNIT}|d|days?|天|日|w|weeks?|周|个?星期)?$",
    re.IGNORECASE,
)
_EARLIER = frozenset({"-", "－", "−", "提前", "前移"})
_LENGTH = re.compile(rf"\s(?P<n>\d{{1,3}})\s*(?:{_UNIT}|d|天|日)$", re.IGNORECASE)
_BETWEEN = re.compile(
    r"(?:(?<=\d)\s*(?:~|～|至|到|—|–|->|→)\s*(?=\d))|\s+(?:~|～|至|到|—|–|-|to)\s+"
)
_STARTS = re.compile(r"(?:^|\s)(?:开始|起|从|start(?:s)?|from)\s*[:：=]?\s*$", re.IGNORECASE)
_ENDS = re.compile(r"(?:^|\s)(?:结束|止|到|至|end(?:s)?|to|until)\s*[:：=]?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shift:
    """By how much something is moved.

    :param days: negative for earlier. :param working: whether these are working days.
    """

    days: int
    working: bool

    def of(self, day: date, calendar: WorkingCalendar) -> date:
        """The day so much later or earlier."""
        if self.working:
            return calendar.shift(day, self.days)
        return day + timedelta(days=self.days)


def take_shift(text: str) -> tuple[str, Shift | None]:
    """What stands before a shift at the end of a text (``开发 +3wd``, ``开发 顺延3天``), and it.

    A bare number and ``wd`` count working days, ``d`` and ``w`` calendar days.
    """
    stripped = text.strip()
    match = _SHIFT.search(stripped)
    if match is None:
        return stripped, None
    unit = (match["unit"] or "wd").casefold()
    weeks = unit.startswith(("w", "周", "星", "个星")) and not re.fullmatch(_UNIT, unit)
    working = re.fullmatch(_UNIT, unit) is not None
    days = int(match["n"]) * (7 if weeks else 1)
    sign = -1 if match["sign"] in _EARLIER else 1
    return stripped[: match.start()].strip(), Shift(sign * days, working)


@dataclass(frozen=True, slots=True)
class Dates:
    """What a text says about a phase's dates.

    :param rest: the text without them. :param days: a length in working days.
    """

    rest: str
    starts: date | None = None
    ends: date | None = None
    days: int | None = None


def take_dates(ctx: Context, text: str) -> Dates:
    """The dates at the end (or start) of a text: two of them, or one with a length.

    ``开发 12-01 12-20``, ``开发 12-01 到 12-20``, ``开发 12-01 10天``, ``开发 开始 12-01``. One
    date alone is an end, unless a word says that it is the start.
    """
    text = _BETWEEN.sub(" ", text.strip())
    length = _LENGTH.search(text)
    days = int(length["n"]) if length else None
    text = text[: length.start()] if length else text
    first, rest = take_date(text, ctx.today, ctx.calendar)
    if first is None:
        return Dates(rest, days=days)
    second, last = take_date(rest, ctx.today, ctx.calendar)
    if second is not None:
        at_end = text.startswith(rest[:1]) and text.startswith(rest)
        starts, ends = (second, first) if at_end else (first, second)
        return Dates(_without_words(last), starts, ends)
    if days is not None or _STARTS.search(rest):
        return Dates(_without_words(rest), starts=first, days=days)
    return Dates(_without_words(rest), ends=first, days=days)


def _without_words(rest: str) -> str:
    return _ENDS.sub("", _STARTS.sub("", rest)).strip()


def day_of(ctx: Context, text: str) -> date | None:
    """A date from a form's field; None when it is empty."""
    return parse_date(text, ctx.today, ctx.calendar) if text.strip() else None


def percent_of(text: str) -> tuple[str, int]:
    """What stands before a percentage at the end of a text, and it.

    :raises UserError: ``plan.progress_needed``.
    """
    match = re.search(r"(?:^|\s)(?P<n>\d{1,4})\s*[%％]?$", text.strip())
    if match is None:
        raise UserError("plan.progress_needed", line=Code("/plan phase progress 2 60"))
    return text.strip()[: match.start()].strip(), int(match["n"])
