"""What the conversation shows of a request: stored in the transaction of the work itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.webchat.access import PLATFORM
from commands.dispatcher import Hook
from domain.ids import new_id
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
    """What came of a request: the messages it made or changed, in order.

    :param cards: the cards of messages that this transaction made, by message.
    :param all_new: they were all made in this transaction and stand here as they were stored; one
        that was there before stands here as it was then.
    """

    done: bool = False
    messages: tuple[ChatMessage, ...] = ()
    cards: Mapping[str, Card] = field(default_factory=dict[str, Card])
    all_new: bool = True


def presenter(
    request: Request, at: datetime, *, said: str | None, shown: Shown, failed: bool = False
) -> Hook:
    """The hook that stores what people see of a request.

    :param said: what the person typed, to be shown as their words; None for buttons and forms.
    :param failed: the reply tells of an error; a later try of the same request is another answer.
    """

    def hook(uow: UnitOfWork, reply: Reply) -> None:
        if request.channel is None:
            return
        place = Place(request.channel, request.thread)
        drafts: list[_Draft] = []
        if said is not None and (reply.cards or reply.form is None):
            private = request.kind is Kind.COMMAND and reply.private
            message = _said(request, place, said, at, private=private, failed=failed)
            drafts.append(_Draft(message, request.files))
        for number, card in enumerate(reply.cards):
            delivery = f"{'err' if failed else 're'}:{request.event_id}:{number}"
            alone = request.person if reply.private else None
            drafts.append(_card_draft(uow, place, card, delivery, at, private_to=alone))
        posting = _Posting(uow, drafts)
        shown.messages, shown.all_new = posting.store(), posting.all_new
        shown.cards = {d.message.id: d.card for d in drafts if d.card is not None}
        if shown.messages and request.platform == PLATFORM:
            # Who holds the newest number knows it: nobody else has one until the commit.
            newest = shown.messages[-1].number if shown.all_new else uow.chat.latest()
            uow.chat.mark_read(request.person, request.channel, newest)
        shown.done = True

    return hook


@dataclass(frozen=True, slots=True)
class _Draft:
    """A message that is to be there.

    :param key: the object whose earlier card it takes the place of, if it is near enough.
    """

    message: ChatMessage
    files: tuple[FileRef, ...] = ()
    card: Card | None = None
    key: str | None = None


class _Posting:
    """Stores drafts, those that are new in one go: 6 statements less for a logged change."""

    def __init__(self, uow: UnitOfWork, drafts: Sequence[_Draft]) -> None:
        self._uow = uow
        self._drafts = drafts
        self._waiting: list[_Draft] = []
        self._stored: list[ChatMessage] = []
        self.all_new = True

    def store(self) -> tuple[ChatMessage, ...]:
        """The messages, in the order of the drafts. The same delivery twice changes nothing."""
        known = self._uow.chat.by_deliveries([d.message.delivery_id for d in self._drafts])
        for draft in self._drafts:
            before = known.get(draft.message.delivery_id)
            if before is None:
                self._place(draft)
            else:
                self._older(before)
        self._flush()
        return tuple(self._stored)

    def _place(self, draft: _Draft) -> None:
        """Put it at the end, or in the place of the object's earlier card."""
        if draft.key is None:
            self._waiting.append(draft)
            return
        if any(w.key == draft.key for w in self._waiting):
            self._flush()
        uow, message = self._uow, draft.message
        destination = f"channel:{message.channel_id}"
        handle = uow.cards.handle(draft.key, destination) or {}
        earlier = self._earlier(handle, message)
        if earlier is not None:
            self._flush()  # how far up it is depends on what was said since
            if _noticed(uow, earlier, message):
                uow.chat.show_card(earlier.id, message.card, draft.files)
                self._older(earlier)
                return
        uow.cards.save(draft.key, destination, card_handle(message), before=handle)
        self._waiting.append(draft)
        if earlier is not None:
            self._flush()
            uow.chat.point(earlier.id, message.id)

    def _earlier(self, handle: Mapping[str, Any], message: ChatMessage) -> ChatMessage | None:
        earlier = self._uow.chat.get(str(handle["message"])) if handle else None
        if earlier is None or earlier.deleted_at or earlier.channel_id != message.channel_id:
            return None
        return earlier

    def _older(self, message: ChatMessage) -> None:
        self._flush()
        self._stored.append(message)
        self.all_new = False

    def _flush(self) -> None:
        self._stored += self._uow.chat.add_all([(d.message, d.files) for d in self._waiting])
        self._waiting.clear()


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


def place_card(
    uow: UnitOfWork, place: Place, card: Card, delivery_id: str, at: datetime
) -> ChatMessage:
    """Post a card, or edit the earlier card of the same object in place.

    When the earlier one is too far up to be noticed, the card is posted anew and the earlier one
    becomes a pointer to it. The same delivery twice changes nothing.
    """
    return _Posting(uow, [_card_draft(uow, place, card, delivery_id, at)]).store()[0]


def card_handle(message: ChatMessage) -> dict[str, str]:
    """What is remembered of a posted card: where it is, and the thread in which it is answered."""
    return {"message": message.id, "thread": message.thread_id or message.id}


def _noticed(uow: UnitOfWork, earlier: ChatMessage, message: ChatMessage) -> bool:
    """Whether who looks at where the message would be sees the earlier card change."""
    return earlier.id == message.thread_id or uow.chat.distance(earlier) <= NEAR


def _card_draft(
    uow: UnitOfWork,
    place: Place,
    card: Card,
    delivery: str,
    at: datetime,
    private_to: str | None = None,
) -> _Draft:
    """A card as a message; what only one person sees takes the place of nothing."""
    message = ChatMessage(
        id=new_id(),
        channel_id=place.channel,
        thread_id=place.thread,
        kind=MessageKind.CARD,
        author_id=None,
        at=at,
        delivery_id=delivery,
        card=uow.written(card),
        private_to=private_to,
    )
    key = card.key if private_to is None else None
    return _Draft(message, stored_files(uow, card), card, key)


def stored_files(uow: UnitOfWork, card: Card) -> tuple[FileRef, ...]:
    """The card's files that are known: whoever sees the card may open them."""
    return tuple(f for f in _files(card) if uow.files.get(f.file_id) is not None)


def _files(card: Card) -> Iterable[FileRef]:
    return (b for b in card.blocks if isinstance(b, FileRef))
