"""Finding the date in a line that also says something else: ``@张三 周五 更新原型``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from domain.calendar import WorkingCalendar
from domain.dates.days import find_date
from domain.dates.text import normalise
from domain.errors import UserError

_MOST_WORDS = 6
_WORD = re.compile(r"[^\s，,；;、]+")
_PERHAPS = re.compile(r"[0-9]{1,2}[-/][0-9]{1,2}")
"""``24/7`` is no date and no mistake either."""
_NUMBER_ONLY = re.compile(r"[0-9]+")
_BY_THEN = re.compile(r"(?P<day>.+?)(?:之前|以前|前|截止|完成前)")
_GLUED = re.compile(r"(?P<day>[^\s前]{2,16}?)(?:之前|以前|前)(?=\S)")
_COMMAS = "，,；;、"
_LAST_SIGNS = "，,。.;；:：、"


def take_date(words: str, today: date, calendar: WorkingCalendar) -> tuple[date | None, str]:
    """The date that stands at the start of a text, after its first mentions, or at its end.

    Dates in the middle of a sentence belong to the sentence. ``周五前`` and ``by friday`` mean that
    Friday; ``12月31日前完成接口`` is understood without a space. A bare number is never taken for a
    date.

    :returns: the date, or ``None`` when there is none, and what is left as it was typed.
    :raises UserError: ``date.impossible`` or ``date.too_far`` for what is plainly meant as a date.
    """
    spans = [match.span() for match in _WORD.finditer(words)]
    for start, end in _windows(words, spans):
        day = _read(words[start:end], today, calendar)
        if day is not None:
            return day, _without(words, start, end)
    return _take_glued(words, spans, today, calendar)


def _windows(words: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where a date may stand, likeliest first: longest at each place."""
    firsts = [i for i in range(len(spans)) if i == 0 or words[spans[i - 1][0]] in "@＠"]
    for first in firsts:
        for last in range(min(len(spans), first + _MOST_WORDS) - 1, first - 1, -1):
            yield spans[first][0], spans[last][1]
    for first in range(max(0, len(spans) - _MOST_WORDS), len(spans)):
        yield spans[first][0], spans[-1][1]


def _read(piece: str, today: date, calendar: WorkingCalendar) -> date | None:
    bare = piece.strip(_LAST_SIGNS)
    if not bare or _NUMBER_ONLY.fullmatch(normalise(bare)):
        return None
    try:
        day = find_date(bare, today, calendar)
    except UserError:
        if _PERHAPS.fullmatch(bare):
            return None
        raise
    if day is not None:
        return day
    by_then = _BY_THEN.fullmatch(normalise(bare))
    return find_date(by_then["day"], today, calendar) if by_then else None


def _take_glued(
    words: str, spans: list[tuple[int, int]], today: date, calendar: WorkingCalendar
) -> tuple[date | None, str]:
    for start, end in spans:
        if words[start] in "@＠":
            continue
        match = _GLUED.match(words, start, end)
        day = find_date(match["day"], today, calendar) if match else None
        if match is None or day is None:
            break
        return day, _without(words, start, match.end())
    return None, words.strip()


def _without(words: str, start: int, end: int) -> str:
    before = words[:start].rstrip().rstrip(_COMMAS).rstrip()
    after = words[end:].lstrip().lstrip(_LAST_SIGNS).lstrip()
    return f"{before} {after}".strip()
