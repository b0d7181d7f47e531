"""The team's working calendar: which days count, and how far apart two days are in working days.

A day's kind is settled in this order: company day, make-up working day, public holiday, weekend,
plain working day. A year for which the source has no data (in China: the State Council's notice is
not out yet) falls back to "weekdays work"; :meth:`WorkingCalendar.missing_years` names such years,
so that whoever shows a computed date can say that it may still move.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from domain.messages import T

SATURDAY_SUNDAY = frozenset({5, 6})
_ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """Why a day is worked or not."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    COMPANY_OFF = "company_off"
    COMPANY_WORKING = "company_working"


_WORKED = frozenset({DayKind.WORKING, DayKind.MAKE_UP, DayKind.COMPANY_WORKING})


@dataclass(frozen=True, slots=True)
class DayReason:
    """Why a day is worked or not, in neutral form.

    :param kind: the rule that decided.
    :param name: the holiday or company day as its calendar names it; for a make-up day the holiday
        that it pays for; empty for plain working days and weekends.
    """

    kind: DayKind
    name: str = ""

    @property
    def working(self) -> bool:
        """Whether people work on such a day."""
        return self.kind in _WORKED

    @property
    def text(self) -> T:
        """The reason in words."""
        return T(f"calendar.{self.kind.value}", {"name": self.name})


@dataclass(frozen=True, slots=True)
class YearDays:
    """A country's exceptions from its week in one year.

    :param holidays: public holidays by day, with their name. Those on weekends may be listed too.
    :param workdays: weekend days that are worked, with the name of the holiday that they make up
        for.
    """

    holidays: Mapping[date, str]
    workdays: Mapping[date, str]


class HolidaySource(Protocol):
    """Where public holidays come from."""

    def year(self, country: str, year: int) -> YearDays | None:
        """The exceptions of a year, or ``None`` when they are not known (yet).

        :param country: ISO 3166-1 alpha-2 code.
        """
        ...

    def weekend(self, country: str) -> frozenset[int]:
        """The country's usual free weekdays, Monday being 0."""
        ...


class NoHolidays:
    """A source that knows no year: every calendar over it is its week and its company days."""

    def year(self, country: str, year: int) -> YearDays | None:
        """Always ``None``."""
        del country, year  # the port's arguments; none of them is known here
        return None

    def weekend(self, country: str) -> frozenset[int]:
        """Saturday and Sunday."""
        del country
        return SATURDAY_SUNDAY


@dataclass(frozen=True, slots=True)
class CompanyDay:
    """A day that the company itself declared worked or free; it outranks the public calendar."""

    day: date
    working: bool
    name: str


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Working days of one team.

    Immutable to its users; it only remembers what it has found out. Steps
    beyond the years 1 to 9999 raise ``OverflowError``.

    :param country: ISO 3166-1 alpha-2 code.
    :param source: public holidays.
    :param company: company days; of two for the same day the later one counts.
    :param weekend: free weekdays, Monday being 0. A week without a working day is a ``ValueError``.
    """

    country: str
    source: HolidaySource = field(compare=False, repr=False)
    company: tuple[CompanyDay, ...] = ()
    weekend: frozenset[int] = SATURDAY_SUNDAY
    _company: Mapping[date, CompanyDay] = field(init=False, repr=False, compare=False)
    _years: dict[int, YearDays | None] = field(
        init=False, repr=False, compare=False, default_factory=dict[int, "YearDays | None"]
    )
    _working: dict[date, bool] = field(
        init=False, repr=False, compare=False, default_factory=dict[date, bool]
    )

    def __post_init__(self) -> None:
        if not self.weekend <= frozenset(range(7)) or len(self.weekend) == 7:
            raise ValueError("a week needs at least one working day")
        object.__setattr__(self, "_company", {each.day: each for each in self.company})

    def with_company_days(self, days: Iterable[CompanyDay]) -> WorkingCalendar:
        """The same calendar with other company days."""
        return WorkingCalendar(self.country, self.source, tuple(days), self.weekend)

    def why(self, day: date) -> DayReason:
        """Why a day is worked or not."""
        company = self._company.get(day)
        if company is not None:
            kind = DayKind.COMPANY_WORKING if company.working else DayKind.COMPANY_OFF
            return DayReason(kind, company.name)
        known = self._year(day.year)
        if known is not None:
            if day in known.workdays:
                return DayReason(DayKind.MAKE_UP, known.workdays[day])
            if day in known.holidays:
                return DayReason(DayKind.HOLIDAY, known.holidays[day])
        return DayReason(DayKind.WEEKEND if day.weekday() in self.weekend else DayKind.WORKING)

    def is_working(self, day: date) -> bool:
        """Whether the team works on a day."""
        known = self._working.get(day)
        if known is None:  # plans ask for the same weeks again and again: 70 times for one digest
            known = self._working[day] = self.why(day).working
        return known

    def on_or_after(self, day: date) -> date:
        """The day itself when it is worked, else the first working day after it."""
        return day if self.is_working(day) else self.next_working(day)

    def on_or_before(self, day: date) -> date:
        """The day itself when it is worked, else the last working day before it."""
        return day if self.is_working(day) else self.previous_working(day)

    def next_working(self, day: date) -> date:
        """The first working day strictly after a day."""
        return self.shift(day, 1)

    def previous_working(self, day: date) -> date:
        """The last working day strictly before a day."""
        return self.shift(day, -1)

    def shift(self, day: date, n: int) -> date:
        """The day ``n`` working days later (earlier for a negative ``n``).

        From a day off, the first working day after it is one step away. With ``n`` 0 the day itself
        comes back, worked or not: a shift by nothing moves nothing.
        """
        step = _ONE_DAY if n > 0 else -_ONE_DAY
        left = abs(n)
        while left:
            day += step
            if self.is_working(day):
                left -= 1
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days to go from one day to another; negative when the other is earlier.

        The starting day does not count, the reached one does: from Friday to Monday is 1. So
        ``working_days_between(d, shift(d, n)) == n`` for every ``n``.
        """
        if start <= end:
            return self.length(start + _ONE_DAY, end) if start < end else 0
        return -self.length(end, start - _ONE_DAY)

    def length(self, start: date, end: date) -> int:
        """Working days in a span, both ends included; 0 for a span that ends before it starts."""
        return sum(1 for _ in self.range(start, end))

    def range(self, start: date, end: date) -> Iterator[date]:
        """The working days of a span in order, both ends included."""
        for ordinal in range(start.toordinal(), end.toordinal() + 1):
            day = date.fromordinal(ordinal)
            if self.is_working(day):
                yield day

    def missing_years(self, start: date, end: date) -> tuple[int, ...]:
        """The years of a span without data, which therefore fall back to plain weekdays."""
        years = range(min(start, end).year, max(start, end).year + 1)
        return tuple(year for year in years if self._year(year) is None)

    def _year(self, year: int) -> YearDays | None:
        if year not in self._years:
            self._years[year] = self.source.year(self.country, year)
        return self._years[year]
