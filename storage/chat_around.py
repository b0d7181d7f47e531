"""What is around the messages of the web chat: attachments, reactions, read marks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Insert, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from domain.clock import Clock
from domain.messages import FileRef
from storage import driver
from storage.records import Counters
from storage.repository import Repository
from storage.tables import chat as t
from storage.tables import core

COUNTER = "chat"


class ChatAround(Repository):
    """Attachments, reactions and read marks, and the numbering that messages share.

    :param changed: called with each change, so that whoever watches can be woken after the commit.
    """

    def __init__(
        self,
        connection: Connection,
        workspace_id: str,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        super().__init__(connection, workspace_id, clock)
        self._changed = changed

    def files_of(self, messages: Iterable[str]) -> Mapping[str, tuple[FileRef, ...]]:
        """The files of each message that has any."""
        wanted = list(messages)
        if not wanted:
            return {}
        a, f = t.attachments.c, core.files.c
        where = self._mine(t.attachments, a.message_id.in_(wanted))
        query = select(a.message_id, f.id, f.name, f.mime, f.size)
        query = query.join(core.files, f.id == a.file_id).where(where).order_by(a.place)
        found: dict[str, tuple[FileRef, ...]] = {}
        for row in self._all(query):
            file = FileRef(row.id, row.name, row.mime, row.size)
            found[row.message_id] = (*found.get(row.message_id, ()), file)
        return found

    def channels_showing(self, file_id: str, reader: str) -> frozenset[str]:
        """The channels where a message that the reader may see carries the file."""
        m, a = t.messages.c, t.attachments.c
        where = self._mine(t.attachments, a.file_id == file_id, visible_to(reader))
        query = select(m.channel_id).join(t.attachments, a.message_id == m.id).where(where)
        return frozenset(r.channel_id for r in self._all(query))

    # -- reactions

    def react(
        self, message_id: str, person_id: str, emoji: str, at: datetime, *, added: bool
    ) -> bool:
        """Put an emoji on a message or take it off; False when it was so already."""
        r = t.reactions.c
        mine = (r.message_id == message_id) & (r.person_id == person_id) & (r.emoji == emoji)
        there = self._first(select(r.emoji).where(self._mine(t.reactions, mine))) is not None
        if there == added:
            return False
        if added:
            keys = {"message_id": message_id, "person_id": person_id}
            self._insert(t.reactions, {**keys, "emoji": emoji, "at": at})
        else:
            self._delete(t.reactions, mine)
        self._change(message_id, {})
        return True

    def reactions_of(
        self, messages: Iterable[str]
    ) -> Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]:
        """For each message that has any: emoji and the people, in the order they were first put."""
        r = t.reactions.c
        where = self._mine(t.reactions, r.message_id.in_(list(messages)))
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for row in self._all(select(t.reactions).where(where).order_by(r.at, r.person_id)):
            of_message = found.setdefault(row.message_id, {})
            of_message[row.emoji] = (*of_message.get(row.emoji, ()), row.person_id)
        return {message: tuple(by.items()) for message, by in found.items()}

    # -- read marks

    def mark_read(self, person_id: str, channel_id: str, number: int) -> None:
        """The person has read everything up to this number; a mark never goes back."""
        row = {"person_id": person_id, "channel_id": channel_id, "number": number}
        statement = _mark_on(self._connection.dialect.name)
        driver.run(self._connection, statement, {"workspace_id": self._workspace, **row})

    def read_up_to(self, person_id: str, channel_id: str) -> int:
        """The number up to which the person has read; 0 when never."""
        row = self._row(t.read_marks, person_id=person_id, channel_id=channel_id)
        return row.number if row else 0

    def unread(self, person_id: str) -> Mapping[str, int]:
        """How many messages of others each channel holds that the person has not read."""
        m, r = t.messages.c, t.read_marks.c
        marks = t.read_marks
        joined = t.messages.outerjoin(
            marks, (r.channel_id == m.channel_id) & (r.person_id == person_id)
        )
        where = self._mine(
            t.messages,
            m.number > func.coalesce(r.number, 0),
            m.deleted_at.is_(None),
            m.moved_to.is_(None),
            or_(m.author_id.is_(None), m.author_id != person_id),
            visible_to(person_id),
        )
        query = select(m.channel_id, func.count().label("n")).select_from(joined).where(where)
        return {r.channel_id: int(r.n) for r in self._all(query.group_by(m.channel_id))}

    def _next(self, count: int = 1) -> int:
        """The first of so many numbers that follow one another."""
        self._changed()
        return self._beside(Counters).take(COUNTER, count)

    def _change(self, message_id: str, values: Mapping[str, Any]) -> None:
        m = t.messages.c
        self._update(t.messages, m.id == message_id, {**values, "seq": self._next()})

    def _attach(self, message_id: str, files: Sequence[FileRef]) -> None:
        unique = tuple(dict.fromkeys(f.file_id for f in files))
        rows = [
            {"message_id": message_id, "file_id": file_id, "place": place}
            for place, file_id in enumerate(unique)
        ]
        self._insert_many(t.attachments, rows)


@cache
def _mark_on(dialect: str) -> Insert:
    """How far somebody has read, if that is further than before."""
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = make(t.read_marks)
    marks, further = t.read_marks.c, statement.excluded.number
    return statement.on_conflict_do_update(
        index_elements=[marks.person_id, marks.channel_id],
        set_={"number": further},
        where=(marks.number < further) & (marks.workspace_id == statement.excluded.workspace_id),
    )


def visible_to(reader: str) -> ColumnElement[bool]:
    """Messages that are for everybody or for this reader."""
    private_to = t.messages.c.private_to
    return or_(private_to.is_(None), private_to == reader)
