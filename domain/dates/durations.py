"""Lengths of time, and the words with which people put a reminder off."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, tzinfo

from domain.calendar import WorkingCalendar
from domain.clock import require_aware
from domain.dates.days import find_date
from domain.dates.moments import at, parse_moment
from domain.dates.text import NUMBER, duration_unknown, normalise, number, shown, too_far
from domain.errors import UserError
from domain.messages import T

MORNING = time(9)
"""When a reminder comes back that was put off until a day, unless the team says otherwise."""

_LONGEST = timedelta(days=3660)
_SECONDS = {
    unit: seconds
    for seconds, units in {
        60: "m min mins minute minutes 分 分钟",
        3600: "h hr hrs hour hours 小时 个小时 钟头 个钟头",
        86400: "d day days 天",
        604800: "w week weeks 周 个星期 星期",
    }.items()
    for unit in units.split()
}
_UNIT = "|".join(sorted(_SECONDS, key=len, reverse=True))
_AMOUNT = rf"[0-9]{{1,4}}\.[0-9]{{1,2}}|{NUMBER}|半|an?(?= )"
_PART = re.compile(rf"(?P<n>{_AMOUNT}) ?(?P<half>个半)?(?P<unit>{_UNIT})(?P<more>半)?")
_DURATION = re.compile(rf"(?:{re.sub(r'[?]P<[a-z]+>', '?:', _PART.pattern)} ?)+")
_FRAME = re.compile(r"^(?:in |for |\+ ?|再过|过|再)|(?:之后|以后|后| later| from now)$")
_NEXT_WEEK = frozenset({"next week", "下周", "下星期", "下礼拜", "下个星期"})


def parse_duration(text: str) -> timedelta:
    """A length of time: ``1h``, ``90min``, ``1h30m``, ``1.5h``, ``2小时``, ``半小时``, ``3天``.

    :raises UserError: ``date.duration_unknown``; ``date.too_far`` beyond ten years.
    """
    length = _duration(normalise(text))
    if length is None:
        raise duration_unknown(text)
    if length > _LONGEST:
        raise too_far(text)
    return length


def parse_snooze(
    text: str,
    now: datetime,
    zone: tzinfo,
    calendar: WorkingCalendar,
    morning: time = MORNING,
) -> datetime:
    """Until when a reminder is put off: ``1h``, ``2小时``, ``tomorrow``, ``下个工作日``.

    A number of days keeps the time of day. A day alone means its morning; ``下周`` the first
    working morning of next week.

    :param now: an aware instant.
    :param zone: the zone of whoever reads the reminder.
    :returns: an aware instant in UTC, later than ``now``.
    :raises UserError: with a ``date.…`` key; ``date.past`` when the result is not in the future.
    """
    plain = normalise(text)
    local = require_aware(now).astimezone(zone)
    length = _duration(_FRAME.sub("", _FRAME.sub("", plain)))
    if length is not None:
        until = now + parse_duration(_FRAME.sub("", _FRAME.sub("", plain)))
        if length % timedelta(days=1) == timedelta(0) and length:
            until = at(local.date() + length, local.time(), zone)
    elif plain in _NEXT_WEEK:
        monday = local.date() + timedelta(days=7 - local.weekday())
        until = at(calendar.on_or_after(monday), morning, zone)
    elif (day := find_date(text, local.date(), calendar)) is not None:
        until = at(day, morning, zone)
    else:
        try:
            until = parse_moment(text, now, zone, calendar)
        except UserError as error:
            if error.key != "date.unknown":
                raise
            raise duration_unknown(text) from None
    if until <= now:
        raise UserError("date.past", T("date.snooze_examples"), text=shown(text))
    return require_aware(until)


def _duration(plain: str) -> timedelta | None:
    if not plain or not _DURATION.fullmatch(plain):
        return None
    seconds = 0.0
    for part in _PART.finditer(plain):
        unit = _SECONDS[part["unit"]]
        try:
            seconds += _amount(part["n"]) * unit
        except ValueError:
            return None
        seconds += unit / 2 if part["half"] or part["more"] else 0
    return timedelta(seconds=min(seconds, 2 * _LONGEST.total_seconds()))


def _amount(text: str) -> float:
    if text == "半":
        return 0.5
    if text in {"a", "an"}:
        return 1
    return float(text) if "." in text else number(text)
