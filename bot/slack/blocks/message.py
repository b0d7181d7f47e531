"""A card as a Slack message: blocks within every limit, and the whole of it as text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from bot.cards.alike import names_nobody
from bot.cards.engine import rendered
from bot.cards.view import View, card_view
from bot.cards.way import Way
from bot.cards.words import Reader
from bot.slack.blocks import limits
from bot.slack.blocks.buttons import NOTHING, Block, Buttons, plain_text
from bot.slack.blocks.escape import bold, calm, chunks
from bot.slack.blocks.ink import PLAIN_KINDS, Ink
from bot.slack.blocks.pages import Leaf, paged
from bot.slack.blocks.sheet import Sheet, context, sections
from domain.messages import Card, Tone
from locales import template

_SIGNS = {Tone.INFO: "🔵", Tone.GOOD: "🟢", Tone.WARN: "🟠", Tone.BAD: "🔴"}
_SENTENCE_ENDS = ("。", "！", "？", "：", ".", "!", "?", ":")
"""A title that is a sentence is said, not shown as a headline."""
MOST_PAGES = 8
"""A card that would need more messages is cut, and says so."""


@dataclass(frozen=True, slots=True)
class Message:
    """What ``chat.postMessage`` takes.

    :param text: the fallback: what notifications, screen readers and search get; escaped.
    """

    text: str
    blocks: list[Block]


def card_message(
    card: Card,
    reader: Reader,
    users: Mapping[str, str],
    *,
    base_url: str = "",
    files: bool = True,
) -> Message:
    """The card in one message; what does not fit is cut, and the message says so.

    A card that names nobody is drawn once for everybody who reads the same language in the same
    zone: ``/help`` and its like are asked for all day.

    :param users: Slack user ids by person id.
    :param base_url: where addresses inside Duban lead; without it they are no links.
    :param files: name the card's files (not where they are uploaded beside the message).
    """
    known = _same_for_all(card, reader.locale, reader.zone, reader.way, base_url, files)
    if known is None:
        return card_messages(card, reader, users, base_url=base_url, files=files, most=1)[0]
    return Message(known.text, _copied(known.blocks))


def card_response(
    card: Card, reader: Reader, users: Mapping[str, str], response_type: str, *, base_url: str = ""
) -> str:
    """The card as an acknowledgment of a slash command: the text of its JSON.

    Drawn and written once for everybody where :func:`card_message` draws it once.

    :param response_type: ``ephemeral`` or ``in_channel``.
    """
    known = _response_for_all(card, reader.locale, reader.zone, reader.way, base_url, response_type)
    if known is not None:
        return known
    message = card_messages(card, reader, users, base_url=base_url, most=1)[0]
    return _response(message, response_type)


@lru_cache(maxsize=64)
def _response_for_all(
    card: Card, locale: str, zone: str, way: Way, base_url: str, response_type: str
) -> str | None:
    message = _same_for_all(card, locale, zone, way, base_url, True)
    return None if message is None else _response(message, response_type)


def _response(message: Message, response_type: str) -> str:
    body = {"response_type": response_type, "text": message.text, "blocks": message.blocks}
    return json.dumps(body)


@lru_cache(maxsize=256)
def _same_for_all(
    card: Card, locale: str, zone: str, way: Way, base_url: str, files: bool
) -> Message | None:
    """The message of a card that names nobody; None where people may see it differently.

    Finding a card again costs a fiftieth of drawing it.
    """
    if not names_nobody(card):
        return None
    reader = Reader(locale, zone, way=way)
    return card_messages(card, reader, {}, base_url=base_url, files=files, most=1)[0]


def _copied(value: Any) -> Any:
    """Blocks of one's own: whoever gets a message may change it."""
    if isinstance(value, dict):
        return {k: _copied(v) for k, v in cast("Block", value).items()}
    if isinstance(value, list):
        return [_copied(v) for v in cast("list[Any]", value)]
    return value


def card_messages(
    card: Card,
    reader: Reader,
    users: Mapping[str, str],
    *,
    base_url: str = "",
    files: bool = True,
    most: int = MOST_PAGES,
) -> tuple[Message, ...]:
    """The card in as many messages as it needs, ``most`` at the most.

    The first one has the title and the card's buttons; the others belong into its thread.
    """
    ink = Ink(users, base_url)
    buttons = Buttons(ink, reader.locale)
    view = card_view(card, reader)
    head = head_blocks(view, ink, card.tone)
    body = Sheet(ink, buttons, files=files).blocks(view["blocks"])
    typed = buttons.typed(view["actions"])
    foot = [*sections(typed), *buttons.rows(view["actions"])]
    leaves = paged(head, body, foot, most=most)
    text = fallback(view)
    return tuple(_message(leaf, n, len(leaves), text, reader) for n, leaf in enumerate(leaves, 1))


def fallback(view: View) -> str:
    """The whole card as escaped text, shortened to what Slack advises."""
    text = limits.cut_lines(rendered("card.txt.j2", card=view).strip("\n"), limits.TEXT * 3 // 4)
    return next(iter(chunks(calm(text), limits.TEXT)), NOTHING)


def _message(leaf: Leaf, number: int, pages: int, text: str, reader: Reader) -> Message:
    blocks = list(leaf.blocks)
    notes: list[str] = []
    if number == 1 and pages > 1:
        notes.append(template(reader.locale, "slack.goes_on"))
    if leaf.left_out:
        notes.append(template(reader.locale, "slack.left_out"))
    for note in notes:
        blocks[leaf.body_end : leaf.body_end] = context(calm(note))
    if number == 1:
        return Message(text, blocks)
    title = text.split("\n", 1)[0]
    return Message(f"{title} ({number}/{pages})", blocks)


def head_blocks(view: View, ink: Ink, tone: Tone) -> list[Block]:
    """Title and status: a header over content, an ordinary line for a sentence without any."""
    sign = f"{_SIGNS[tone]} " if tone in _SIGNS else ""
    title, status = view["title"], view["status"]
    if not view["blocks"]:
        said = " · ".join(part for part in (ink.flow(title), ink.line(status)) if part)
        return sections(sign + (said or NOTHING))
    words = " · ".join(part for part in (ink.plain(title), ink.plain(status)) if part)
    if words.endswith(_SENTENCE_ENDS):
        return sections(" · ".join(p for p in (sign + ink.flow(title), ink.line(status)) if p))
    plain = all(span["kind"] in PLAIN_KINDS for span in (*title, *status))
    if plain and words and limits.units(sign + words) <= limits.HEADER:
        return [{"type": "header", "text": plain_text(sign + words)}]
    said = bold(ink.line([span | {"strong": False} for span in title]))
    shown = " · ".join(part for part in (said, ink.line(status)) if part)
    return sections(sign + (shown or NOTHING))
