"""Dates and times as people write them, in Chinese and English.

Everything is relative to a ``today`` or ``now`` that the caller passes in. What cannot be read
raises
:class:`domain.errors.UserError` with a ``date.…`` key and examples as its hint, and nothing else.
    Answers echo the date in full, so a reading that differs from the intent is seen at once.
"""

from domain.dates.days import RECENT_DAYS, parse_date
from domain.dates.durations import parse_duration, parse_snooze
from domain.dates.moments import at, parse_moment, parse_time
from domain.dates.taking import take_date

__all__ = [
    "RECENT_DAYS",
    "at",
    "parse_date",
    "parse_duration",
    "parse_moment",
    "parse_snooze",
    "parse_time",
    "take_date",
]
