"""Event streams, numbers, files, tokens and the working calendar's company days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Row, bindparam, select

from domain.event_log import Event, Vocabulary
from domain.ids import new_id
from storage import driver
from storage.repository import Repository
from storage.statements import keyed, update_by
from storage.tables import core as t

Body = TypeVar("Body")


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event of a stream, as it was written."""

    seq: int
    type: str
    actor: str | None
    at: datetime
    payload: Mapping[str, Any]


class Events(Repository):
    """Append-only streams. There is no update and no delete."""

    def stream(self, stream: str) -> tuple[StoredEvent, ...]:
        """All events of a stream, in order; empty when there is none."""
        rows = sorted(self._rows(t.events, stream=stream), key=lambda r: r.seq)
        return tuple(StoredEvent(r.seq, r.type, r.actor, r.at, r.payload) for r in rows)

    def tail(self, stream: str, most: int) -> tuple[StoredEvent, ...]:
        """The last events of a stream, oldest first."""
        e = t.events.c
        where = self._mine(t.events, e.stream == stream)
        rows = self._all(select(t.events).where(where).order_by(e.seq.desc()).limit(most))
        return tuple(StoredEvent(r.seq, r.type, r.actor, r.at, r.payload) for r in reversed(rows))

    def append(
        self,
        stream: str,
        seq: int,
        type_: str,
        payload: Mapping[str, Any],
        *,
        actor: str | None,
        at: datetime,
        product_id: str | None,
    ) -> None:
        """Append event number ``seq`` (1 is the first).

        When somebody else wrote that number first this raises ``ConflictError``, and the use case
        is tried again on what is there now.
        """
        self._insert(
            t.events,
            {
                "id": new_id(),
                "stream": stream,
                "seq": seq,
                "type": type_,
                "actor": actor,
                "at": at,
                "payload": dict(payload),
                "product_id": product_id,
            },
        )

    def log(self, stream: str, words: Vocabulary[Body]) -> tuple[Event[Body], ...]:
        """All events of a stream as their family's types; empty when there is none."""
        return tuple(
            Event(e.seq, e.actor, e.at, words.body_of(e.type, e.payload))
            for e in self.stream(stream)
        )

    def extend(
        self,
        stream: str,
        words: Vocabulary[Body],
        new: Iterable[Event[Body]],
        *,
        product_id: str | None,
    ) -> None:
        """Append a family's events; ``ConflictError`` as :meth:`append` says."""
        for event in new:
            self.append(
                stream,
                event.seq,
                words.word_of(event.body),
                words.payload_of(event.body),
                actor=event.actor,
                at=event.at,
                product_id=product_id,
            )


_COUNT = (
    update_by(t.counters, ("name",))
    .values(value=t.counters.c.value + bindparam("count"))
    .returning(t.counters.c.value)
)


class Counters(Repository):
    """Gapless numbers per name (``change:<product>``): CR-12 follows CR-11."""

    def next(self, name: str) -> int:
        """The next number, from 1. Two transactions at once never get the same one."""
        return self.take(name, 1)

    def take(self, name: str, count: int) -> int:
        """The first of ``count`` numbers that follow one another."""
        parameters = {"count": count, **keyed(self._workspace, {"name": name})}
        value = driver.returned(self._connection, _COUNT, parameters)
        if value is None:
            self._insert(t.counters, {"name": name, "value": count})
            return 1
        return int(value) - count + 1


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file's description; the bytes lie in the file store under its id."""

    id: str
    name: str
    mime: str
    size: int
    sha256: str
    created_at: datetime
    created_by: str | None


class Files(Repository):
    """Descriptions of stored files."""

    def add(self, file: StoredFile) -> None:
        """Remember a file whose bytes were stored."""
        self._insert(
            t.files,
            {
                "id": file.id,
                "name": file.name,
                "mime": file.mime,
                "size": file.size,
                "sha256": file.sha256,
                "created_at": file.created_at,
                "created_by": file.created_by,
            },
        )

    def get(self, file_id: str) -> StoredFile | None:
        """The file with this id."""
        row = self._row(t.files, id=file_id)
        if row is None:
            return None
        return StoredFile(
            row.id, row.name, row.mime, row.size, row.sha256, row.created_at, row.created_by
        )


class CompanyDays(Repository):
    """Days that the company works or rests on against the public calendar."""

    def all(self) -> Mapping[date, tuple[bool, str]]:
        """Each day with (working, name)."""
        rows = self._rows(t.company_days)
        return {r.day: (r.working, r.name) for r in rows}

    def save(self, day: date, *, working: bool, name: str) -> None:
        """Set a day."""
        self._upsert(t.company_days, {"day": day}, {"working": working, "name": name})

    def remove(self, day: date) -> bool:
        """Take a day back; False when it was not set."""
        return self._delete(t.company_days, t.company_days.c.day == day) > 0


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A person's token for scripts; only its hash is kept."""

    id: str
    person_id: str
    note: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class Tokens(Repository):
    """Tokens for scripts."""

    def add(self, token: ApiToken, token_hash: str) -> None:
        """Remember a token by the SHA-256 of its text."""
        self._insert(
            t.tokens,
            {
                "id": token.id,
                "person_id": token.person_id,
                "hash": token_hash,
                "note": token.note,
                "created_at": token.created_at,
                "expires_at": token.expires_at,
                "revoked_at": token.revoked_at,
            },
        )

    def by_hash(self, token_hash: str, now: datetime) -> ApiToken | None:
        """The living token with this hash."""
        row = self._row(t.tokens, hash=token_hash)
        if row is None or row.revoked_at or (row.expires_at and row.expires_at <= now):
            return None
        return _token(row)

    def all(self) -> tuple[ApiToken, ...]:
        """Every token, revoked ones too, oldest first."""
        query = select(t.tokens).where(self._mine(t.tokens)).order_by(t.tokens.c.id)
        return tuple(_token(r) for r in self._all(query))

    def revoke(self, token_id: str, now: datetime) -> bool:
        """End a token; False when there is no such token."""
        return self._update(t.tokens, t.tokens.c.id == token_id, {"revoked_at": now}) == 1


def _token(row: Row[Any]) -> ApiToken:
    return ApiToken(row.id, row.person_id, row.note, row.created_at, row.expires_at, row.revoked_at)
