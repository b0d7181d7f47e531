"""Calendar days as people write them.

How the unclear ones are read:

- A day without a year (``12-31``) is this year's, unless that is more than :data:`RECENT_DAYS` days
ago; then it is next year's. So what was done last week can be written down, and plans look ahead.
- A day without a month (``15号``) is the next such day, today included.
- A bare weekday (``周五``, ``fri``) is the next such day, today included. ``本周五``/``this fri``
is in the week of today and may be past; ``下周三``/``next wed`` is in the week after. Weeks begin
on Monday.
- ``月底`` and ``eom`` are the month's last calendar day, worked or not.
- ``03/04/2026`` is refused, because half of the world reads it the other way round.
"""

from __future__ import annotations

import calendar as gregorian
import re
from collections.abc import Callable
from datetime import date, timedelta

from domain.calendar import WorkingCalendar
from domain.dates import relative
from domain.dates.text import NUMBER, impossible, normalise, number, too_far, unknown

RECENT_DAYS = 60
"""A day without a year counts as past, not as next year's, when it is at most this many days
ago."""

FIRST_YEAR, LAST_YEAR = 1990, 2199

_MONTHS = {
    name: index
    for index, names in enumerate(
        (
            *("jan january", "feb february", "mar march", "apr april", "may", "jun june"),
            *("jul july", "aug august", "sep sept september"),
            *("oct october", "nov november", "dec december"),
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEARS = {"去年": -1, "今年": 0, "明年": 1, "后年": 2}
_MONTHS_AHEAD = {"上": -1, "本": 0, "这": 0, "": 0, "下": 1, "last": -1, "this": 0, "next": 1}

_Reader = Callable[[re.Match[str], date], date]


def parse_date(text: str, today: date, calendar: WorkingCalendar) -> date:
    """The day that a text means.

    :param text: nothing but the date, for example ``2026-12-31``, ``下周三``, ``+3wd`` or ``eom``.
    :param today: the day on which it was written, in the writer's zone.
    :param calendar: counts the working days of ``+3wd`` and ``3个工作日后``.
    :raises UserError: ``date.unknown``, ``date.impossible`` (no such day) or ``date.too_far``.
    """
    day = find_date(text, today, calendar)
    if day is None:
        raise unknown(text)
    return day


def find_date(text: str, today: date, calendar: WorkingCalendar) -> date | None:
    """As :func:`parse_date`, but ``None`` for what does not look like a date at all."""
    plain = _PREPOSITION.sub("", normalise(text))
    try:
        day = _absolute(plain, today)
        if day is None:
            day = relative.read(plain, today, calendar)
    except ValueError:
        raise impossible(text) from None
    except OverflowError:
        raise too_far(text) from None
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise too_far(text)
    return day


def _absolute(plain: str, today: date) -> date | None:
    for pattern, read in _RULES:
        match = pattern.fullmatch(plain)
        if match:
            return read(match, today)
    return None


def _full(match: re.Match[str], today: date) -> date:
    del today
    year = number(match["y"])
    return date(
        year + 2000 if len(match["y"]) == 2 else year, number(match["m"]), number(match["d"])
    )


def _without_year(match: re.Match[str], today: date) -> date:
    return _nearest_year(number(match["m"]), number(match["d"]), today)


def _nearest_year(month: int, day: int, today: date) -> date:
    try:
        this_year = date(today.year, month, day)
    except ValueError:  # 29 February: next year may have it
        return date(today.year + 1, month, day)
    if today - this_year > timedelta(days=RECENT_DAYS):
        return date(today.year + 1, month, day)
    return this_year


def _named_month(match: re.Match[str], today: date) -> date:
    month, day = _MONTHS[match["m"]], int(match["d"])
    return date(int(match["y"]), month, day) if match["y"] else _nearest_year(month, day, today)


def _named_year(match: re.Match[str], today: date) -> date:
    return date(today.year + _YEARS[match["y"]], number(match["m"]), number(match["d"]))


def _without_month(match: re.Match[str], today: date) -> date:
    day = number(match["d"])
    this_month = today.replace(day=day)
    return this_month if this_month >= today else _month_ahead(today, 1).replace(day=day)


def _in_month(match: re.Match[str], today: date) -> date:
    return _month_ahead(today, _MONTHS_AHEAD[match["rel"]]).replace(day=number(match["d"]))


def _month_end(match: re.Match[str], today: date) -> date:
    month = _month_ahead(today, _MONTHS_AHEAD[match["rel"] or ""])
    return month.replace(day=gregorian.monthrange(month.year, month.month)[1])


def _year_end(match: re.Match[str], today: date) -> date:
    return date(today.year + _YEARS.get(match["rel"] or "", 0), 12, 31)


def _month_ahead(today: date, months: int) -> date:
    index = today.year * 12 + today.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


_PREPOSITION = re.compile(r"^(?:by|on|before|until|till|due) (?=.)")
_ORDINAL = "(?:st|nd|rd|th)?"
_RULES: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"(?P<y>[0-9]{4})([-/.])(?P<m>[0-9]{1,2})\2(?P<d>[0-9]{1,2})", _full),
        (r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})", _full),
        (rf"(?P<y>[0-9]{{4}}|[0-9]{{2}})年(?P<m>{NUMBER})月(?P<d>{NUMBER})[日号]?", _full),
        (r"(?P<m>[0-9]{1,2})[-/](?P<d>[0-9]{1,2})", _without_year),
        (rf"(?P<m>{NUMBER})月(?P<d>{NUMBER})[日号]?", _without_year),
        (rf"(?P<y>去年|今年|明年|后年)(?P<m>{NUMBER})月(?P<d>{NUMBER})[日号]?", _named_year),
        (
            rf"(?P<m>{_MONTH})\.? (?P<d>[0-9]{{1,2}}){_ORDINAL}(?:,? (?P<y>[0-9]{{4}}))?",
            _named_month,
        ),
        (
            rf"(?P<d>[0-9]{{1,2}}){_ORDINAL} (?P<m>{_MONTH})\.?(?:,? (?P<y>[0-9]{{4}}))?",
            _named_month,
        ),
        (rf"(?P<d>{NUMBER})[日号]", _without_month),
        (rf"(?P<rel>上|本|这|下)个?月(?P<d>{NUMBER})[日号]", _in_month),
        (r"(?:(?P<rel>上|本|这|下)个?)?月[底末]", _month_end),
        (r"(?:the )?end of (?:(?P<rel>last|this|next) |the )?month", _month_end),
        (r"(?P<rel>)eom", _month_end),
        (r"(?P<rel>去年|今年|明年)?年[底末]", _year_end),
        (r"(?P<rel>去年|今年|明年)[底末]", _year_end),
        (r"(?P<rel>)(?:eoy|(?:the )?end of (?:the |this )?year)", _year_end),
    )
)
