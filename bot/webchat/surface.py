"""Deliveries of the outbox to the web chat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.homes import Homes
from bot.webchat.posting import Place, card_handle, place_card
from domain.clock import Clock
from domain.errors import ConflictError
from domain.messages import Card
from domain.ports import Destination
from storage.uow import Store, UnitOfWork


class WebSurface:
    """The web chat as a place where cards are sent.

    Posting is a transaction of our own database, so a card is there once and whole, or not at all;
    ``delivery_id`` keeps a repeated delivery from posting it again.
    """

    outside = False

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._homes = Homes(store)

    def send(
        self,
        destination: Destination,
        card: Card,
        delivery_id: str,
        replaces: Mapping[str, Any] | None,
        *,
        doubtful: bool,
    ) -> Mapping[str, Any]:
        """Post the card or edit the object's earlier one; the answer is its handle.

        The chat finds the earlier card itself, inside the transaction, and knows the delivery:
        ``replaces`` and ``doubtful`` are not needed.
        """
        del replaces, doubtful
        workspace = self._homes.of(destination.channel)
        for last in (False, True):
            try:
                with self._store.write(workspace) as uow:
                    return self.place(uow, destination, card, delivery_id)
            except ConflictError:
                if last:
                    raise
        raise AssertionError("unreachable")

    def place(
        self, uow: UnitOfWork, destination: Destination, card: Card, delivery_id: str
    ) -> Mapping[str, Any]:
        """The same inside a transaction of the caller's."""
        place = Place(destination.channel, _thread(uow, destination))
        delivery = f"out:{delivery_id}"
        return card_handle(place_card(uow, place, card, delivery, self._clock.now()))


def _thread(uow: UnitOfWork, destination: Destination) -> str | None:
    """The thread, if it is still there: a card for a thread that is gone goes to the channel."""
    root = uow.chat.get(destination.thread) if destination.thread else None
    return root.id if root and root.channel_id == destination.channel else None
