"""What is said in the web chat: messages with a place, changes in the order of their commits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select

from domain.messages import FileRef
from storage import driver
from storage.chat_around import ChatAround, visible_to
from storage.tables import chat as t


class MessageKind(StrEnum):
    """What a message is."""

    SAID = "said"  # something a person said
    COMMAND = "command"  # a command a person typed
    CARD = "card"  # Duban's


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message.

    :param number: its place: later messages have higher numbers.
    :param seq: given anew with every change of the message; highest is newest.
    :param author_id: None for Duban, and for a person who was removed.
    :param private_to: the only person who sees it, or None for everybody in the channel.
    :param card: a card as ``to_json`` wrote it, untranslated.
    :param moved_to: the message that shows this card now; this one is a pointer to it.
    :param delivery_id: the delivery that made it; unique in the workspace.
    """

    id: str
    channel_id: str
    thread_id: str | None
    kind: MessageKind
    author_id: str | None
    at: datetime
    delivery_id: str
    text: str = ""
    card: Any = None
    private_to: str | None = None
    number: int = 0
    seq: int = 0
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    moved_to: str | None = None


class Chat(ChatAround):
    """Messages, and what is around them.

    Places and changes are numbered by one counter whose row stays locked until the commit: whoever
    has seen change 7 never misses a change 6 that is committed later.
    """

    def add(
        self, message: ChatMessage, files: Sequence[FileRef] = (), *, fresh: bool = False
    ) -> ChatMessage:
        """Add it at the end; the answer has its number.

        A ``delivery_id`` that is known already adds nothing and answers the message as it stands.

        :param fresh: the caller has looked already and knows of no such message; if there is one
            by now, this raises ``ConflictError``.
        """
        known = None if fresh else self.by_delivery(message.delivery_id)
        if known is not None:
            return known
        return self.add_all([(message, files)])[0]

    def add_all(
        self, posts: Sequence[tuple[ChatMessage, Sequence[FileRef]]]
    ) -> tuple[ChatMessage, ...]:
        """Add messages with their files at the end, in this order; the answer has their numbers.

        All take their numbers and are stored together. A ``delivery_id`` that is known already
        raises ``ConflictError``.
        """
        if not posts:
            return ()
        first = self._next(len(posts))
        stored = tuple(replace(m, number=n, seq=n) for n, (m, _) in enumerate(posts, start=first))
        self._insert_many(t.messages, [_values(m) for m in stored])
        for message, files in posts:
            self._attach(message.id, files)
        for root in dict.fromkeys(m.thread_id for m in stored if m.thread_id is not None):
            self._change(root, {})
        return stored

    def get(self, message_id: str) -> ChatMessage | None:
        """The message with this id."""
        row = self._row(t.messages, id=message_id)
        return _message(row) if row else None

    def many(self, message_ids: Collection[str]) -> tuple[ChatMessage, ...]:
        """Those of the ids that exist, in the order given."""
        if not message_ids:
            return ()
        query = self._select(t.messages.c.id.in_(list(message_ids)))
        found = {m.id: m for m in self._messages(query)}
        return tuple(found[i] for i in dict.fromkeys(message_ids) if i in found)

    def by_delivery(self, delivery_id: str) -> ChatMessage | None:
        """The message that a delivery made."""
        row = self._row(t.messages, delivery_id=delivery_id)
        return _message(row) if row else None

    def by_deliveries(self, deliveries: Sequence[str]) -> Mapping[str, ChatMessage]:
        """The messages that some deliveries made, by delivery."""
        if not deliveries:
            return {}
        values = {f"delivery_{n}": name for n, name in enumerate(deliveries)}
        statement = _of_deliveries(len(deliveries))
        values["workspace"] = self._workspace
        rows = driver.rows(self._connection, statement, values)
        return {r.delivery_id: _message(r) for r in rows}

    def replies_of(self, event_id: str) -> tuple[ChatMessage, ...]:
        """What one event left behind, in order: ``in:<event>`` and ``re:<event>:0`` onwards."""
        wanted = [f"in:{event_id}", *(f"re:{event_id}:{n}" for n in range(10))]
        found = self.by_deliveries(wanted).values()
        return tuple(sorted(found, key=lambda m: m.number))

    # -- reading

    def page(
        self, channel_id: str, reader: str, *, before: int | None = None, limit: int = 50
    ) -> tuple[ChatMessage, ...]:
        """The newest messages of a channel that the reader may see, oldest first, without replies.

        :param before: only messages with a lower number.
        """
        m = t.messages.c
        where = (m.channel_id == channel_id) & m.thread_id.is_(None) & visible_to(reader)
        if before is not None:
            where &= m.number < before
        query = self._select(where).order_by(m.number.desc()).limit(limit)
        return tuple(reversed(self._messages(query)))

    def thread(self, root_id: str, reader: str) -> tuple[ChatMessage, ...]:
        """A thread that the reader may see: its root first, then the replies."""
        m = t.messages.c
        where = ((m.id == root_id) | (m.thread_id == root_id)) & visible_to(reader)
        return self._messages(self._select(where).order_by(m.number))

    def changes(
        self, after: int, reader: str, channels: Collection[str], limit: int = 200
    ) -> tuple[ChatMessage, ...]:
        """Messages of these channels made or changed since, in the order of their changes.

        Only what the reader may see.
        """
        m = t.messages.c
        where = (m.seq > after) & m.channel_id.in_(channels) & visible_to(reader)
        return self._messages(self._select(where).order_by(m.seq).limit(limit))

    def latest(self) -> int:
        """The number of the last change; 0 when nothing was ever said."""
        found = driver.rows(self._connection, _LATEST, {"workspace": self._workspace})
        return int(found[0].latest or 0)

    def distance(self, message: ChatMessage) -> int:
        """How many messages that everybody sees came after it, in its channel or thread."""
        m = t.messages.c
        same = m.thread_id == message.thread_id if message.thread_id else m.thread_id.is_(None)
        where = (
            (m.channel_id == message.channel_id)
            & same
            & (m.number > message.number)
            & m.private_to.is_(None)
        )
        query = select(func.count()).select_from(t.messages).where(self._mine(t.messages, where))
        return int(self._connection.execute(query).scalar_one())

    def thread_counts(
        self, roots: Iterable[str], reader: str
    ) -> Mapping[str, tuple[int, datetime]]:
        """Replies of each root that has any: (number of them, when the last was made)."""
        m = t.messages.c
        where = self._mine(
            t.messages, m.thread_id.in_(list(roots)), m.deleted_at.is_(None), visible_to(reader)
        )
        query = select(m.thread_id, func.count().label("n"), func.max(m.at).label("last"))
        rows = self._all(query.where(where).group_by(m.thread_id))
        return {r.thread_id: (int(r.n), r.last) for r in rows}

    # -- changing

    def show_card(self, message_id: str, card: Any, files: Sequence[FileRef] = ()) -> None:
        """Put another card into the message."""
        self._change(message_id, {"card": card})
        self._delete(t.attachments, t.attachments.c.message_id == message_id)
        self._attach(message_id, files)

    def point(self, message_id: str, to: str) -> None:
        """Turn the message into a pointer to a newer one."""
        self._change(message_id, {"moved_to": to})

    def edit(self, message_id: str, text: str, at: datetime) -> None:
        """Replace what was said."""
        self._change(message_id, {"text": text, "edited_at": at})

    def erase(self, message_id: str, at: datetime) -> None:
        """Take back what was said: the words are gone, the place stays."""
        message = self.get(message_id)
        self._change(message_id, {"text": "", "card": None, "deleted_at": at})
        self._delete(t.attachments, t.attachments.c.message_id == message_id)
        if message is not None:
            self._touch_root(message)

    # -- inside

    def _touch_root(self, message: ChatMessage) -> None:
        """A thread's first message shows how many replies it has, so it changes with each."""
        if message.thread_id is not None:
            self._change(message.thread_id, {})

    def _select(self, where: ColumnElement[bool]) -> Select[Any]:
        return select(t.messages).where(self._mine(t.messages, where))

    def _messages(self, query: Select[Any]) -> tuple[ChatMessage, ...]:
        return tuple(_message(r) for r in self._all(query))


_LATEST = select(func.max(t.messages.c.seq).label("latest")).where(
    t.messages.c.workspace_id == bindparam("workspace")
)


@cache
def _of_deliveries(count: int) -> Select[Any]:
    """The messages of so many deliveries, built once: each request of the chat asks for them."""
    m = t.messages.c
    wanted = m.delivery_id.in_([bindparam(f"delivery_{n}") for n in range(count)])
    return select(t.messages).where(m.workspace_id == bindparam("workspace"), wanted)


def _values(message: ChatMessage) -> dict[str, Any]:
    return {
        "id": message.id,
        "channel_id": message.channel_id,
        "thread_id": message.thread_id,
        "number": message.number,
        "seq": message.seq,
        "kind": message.kind.value,
        "author_id": message.author_id,
        "private_to": message.private_to,
        "text": message.text,
        "card": message.card,
        "at": message.at,
        "delivery_id": message.delivery_id,
    }


def _message(row: Row[Any]) -> ChatMessage:
    return ChatMessage(
        id=row.id,
        channel_id=row.channel_id,
        thread_id=row.thread_id,
        kind=MessageKind(row.kind),
        author_id=row.author_id,
        at=row.at,
        delivery_id=row.delivery_id,
        text=row.text,
        card=row.card,
        private_to=row.private_to,
        number=row.number,
        seq=row.seq,
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
        moved_to=row.moved_to,
    )
