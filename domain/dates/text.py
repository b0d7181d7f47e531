"""What all readers of dates share: one spelling for many, Chinese numerals, and the errors."""

from __future__ import annotations

import re
import unicodedata

from domain.errors import UserError
from domain.messages import T

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-") | {"〇": "零", "兩": "两", "號": "号"})
_AROUND_HAN = re.compile(r" ?([\u4e00-\u9fff]) ?")
_HAN_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_SHOWN = 40
_LONGEST = 100

NUMBER = r"(?:[0-9]{1,6}|[零一二两三四五六七八九十]{1,3})"
"""A pattern for a whole number in digits or Chinese numerals; read it with :func:`number`."""


def normalise(text: str) -> str:
    """One spelling: half-width, lower case, plain dashes, single spaces and none around Chinese.

    What is too long to be a date comes back empty, so that no pattern is tried on a whole page.
    """
    if len(text) > _LONGEST:
        return ""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_DASHES)
    return _AROUND_HAN.sub(r"\1", " ".join(folded.split())).strip()


def number(text: str) -> int:
    """The value of what :data:`NUMBER` matched. ``十十`` and the like are ``ValueError``."""
    if text.isdigit():
        return int(text)
    if "十" not in text:
        return int("".join(str(_HAN_DIGITS[digit]) for digit in text))
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        raise ValueError("not a Chinese number below one hundred")
    return _HAN_DIGITS.get(tens, 1) * 10 + _HAN_DIGITS.get(ones, 0)


def unknown(text: str) -> UserError:
    """Nothing in it looks like a date."""
    return UserError("date.unknown", T("date.examples"), text=shown(text))


def impossible(text: str) -> UserError:
    """It is written as a date, but there is no such day."""
    return UserError("date.impossible", T("date.examples"), text=shown(text))


def too_far(text: str) -> UserError:
    """A date that no plan means: a slip of the finger in the year or the number of days."""
    return UserError("date.too_far", T("date.examples"), text=shown(text))


def time_unknown(text: str) -> UserError:
    """There is no time of day in it."""
    return UserError("date.time_unknown", T("date.time_examples"), text=shown(text))


def time_impossible(text: str) -> UserError:
    """It is written as a time, but the clock never shows it."""
    return UserError("date.time_impossible", T("date.time_examples"), text=shown(text))


def duration_unknown(text: str) -> UserError:
    """It is no length of time."""
    return UserError("date.duration_unknown", T("date.snooze_examples"), text=shown(text))


def shown(text: str) -> str:
    """What was typed, cut to a length that an answer can quote."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
