"""Which options of a field somebody means who answers by typing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import chain

from bot.cards.way import PLAIN
from bot.cards.words import Reader, words
from bot.dingtalk.ways import DIRECT
from domain.messages import Inline, Option
from locales import LOCALES

EVERY = frozenset({"全部", "全选", "all"})
"""Means all options, where several may be chosen and none is called so."""

_LISTS = re.compile(r"\s*[,，、;；\n]+\s*")
_NUMBERED = re.compile(r"(\d{1,3})[.、)）]\s*(?=\D)")
_PLACE = re.compile(r"(?:第|选)?\s*(\d{1,3})\s*(?:个|项|号)?")


class NoOption(Exception):
    """:ivar word: what is none of the options."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def one(options: Sequence[Option], text: str) -> str:
    """The value of the option that is meant: by its number, its name in either language, its value.

    :raises NoOption: it is none.
    """
    found = _option(options, text)
    if found is None:
        raise NoOption(text)
    return found


def several(options: Sequence[Option], text: str) -> tuple[str, ...]:
    """The values of all options that are meant, each once.

    Between them stand commas or spaces; names may contain both. Raises :class:`NoOption`.
    """
    whole = _option(options, text)
    if whole is not None:
        return (whole,)
    if _plain(text) in EVERY:
        return tuple(o.value for o in options)
    parts = [p for p in _LISTS.split(text) if p]
    found = chain.from_iterable(_in_a_row(options, part.split()) for part in parts)
    return tuple(dict.fromkeys(found))


def numbered(option: Option, number: int) -> bool:
    """Whether an option's name begins with its number already (``1. 手机号可登录``)."""
    match = _NUMBERED.match(words(option.label, Reader("zh", "UTC")))
    return match is not None and int(match.group(1)) == number


def _in_a_row(options: Sequence[Option], typed: Sequence[str]) -> list[str]:
    """The options that words name one behind the other, always the longest name that fits."""
    out: list[str] = []
    at = 0
    while at < len(typed):
        ends = range(len(typed), at, -1)
        names = ((end, _option(options, " ".join(typed[at:end]))) for end in ends)
        end, value = next(((e, v) for e, v in names if v is not None), (at, None))
        if value is None:
            raise NoOption(typed[at])
        out.append(value)
        at = end
    return out


def _option(options: Sequence[Option], text: str) -> str | None:
    typed = _plain(text)
    for option in options:
        if typed == option.value.casefold() or typed in _names(option.label):
            return option.value
    place = _PLACE.fullmatch(typed)
    if place and 1 <= int(place.group(1)) <= len(options):
        return options[int(place.group(1)) - 1].value
    return None


def _names(shown: Inline) -> set[str]:
    """How an option is called, with and without a number before its name."""
    readers = [Reader(locale, "UTC", way=way) for locale in LOCALES for way in (PLAIN, DIRECT)]
    names = {_plain(words(shown, reader)) for reader in readers}
    return names | {_NUMBERED.sub("", n, count=1) for n in names if _NUMBERED.match(n)}


def _plain(text: str) -> str:
    narrow = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(narrow.split()).strip(" .。、")
