"""Replies on platforms to which everything goes through the outbox."""

from __future__ import annotations

from typing import Any

from commands.dispatcher import Hook
from domain.clock import Clock
from domain.messages import Card, Reply
from domain.requests import Request
from storage.uow import UnitOfWork


def queue_reply(request: Request, clock: Clock) -> Hook:
    """The hook that queues what everybody is to see of the reply, with the work itself.

    The cards go to the conversation and thread where the request was made. What only the asker is
    to see is the adapter's matter: it goes out with the acknowledgment, or see :func:`tell_asker`.
    """

    def hook(uow: UnitOfWork, reply: Reply) -> None:
        if not reply.private and request.channel is not None:
            post_cards(uow, request, reply.cards, clock)

    return hook


def post_cards(
    uow: UnitOfWork,
    request: Request,
    cards: tuple[Card, ...],
    clock: Clock,
    *,
    calls: bool = True,
) -> None:
    """Queue cards for the conversation and thread of a request.

    ``on`` is the message on which a button was pressed: who pressed it is looking at it. ``beside``
    marks the card of an object below a line that says what was done: nobody asked for the card.

    :param calls: whether who is named in the cards is called by them, where a platform can.
    """
    lane = f"channel:{request.channel}"
    said = False
    payloads: list[dict[str, Any]] = []
    for card in cards:
        marks = {"beside": said and card.key is not None, "uncalled": not calls}
        said = said or card.key is None
        payload = {
            "channel": request.channel,
            "thread": request.thread,
            "card": uow.written(card),
            "person": request.person,
            "on": request.message_id,
            **{name: True for name, on in marks.items() if on},
        }
        payloads.append(payload)
    uow.queue_all(lane, "post", payloads, clock.now())


def tell_asker(uow: UnitOfWork, request: Request, reply: Reply, clock: Clock) -> None:
    """Queue a reply for the asker alone, for when nothing nearer to the request is left."""
    for card in reply.cards:
        payload = {"person": request.person, "card": uow.written(card)}
        uow.queue(f"person:{request.person}", "post", payload, clock.now())
