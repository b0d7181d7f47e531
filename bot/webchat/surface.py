"""Deliveries of the outbox to the web chat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.surfaces.homes import Homes
from bot.webchat.posting import Place, card_handle, place_card, stored_files
from domain.clock import Clock
from domain.errors import ConflictError
from domain.message_json import to_json
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
        ``doubtful`` is not needed, and ``replaces`` only for what stays in its place.
        """
        del doubtful
        workspace = self._homes.of(destination.channel)
        for last in (False, True):
            try:
                with self._store.write(workspace) as uow:
                    if destination.in_place:
                        return _redraw(uow, destination, card, replaces or {})
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


def _redraw(
    uow: UnitOfWork, destination: Destination, card: Card, earlier: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Put the card into the message in which it is; one that was deleted stays so."""
    message = uow.chat.get(str(earlier.get("message")))
    if message and not message.deleted_at and message.channel_id == destination.channel:
        uow.chat.show_card(message.id, to_json(card), stored_files(uow, card))
    return earlier


def _thread(uow: UnitOfWork, destination: Destination) -> str | None:
    """The thread, if it is still there: a card for a thread that is gone goes to the channel."""
    root = uow.chat.get(destination.thread) if destination.thread else None
    return root.id if root and root.channel_id == destination.channel else None
