"""The time axis of a plan chart: where a day lies, which header fits, which stretches are free."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from documents.texts import say
from domain.calendar import WorkingCalendar

_DAY = timedelta(days=1)
_LONG_BREAK = 3
"""Free days in a row that are worth showing when single weekends would only be noise."""


class Unit(StrEnum):
    """A step of the header, finest first."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_LEAST_WIDTH = {Unit.DAY: 17.0, Unit.WEEK: 38.0, Unit.MONTH: 26.0, Unit.QUARTER: 26.0}
_ABOVE = {
    Unit.DAY: Unit.MONTH,
    Unit.WEEK: Unit.MONTH,
    Unit.MONTH: Unit.YEAR,
    Unit.QUARTER: Unit.YEAR,
}
_USUAL_DAYS = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 30, Unit.QUARTER: 91}


@dataclass(frozen=True, slots=True)
class Tick:
    """One cell of a header row.

    :param x: left edge; :param width: in pixels.
    """

    x: float
    width: float
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps days to pixels.

    :param first: first day shown; :param last: last day shown (included).
    :param left: x of the first day's morning; :param width: of the whole axis.
    """

    first: date
    last: date
    left: float
    width: float

    @property
    def day_width(self) -> float:
        """Pixels per day."""
        return self.width / ((self.last - self.first).days + 1)

    def x(self, day: date) -> float:
        """The left edge (the morning) of a day."""
        return self.left + (day - self.first).days * self.day_width

    def end(self, day: date) -> float:
        """The right edge (the evening) of a day."""
        return self.x(day) + self.day_width

    def contains(self, day: date) -> bool:
        """Whether a day is on the axis."""
        return self.first <= day <= self.last

    @property
    def unit(self) -> Unit:
        """The finest unit whose cells can hold their labels."""
        for unit, least in _LEAST_WIDTH.items():
            if self.day_width * _USUAL_DAYS[unit] >= least:
                return unit
        return Unit.YEAR

    def fine(self, locale: str) -> list[Tick]:
        """The lower header row."""
        return list(self._ticks(self.unit, lambda day: _label(self.unit, day, locale)))

    def coarse(self, locale: str) -> list[Tick]:
        """The upper header row; empty when years are the lower one already."""
        above = _ABOVE.get(self.unit)
        if above is None:
            return []
        return list(self._ticks(above, lambda day: _title(above, day, locale)))

    def _ticks(self, unit: Unit, label: Callable[[date], str]) -> Iterator[Tick]:
        start = self.first
        while start <= self.last:
            after = _next_start(unit, start)
            end = min(after - _DAY, self.last)
            x = self.x(start)
            yield Tick(x, self.end(end) - x, label(start))
            start = after

    def free(self, calendar: WorkingCalendar) -> list[tuple[float, float]]:
        """Stretches (x, width) that are not worked.

        Each weekend while there is room to tell them apart, else only the long breaks.
        """
        least = 1 if self.day_width >= 2 else _LONG_BREAK
        return [
            (self.x(a), self.end(b) - self.x(a))
            for a, b in _runs(self.first, self.last, lambda d: not calendar.is_working(d))
            if (b - a).days + 1 >= least
        ]


def fit(first: date, last: date, today: date, left: float, width: float) -> Scale:
    """An axis of whole weeks around the days, with today on it when it is near."""
    span = max((last - first).days, 14)
    near = timedelta(days=max(span // 4, 7))
    if first - near <= today <= last + near:
        first, last = min(first, today), max(last, today)
    start = first - timedelta(days=first.weekday())
    end = last + timedelta(days=6 - last.weekday())
    while (end - start).days < 13:  # less than two weeks looks like a ruler, not like a plan
        end += timedelta(days=7)
    return Scale(start, end, left, width)


def _next_start(unit: Unit, day: date) -> date:
    if unit is Unit.DAY:
        return day + _DAY
    if unit is Unit.WEEK:
        return day + timedelta(days=7 - day.weekday())
    if unit is Unit.YEAR:
        return date(day.year + 1, 1, 1)
    step = 1 if unit is Unit.MONTH else 3
    month = (day.month - 1) // step * step + step
    return date(day.year + month // 12, month % 12 + 1, 1)


def _label(unit: Unit, day: date, locale: str) -> str:
    if unit is Unit.DAY:
        return str(day.day)
    if unit is Unit.WEEK:
        return f"{day.month}/{day.day}"
    if unit is Unit.QUARTER:
        return f"Q{(day.month + 2) // 3}"
    if unit is Unit.YEAR:
        return say(locale, "document.year", year=day.year)
    return say(locale, f"document.month.{day.month}")


def _title(unit: Unit, day: date, locale: str) -> str:
    """A cell of the upper row: a month there says its year."""
    if unit is Unit.MONTH:
        month = say(locale, f"document.month.{day.month}")
        return say(locale, "document.month_of_year", year=day.year, month=month)
    return _label(unit, day, locale)


def _runs(first: date, last: date, test: Callable[[date], bool]) -> Iterator[tuple[date, date]]:
    start: date | None = None
    day = first
    while day <= last:
        if test(day):
            start = start or day
        elif start is not None:
            yield start, day - _DAY
            start = None
        day += _DAY
    if start is not None:
        yield start, last
