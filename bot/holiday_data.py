"""Public holidays and make-up working days from the ``holidays`` library.

In some countries the government decrees each year which weekdays are bridged and which weekend days
pay for them (China: the State Council's notice, usually in November). For a year beyond the last
decree the library still computes holidays by law, but that is a guess about the working days, and
often a wrong one: such a year counts as unknown here. Elsewhere the law alone decides and every
year of the library's range is known.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any, cast

import holidays
from holidays.holiday_base import HolidayBase

from domain.calendar import YearDays

_DECREED_EACH_YEAR = frozenset({"AZ", "BY", "CN", "HU", "KG", "KZ", "LV", "RU", "UZ", "VN"})
"""Countries that settle their make-up days anew every year. Others that once swapped days
(Bulgaria, Ukraine, since 2026 Taiwan) have stopped, so the absence of a swap says nothing there."""

_ONE_DAY = timedelta(days=1)


class LibraryHolidays:
    """The ``holidays`` library as a source of public holidays; safe to share between threads.

    Names come in the country's own language, as its calendars print them, whatever the process's
    locale.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[tuple[str, int], YearDays | None] = {}

    def year(self, country: str, year: int) -> YearDays | None:
        """The exceptions of a year; ``None`` for an unknown country or a year without a decree."""
        key = (country.upper(), year)
        with self._lock:
            if key not in self._known:
                self._known[key] = _load(*key)
            return self._known[key]

    def weekend(self, country: str) -> frozenset[int]:
        """The country's usual weekend; Saturday and Sunday for an unknown country."""
        return default_weekend(country)


def supported_countries() -> tuple[str, ...]:
    """The codes of the countries that have holiday data, sorted."""
    return tuple(sorted(holidays.list_supported_countries(include_aliases=False)))


@cache
def default_weekend(country: str) -> frozenset[int]:
    """A country's usual weekend, Monday being 0; Saturday and Sunday for an unknown country."""
    try:
        entity = holidays.country_holidays(country)
    except NotImplementedError:
        return frozenset({5, 6})
    return frozenset(entity.weekend)


def _load(country: str, year: int) -> YearDays | None:
    try:
        entity = holidays.country_holidays(country, expand=False)
    except NotImplementedError:
        return None
    swaps = _swaps(entity)
    if not _is_known(country, year, entity, swaps):
        return None
    # The neighbours too: a January decree can make days of the December before worked, and the
    # reverse.
    named = holidays.country_holidays(
        country,
        years=(year - 1, year, year + 1),
        expand=False,
        language=entity.default_language,
    )
    free = {day: name for day, name in named.items() if day.year == year}
    bridges = dict(swaps)
    names = {
        day: _bridged_name(day, named, bridges) if day in bridges else free[day] for day in free
    }
    worked = {
        made_up: _bridged_name(bridge, named, bridges)
        for bridge, made_up in swaps
        if made_up.year == year and made_up in named.weekend_workdays
    }
    return YearDays(names, worked)


def _is_known(
    country: str, year: int, entity: HolidayBase, swaps: Iterable[tuple[date, date]]
) -> bool:
    if not entity.start_year <= year <= entity.end_year:
        return False
    if country not in _DECREED_EACH_YEAR:
        return True
    decreed = [bridge.year for bridge, _ in swaps]
    return bool(decreed) and min(decreed) <= year <= max(decreed)


def _swaps(entity: HolidayBase) -> list[tuple[date, date]]:
    """Every decreed swap as (free day, day worked instead), from the library's table of decrees."""
    table = cast(Mapping[int, Any], getattr(entity, "special_public_holidays", {}))
    swaps: list[tuple[date, date]] = []
    for year, rows in table.items():
        entries = rows if rows and isinstance(rows[0], tuple) else (rows,)
        for row in cast(Iterable[tuple[int, ...]], entries):
            if len(row) < 4:  # (month, day, name): a one-off holiday, not a swap
                continue
            month, day, from_month, from_day, *from_year = row
            worked = date(from_year[0] if from_year else year, from_month, from_day)
            swaps.append((date(year, month, day), worked))
    return swaps


def _bridged_name(bridge: date, named: HolidayBase, bridges: Mapping[date, date]) -> str:
    """The holiday that a bridge day belongs to: the commonest name in its run of free days.

    The library would say "day off (swapped with 2025-09-28)", which tells nobody which holiday it
    is. Commonest, because New Year's Eve opens the Spring Festival, and Mid-Autumn may fall in
    National Day week.
    """
    names = Counter(
        named[day] for day in _run_around(bridge, named) if day in named and day not in bridges
    )
    return names.most_common(1)[0][0] if names else named.get(bridge, "")


def _run_around(day: date, named: HolidayBase) -> Iterator[date]:
    """The unbroken run of free days around a day, in order."""

    def free(each: date) -> bool:
        return each in named or each.weekday() in named.weekend

    first = day
    while free(first - _ONE_DAY):
        first -= _ONE_DAY
    while free(first):
        yield first
        first += _ONE_DAY
