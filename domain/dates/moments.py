"""Times of day, and days with a time, as people write them; the result is an instant.

On the day when clocks go forward, a time that does not exist means the instant that a clock not yet
put forward would show (02:30 becomes 03:30). On the day when they go back, the first of the two is
meant.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from domain.calendar import WorkingCalendar
from domain.clock import require_aware
from domain.dates.days import find_date
from domain.dates.text import (
    NUMBER,
    impossible,
    normalise,
    number,
    time_impossible,
    time_unknown,
    too_far,
    unknown,
)
from domain.errors import UserError
from domain.messages import Day, T

_HALVES = (
    "凌晨|清晨|清早|早上|早晨|早|上午|中午|午后|下午|傍晚|晚上|夜里|晚|今晚|今早|明晚|明早|后晚"
)
_CLOCK = re.compile(
    rf"(?P<half>{_HALVES})?"
    rf"(?:(?P<h>[0-9]{{1,2}}):(?P<m>[0-9]{{2}})(?::[0-9]{{2}})?"
    rf"|(?P<hh>{NUMBER})[点时](?:(?P<han>半|一刻|三刻|整|钟)|(?P<mm>{NUMBER})分?)?)"
)
_ENGLISH = re.compile(
    r"(?P<h>[0-9]{1,2})(?::(?P<m>[0-9]{2}))? ?(?P<half>am|pm|a\.m\.|p\.m\.)|(?P<noon>noon|中午)"
)
_HAN_MINUTES = {"半": 30, "一刻": 15, "三刻": 45, "整": 0, "钟": 0}
_DAY_OF_HALF = {"今晚": "今天", "今早": "今天", "明晚": "明天", "明早": "明天", "后晚": "后天"}
_MORNING = frozenset(
    {"凌晨", "清晨", "清早", "早上", "早晨", "早", "上午", "今早", "明早", "am", "a.m."}
)
_NOON = "中午"
_EVENING = frozenset({"晚上", "夜里", "晚", "今晚", "明晚", "后晚"})
_TIMES = rf"(?:{_CLOCK.pattern}|{_ENGLISH.pattern})"
_TIME_SOURCE = re.sub(r"\?P<\w+>", "?:", _TIMES)
_DAY_THEN_TIME = re.compile(rf"(?P<day>.*?)(?: at |[ t]|@|(?<![0-9]))(?P<time>{_TIME_SOURCE})")
_TIME_THEN_DAY = re.compile(rf"(?:at )?(?P<time>{_TIME_SOURCE})(?:,? on | |,)?(?P<day>.+)")
_ISO_WITH_ZONE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[t ][0-9:.]+(?:z|[+-][0-9]{2}:?[0-9]{2})")


def parse_time(text: str) -> time:
    """A time of day: ``14:00``, ``9am``, ``下午3点半``, ``noon``.

    ``24:00`` and ``晚上12点`` are midnight, 00:00.

    :raises UserError: ``date.time_unknown`` or ``date.time_impossible``.
    """
    parsed = _time_of(normalise(text), text)
    if parsed is None:
        raise time_unknown(text)
    return (datetime(2000, 1, 1, tzinfo=UTC) + parsed).time()


def parse_moment(
    text: str,
    now: datetime,
    zone: tzinfo,
    calendar: WorkingCalendar,
    default_time: time | None = None,
) -> datetime:
    """The instant that a day with a time means: ``周五 14:00``, ``明天下午3点半``.

    A time alone is today's, or tomorrow's when it has passed. An ISO text with its own offset keeps
    it.

    :param now: an aware instant: when it was written.
    :param zone: the zone in which the writer's clock runs.
    :param default_time: taken when only a day is written; without it that is ``date.time_missing``.
    :returns: an aware instant in UTC.
    :raises UserError: with a ``date.…`` key.
    """
    plain = normalise(text)
    if _ISO_WITH_ZONE.fullmatch(plain):
        return _iso(plain, text)
    local = require_aware(now).astimezone(zone)
    found = _split(plain, text, local.date(), calendar)
    if found is not None:
        day, clock = found
        if day is not None:
            return _instant(day, clock, zone, text)
        today = _instant(local.date(), clock, zone, text)
        return today if today > now else _instant(local.date() + timedelta(1), clock, zone, text)
    day = find_date(text, local.date(), calendar)
    if day is None:
        raise unknown(text)
    if default_time is None:
        raise UserError("date.time_missing", T("date.time_examples"), day=Day(day))
    clock = timedelta(hours=default_time.hour, minutes=default_time.minute)
    return _instant(day, clock, zone, text)


def at(day: date, clock: time, zone: tzinfo) -> datetime:
    """The instant, in UTC, at which a zone's wall clock shows a time on a day."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _split(
    plain: str, text: str, today: date, calendar: WorkingCalendar
) -> tuple[date | None, timedelta] | None:
    """The day (``None`` where only a time is written) and the time; ``None`` without a time."""
    alone = _time_of(plain.removeprefix("at "), text)
    if alone is not None:
        half = next((h for h in _DAY_OF_HALF if plain.startswith(h)), None)
        return (find_date(_DAY_OF_HALF[half], today, calendar) if half else None), alone
    for pattern in (_DAY_THEN_TIME, _TIME_THEN_DAY):
        match = pattern.fullmatch(plain)
        if match is None:
            continue
        day = find_date(match["day"].strip(" ,"), today, calendar)
        clock = _time_of(match["time"], text)
        if day is not None and clock is not None:
            return day, clock
    return None


def _time_of(plain: str, text: str) -> timedelta | None:
    """Time since midnight, up to and including 24:00; ``None`` when it is no time."""
    match = _CLOCK.fullmatch(plain)
    if match:
        hour = _number(match["h"] or match["hh"], text)
        minute = _number(match["m"] or match["mm"] or "0", text)
        minute += _HAN_MINUTES.get(match["han"] or "", 0)
        return _checked(hour, minute, match["half"], text)
    match = _ENGLISH.fullmatch(plain)
    if match is None:
        return None
    if match["noon"]:
        return timedelta(hours=12)
    if not 1 <= int(match["h"]) <= 12:
        raise time_impossible(text)
    return _checked(int(match["h"]), int(match["m"] or "0"), match["half"], text)


def _number(digits: str, text: str) -> int:
    try:
        return number(digits)
    except ValueError:
        raise time_impossible(text) from None


def _checked(hour: int, minute: int, half: str | None, text: str) -> timedelta:
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        raise time_impossible(text)
    if half is None:
        return timedelta(hours=hour, minutes=minute)
    if half in _MORNING:
        if hour > 12:
            raise time_impossible(text)
        hour = 0 if hour == 12 and half in {"am", "a.m.", "凌晨"} else hour
    elif half in _EVENING and hour == 12:
        hour = 24
    elif hour < (6 if half == _NOON else 12):
        hour += 12
    if hour == 24 and minute:
        return timedelta(days=1, minutes=minute)
    return timedelta(hours=hour, minutes=minute)


def _iso(plain: str, text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(plain.upper()).astimezone(UTC)
    except ValueError:
        raise impossible(text) from None
    except OverflowError:
        raise too_far(text) from None
    if not 1990 <= instant.year <= 2199:
        raise too_far(text)
    return instant


def _instant(day: date, clock: timedelta, zone: tzinfo, text: str) -> datetime:
    try:
        wall = datetime.combine(day, time()) + clock
        return wall.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        raise too_far(text) from None
