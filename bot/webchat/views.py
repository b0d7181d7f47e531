"""Messages as one reader gets them: words in their language, marks of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from bot.cards.alike import drawn_once
from bot.cards.html import render_card, render_typed
from bot.cards.words import Reader, words
from bot.webchat.access import other_of
from bot.webchat.mentions import typed_mentions
from bot.webchat.posting import Shown
from domain.message_json import from_json
from domain.messages import Card, FileRef
from domain.people import Channel, Person, Workspace
from storage.chat import ChatMessage, MessageKind
from storage.uow import Store, UnitOfWork

View = dict[str, Any]
Reactions = tuple[tuple[str, tuple[str, ...]], ...]


class Everybody(Mapping[str, Person]):
    """Everybody in a workspace by id, those who left too; read when the first one is wanted.

    Most messages mention nobody, and are shown without it.
    """

    def __init__(self, store: Store, workspace_id: str) -> None:
        self._store = store
        self._workspace = workspace_id

    @cached_property
    def _known(self) -> Mapping[str, Person]:
        with self._store.read(self._workspace) as uow:
            return _everybody(uow)

    def __getitem__(self, person_id: str) -> Person:
        return self._known[person_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class _Names(Mapping[str, str]):
    """The names of people by id."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self._people = people

    def __getitem__(self, person_id: str) -> str:
        return self._people[person_id].name

    def __iter__(self) -> Iterator[str]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)


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
        return Reader(self.me.locale, self.zone, self.me.id, _Names(self.people))


def desk_of(uow: UnitOfWork, me: Person) -> Desk:
    """The person's desk."""
    return Desk(me, uow.people.workspace(), _everybody(uow))


def small_desk(uow: UnitOfWork, person_id: str, people: Everybody) -> Desk:
    """The person's desk as they are now, in one query."""
    me, workspace = uow.people.reader(person_id)
    return Desk(me, workspace, people)


def _everybody(uow: UnitOfWork) -> Mapping[str, Person]:
    return {p.id: p for p in uow.people.all(with_inactive=True)}


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


def new_views(desk: Desk, shown: Shown, files: Sequence[FileRef]) -> list[View]:
    """New messages, which nobody knows yet, so that nobody has answered or marked them.

    :param files: those of what was said; a card draws its own.
    """
    reader, attached = desk.reader, tuple(dict.fromkeys(files))
    return [
        _view(m, desk, reader, () if m.id in shown.cards else attached, shown.cards.get(m.id))
        | {"reactions": [], "replies": {"n": 0, "last": None}}
        for m in shown.messages
    ]


def _view(
    message: ChatMessage,
    desk: Desk,
    reader: Reader,
    files: Sequence[FileRef],
    card: Card | None = None,
) -> View:
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
        "text": _typed(message.text, desk) if editable else None,
        **_content(message, reader, files, card),
    }


def _typed(text: str, desk: Desk) -> str:
    return typed_mentions(text, desk.people.values()) if "<@" in text else text


def _content(
    message: ChatMessage, reader: Reader, files: Sequence[FileRef], card: Card | None
) -> View:
    if message.deleted_at is not None:
        return {"html": "", "title": ""}
    if message.card is None:
        return {"html": render_typed(message.text, files, reader), "title": ""}
    card = card or cast("Card", from_json(message.card))
    # What only the asker sees is mostly asked for by many, like ``/help``.
    draw = render_card if message.private_to is None else _render_again
    html = "" if message.moved_to else draw(card, reader)
    return {"html": html, "title": words(card.title, reader)}


def _render_again(card: Card, reader: Reader) -> str:
    return drawn_once(render_card, card, reader)


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
