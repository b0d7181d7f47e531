"""Cards that look alike to everybody who reads the same language in the same zone.

``/help`` and its like are asked for all day: drawing one of them takes most of what such a command
costs, and finding it again a fiftieth of that.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import lru_cache

from bot.cards.way import Way
from bot.cards.words import Reader
from domain.messages import Card

Draw = Callable[[Card, Reader], str]
"""Draws a card; a function of a module, so that what it drew is found again."""

_PERSONAL = (b"PersonRef", b"<@")
"""In the contents of a card that may look different to everybody."""


def names_nobody(card: Card) -> bool:
    """Whether no person stands in the card, so that all who read alike see the same."""
    contents = pickle.dumps(card)
    return not any(mark in contents for mark in _PERSONAL)


def drawn_once(draw: Draw, card: Card, reader: Reader) -> str:
    """What ``draw`` makes of the card, kept if it is the same for everybody (at most 64 are)."""
    known = _for_all(draw, card, reader.locale, reader.zone, reader.way)
    return draw(card, reader) if known is None else known


@lru_cache(maxsize=64)
def _for_all(draw: Draw, card: Card, locale: str, zone: str, way: Way) -> str | None:
    return draw(card, Reader(locale, zone, way=way)) if names_nobody(card) else None
