"""The working calendar over real data of China and others, and over years without data."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.holiday_data import LibraryHolidays, default_weekend, supported_countries
from domain.calendar import CompanyDay, DayKind, DayReason, NoHolidays, WorkingCalendar, YearDays

LIBRARY = LibraryHolidays()
CHINA = WorkingCalendar("CN", LIBRARY)

_WORKED = [
    pytest.param("2025-01-26", "春节", id="make-up Sunday before spring festival 2025"),
    pytest.param("2025-02-08", "春节", id="make-up Saturday after spring festival 2025"),
    pytest.param("2025-04-27", "劳动节", id="make-up Sunday before labour day 2025"),
    pytest.param("2025-09-28", "国庆节", id="make-up Sunday before national day 2025"),
    pytest.param("2025-10-11", "国庆节", id="make-up Saturday after national day 2025"),
    pytest.param("2026-01-04", "元旦", id="make-up Sunday after new year 2026"),
    pytest.param("2026-02-14", "春节", id="make-up Saturday before spring festival 2026"),
    pytest.param("2026-02-28", "春节", id="make-up Saturday after spring festival 2026"),
    pytest.param("2026-05-09", "劳动节", id="make-up Saturday after labour day 2026"),
    pytest.param("2026-09-20", "国庆节", id="make-up Sunday before national day 2026"),
    pytest.param("2026-10-10", "国庆节", id="make-up Saturday after national day 2026"),
]


@pytest.mark.parametrize(("day", "name"), _WORKED)
def test_make_up_days_are_worked_and_say_for_which_holiday(day: str, name: str) -> None:
    assert CHINA.why(date.fromisoformat(day)) == DayReason(DayKind.MAKE_UP, name)
    assert CHINA.is_working(date.fromisoformat(day))


@pytest.mark.parametrize("year", [2025, 2026])
def test_there_are_no_other_make_up_days(year: int) -> None:
    known = LIBRARY.year("CN", year)
    assert known is not None
    listed = {str(param.values[0]) for param in _WORKED}
    assert {day.isoformat() for day in known.workdays} == {
        d for d in listed if d.startswith(str(year))
    }


_RUNS = [
    pytest.param("2025-01-28", "2025-02-04", id="spring festival 2025: eight days"),
    pytest.param("2025-05-01", "2025-05-05", id="labour day 2025: five days"),
    pytest.param("2025-10-01", "2025-10-08", id="national day and mid-autumn 2025: eight days"),
    pytest.param("2026-01-01", "2026-01-03", id="new year 2026: three days"),
    pytest.param("2026-02-15", "2026-02-23", id="spring festival 2026: nine days"),
    pytest.param("2026-05-01", "2026-05-05", id="labour day 2026: five days"),
    pytest.param("2026-10-01", "2026-10-07", id="national day 2026: seven days"),
]


@pytest.mark.parametrize(("first", "last"), _RUNS)
def test_holidays_are_exactly_as_the_state_council_announced(first: str, last: str) -> None:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    assert CHINA.length(start, end) == 0
    assert CHINA.is_working(start - timedelta(days=1))
    assert CHINA.is_working(end + timedelta(days=1))


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        pytest.param("2025-10-01", DayReason(DayKind.HOLIDAY, "国庆节"), id="national day"),
        pytest.param(
            "2025-10-06", DayReason(DayKind.HOLIDAY, "中秋节"), id="mid-autumn inside the week"
        ),
        pytest.param(
            "2025-10-08", DayReason(DayKind.HOLIDAY, "国庆节"), id="bridge day keeps its holiday"
        ),
        pytest.param(
            "2025-02-03", DayReason(DayKind.HOLIDAY, "春节"), id="bridge of the spring festival"
        ),
        pytest.param("2025-10-12", DayReason(DayKind.WEEKEND), id="plain Sunday"),
        pytest.param("2025-10-09", DayReason(DayKind.WORKING), id="first day back"),
        pytest.param(
            "2031-10-01", DayReason(DayKind.WORKING), id="no data: a Wednesday is a weekday"
        ),
    ],
)
def test_why(day: str, reason: DayReason) -> None:
    assert CHINA.why(date.fromisoformat(day)) == reason


@pytest.mark.parametrize(
    ("day", "n", "reached"),
    [
        pytest.param("2025-09-30", 1, "2025-10-09", id="over national day 2025"),
        pytest.param("2025-09-26", 1, "2025-09-28", id="Friday to the make-up Sunday"),
        pytest.param("2025-10-10", 1, "2025-10-11", id="Friday to the make-up Saturday"),
        pytest.param("2025-10-09", -1, "2025-09-30", id="back over national day"),
        pytest.param("2025-10-04", 1, "2025-10-09", id="from inside the holiday forward"),
        pytest.param("2025-10-04", -1, "2025-09-30", id="from inside the holiday back"),
        pytest.param("2025-10-04", 0, "2025-10-04", id="nothing moves nothing, even on a day off"),
        pytest.param(
            "2026-02-13", 2, "2026-02-24", id="make-up Saturday, then over spring festival"
        ),
        pytest.param(
            "2026-09-18", 8, "2026-09-30", id="make-up Sunday counts, mid-autumn does not"
        ),
        pytest.param("2031-09-30", 2, "2031-10-02", id="a year without data: weekdays"),
    ],
)
def test_shift(day: str, n: int, reached: str) -> None:
    assert CHINA.shift(date.fromisoformat(day), n) == date.fromisoformat(reached)


def test_neighbours_of_a_day() -> None:
    holiday, worked = date(2025, 10, 4), date(2025, 10, 9)
    assert CHINA.next_working(holiday) == CHINA.on_or_after(holiday) == worked
    assert CHINA.previous_working(worked) == CHINA.on_or_before(holiday) == date(2025, 9, 30)
    assert CHINA.on_or_after(worked) == CHINA.on_or_before(worked) == worked
    assert CHINA.next_working(worked) == date(2025, 10, 10)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        pytest.param("2025-09-30", "2025-09-30", 0, id="same day"),
        pytest.param("2025-09-30", "2025-10-09", 1, id="over the holiday"),
        pytest.param("2025-10-09", "2025-09-30", -1, id="backwards"),
        pytest.param("2025-10-10", "2025-10-13", 2, id="make-up Saturday between"),
        pytest.param("2025-10-01", "2025-10-08", 0, id="inside the holiday"),
    ],
)
def test_working_days_between(start: str, end: str, count: int) -> None:
    assert CHINA.working_days_between(date.fromisoformat(start), date.fromisoformat(end)) == count


def test_range_and_length_agree() -> None:
    days = list(CHINA.range(date(2025, 9, 27), date(2025, 10, 12)))
    expected = ["09-28", "09-29", "09-30", "10-09", "10-10", "10-11"]
    assert [day.strftime("%m-%d") for day in days] == expected
    assert CHINA.length(date(2025, 9, 27), date(2025, 10, 12)) == 6
    assert list(CHINA.range(date(2025, 10, 12), date(2025, 10, 11))) == []


def test_years_without_a_notice_are_named() -> None:
    assert CHINA.missing_years(date(2025, 1, 1), date(2026, 12, 31)) == ()
    assert CHINA.missing_years(date(2026, 12, 1), date(2031, 1, 1))[-1] == 2031
    assert CHINA.missing_years(date(2031, 5, 1), date(2031, 1, 1)) == (2031,)


def test_company_days_outrank_the_public_calendar() -> None:
    calendar = CHINA.with_company_days(
        (
            CompanyDay(date(2025, 10, 8), True, "大促值班"),
            CompanyDay(date(2025, 9, 28), False, "年度旅行"),
            CompanyDay(date(2025, 9, 29), False, "年度旅行"),
        )
    )
    assert calendar.why(date(2025, 10, 8)) == DayReason(DayKind.COMPANY_WORKING, "大促值班")
    assert calendar.why(date(2025, 9, 28)) == DayReason(DayKind.COMPANY_OFF, "年度旅行")
    assert calendar.shift(date(2025, 9, 26), 2) == date(2025, 10, 8)
    assert CHINA.is_working(date(2025, 9, 29)), "the first calendar has not changed"


@pytest.mark.parametrize(
    ("country", "day", "worked"),
    [
        pytest.param("US", "2026-07-03", False, id="independence day observed on Friday"),
        pytest.param("US", "2031-07-04", False, id="a country of law is known in any year"),
        pytest.param("DE", "2026-10-03", False, id="German unity day"),
        pytest.param("GB", "2026-12-28", False, id="boxing day substitute"),
        pytest.param("HU", "2026-01-10", True, id="make-up Saturday in Hungary"),
        pytest.param(
            "TW", "2026-02-16", False, id="Taiwan has no make-up days any more but is known"
        ),
    ],
)
def test_other_countries(country: str, day: str, worked: bool) -> None:
    assert WorkingCalendar(country, LIBRARY).is_working(date.fromisoformat(day)) is worked


def test_weekends_differ() -> None:
    assert default_weekend("CN") == {5, 6}
    assert default_weekend("SA") == {4, 5}
    assert default_weekend("XX") == {5, 6}
    saudi = WorkingCalendar("SA", LIBRARY, weekend=default_weekend("SA"))
    assert saudi.is_working(date(2026, 1, 4))
    assert not saudi.is_working(date(2026, 1, 2))


def test_unknown_country_has_no_data() -> None:
    assert LIBRARY.year("XX", 2026) is None
    assert {"CN", "US"} <= set(supported_countries())
    assert "CHN" not in supported_countries()


def test_december_make_up_day_decreed_with_the_next_year() -> None:
    assert CHINA.why(date(2001, 12, 29)) == DayReason(DayKind.MAKE_UP, "元旦")


def test_a_week_needs_a_working_day() -> None:
    with pytest.raises(ValueError, match="working day"):
        WorkingCalendar("CN", NoHolidays(), weekend=frozenset(range(7)))


def test_each_year_is_asked_for_once() -> None:
    asked: list[int] = []

    class Counting:
        def weekend(self, country: str) -> frozenset[int]:
            return frozenset({5, 6})

        def year(self, country: str, year: int) -> YearDays | None:
            assert country == "CN"
            asked.append(year)
            return None

    calendar = WorkingCalendar("CN", Counting())
    assert calendar.length(date(2025, 1, 1), date(2026, 12, 31)) > 500
    assert asked == [2025, 2026]


_DAYS = st.dates(date(2024, 6, 1), date(2027, 6, 1))


@given(day=_DAYS, n=st.integers(-300, 300))
def test_between_measures_shift(day: date, n: int) -> None:
    assert CHINA.working_days_between(day, CHINA.shift(day, n)) == n


@given(day=_DAYS, n=st.integers(1, 200))
def test_shifting_there_and_back_from_a_working_day(day: date, n: int) -> None:
    start = CHINA.on_or_after(day)
    assert CHINA.shift(CHINA.shift(start, n), -n) == start


def test_a_country_that_rests_on_friday() -> None:
    source = LibraryHolidays()
    weekend = source.weekend("SA")
    calendar = WorkingCalendar("SA", source, weekend=weekend)
    assert weekend == frozenset({4, 5})
    assert not calendar.is_working(date(2026, 11, 27))
    assert calendar.is_working(date(2026, 11, 29))
