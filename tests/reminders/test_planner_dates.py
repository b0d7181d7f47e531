"""The dates of reminders around holidays, make-up days, clock changes and years without data."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from bot.holiday_data import LibraryHolidays
from domain.calendar import CompanyDay, NoHolidays, WorkingCalendar
from domain.reminders import Anchor, Audience, Rule, SubjectKind
from reminders.planner import all_slots, plan, upcoming
from reminders.rules import BY_NAME, RULES
from tests.reminders.people import (
    CHINA,
    action,
    local,
    milestone,
    person,
    phase,
    setting,
    shown,
    utc,
)


def days_of(rule: str, subject, world=None, since="2024-12-01", days=800) -> list[str]:
    """The local days on which a rule speaks, in order."""
    start = local(f"{since} 00:00")
    slots = upcoming(subject, (BY_NAME[rule],), world or setting(), start, start + timedelta(days))
    zone = (world or setting()).zone
    return sorted({s.at.astimezone(zone).date().isoformat() for s in slots})


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        pytest.param(
            "2025-10-10",
            ["2025-09-29", "2025-10-09", "2025-10-10"],
            id="Friday after national day 2025: the week off does not count",
        ),
        pytest.param(
            "2025-10-11",
            ["2025-09-30", "2025-10-10", "2025-10-11"],
            id="ends on the make-up Saturday 2025",
        ),
        pytest.param(
            "2025-09-30",
            ["2025-09-26", "2025-09-29", "2025-09-30"],
            id="last day before national day 2025: the make-up Sunday 28 counts",
        ),
        pytest.param(
            "2025-10-03",
            ["2025-09-26", "2025-09-29", "2025-09-30"],
            id="ends inside national day 2025: the last working day before is its day",
        ),
        pytest.param(
            "2026-10-08",
            ["2026-09-28", "2026-09-30", "2026-10-08"],
            id="first day after national day 2026: 28, 29, 30 September are three days before",
        ),
        pytest.param(
            "2026-10-10",
            ["2026-09-30", "2026-10-09", "2026-10-10"],
            id="ends on the make-up Saturday after national day 2026",
        ),
        pytest.param(
            "2026-09-21",
            ["2026-09-17", "2026-09-20", "2026-09-21"],
            id="the day before is the make-up Sunday 20 September 2026",
        ),
        pytest.param(
            "2025-01-27",
            ["2025-01-23", "2025-01-26", "2025-01-27"],
            id="eve of the spring festival 2025: the day before is the make-up Sunday",
        ),
        pytest.param(
            "2025-02-05",
            ["2025-01-24", "2025-01-27", "2025-02-05"],
            id="first day after the spring festival 2025",
        ),
        pytest.param(
            "2025-02-08",
            ["2025-02-05", "2025-02-07", "2025-02-08"],
            id="make-up Saturday after the spring festival 2025",
        ),
        pytest.param(
            "2026-02-24",
            ["2026-02-12", "2026-02-14", "2026-02-24"],
            id="first day after the spring festival 2026: make-up Saturday 14 is the day before",
        ),
        pytest.param(
            "2026-02-28",
            ["2026-02-25", "2026-02-27", "2026-02-28"],
            id="make-up Saturday after the spring festival 2026",
        ),
        pytest.param(
            "2026-02-18",
            ["2026-02-11", "2026-02-13", "2026-02-14"],
            id="ends inside the spring festival 2026",
        ),
    ],
)
def test_a_phase_that_ends_is_announced_three_and_one_working_days_before_and_on_the_day(
    ends: str, expected: list[str]
) -> None:
    assert days_of("phase_ends", phase(ends=ends)) == expected


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        pytest.param("2025-10-09", ["2025-09-30", "2025-10-09"], id="after national day 2025"),
        pytest.param("2025-10-04", ["2025-09-30", "2025-10-09"], id="inside it: the day after"),
        pytest.param("2025-09-28", ["2025-09-26", "2025-09-28"], id="on the make-up Sunday 2025"),
        pytest.param("2026-01-04", ["2025-12-31", "2026-01-04"], id="make-up Sunday, new year"),
        pytest.param("2026-02-24", ["2026-02-14", "2026-02-24"], id="after spring festival 2026"),
        pytest.param("2025-02-05", ["2025-01-27", "2025-02-05"], id="after spring festival 2025"),
    ],
)
def test_a_phase_that_starts_is_announced_the_working_day_before_and_on_the_day(
    starts: str, expected: list[str]
) -> None:
    assert days_of("phase_starts", phase(starts=starts)) == expected


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        pytest.param(
            "2025-10-15",
            ["2025-09-29", "2025-10-11", "2025-10-14", "2025-10-15"],
            id="over national day 2025 with its make-up Saturday",
        ),
        pytest.param(
            "2026-03-02",
            ["2026-02-13", "2026-02-26", "2026-02-28", "2026-03-02"],
            id="over the spring festival 2026 with both make-up Saturdays",
        ),
        pytest.param(
            "2025-02-11",
            ["2025-01-26", "2025-02-07", "2025-02-10", "2025-02-11"],
            id="over the spring festival 2025: the make-up Saturday 8 February counts",
        ),
    ],
)
def test_a_milestone_is_announced_seven_three_and_one_working_days_before(
    due: str, expected: list[str]
) -> None:
    assert days_of("milestone", milestone(due)) == expected


def test_an_overdue_item_is_said_each_working_day_and_never_on_a_day_off() -> None:
    said = days_of("action_overdue", action("2025-09-26"), since="2025-09-20", days=22)
    assert said == [
        "2025-09-28",
        "2025-09-29",
        "2025-09-30",
        "2025-10-09",
        "2025-10-10",
        "2025-10-11",
    ]


def test_a_company_day_off_moves_a_reminder() -> None:
    party = CompanyDay(date(2026, 11, 26), working=False, name="年会")
    world = setting(calendar=CHINA.with_company_days((party,)))
    assert days_of("phase_starts", phase(starts="2026-11-27"), world) == [
        "2026-11-25",
        "2026-11-27",
    ]


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        pytest.param(2031, ["2031-10-01", "2031-10-02"], id="no notice yet: plain weekdays"),
        pytest.param(2026, ["2026-09-30", "2026-10-08"], id="a year with data, for comparison"),
    ],
)
def test_a_year_without_holiday_data_falls_back_to_weekdays(year: int, expected: list[str]) -> None:
    day = 2 if year == 2031 else 8
    said = days_of(
        "phase_starts", phase(starts=f"{year}-10-{day:02}"), since=f"{year}-09-01", days=60
    )
    assert said == expected
    assert (CHINA.missing_years(date(year, 1, 1), date(year, 12, 31)) == ()) == (year == 2026)


@pytest.mark.parametrize(
    ("zone", "day", "clock", "expected_utc"),
    [
        pytest.param("America/New_York", "2026-03-06", time(9), "2026-03-06 14:00", id="NY winter"),
        pytest.param("America/New_York", "2026-03-09", time(9), "2026-03-09 13:00", id="NY summer"),
        pytest.param(
            "Europe/Berlin", "2026-03-27", time(9), "2026-03-27 08:00", id="Berlin winter"
        ),
        pytest.param(
            "Europe/Berlin", "2026-03-30", time(9), "2026-03-30 07:00", id="Berlin summer"
        ),
        pytest.param(
            "America/New_York",
            "2026-03-08",
            time(2, 30),
            "2026-03-08 07:30",
            id="skipped hour in New York: 03:30, after the gap",
        ),
        pytest.param(
            "Europe/Berlin",
            "2026-03-29",
            time(2, 30),
            "2026-03-29 01:30",
            id="skipped hour in Berlin: 03:30, after the gap",
        ),
        pytest.param(
            "America/New_York",
            "2026-11-01",
            time(1, 30),
            "2026-11-01 05:30",
            id="repeated hour in New York: the first",
        ),
        pytest.param(
            "Europe/Berlin",
            "2026-10-25",
            time(2, 30),
            "2026-10-25 00:30",
            id="repeated hour in Berlin: the first",
        ),
        pytest.param(
            "Asia/Shanghai", "2026-03-29", time(2, 30), "2026-03-28 18:30", id="no clock change"
        ),
    ],
)
def test_the_hour_of_a_reminder_is_the_wall_clock_of_its_zone(
    zone: str, day: str, clock: time, expected_utc: str
) -> None:
    everyday = WorkingCalendar("XX", NoHolidays(), weekend=frozenset())
    rule = Rule("r", "r", SubjectKind.PHASE, Anchor.END, (Audience.CHANNEL,), (0,), hour=clock)
    world = setting(calendar=everyday, zone=zone)
    (slot,) = all_slots(phase(ends=day), (rule,), world, utc("2026-01-01"), utc("2026-12-31"))
    assert slot.at == utc(expected_utc)


def test_each_person_hears_in_the_morning_of_their_own_zone() -> None:
    world = setting(person("dev", "America/New_York"))
    (slot,) = all_slots(
        action("2026-10-09"), (BY_NAME["action_due"],), world, utc("2026-10-01"), utc("2026-10-02")
    )[1:]
    assert slot.at == local("2026-10-09 09:00", "America/New_York")
    assert slot.why["zone"] == "America/New_York"


def test_working_days_of_another_country() -> None:
    germany = WorkingCalendar("DE", LibraryHolidays())
    world = setting(calendar=germany, zone="Europe/Berlin")
    assert days_of("phase_starts", phase(starts="2026-01-02"), world) == [
        "2025-12-31",
        "2026-01-02",
    ]
    assert days_of("phase_starts", phase(starts="2026-10-05"), world) == [
        "2026-10-02",
        "2026-10-05",
    ]


def test_every_rule_has_a_time_and_an_audience_and_a_name_of_its_own() -> None:
    assert len({r.name for r in RULES}) == len({r.zh for r in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.audience
        assert rule.offsets or rule.minutes or rule.same_day or rule.repeat_from is not None


def test_nothing_is_left_to_look_at_once_all_has_been_said() -> None:
    done = plan(phase(starts="2025-01-02"), RULES, setting(), utc("2026-01-01"))
    assert done.due == ()
    assert done.next_at is None


def test_the_next_look_is_at_the_next_slot() -> None:
    now = local("2026-09-28 10:00")
    planned = plan(phase(ends="2026-10-08"), RULES, setting(), now)
    assert planned.next_at == local("2026-09-30 09:00")
    assert shown(planned.due) == ["phase_ends channel:room 2026-09-28 09:00"]
