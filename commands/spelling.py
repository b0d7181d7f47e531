"""Our lines as a Chinese reader types them: ``review verdict S12 pass``, ``评审 意见 S12 通过``.

All words come from the registry: names of commands, subcommands and arguments, and the words of
choices. What people named themselves stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from commands.grammar import Word, clean, parse, split
from commands.registry import Arg, ArgKind, Command, Registry, Subcommand
from domain.scoping import MARK
from domain.stories import story_number

_CHINESE = re.compile("[\u3400-\u9fff]")
_PLACE = re.compile(r"\{\w+\}")
"""Stands in our texts for a record that is put in later."""
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,4})?")
_MARK_ZH = "产品"
_KEYWORDS = frozenset({"all", "off", "yes"})
"""Words that mean something at the end of some texts; what people named may be called the same, but
not where an example has it so."""
COMMAND_NAME = "command"
"""The argument that is the name of a command."""
UNTIL = "until"
"""The argument that says until when something is put off, at the end of a line."""
_UNTIL = {"1h": "1小时", "tomorrow": "明天", "next working day": "下个工作日"}
"""The times that our buttons offer."""


class Spelling:
    """Writes lines in the words of one language; the line that comes out means the same."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def written(self, line: str, locale: str) -> str:
        """The line as somebody who reads this language types it.

        :param line: without its slash; what names no command stays as it is.
        """
        if locale != "zh":
            return line
        text = clean(line)
        tokens = list(split(text))
        while tokens and tokens[0].plain.lstrip("/").casefold() in self._registry.umbrella:
            tokens.pop(0)
        found = parse(self._registry, text)
        if not tokens or found.command is None or found.sub is None:
            return line
        command, sub, explicit = found.command, found.sub, found.explicit
        count = _heads(command, sub, tokens, explicit=explicit)
        head = f"{command.zh} {sub.zh}" if explicit else command.zh
        rest = tokens[count:]
        words = _ending(sub, rest) | _in_chinese(sub, rest) | self._command_names(sub, rest)
        words |= _put_off(sub, rest)
        out, end = head, tokens[count - 1].end
        for word in rest:
            out += text[end : word.start] + words.get(word.start, text[word.start : word.end])
            end = word.end
        return (out + text[end:]).rstrip()

    def _command_names(self, sub: Subcommand, rest: Sequence[Word]) -> dict[int, str]:
        """The names of commands as values (``help review``)."""
        found = ((w, self._registry.find(w.plain)) for a, w in _claims(sub, list(rest))
                 if a.name == COMMAND_NAME)  # fmt: skip
        return {word.start: command.zh for word, command in found if command is not None}


def named(sub: Subcommand, words: Sequence[Word]) -> frozenset[str]:
    """The names of the arguments that the words of a line give."""
    left = list(words)
    given = {arg.name for arg, _ in _claims(sub, left)}
    texts = [a.name for a in sub.args if a.kind is ArgKind.TEXT and a.name not in given]
    return frozenset({*given, *(texts[:1] if left else ())})


def _heads(command: Command, sub: Subcommand, tokens: Sequence[Word], *, explicit: bool) -> int:
    """How many words of the line are the command and its subcommand."""
    if not explicit or len(tokens) < 2 or tokens[1].quoted:
        return 1
    return 2 if command.find(tokens[1].plain.rstrip(":：,，")) is sub else 1


def _in_chinese(sub: Subcommand, rest: Sequence[Word]) -> dict[int, str]:
    """The words that are others in Chinese, by where they begin."""
    out: dict[int, str] = {}
    for word in rest:
        name, equals, value = word.plain.partition("=")
        if equals and value and name.casefold() == MARK:
            out[word.start] = f"{_MARK_ZH}={value}"
    left = [w for w in rest if w.start not in out]
    for arg, word in _claims(sub, left):
        name, equals, value = word.text.replace("＝", "=").partition("=")
        if equals and name.casefold() == arg.name:
            shown = _choice(arg, value) if arg.kind is ArgKind.CHOICE else value
            quoted = f'"{shown}"' if word.quoted and " " in shown else shown
            out[word.start] = f"{arg.zh}={quoted}"
        elif arg.kind is ArgKind.CHOICE:
            out[word.start] = _choice(arg, word.plain)
    return out


def _ending(sub: Subcommand, rest: Sequence[Word]) -> dict[int, str]:
    """A text's last word that means something, as the examples have it (``off``, ``yes``)."""
    if not rest or rest[-1].quoted:
        return {}
    for chinese, english in sub.examples:
        zh, en = chinese.split(), english.split()
        same = len(zh) == len(en) and en[-1] == rest[-1].plain.casefold()
        if same and en[-1] in _KEYWORDS:
            return {rest[-1].start: zh[-1]}
    return {}


def _put_off(sub: Subcommand, rest: Sequence[Word]) -> dict[int, str]:
    """A time that a button offers; what stands in the place of its further words is nothing."""
    if not sub.args or sub.args[-1].name != UNTIL:
        return {}
    for count in range(1, min(3, len(rest)) + 1):
        words = rest[-count:]
        chinese = _UNTIL.get(" ".join(w.plain.casefold() for w in words))
        if chinese is not None:
            return {word.start: "" for word in words} | {words[0].start: chinese}
    return {}


def _choice(arg: Arg, typed: str) -> str:
    """A choice by its first Chinese word; one that has none, or is Chinese already, as it is."""
    if not typed.isascii():
        return typed
    folded = typed.casefold()
    found = next((c for c in arg.choices if folded == c.value or folded in c.words), None)
    words = found.words if found else ()
    return next((w for w in words if _CHINESE.search(w) and " " not in w), typed)


def _claims(sub: Subcommand, left: list[Word]) -> Iterator[tuple[Arg, Word]]:
    """Which argument takes which word, in the order of ``commands.args``; takes them out.

    Dates and texts are not told apart here: they are what is left over.
    """
    given: set[str] = set()
    for word in list(left):
        name, equals, _ = word.plain.partition("=")
        arg = next((a for a in sub.args if name.casefold() == a.name or name == a.zh), None)
        if equals and name and arg is not None:
            given.add(arg.name)
            left.remove(word)
            yield arg, word
    for arg in sub.args:
        if arg.name not in given:
            yield from ((arg, word) for word in _taken(arg, left))


def _taken(arg: Arg, left: list[Word]) -> list[Word]:
    """The words that an argument claims by their looks."""
    match arg.kind:
        case ArgKind.WORD:
            found = left[:1]
        case ArgKind.CHOICE:
            found = [w for w in left[:1] if _is_choice(arg, w.plain)]
        case ArgKind.REF | ArgKind.STORY | ArgKind.PERSON | ArgKind.NUMBER:
            found = [w for w in left if _fits(arg, w.plain)][:1]
        case ArgKind.STORIES | ArgKind.PEOPLE:
            found = [w for w in left if _fits(arg, w.plain)]
        case _:
            found = []
    for word in found:
        left.remove(word)
    return found


def _is_choice(arg: Arg, typed: str) -> bool:
    folded = typed.casefold()
    return any(folded == c.value or folded in c.words for c in arg.choices)


def _fits(arg: Arg, typed: str) -> bool:
    """Whether a word may be a value of this kind."""
    match arg.kind:
        case ArgKind.REF:
            pattern = rf"(?:{arg.prefix}-?)?#?\d{{1,9}}"
            return bool(re.fullmatch(pattern, typed, re.IGNORECASE) or _PLACE.fullmatch(typed))
        case ArgKind.PERSON | ArgKind.PEOPLE:
            return typed.startswith(("@", "<@"))
        case ArgKind.NUMBER:
            return _NUMBER.fullmatch(typed) is not None
        case _:
            parts = [p for p in re.split(r"[,，、;；]", typed) if p]
            stories = bool(parts) and all(story_number(p) is not None for p in parts)
            return stories or _PLACE.fullmatch(typed) is not None
