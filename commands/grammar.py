"""From a typed line to a command and its words; from a wrong word to the nearest right one.

Both languages, with or without the slash, with full-width characters, smart quotes and odd spaces,
as people and input methods produce them.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass, replace

from commands.registry import Command, Registry, Subcommand
from domain.scoping import MARK

MAX_LINE = 10_000
"""Longer lines are cut before parsing; records keep up to this many characters."""

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "「": '"', "」": '"'})
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_TOKEN = re.compile(r'<@[^>\s]+>|(?P<phrase>[^\s"=]+=?"[^"]*"|"[^"]*")|\S+')
_FIRST = re.compile(r"[/／]?([^\s:：,，]+)[\s:：,，]*")
_RECORD = re.compile(r"(?:[a-zA-Z]{1,2}-?|#)?\d+")
_WIDE = str.maketrans({chr(c): chr(c - 0xFEE0) for c in range(0xFF10, 0xFF5B)} | {"　": " ", "／": "/", "＠": "@", "＃": "#", "＝": "=", "＋": "+", "－": "-", "．": "."})  # fmt: skip # noqa: E501


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a line.

    :param text: without its quotes.
    :param plain: normalised for comparing: full-width characters made narrow.
    :param start: where it begins in the line, so that the rest can be kept as typed.
    """

    text: str
    plain: str
    start: int
    end: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A parsed line.

    :param command: None when nothing fits; ``nearest`` then has suggestions, best first.
    :param explicit: whether the subcommand was named or is the default.
    :param text: the whole line as typed, cleaned of invisible characters.
    :param product: the product that ``in=…`` names, which holds wherever the line is typed.
    """

    text: str
    words: tuple[Word, ...]
    command: Command | None = None
    sub: Subcommand | None = None
    explicit: bool = False
    nearest: tuple[str, ...] = ()
    product: str | None = None


def clean(text: str) -> str:
    """The text in NFC, without invisible characters, spaces made ordinary, cut at the limit."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text[:MAX_LINE]))
    if text.isprintable():  # so it holds no space but the ordinary one, and nothing to remove
        return text.strip()
    text = "".join(" " if ch.isspace() and ch != "\n" else ch for ch in text)
    kept = (ch for ch in text if ch == "\n" or unicodedata.category(ch) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def first_word(text: str) -> tuple[str, str]:
    """The first word of a cleaned line, folded, without slash and colon; and what follows it."""
    match = _FIRST.match(text)
    if match is None:
        return "", ""
    return match.group(1).translate(_WIDE).casefold(), text[match.end() :]


def split(text: str) -> tuple[Word, ...]:
    """The words of a cleaned line; quotes keep a phrase together."""
    shadow = text.translate(_QUOTES)
    words: list[Word] = []
    for match in _TOKEN.finditer(shadow):
        raw = text[match.start() : match.end()]
        quoted = match["phrase"] is not None  # one quote alone is a sign like any other (5")
        bare = raw.translate(_QUOTES).replace('"', "") if quoted else raw
        words.append(Word(bare, bare.translate(_WIDE), match.start(), match.end(), quoted))
    return tuple(words)


def parse(registry: Registry, text: str) -> Line:
    """Find the command and subcommand; the words that are left are its arguments.

    ``/review start x``, ``review start x``, ``评审 开始 x``, ``/po review start x`` and ``评审开始
    x`` are the same. A Chinese command may be written together with its subcommand.
    """
    line = clean(text)
    words = list(split(line))
    product = _take_product(words)
    found = _parse(registry, line, words)
    return found if product is None else replace(found, product=product)


def _take_product(words: list[Word]) -> str | None:
    """Take ``in=<product>`` (``产品=<product>``) out of the words."""
    for word in words:
        name, equals, value = word.plain.partition("=")
        if equals and value and name.casefold() in (MARK, "产品"):
            words.remove(word)
            return value
    return None


def _parse(registry: Registry, line: str, words: list[Word]) -> Line:
    while words and words[0].plain.lstrip("/").casefold() in (*registry.umbrella, ""):
        words.pop(0)
    if not words:
        return Line(line, ())
    bare = words[0].plain.lstrip("/")
    first = bare.rstrip(":：,，。!！?？")
    command = registry.find(bare) or registry.find(first)
    if command is None:
        command, joined = _written_together(registry, first)
        if command is not None and joined is not None:
            return Line(line, tuple(words[1:]), command, joined, explicit=True)
    if command is None:
        return Line(line, tuple(words), nearest=nearest_commands(registry, first))
    rest = tuple(words[1:])
    if rest and not rest[0].quoted:
        sub = command.find(rest[0].plain.rstrip(":：,，"))
        if sub is not None:
            return Line(line, rest[1:], command, sub, explicit=True)
    return Line(line, rest, command, command.default)


def _written_together(registry: Registry, word: str) -> tuple[Command | None, Subcommand | None]:
    for command in registry.commands:
        if word.startswith(command.zh) and (sub := command.find(word[len(command.zh) :])):
            return command, sub
    return None, None


MOST_NEAR = 3
_ALIAS = 0.9
"""An alias counts a little less than the word that help and manual show."""


def nearest_commands(registry: Registry, word: str) -> tuple[str, ...]:
    """Up to three lines that may have been meant, best first, in the language of the word.

    A word that is a subcommand leads to its commands (``demo`` to ``setup demo``), any other to the
    commands that are written nearly so; always by their names, never by an alias.
    """
    folded = word.casefold()
    chinese = _chinese(folded)
    within = tuple(
        f"{c.zh} {sub.zh}" if chinese else f"{c.name} {sub.name}"
        for c in registry.commands
        if (sub := c.find(folded)) is not None and not sub.hidden
    )
    words = [((c.zh if chinese else c.name), c.aliases) for c in registry.commands]
    near = within if len(within) <= MOST_NEAR else ()
    return (*near, *_nearest(folded, words))[:MOST_NEAR]


def nearest_subcommands(command: Command, word: str) -> tuple[str, ...]:
    """Up to three subcommands that are written nearly like this, by their names in its language."""
    folded = word.casefold()
    chinese = _chinese(folded)
    shown = [s for s in command.subcommands if not s.hidden]
    return _nearest(folded, [((s.zh if chinese else s.name), s.aliases) for s in shown])


def meant_lines(command: Command, line: Line) -> tuple[str, ...]:
    """Up to three lines that may have been meant by words behind a command's bare name, best first.

    The first word is nearly a subcommand; or all of them are what the command takes in free words,
    which a number or a record's name (``A-3``) is not.
    """
    first = line.words[0]
    near = () if first.quoted else nearest_subcommands(command, first.plain)
    lines = [f"{sub}{line.text[first.end :]}" for sub in near]
    known = bool(lines) or _RECORD.fullmatch(first.plain) is not None
    free = command.find(command.free) if command.free and not known else None
    chinese = _chinese(line.text[: first.start])
    if free is not None:
        lines.append(f"{free.zh if chinese else free.name} {line.text[first.start :]}")
    return tuple(f"{command.zh if _chinese(each[0]) else command.name} {each}" for each in lines)


def _nearest(word: str, names: list[tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
    """The names that are like the word themselves or by an alias in its language."""
    chinese = _chinese(word)
    least = 0.5 if chinese else 0.6  # of two Chinese characters one may be wrong
    found: list[tuple[float, str]] = []
    for name, aliases in names:
        same = [a for a in aliases if _chinese(a) is chinese]
        like = max((_likeness(word, name), *(_ALIAS * _likeness(word, a) for a in same)))
        if like >= least:
            found.append((like, name))
    found.sort(key=lambda each: -each[0])
    return tuple(name for _, name in found[:MOST_NEAR])


def _likeness(word: str, name: str) -> float:
    return difflib.SequenceMatcher(None, name, word).ratio()


def _chinese(word: str) -> bool:
    return any("\u3400" <= ch <= "\u9fff" for ch in word)
