"""Cards as the Home tab of a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.cards.view import card_view
from bot.cards.words import Reader
from bot.slack.blocks import limits
from bot.slack.blocks.buttons import Block, Buttons
from bot.slack.blocks.escape import calm
from bot.slack.blocks.ink import Ink
from bot.slack.blocks.message import head_blocks
from bot.slack.blocks.pages import weight
from bot.slack.blocks.sheet import Sheet, context, sections
from domain.messages import Card
from locales import template

DIVIDER: Block = {"type": "divider"}
_ALL_TEXT = 40_000
"""Far below the 250 kB that a view may have; nobody says where Slack stops counting texts."""


def home_view(
    cards: Sequence[Card], reader: Reader, users: Mapping[str, str], *, base_url: str = ""
) -> dict[str, Any]:
    """The view for ``views.publish``: one part per card, in order.

    What does not fit into a view is left out from the end, and the view says so.
    """
    ink = Ink(users, base_url)
    buttons = Buttons(ink, reader.locale)
    out: list[Block] = []
    room, text = limits.VIEW_BLOCKS - 2, _ALL_TEXT
    for card in cards:
        part = [*([DIVIDER] if out else []), *_part(card, reader, ink, buttons)]
        size = weight(part)
        if len(part) > room or size > text:
            fitting = _fitting(part, room, text)
            note = context(calm(template(reader.locale, "slack.home_full")))
            return _home([*out, *fitting, *note])
        out += part
        room, text = room - len(part), text - size
    return _home(out or sections(calm(template(reader.locale, "slack.home_empty"))))


def _part(card: Card, reader: Reader, ink: Ink, buttons: Buttons) -> list[Block]:
    view = card_view(card, reader)
    body = Sheet(ink, buttons).blocks(view["blocks"])
    typed = sections(buttons.typed(view["actions"]))
    return [*head_blocks(view, ink, card.tone), *body, *typed, *buttons.rows(view["actions"])]


def _fitting(part: Sequence[Block], room: int, text: int) -> list[Block]:
    out: list[Block] = []
    for block in part:
        text -= weight(block)
        if len(out) >= room or text < 0:
            break
        out.append(block)
    return out


def _home(blocks: list[Block]) -> dict[str, Any]:
    return {"type": "home", "blocks": blocks}
