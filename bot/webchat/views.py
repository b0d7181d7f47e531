"""Messages as one reader gets them: words in their language, marks of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cards.html import render_card, render_typed
from bot.cards.words import Reader, words
from bot.webchat.access import other_of
from bot.webchat.mentions import typed_mentions
from domain.message_json import from_json
from domain.messages import Card, FileRef
from domain.people import Channel, Person, Workspace
from storage.chat import ChatMessage, MessageKind
from storage.uow import UnitOfWork

View = dict[str, Any]
Reactions = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything needed to show messages to one person."""

    me: Person
    workspace: Workspace
    people: Mapping[str, Person]

    @property
    def zone(self) -> str:
        """The zone in which the person reads."""
        return self.me.zone or self.workspace.zone

    @property
    def reader(self) -> Reader:
        """The reader for cards."""
        names = {p.id: p.name for p in self.people.values()}
        return Reader(self.me.locale, self.zone, self.me.id, names)


def desk_of(uow: UnitOfWork, me: Person) -> Desk:
    """The person's desk."""
    people = {p.id: p for p in uow.people.all(with_inactive=True)}
    return Desk(me, uow.people.workspace(), people)


def message_views(uow: UnitOfWork, desk: Desk, messages: Sequence[ChatMessage]) -> list[View]:
    """The messages for the page, in the order given."""
    ids = [m.id for m in messages]
    files = uow.chat.files_of(m.id for m in messages if m.kind is not MessageKind.CARD)
    reactions = uow.chat.reactions_of(ids)
    threads = uow.chat.thread_counts(ids, desk.me.id)
    reader = desk.reader
    views: list[View] = []
    for message in messages:
        view = _view(message, desk, reader, files.get(message.id, ()))
        view["reactions"] = _reactions(reactions.get(message.id, ()), desk)
        count, last = threads.get(message.id, (0, None))
        view["replies"] = {"n": count, "last": last.isoformat() if last else None}
        views.append(view)
    return views


def _view(message: ChatMessage, desk: Desk, reader: Reader, files: Sequence[FileRef]) -> View:
    mine = message.author_id == desk.me.id
    editable = mine and message.kind is MessageKind.SAID and message.deleted_at is None
    return {
        "id": message.id,
        "channel": message.channel_id,
        "thread": message.thread_id,
        "number": message.number,
        "seq": message.seq,
        "kind": message.kind.value,
        "author": message.author_id,
        "at": message.at.isoformat(),
        "mine": mine,
        "edited": message.edited_at is not None,
        "deleted": message.deleted_at is not None,
        "private": message.private_to is not None,
        "moved_to": message.moved_to,
        "text": typed_mentions(message.text, desk.people.values()) if editable else None,
        **_content(message, reader, files),
    }


def _content(message: ChatMessage, reader: Reader, files: Sequence[FileRef]) -> View:
    if message.deleted_at is not None:
        return {"html": "", "title": ""}
    if message.card is None:
        return {"html": render_typed(message.text, files, reader), "title": ""}
    card: Card = from_json(message.card)
    html = "" if message.moved_to else render_card(card, reader)
    return {"html": html, "title": words(card.title, reader)}


def _reactions(reactions: Reactions, desk: Desk) -> list[View]:
    return [
        {
            "emoji": emoji,
            "people": [desk.people[p].name for p in people if p in desk.people],
            "mine": desk.me.id in people,
        }
        for emoji, people in reactions
    ]


def person_view(person: Person) -> View:
    """A person in the page's directory."""
    return {
        "id": person.id,
        "handle": person.handle,
        "name": person.name,
        "active": person.active,
        "external": person.external,
    }


def channel_view(channel: Channel, me: str, unread: int, read: int, product: str | None) -> View:
    """A conversation in the left column.

    :param product: the name of the product that it is bound to.
    """
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "person": other_of(channel, me),
        "product": product,
        "unread": unread,
        "read": read,
    }
