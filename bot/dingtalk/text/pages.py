"""Markdown cut into messages that DingTalk takes: by characters and by bytes.

Facts, sections 7.2 and 10: ``msgParam`` has at most 15,000 bytes; a text at most 5,000 characters.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.dingtalk.text.markdown import Markdown

CHARACTERS = 4_800
BYTES = 14_000
"""Of title and text together as JSON; there is room for what stands around them."""
MOST = 8
"""Messages that one card may take; what is over is left out, and the last one says so."""


@dataclass(frozen=True, slots=True)
class Page:
    """One message."""

    title: str
    text: str


def pages_of(markdown: Markdown, tail: str, left_out: str) -> tuple[Page, ...]:
    """The card in as many messages as it needs.

    :param tail: a last paragraph of the first message (whom it mentions); may be empty.
    :param left_out: what the last message says where something is left out.
    """
    room = CHARACTERS - len(tail) - len(left_out) - 40
    texts = list(
        _packed(
            markdown.parts,
            room,
            BYTES - weight(markdown.title) - weight(tail) - weight(left_out) - 60,
        )
    )
    if len(texts) > MOST:
        texts = [*texts[: MOST - 1], f"{texts[MOST - 1]}\n\n{left_out}"]
    if tail:
        texts[0] = f"{texts[0]}\n\n{tail}"
    many = len(texts)
    titles = [markdown.title if many == 1 else f"{markdown.title} ({n}/{many})" for n in _to(many)]
    first, rest = texts[0], texts[1:]
    shown = [first, *(f"({n}/{many})\n\n{t}" for n, t in enumerate(rest, 2))]
    return tuple(Page(title, text) for title, text in zip(titles, shown, strict=True))


def _to(many: int) -> range:
    return range(1, many + 1)


def weight(text: str) -> int:
    """Bytes that a text takes inside JSON."""
    return len(json.dumps(text, ensure_ascii=False).encode("utf-8", "replace"))


def fits(text: str, characters: int, size: int) -> bool:
    """Whether a text is within both limits."""
    return len(text) <= characters and weight(text) <= size


def _packed(parts: Sequence[str], characters: int, size: int) -> Iterator[str]:
    """Parts together in as few texts as possible, in order."""
    kept = ""
    for part in parts:
        for piece in _pieces(part, characters, size):
            joined = f"{kept}\n\n{piece}" if kept else piece
            if fits(joined, characters, size):
                kept = joined
                continue
            yield kept
            kept = piece
    yield kept


def _pieces(part: str, characters: int, size: int) -> Iterator[str]:
    """A part that may be too long for any message, cut after lines, else after characters."""
    while not fits(part, characters, size):
        at = _most(part, characters, size)
        line = part.rfind("\n", at // 3, at)
        at = line + 1 if line > 0 else _between(part, at)
        yield part[:at].rstrip()
        part = part[at:].lstrip("\n")
    yield part


def _most(text: str, characters: int, size: int) -> int:
    """How many characters of a text that is too long are within both limits."""
    low, high = 1, min(len(text), characters)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle], characters, size) else (low, middle - 1)
    return low


def _between(text: str, at: int) -> int:
    """A place to cut that parts no escaped sign, no link and preferably no word."""
    space = text.rfind(" ", at * 3 // 4, at)
    at = space + 1 if space > 0 else at
    opened = text.rfind("[", 0, at)
    while opened > 0 and text[opened - 1] == "\\":
        opened = text.rfind("[", 0, opened)
    if opened > at // 2 and text.find(")", opened) >= at and "](" in text[opened : at + 400]:
        at = opened
    slashes = len(text[:at]) - len(text[:at].rstrip("\\"))
    return at - 1 if slashes % 2 and at > 1 else at
