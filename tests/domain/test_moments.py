"""Times, days with times, and snoozing; read on Monday 2026-11-23 at 14:00 in Shanghai."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.holiday_data import LibraryHolidays
from domain.calendar import WorkingCalendar
from domain.dates import parse_duration, parse_moment, parse_snooze, parse_time
from domain.errors import UserError

CHINA = WorkingCalendar("CN", LibraryHolidays())
SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        pytest.param("周五 14:00", "2026-11-27 14:00", id="Friday"),
        pytest.param("周五14:00", "2026-11-27 14:00", id="Friday without a space"),
        pytest.param("周五１４：３０", "2026-11-27 14:30", id="full width"),
        pytest.param("tomorrow 9am", "2026-11-24 09:00", id="tomorrow 9am"),
        pytest.param("tomorrow at 9:30 am", "2026-11-24 09:30", id="tomorrow at 9:30 am"),
        pytest.param("9am tomorrow", "2026-11-24 09:00", id="time first"),
        pytest.param("14:00 on fri", "2026-11-27 14:00", id="time first with on"),
        pytest.param("明天下午3点半", "2026-11-24 15:30", id="half past three"),
        pytest.param("明天 下午 三点一刻", "2026-11-24 15:15", id="a quarter past, in numerals"),
        pytest.param("2026-12-31 14:00", "2026-12-31 14:00", id="in full"),
        pytest.param("2026-12-31T14:00", "2026-12-31 14:00", id="ISO without a zone"),
        pytest.param("2026-12-31T14:00+09:00", "2026-12-31 13:00", id="ISO with its own zone"),
        pytest.param("2026-12-31t06:00:00Z", "2026-12-31 14:00", id="ISO in UTC"),
        pytest.param("12月31日9点", "2026-12-31 09:00", id="nine o'clock"),
        pytest.param("14:01", "2026-11-23 14:01", id="later today"),
        pytest.param("14:00", "2026-11-24 14:00", id="now has passed"),
        pytest.param("9点", "2026-11-24 09:00", id="this morning has passed"),
        pytest.param("今晚8点", "2026-11-23 20:00", id="tonight"),
        pytest.param("明早9点", "2026-11-24 09:00", id="tomorrow morning"),
        pytest.param("周五晚8点", "2026-11-27 20:00", id="Friday evening"),
        pytest.param("今天 12pm", "2026-11-23 12:00", id="12pm is noon"),
        pytest.param("明天 12am", "2026-11-24 00:00", id="12am is midnight"),
        pytest.param("明天中午", "2026-11-24 12:00", id="noon"),
        pytest.param("明天晚上12点", "2026-11-25 00:00", id="midnight ends the day"),
        pytest.param("明天 24:00", "2026-11-25 00:00", id="24:00"),
        pytest.param("+3wd 9:00", "2026-11-26 09:00", id="working days with a time"),
        pytest.param("3天后 10点", "2026-11-26 10:00", id="days with a time"),
    ],
)
def test_moments(text: str, wall: str) -> None:
    expected = datetime.fromisoformat(wall).replace(tzinfo=SHANGHAI)
    read = parse_moment(text, NOW, SHANGHAI, CHINA)
    assert read == expected
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param("周五", "date.time_missing", id="only a day"),
        pytest.param("周五 25:00", "date.time_impossible", id="hour 25 of a day"),
        pytest.param("25:00", "date.time_impossible", id="hour 25"),
        pytest.param("14:60", "date.time_impossible", id="minute 60"),
        pytest.param("13pm", "date.time_impossible", id="13pm"),
        pytest.param("上午15点", "date.time_impossible", id="15 in the morning"),
        pytest.param("十十点", "date.time_impossible", id="odd numerals"),
        pytest.param("2月30日 9:00", "date.impossible", id="impossible day"),
        pytest.param("9999-01-01 9:00", "date.too_far", id="too far"),
        pytest.param("0001-01-01T00:00+14:00", "date.too_far", id="before all time"),
        pytest.param("2026-13-01T00:00Z", "date.impossible", id="ISO month 13"),
        pytest.param("later", "date.unknown", id="a word"),
        pytest.param("", "date.unknown", id="nothing"),
    ],
)
def test_refusals(text: str, key: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_moment(text, NOW, SHANGHAI, CHINA)
    assert caught.value.key == key
    assert caught.value.hint is not None


def test_a_day_alone_takes_the_default_time() -> None:
    read = parse_moment("周五", NOW, SHANGHAI, CHINA, default_time=time(9, 30))
    assert read == datetime(2026, 11, 27, 9, 30, tzinfo=SHANGHAI)


def test_today_is_the_writers_day_not_utcs() -> None:
    late = datetime(
        2026, 11, 23, 17, 0, tzinfo=UTC
    )  # the 24th in Shanghai, still the 23rd in Berlin
    assert parse_moment("明天 9:00", late, SHANGHAI, CHINA).day == 25
    assert parse_moment("明天 9:00", late, BERLIN, CHINA).day == 24


def test_clock_changes() -> None:
    skipped = parse_moment("2026-03-29 02:30", NOW, BERLIN, CHINA)
    assert skipped.astimezone(BERLIN).strftime("%H:%M") == "03:30"
    twice = parse_moment("2026-10-25 02:30", NOW, BERLIN, CHINA)
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        parse_moment("14:00", NOW.replace(tzinfo=None), SHANGHAI, CHINA)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        pytest.param("14:00", time(14), id="plain"),
        pytest.param("9am", time(9), id="9am"),
        pytest.param("noon", time(12), id="noon"),
        pytest.param("下午3点半", time(15, 30), id="afternoon"),
        pytest.param("中午1点", time(13), id="one at noon"),
        pytest.param("凌晨2点", time(2), id="small hours"),
        pytest.param("24:00", time(0), id="midnight"),
        pytest.param("16点05分", time(16, 5), id="minutes"),
    ],
)
def test_times(text: str, clock: time) -> None:
    assert parse_time(text) == clock


def test_a_time_that_is_none() -> None:
    with pytest.raises(UserError) as caught:
        parse_time("sometime")
    assert caught.value.key == "date.time_unknown"


@given(hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_a_time_is_read_back(hour: int, minute: int) -> None:
    for text in (f"{hour}:{minute:02}", f"{hour:02}：{minute:02}", f"{hour}点{minute}分"):
        assert parse_time(text) == time(hour, minute)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        pytest.param("1h", timedelta(hours=1), id="1h"),
        pytest.param("90 min", timedelta(minutes=90), id="90 min"),
        pytest.param("1h30m", timedelta(minutes=90), id="1h30m"),
        pytest.param("1.5h", timedelta(minutes=90), id="1.5h"),
        pytest.param("2小时", timedelta(hours=2), id="two hours"),
        pytest.param("两个小时", timedelta(hours=2), id="two hours in numerals"),
        pytest.param("半小时", timedelta(minutes=30), id="half an hour"),
        pytest.param("一个半小时", timedelta(minutes=90), id="one and a half hours"),
        pytest.param("1天半", timedelta(hours=36), id="a day and a half"),
        pytest.param("三天", timedelta(days=3), id="three days"),
        pytest.param("an hour", timedelta(hours=1), id="an hour"),
    ],
)
def test_durations(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param("1", "date.duration_unknown", id="no unit"),
        pytest.param("十十天", "date.duration_unknown", id="odd numerals"),
        pytest.param("999999w" * 14, "date.too_far", id="longer than any plan"),
    ],
)
def test_duration_refusals(text: str, key: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_duration(text)
    assert caught.value.key == key


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        pytest.param("1h", "2026-11-23 15:00", id="an hour"),
        pytest.param("in 2 hours", "2026-11-23 16:00", id="in two hours"),
        pytest.param("2小时后", "2026-11-23 16:00", id="after two hours"),
        pytest.param("半小时", "2026-11-23 14:30", id="half an hour"),
        pytest.param("tomorrow", "2026-11-24 09:00", id="tomorrow morning"),
        pytest.param("明天", "2026-11-24 09:00", id="tomorrow morning in Chinese"),
        pytest.param("next working day", "2026-11-24 09:00", id="next working day"),
        pytest.param("下个工作日", "2026-11-24 09:00", id="next working day in Chinese"),
        pytest.param("下周", "2026-11-30 09:00", id="next week"),
        pytest.param("2d", "2026-11-25 14:00", id="days keep the time"),
        pytest.param("周五 16:00", "2026-11-27 16:00", id="a moment"),
        pytest.param("16:00", "2026-11-23 16:00", id="a time"),
        pytest.param("2026-12-31", "2026-12-31 09:00", id="a date"),
    ],
)
def test_snooze(text: str, wall: str) -> None:
    expected = datetime.fromisoformat(wall).replace(tzinfo=SHANGHAI)
    assert parse_snooze(text, NOW, SHANGHAI, CHINA) == expected


def test_snoozing_over_a_holiday_and_a_clock_change() -> None:
    before = datetime(2026, 9, 30, 8, 0, tzinfo=UTC)
    after = parse_snooze("next working day", before, SHANGHAI, CHINA)
    assert after == datetime(2026, 10, 8, 9, 0, tzinfo=SHANGHAI)
    monday_off = parse_snooze("next week", before, SHANGHAI, CHINA)
    assert monday_off == after, "the whole week after is free until Thursday"
    friday = datetime(2026, 10, 24, 12, 0, tzinfo=BERLIN)
    assert parse_snooze("1 day", friday, BERLIN, CHINA).astimezone(BERLIN).hour == 12


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param("昨天", "date.past", id="yesterday"),
        pytest.param("今天", "date.past", id="this morning"),
        pytest.param("0h", "date.past", id="nothing"),
        pytest.param("foo", "date.duration_unknown", id="a word"),
        pytest.param("2月30日", "date.impossible", id="an impossible day"),
        pytest.param("99999h", "date.too_far", id="eleven years"),
    ],
)
def test_snooze_refusals(text: str, key: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_snooze(text, NOW, SHANGHAI, CHINA)
    assert caught.value.key == key


_PARTS = (
    "下午",
    "晚上",
    "明天",
    "今晚",
    "14:00",
    "9",
    "am",
    "pm",
    "24",
    "12",
    "+08:00",
    "2026-12-31",
)
_PIECES = st.sampled_from([*"周五点半月日:TZ个天后９² ", *_PARTS])
_TEXT = st.one_of(st.text(max_size=30), st.lists(_PIECES, max_size=8).map("".join))


@given(text=_TEXT)
def test_arbitrary_text_raises_nothing_but_ours(text: str) -> None:
    for read in (parse_moment, parse_snooze):
        with suppress(UserError):
            assert read(text, NOW, SHANGHAI, CHINA).tzinfo is UTC
    for alone in (parse_time, parse_duration):
        with suppress(UserError):
            alone(text)
