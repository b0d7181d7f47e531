"""What a company of the tests writes to a chat platform, with its delivery in the test's hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.delivery import Delivery
from domain.message_json import to_json
from domain.messages import Card
from storage.messaging import OutboxItem
from tests.harness import Team


class Outgoing:
    """Queues cards, lets time pass and sends what is due.

    What knows the platform sets ``team`` and ``delivery``.
    """

    team: Team
    delivery: Delivery

    def queue(
        self,
        card: Card,
        *,
        thread: str | None = None,
        person: str | None = None,
        asker: str | None = None,
        on: str | None = None,
        beside: bool = False,
    ) -> str:
        """Queue a card for the channel (or for a person), by handles.

        :param asker: who asked for it in the channel; with ``on``: by a button on this message.
        :param beside: a line above it says what was done: nobody asked for the card itself.
        """
        payload: dict[str, Any] = {"card": to_json(card), "thread": thread, "on": on}
        lane = f"channel:{self.team.channel.id}"
        if person is None:
            payload["channel"] = self.team.channel.id
        else:
            payload["person"] = self.team.id(person)
            lane = f"person:{self.team.id(person)}"
        if asker is not None:
            payload["person"] = self.team.id(asker)
        if beside:
            payload["beside"] = True
        with self.team.write() as uow:
            return uow.queue(lane, "post", payload, self.team.clock.now())

    def post(self, card: Card, **more: Any) -> str:
        """Queue it and send everything that is due."""
        row = self.queue(card, **more)
        self.delivery.drain()
        return row

    def later(self, seconds: float) -> None:
        """Let time pass, then send what is due."""
        self.team.clock.advance(timedelta(seconds=seconds))
        self.delivery.drain()

    def row(self, item_id: str) -> OutboxItem:
        """What became of something that was queued."""
        with self.team.read() as uow:
            item = uow.outbox.get(item_id)
        assert item is not None
        return item
