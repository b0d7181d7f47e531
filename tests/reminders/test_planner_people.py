"""To whom a reminder goes, and when that person may be disturbed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.people import Absence, QuietHours
from domain.reminders import Anchor, Audience, RuleOverride, Slot, Subject, SubjectKind
from reminders.planner import after_quiet, is_late, is_too_late, plan, upcoming
from reminders.rules import BY_NAME, RULES, effective
from tests.reminders.people import (
    SHANGHAI,
    action,
    local,
    milestone,
    person,
    phase,
    setting,
    shown,
    story,
)

MORNING = local("2026-11-23 09:00")  # a Monday


@pytest.mark.parametrize(
    ("quiet", "at", "expected"),
    [
        pytest.param(
            ("22:00", "08:00"), "2026-11-23 23:30", "2026-11-24 08:00", id="before midnight"
        ),
        pytest.param(
            ("22:00", "08:00"), "2026-11-24 00:10", "2026-11-24 08:00", id="after midnight"
        ),
        pytest.param(
            ("22:00", "08:00"), "2026-11-23 22:00", "2026-11-24 08:00", id="the start counts"
        ),
        pytest.param(
            ("22:00", "08:00"), "2026-11-24 08:00", "2026-11-24 08:00", id="the end does not"
        ),
        pytest.param(("22:00", "08:00"), "2026-11-23 12:00", "2026-11-23 12:00", id="by day"),
        pytest.param(("12:00", "13:30"), "2026-11-23 12:45", "2026-11-23 13:30", id="at lunch"),
        pytest.param(("09:00", "09:00"), "2026-11-23 09:00", "2026-11-23 09:00", id="empty"),
        pytest.param(("00:00", "10:30"), "2026-11-23 09:00", "2026-11-23 10:30", id="late riser"),
    ],
)
def test_quiet_hours_put_a_personal_message_off_to_their_end(
    quiet: tuple[str, str], at: str, expected: str
) -> None:
    hours = QuietHours(time.fromisoformat(quiet[0]), time.fromisoformat(quiet[1]))
    assert after_quiet(local(at), hours, SHANGHAI) == local(expected)


def test_the_end_of_quiet_hours_that_a_clock_change_skips_is_after_the_gap() -> None:
    from zoneinfo import ZoneInfo

    berlin = ZoneInfo("Europe/Berlin")
    hours = QuietHours(time(22), time(2, 30))
    night = local("2026-03-29 01:00", "Europe/Berlin")
    assert after_quiet(night, hours, berlin) == local("2026-03-29 03:30", "Europe/Berlin")


def test_quiet_hours_hold_back_the_person_but_not_the_channel() -> None:
    world = setting(person("dev", quiet=(time(8), time(10))))
    said = upcoming(
        phase(ends="2026-11-24"), (BY_NAME["phase_ends"],), world,
        local("2026-11-24 00:00"), local("2026-11-24 23:00"),
    )  # fmt: skip
    assert shown(said) == [
        "phase_ends channel:room 2026-11-24 09:00",
        "phase_ends person:dev 2026-11-24 10:00",
    ]
    assert said[1].why["quiet_until"] == local("2026-11-24 10:00").isoformat()


def day_of(subject: Subject, rule: str, day: str, **world: object) -> tuple[Slot, ...]:
    made = setting(**world)  # type: ignore[arg-type]
    return upcoming(subject, (BY_NAME[rule],), made, local(f"{day} 00:00"), local(f"{day} 23:59"))


def absence(who: str, first: str, last: str) -> Absence:
    return Absence(f"x-{who}", who, date.fromisoformat(first), date.fromisoformat(last))


def test_while_the_owner_is_away_the_pm_is_told_with_a_note_and_the_owner_on_return() -> None:
    away = (absence("dev", "2026-11-23", "2026-11-27"),)
    (told,) = day_of(action("2026-11-25"), "action_due", "2026-11-25", absences=away)
    assert str(told.recipient) == "person:pm"
    assert told.why["stand_in_for"] == "dev"
    back = day_of(action("2026-11-25"), "action_due", "2026-11-30", absences=away)
    assert {str(s.recipient) for s in back} == {"person:dev"}  # Monday after the week away
    assert {s.why["back"] for s in back} == {"2026-11-30"}


@pytest.mark.parametrize(
    ("away", "expected"),
    [
        pytest.param(("dev", "pm"), "person:po", id="the PM is away too: the PO"),
        pytest.param(("dev", "pm", "po"), None, id="everybody is away: the owner on return"),
    ],
)
def test_who_stands_in(away: tuple[str, ...], expected: str | None) -> None:
    absences = tuple(absence(who, "2026-11-23", "2026-11-27") for who in away)
    told = day_of(action("2026-11-25"), "action_due", "2026-11-25", absences=absences)
    assert [str(s.recipient) for s in told] == ([expected] if expected else [])


def test_an_absent_pm_is_stood_in_by_the_po() -> None:
    away = (absence("pm", "2026-11-23", "2026-11-27"),)
    (told,) = day_of(action("2026-11-25", "pm"), "action_due", "2026-11-25", absences=away)
    assert str(told.recipient) == "person:po"


def test_absences_one_after_another_and_a_holiday_behind_them_move_the_return() -> None:
    away = (
        absence("dev", "2026-09-28", "2026-09-29"),
        Absence("x2", "dev", date(2026, 9, 30), date(2026, 10, 2)),
    )
    back = day_of(action("2026-09-29"), "action_due", "2026-10-08", absences=away)
    assert {str(s.recipient) for s in back} == {"person:dev"}


def test_of_an_endless_row_the_absent_person_hears_only_what_comes_after_the_return() -> None:
    away = (absence("dev", "2026-11-23", "2026-11-25"),)
    world = setting(absences=away)
    said = upcoming(
        action("2026-11-20"), (BY_NAME["action_overdue"],), world,
        local("2026-11-23 00:00"), local("2026-11-26 23:00"),
    )  # fmt: skip
    assert shown(said) == [
        "action_overdue person:pm 2026-11-23 09:00",
        "action_overdue person:pm 2026-11-24 09:00",
        "action_overdue person:pm 2026-11-25 09:00",
        "action_overdue person:dev 2026-11-26 09:00",
        "action_overdue person:pm 2026-11-26 09:00",
    ]
    assert "stand_in_for" in said[0].why
    assert said[-1].why.get("escalated") or said[-2].why.get("escalated")


def test_who_left_the_company_is_stood_in_for() -> None:
    (told,) = day_of(action("2026-11-25", "gone"), "action_due", "2026-11-25")
    assert (str(told.recipient), told.why["stand_in_for"]) == ("person:pm", "gone")


def test_what_nobody_owns_goes_to_the_po() -> None:
    (told,) = day_of(action("2026-11-25", None), "action_due", "2026-11-25")
    assert str(told.recipient) == "person:po"


def test_without_a_channel_the_po_is_told() -> None:
    (told,) = day_of(milestone("2026-11-25"), "milestone", "2026-11-25", channel=None)
    assert str(told.recipient) == "person:po"


def test_overdue_goes_to_the_owner_and_from_the_second_day_to_the_pm_as_well() -> None:
    first = day_of(phase(ends="2026-11-24"), "phase_overdue", "2026-11-25")
    second = day_of(phase(ends="2026-11-24"), "phase_overdue", "2026-11-26")
    assert [str(s.recipient) for s in first] == ["person:dev"]
    assert [str(s.recipient) for s in second] == ["person:dev", "person:pm"]
    assert [s.why.get("escalated", False) for s in second] == [False, True]


def test_a_story_verified_before_four_is_said_at_four_and_then_each_morning() -> None:
    early = story(Anchor.VERIFIED, local("2026-11-23 11:00"))
    said = upcoming(
        early, (BY_NAME["story_unclosed"],), setting(),
        local("2026-11-23 11:00"), local("2026-11-26 12:00"),
    )  # fmt: skip
    assert shown(said) == [
        "story_unclosed person:po 2026-11-23 16:00",
        "story_unclosed person:po 2026-11-24 09:00",
        "story_unclosed person:po 2026-11-25 09:00",
        "story_unclosed person:pm 2026-11-26 09:00",
        "story_unclosed person:po 2026-11-26 09:00",
    ]
    assert [s.urgent for s in said] == [True, False, False, False, False]


@pytest.mark.parametrize(
    "since",
    [
        pytest.param("2026-11-23 17:00", id="after four"),
        pytest.param("2026-11-23 16:00", id="at four"),
    ],
)
def test_a_story_verified_after_four_is_said_the_next_morning(since: str) -> None:
    planned = plan(
        story(Anchor.VERIFIED, local(since)), RULES, setting(), local("2026-11-23 20:00")
    )
    assert planned.due == ()
    assert planned.next_at == local("2026-11-24 09:00")


def test_an_open_review_is_said_after_two_hours_and_at_the_days_end_even_on_a_day_off() -> None:
    saturday = local("2026-11-28 10:00")
    review = Subject(
        SubjectKind.REVIEW, "r1", "tms", "登录改版",
        anchors={Anchor.STARTED: saturday}, people={Audience.CHAIR: ("po",)},
    )  # fmt: skip
    said = upcoming(review, RULES, setting(), saturday, saturday + timedelta(days=2))
    assert shown(said) == [
        "review_open person:po 2026-11-28 12:00",
        "review_open person:po 2026-11-28 18:00",
        "review_draft channel:room 2026-11-28 23:00",
    ]


def test_a_change_waits_for_its_deciders_and_the_po_each_day_once() -> None:
    change = Subject(
        SubjectKind.CHANGE, "c1", "tms", "改地址校验", "CR-1",
        anchors={Anchor.SUBMITTED: local("2026-11-23 10:00")},
        people={Audience.DECIDERS: ("po", "pm")},
    )  # fmt: skip
    said = upcoming(change, RULES, setting(), MORNING, local("2026-11-25 12:00"))
    assert shown(said) == [
        "change_waiting person:pm 2026-11-24 09:00",
        "change_waiting person:po 2026-11-24 09:00",
        "change_waiting person:pm 2026-11-25 09:00",
        "change_waiting person:po 2026-11-25 09:00",
    ]


# -- what is due when the tick comes


def test_a_new_subject_owes_nothing_to_people_but_the_channel_hears_of_today() -> None:
    planned = plan(phase(ends="2026-11-24"), RULES, setting(), local("2026-11-24 14:00"))
    assert shown(planned.due) == ["phase_ends channel:room 2026-11-24 09:00"]


def test_what_fell_due_just_before_the_subject_was_first_seen_counts() -> None:
    planned = plan(action("2026-11-24"), RULES, setting(), local("2026-11-24 09:01"))
    assert shown(planned.due) == ["action_due person:dev 2026-11-24 09:00"]


def test_after_a_break_everything_owed_is_due_and_the_newest_covers_the_older() -> None:
    owed = local("2026-11-18 09:00")
    planned = plan(action("2026-11-17"), RULES, setting(), local("2026-11-20 12:00"), owed)
    overdue = [s for s in planned.due if str(s.recipient) == "person:dev"]
    assert [s.occurrence for s in overdue] == ["2026-11-18", "2026-11-19", "2026-11-20"]
    assert [s.why.get("covered", False) for s in overdue] == [True, True, False]


def test_the_occurrence_not_the_clock_makes_the_key() -> None:
    (nine,) = day_of(milestone("2026-11-25"), "milestone", "2026-11-25")
    changed = RuleOverride("milestone", hour=time(15)).apply(BY_NAME["milestone"])
    (three,) = upcoming(
        milestone("2026-11-25"), (changed,), setting(),
        local("2026-11-25 00:00"), local("2026-11-25 23:00"),
    )  # fmt: skip
    assert nine.at != three.at
    assert nine.key == three.key


@pytest.mark.parametrize(
    ("minutes", "late", "too_late"),
    [
        pytest.param(0, False, False, id="at once"),
        pytest.param(10, False, False, id="ten minutes are no delay"),
        pytest.param(11, True, False, id="late"),
        pytest.param(12 * 60, True, False, id="the limit itself"),
        pytest.param(12 * 60 + 1, True, True, id="beyond: folded"),
    ],
)
def test_late_and_too_late(minutes: int, late: bool, too_late: bool) -> None:
    now = MORNING + timedelta(minutes=minutes)
    assert is_late(MORNING, now) == late
    assert is_too_late(MORNING, now, BY_NAME["milestone"]) == too_late


def test_a_product_changes_a_rule_or_switches_it_off() -> None:
    overrides = (
        RuleOverride("milestone", offsets=(-2,), audience=(Audience.PO,), hour=time(8, 30)),
        RuleOverride("milestone_overdue", off=True),
    )
    rules = effective(overrides)
    assert "milestone_overdue" not in {r.name for r in rules}
    said = upcoming(
        milestone("2026-11-25"),
        rules,
        setting(),
        MORNING - timedelta(days=9),
        MORNING + timedelta(days=9),
    )
    assert shown(said) == ["milestone person:po 2026-11-23 08:30"]


# -- whenever the ticks come


@given(
    due=st.dates(date(2025, 9, 15), date(2025, 10, 20)),
    looks=st.lists(st.integers(0, 45 * 24 * 60), min_size=1, max_size=40),
)
def test_no_slot_twice_and_none_lost_whatever_the_instants_of_looking(
    due: date, looks: list[int]
) -> None:
    start = local("2025-09-10 00:00")
    end = start + timedelta(days=46)
    away = (absence("dev", "2025-09-24", "2025-09-26"),)
    world = setting(absences=away)
    subject = action(due.isoformat())
    first = plan(subject, RULES, world, start)
    found: list[str] = []
    owed: datetime | None = first.next_at
    for now in sorted({start + timedelta(minutes=m) for m in looks} | {end}):
        if owed is None or owed > now:
            continue
        planned = plan(subject, RULES, world, now, owed)
        found += [s.key for s in planned.due]
        owed = planned.next_at
    expected = {s.key for s in upcoming(subject, RULES, world, start, end)}
    assert len(found) == len(set(found))
    assert set(found) == expected
