"""A channel's daily round: what its rules say in place of a reminder's line."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from domain.messages import Card, Moment, Para, T
from domain.reminders import Recipient
from reminders.digest import Digests
from reminders.lines import Item
from reminders.standup import ask, chase
from reminders.world import World


class Rounds:
    """The rounds that are sent together.

    :param channels: ids of the channels whose digest is among them.
    """

    def __init__(self, world: World, channels: Collection[str], now: datetime) -> None:
        self._world = world
        self._now = now
        self._digests = Digests(world, channels, now)

    def card(self, recipient: Recipient, item: Item) -> Card | None:
        """The message, or None when there is nothing to say (any more)."""
        if item.rule.name == "digest":
            return self._digest(recipient, item)
        speak = ask if item.rule.name == "standup_ask" else chase
        return speak(self._world, recipient, item, self._now)

    def _digest(self, recipient: Recipient, item: Item) -> Card | None:
        card = self._digests.card(recipient.id)
        if card is None or not item.late:
            return card
        note = Para(T("reminder.late", {"at": Moment(item.row.slot.at)}), muted=True)
        return Card(card.title, (note, *card.blocks), card.actions, tone=card.tone, key=card.key)
