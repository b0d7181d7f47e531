"""How commands are typed in DingTalk: groups need a mention, a conversation of two does not."""

from __future__ import annotations

from functools import cache

from bot.cards.way import Way
from commands.catalog import build_registry
from commands.spelling import Spelling


@cache
def _spelling() -> Spelling:
    """The words of all commands; they never change while the program runs."""
    return Spelling(build_registry())


def written(line: str, locale: str) -> str:
    """A line in the words of a language: Chinese readers type Chinese here, others English."""
    return _spelling().written(line, locale)


@cache
def group(locale: str) -> Way:
    """In a group, where Duban is mentioned by the name that it has in a company of this language.

    A message does not tell the robot's name; the guides tell to give it this one.
    """
    name = f"@{NAMES.get(locale, NAMES['en'])}"
    called = ((f"@{other}", name) for other in NAMES.values() if f"@{other}" != name)
    return Way(f"{name} ", written=written, called=(*CALLED, *called))


CALLED = (("频道", "群"), ("channel", "group"), ("Channel", "Group"))
"""DingTalk has groups where other platforms have channels."""
NAMES = {"zh": "督办", "en": "Duban"}
GROUP = group("zh")
DIRECT = Way("", written=written, called=CALLED)
