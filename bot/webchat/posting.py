"""What the conversation shows of a request: stored in the transaction of the work itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.webchat.access import PLATFORM
from commands.dispatcher import Hook
from domain.ids import new_id
from domain.message_json import to_json
from domain.messages import Card, FileRef, Reply
from domain.requests import Kind, Request
from storage.chat import ChatMessage, MessageKind
from storage.uow import UnitOfWork

NEAR = 15
"""An object's card is edited in place while at most this many messages follow it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: a channel, and a thread in it if any."""

    channel: str
    thread: str | None = None


@dataclass(slots=True)
class Shown:
    """What came of a request: the ids of the messages it made or changed, in order."""

    done: bool = False
    messages: list[str] = field(default_factory=list[str])


def presenter(
    request: Request, at: datetime, *, said: str | None, shown: Shown, failed: bool = False
) -> Hook:
    """The hook that stores what people see of a request.

    :param said: what the person typed, to be shown as their words; None for buttons and forms.
    :param failed: the reply tells of an error; a later try of the same request is another answer.
    """

    def hook(uow: UnitOfWork, reply: Reply) -> None:
        shown.messages = []
        if request.channel is None:
            return
        place = Place(request.channel, request.thread)
        if said is not None and (reply.cards or reply.form is None):
            private = request.kind is Kind.COMMAND and reply.private
            message = _said(request, place, said, at, private=private, failed=failed)
            shown.messages.append(uow.chat.add(message, request.files).id)
        for number, card in enumerate(reply.cards):
            delivery = f"{'err' if failed else 're'}:{request.event_id}:{number}"
            if reply.private:
                message = _whisper(uow, place, card, delivery, at, request.person)
            else:
                message = place_card(uow, place, card, delivery, at)
            shown.messages.append(message.id)
        if shown.messages and request.platform == PLATFORM:
            uow.chat.mark_read(request.person, request.channel, uow.chat.latest())
        shown.done = True

    return hook


def _said(
    request: Request, place: Place, text: str, at: datetime, *, private: bool, failed: bool
) -> ChatMessage:
    """The person's own words. A command that only they get an answer to, only they see."""
    return ChatMessage(
        id=new_id() if failed or request.message_id is None else request.message_id,
        channel_id=place.channel,
        thread_id=place.thread,
        kind=MessageKind.COMMAND if request.kind is Kind.COMMAND else MessageKind.SAID,
        author_id=request.person,
        at=at,
        delivery_id=f"{'in-err' if failed else 'in'}:{request.event_id}",
        text=text,
        private_to=request.person if private else None,
    )


def _whisper(
    uow: UnitOfWork, place: Place, card: Card, delivery: str, at: datetime, person: str
) -> ChatMessage:
    message = _card_message(place, card, delivery, at, private_to=person)
    return uow.chat.add(message, stored_files(uow, card))


def place_card(
    uow: UnitOfWork, place: Place, card: Card, delivery_id: str, at: datetime
) -> ChatMessage:
    """Post a card, or edit the earlier card of the same object in place.

    When the earlier one is too far up to be noticed, the card is posted anew and the earlier one
    becomes a pointer to it. The same delivery twice changes nothing.
    """
    known = uow.chat.by_delivery(delivery_id)
    if known is not None:
        return known
    earlier = _earlier(uow, place, card)
    files = stored_files(uow, card)
    if earlier is not None and _noticed(uow, earlier, place):
        uow.chat.show_card(earlier.id, to_json(card), files)
        return earlier
    message = uow.chat.add(_card_message(place, card, delivery_id, at), files, fresh=True)
    if card.key is not None:
        uow.cards.save(card.key, f"channel:{place.channel}", card_handle(message))
        if earlier is not None:
            uow.chat.point(earlier.id, message.id)
    return message


def card_handle(message: ChatMessage) -> dict[str, str]:
    """What is remembered of a posted card: where it is, and the thread in which it is answered."""
    return {"message": message.id, "thread": message.thread_id or message.id}


def _earlier(uow: UnitOfWork, place: Place, card: Card) -> ChatMessage | None:
    handle = uow.cards.handle(card.key, f"channel:{place.channel}") if card.key else None
    message = uow.chat.get(str(handle["message"])) if handle else None
    if message is None or message.deleted_at or message.channel_id != place.channel:
        return None
    return message


def _noticed(uow: UnitOfWork, earlier: ChatMessage, place: Place) -> bool:
    """Whether who looks at ``place`` sees the earlier card change."""
    return earlier.id == place.thread or uow.chat.distance(earlier) <= NEAR


def _card_message(
    place: Place, card: Card, delivery: str, at: datetime, private_to: str | None = None
) -> ChatMessage:
    return ChatMessage(
        id=new_id(),
        channel_id=place.channel,
        thread_id=place.thread,
        kind=MessageKind.CARD,
        author_id=None,
        at=at,
        delivery_id=delivery,
        card=to_json(card),
        private_to=private_to,
    )


def stored_files(uow: UnitOfWork, card: Card) -> tuple[FileRef, ...]:
    """The card's files that are known: whoever sees the card may open them."""
    return tuple(f for f in _files(card) if uow.files.get(f.file_id) is not None)


def _files(card: Card) -> Iterable[FileRef]:
    return (b for b in card.blocks if isinstance(b, FileRef))
