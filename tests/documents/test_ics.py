from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import icalendar
import pytest

from documents.ics import plan_calendar
from tests.documents.samples import AT, PLAN, view


def events(data: bytes) -> dict[str, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(data)
    return {str(e["UID"]): e for e in calendar.events}


def test_events_are_whole_days_with_an_exclusive_end():
    found = events(plan_calendar(view(), "zh"))
    phase = found["phase-p2@duban"]
    assert phase.decoded("DTSTART") == date(2026, 9, 21)
    assert phase.decoded("DTEND") == date(2026, 10, 14)  # the day after the last one
    assert phase["DTSTART"].params["VALUE"] == "DATE"
    stone = found["milestone-m2@duban"]
    assert stone.decoded("DTEND") - stone.decoded("DTSTART") == timedelta(days=1)
    assert len(found) == 5


@pytest.mark.parametrize(
    ("locale", "summary", "category"),
    [
        pytest.param("zh", "物流运输管理系统: 开发与联调 (逾期)", "阶段", id="zh"),
        pytest.param("en", "物流运输管理系统: 开发与联调 (Overdue)", "Phase", id="en"),
    ],
)
def test_words_are_in_the_readers_language(locale, summary, category):
    event = events(plan_calendar(view(), locale))["phase-p2@duban"]
    assert str(event["SUMMARY"]) == summary
    assert event.categories == [category]


def test_a_moved_phase_keeps_its_uid_and_raises_the_sequence():
    before = events(plan_calendar(view(), "zh"))["phase-p3@duban"]
    moved = replace(PLAN.phases[2], starts=date(2026, 10, 21), ends=date(2026, 11, 5))
    later = AT + timedelta(minutes=1)
    plan = PLAN.with_phases([moved])
    after = events(plan_calendar(view(plan, revision=4, revised_at=later), "zh"))["phase-p3@duban"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (3, 4)
    assert after.decoded("DTSTAMP") == later
    assert after.decoded("DTSTART") == date(2026, 10, 21)


def test_foreign_text_cannot_break_a_line_or_start_a_property():
    name = "a;b,c\\d\r\nATTENDEE:mailto:x@example.com\nEND:VEVENT"
    plan = PLAN.with_phases([replace(PLAN.phases[1], name=name, gate=name)])
    data = plan_calendar(view(plan), "zh")
    found = events(data)
    assert len(found) == 5
    assert "ATTENDEE" not in found["phase-p2@duban"]
    assert "a;b,c\\d" in str(found["phase-p2@duban"]["SUMMARY"])
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


def test_no_alarms_and_the_same_plan_gives_the_same_bytes():
    data = plan_calendar(view(), "zh")
    assert b"VALARM" not in data
    assert data == plan_calendar(view(), "zh")
