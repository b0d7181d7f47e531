"""Days counted from today: tomorrow, weekdays, and so many days or working days from now."""

from __future__ import annotations

import calendar as gregorian
import re
from datetime import date, timedelta

from domain.calendar import WorkingCalendar
from domain.dates.text import NUMBER, number

_MOST = {"d": 20_000, "wd": 5_000, "w": 2_000, "m": 1_000}
"""Larger amounts are slips, and counting working days over them would only waste time."""

_WORDS = {
    word: offset
    for offset, words in {
        -3: "大前天",
        -2: "前天 前日",
        -1: "昨天 昨日 yesterday",
        0: "今天 今日 today tod",
        1: "明天 明日 tomorrow tmr tmrw",
        2: "后天 后日",
        3: "大后天",
    }.items()
    for word in words.split()
}
_ENGLISH = (
    "mon monday|tue tues tuesday|wed weds wednesday|thu thur thurs thursday|fri friday"
    "|sat saturday|sun sunday"
)
_WEEKDAYS = {
    name: index for index, names in enumerate(_ENGLISH.split("|")) for name in names.split()
} | dict(zip("一二三四五六日天", (0, 1, 2, 3, 4, 5, 6, 6), strict=True))
_WEEKS = {
    "上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2,
    "last": -1, "this": 0, "next": 1,
}  # fmt: skip
_UNITS = {
    unit: key
    for key, units in {
        "d": "d day days 天 日",
        "wd": "wd 工作日 个工作日 工作天 个工作天",
        "w": "w week weeks 周 个周 星期 个星期 个礼拜 礼拜",
        "m": "mo month months 月 个月",
    }.items()
    for unit in units.split()
} | dict.fromkeys(
    ("working day", "working days", "business day", "business days", "workday", "workdays"), "wd"
)

_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_WEEKDAY = re.compile(
    r"(?:(?P<rel>上上|上|这|本|下下|下)个?)?(?:周|星期|礼拜)(?P<han>[一二三四五六日天])"
    rf"|(?:(?P<en>last|this|next) )?(?P<name>{'|'.join(_ENGLISH.replace('|', ' ').split())})"
)
_SPOKEN = r"[0-9]{1,6}|a|an|one|two|three|four|five"
_AMOUNTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<sign>[+-]) ?(?P<n>{NUMBER}) ?(?P<unit>{_UNIT})",
        rf"(?P<sign>in) (?P<n>{_SPOKEN}) (?P<unit>{_UNIT})",
        rf"(?P<n>{_SPOKEN}) (?P<unit>{_UNIT}) (?P<sign>ago|from now)",
        rf"(?P<n>{NUMBER})(?P<unit>{_UNIT})(?:之|以)?(?P<sign>后|前)",
        rf"(?P<sign>过)(?P<n>{NUMBER})(?P<unit>{_UNIT})",
    )
)
_NEXT_WORKING = re.compile(
    r"(?P<next>下一?个?工作日|next (?:working|business) day|next workday|nwd)"
    r"|(?:上一?个?工作日|(?:last|previous) (?:working|business) day|(?:last|previous) workday)"
)
_ENGLISH_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}


def read(plain: str, today: date, calendar: WorkingCalendar) -> date | None:
    """The day that a normalised text counts to, or ``None`` when it counts nothing.

    :raises OverflowError: for amounts that lead out of every plan.
    """
    if plain in _WORDS:
        return today + timedelta(days=_WORDS[plain])
    if match := _WEEKDAY.fullmatch(plain):
        return _weekday(match, today)
    if match := _NEXT_WORKING.fullmatch(plain):
        return calendar.next_working(today) if match["next"] else calendar.previous_working(today)
    for pattern in _AMOUNTS:
        if match := pattern.fullmatch(plain):
            return _count(match, today, calendar)
    return None


def _weekday(match: re.Match[str], today: date) -> date:
    wanted = _WEEKDAYS[match["han"] or match["name"]]
    rel = match["rel"] or match["en"]
    if rel is None:
        return today + timedelta(days=(wanted - today.weekday()) % 7)
    return today + timedelta(days=wanted - today.weekday(), weeks=_WEEKS[rel])


def _count(match: re.Match[str], today: date, calendar: WorkingCalendar) -> date:
    amount = _ENGLISH_NUMBERS.get(match["n"]) or number(match["n"])
    unit = _UNITS[match["unit"]]
    if amount > _MOST[unit]:
        raise OverflowError("beyond every plan")
    if match["sign"] in {"-", "ago", "前"}:
        amount = -amount
    if unit == "wd":
        return calendar.shift(today, amount)
    if unit == "m":
        return _months(today, amount)
    return today + timedelta(days=amount * (7 if unit == "w" else 1))


def _months(today: date, months: int) -> date:
    """So many months on; the month's last day where it has no such day (31 January + 1 month)."""
    year, month0 = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year, month0 + 1, min(today.day, gregorian.monthrange(year, month0 + 1)[1]))
