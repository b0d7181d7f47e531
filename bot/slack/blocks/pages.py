"""Blocks spread over messages, so that Slack refuses none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from bot.slack.blocks import limits
from bot.slack.blocks.buttons import Block

_ROOM_FOR_NOTES = 2
_NOTES_TEXT = 400
_COUNTED = frozenset({"text", "value"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """One message of a card.

    :param body_end: where notes go: after the content, before the buttons.
    :param left_out: more was to come that no message holds.
    """

    blocks: tuple[Block, ...]
    body_end: int
    left_out: bool = False


def paged(
    head: Sequence[Block], body: Sequence[Block], foot: Sequence[Block], *, most: int
) -> list[Leaf]:
    """Head and foot stay on the first page; the body flows over at most ``most`` pages.

    What a head or foot has too much of flows with the body.
    """
    head, body = head[:1], [*head[1:], *body]
    while weight(foot) > limits.ALL_TEXT // 2:
        foot, body = foot[1:], [*body, foot[0]]
    room = limits.MESSAGE_BLOCKS - _ROOM_FOR_NOTES
    fixed = weight([*head, *foot])
    leaves: list[list[Block]] = [[]]
    left_blocks, left_text = room - len(head) - len(foot), limits.ALL_TEXT - _NOTES_TEXT - fixed
    cut = False
    for unit in _together(body):
        size = weight(unit)
        if len(unit) > left_blocks or size > left_text:
            if len(leaves) == most:
                cut = True
                break
            leaves.append([])
            left_blocks, left_text = room, limits.ALL_TEXT - _NOTES_TEXT
        leaves[-1] += unit
        left_blocks -= len(unit)
        left_text -= size
    first, *rest = leaves
    whole = [Leaf((*head, *first, *foot), len(head) + len(first))]
    whole += [Leaf(tuple(page), len(page)) for page in rest]
    last = whole[-1]
    whole[-1] = Leaf(last.blocks, last.body_end, cut)
    return whole


def weight(value: object) -> int:
    """How much text there is in blocks, commands behind buttons included."""
    if isinstance(value, dict):
        total = 0
        for key, part in cast("dict[str, Any]", value).items():
            if isinstance(part, str):
                if key in _COUNTED:
                    total += limits.units(part)
            elif part is not True and part is not False:
                total += weight(part)
        return total
    total = 0
    for part in cast("Sequence[Any]", value):
        total += weight(part)
    return total


def _together(body: Sequence[Block]) -> list[list[Block]]:
    """A row of buttons stays with the line above it, unless both would fill a message."""
    out: list[list[Block]] = []
    for block in body:
        if block["type"] == "actions" and out and weight(out[-1]) < limits.ALL_TEXT // 2:
            out[-1].append(block)
        else:
            out.append([block])
    return out
