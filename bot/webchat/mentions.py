"""Mentions: from ``@name`` as typed to ``<@id>`` as kept, and whether Duban itself is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.people import Person

BOT_NAMES = ("duban", "督办")
_AT = re.compile(r"(?<![\w<])[@＠]")
_BOT = re.compile(rf"[@＠](?:{'|'.join(BOT_NAMES)})(?![a-z0-9_-])[\s,，:：]*", re.IGNORECASE)
_KEPT = re.compile(r"<@([0-9a-zA-Z_-]{1,64})>")


def keep_mentions(text: str, people: Iterable[Person]) -> str:
    """The text with each ``@handle`` or ``@name`` of somebody as ``<@id>``.

    The longest name wins; a name that two people share mentions nobody. Chinese names need no space
    after them. A ``<@id>`` that was typed by hand stays what it is.
    """
    names = _names(people)
    parts: list[str] = []
    at = 0
    for match in _AT.finditer(text):
        if match.start() < at:
            continue
        found = _longest(text[match.end() : match.end() + 64], names)
        if found is not None:
            name, person_id = found
            parts += [text[at : match.start()], f"<@{person_id}>"]
            at = match.end() + len(name)
    return "".join((*parts, text[at:]))


def typed_mentions(text: str, people: Iterable[Person]) -> str:
    """The text as it was typed: ``<@id>`` becomes ``@handle`` again."""
    handles = {p.id: p.handle for p in people}
    return _KEPT.sub(
        lambda m: f"@{handles[m.group(1)]}" if m.group(1) in handles else m.group(), text
    )


def addressed(text: str) -> tuple[str, bool]:
    """The text without the mention of Duban that it begins with, and whether there was one."""
    stripped = text.strip()
    match = _BOT.match(stripped)
    return (stripped[match.end() :], True) if match else (stripped, False)


def addressed_within(text: str) -> str | None:
    """What follows a mention of Duban inside the text, or None."""
    match = _BOT.search(text)
    return text[match.end() :].strip() if match else None


def _names(people: Iterable[Person]) -> list[tuple[str, str]]:
    by_name: dict[str, set[str]] = {}
    for person in people:
        by_name.setdefault(person.handle.casefold(), set()).add(person.id)
        by_name.setdefault(person.name.casefold(), set()).add(person.id)
    unique = [(name, next(iter(ids))) for name, ids in by_name.items() if name and len(ids) == 1]
    return sorted(unique, key=lambda pair: -len(pair[0]))


def _longest(text: str, names: list[tuple[str, str]]) -> tuple[str, str] | None:
    folded = text.casefold()
    for name, person_id in names:
        if folded.startswith(name) and not _goes_on(name, folded[len(name) : len(name) + 1]):
            return name, person_id
    return None


def _goes_on(name: str, following: str) -> bool:
    """Whether a Latin name is only the beginning of a longer word."""
    latin = name[-1].isascii()
    return latin and following.isascii() and (following.isalnum() or following in ("_", "-")) and (
        following != ""
    )  # fmt: skip
