"""What is kept of a posted card, so that a later one knows what people have seen."""

from __future__ import annotations

from typing import Any

from domain.message_json import to_json
from domain.messages import Card


def state_of(card: Card) -> dict[str, Any]:
    """What people must be told of a card: a tally or a new line in it changes nothing of this."""
    state: dict[str, Any] = {"title": to_json(card.title), "status": to_json(card.status)}
    return {**state, "stage": card.stage} if card.stage else state
