"""Inbox (what came in once), outbox (what must happen outside), and the handles of posted cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, func, select

from domain.ids import new_id
from storage.repository import Repository
from storage.tables import core as t


class Inbox(Repository):
    """Which deliveries were handled, and what was answered."""

    def answer(self, event_id: str) -> Any | None:
        """The stored answer of a delivery that was handled before, or None."""
        row = self._row(t.inbox, event_id=event_id)
        return row.answer if row else None

    def received_at(self, event_id: str) -> datetime | None:
        """When a delivery that was handled before came in, or None."""
        row = self._row(t.inbox, event_id=event_id)
        return row.received_at if row else None

    def add(self, event_id: str, received_at: datetime, answer: Any) -> None:
        """Remember a delivery; the same id twice raises ``ConflictError``."""
        values = {"event_id": event_id, "received_at": received_at, "answer": answer}
        self._insert(t.inbox, values)

    def forget_before(self, instant: datetime) -> int:
        """Drop entries too old to be delivered again; the number dropped."""
        return self._connection.execute(
            delete(t.inbox).where(self._mine(t.inbox, t.inbox.c.received_at < instant))
        ).rowcount


class OutboxStatus(StrEnum):
    """How an outbox row stands."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"  # given up; an administrator sees it and can send it again


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One thing that must happen outside.

    :param lane: destination; rows of one lane happen in order of their ids.
    :param kind: ``post``, ``document`` or ``tracker``: which sender takes it.
    :param due_at: not before this instant (retries move it).
    :param handle: what the platform gave back, kept for later edits.
    :param begun_at: when a try was begun whose end is not recorded (a crash, a time-out).
    """

    id: str
    lane: str
    kind: str
    payload: Mapping[str, Any]
    status: OutboxStatus
    attempts: int
    due_at: datetime
    created_at: datetime
    handle: Mapping[str, Any] | None = None
    error: str | None = None
    begun_at: datetime | None = None

    @property
    def doubtful(self) -> bool:
        """Whether an earlier try may have reached the outside: look before doing it again."""
        return self.begun_at is not None


class Outbox(Repository):
    """What must happen outside once this transaction is committed."""

    def add(
        self,
        lane: str,
        kind: str,
        payload: Mapping[str, Any],
        now: datetime,
        *,
        due_at: datetime | None = None,
        dedupe: str | None = None,
    ) -> str:
        """Queue it and return its id.

        :param dedupe: a second row with the same value raises ``ConflictError``.
        """
        row = _row(lane, kind, payload, now, due_at=due_at or now, dedupe=dedupe)
        self._insert(t.outbox, row)
        return str(row["id"])

    def add_all(
        self, lane: str, kind: str, payloads: Sequence[Mapping[str, Any]], now: datetime
    ) -> tuple[str, ...]:
        """Queue rows of one lane, in this order; their ids."""
        rows = [_row(lane, kind, payload, now, due_at=now) for payload in payloads]
        self._insert_many(t.outbox, rows)
        return tuple(str(row["id"]) for row in rows)

    def get(self, item_id: str) -> OutboxItem | None:
        """The row with this id."""
        row = self._row(t.outbox, id=item_id)
        return _item(row) if row else None

    def next_in(self, lane: str) -> OutboxItem | None:
        """The lane's oldest row that is still to be sent, due or not."""
        o = t.outbox.c
        where = self._mine(t.outbox, (o.lane == lane) & (o.status == OutboxStatus.PENDING.value))
        row = self._first(select(t.outbox).where(where).order_by(o.id).limit(1))
        return _item(row) if row else None

    def behind(self, item: OutboxItem, limit: int) -> tuple[OutboxItem, ...]:
        """The rows that wait behind this one in its lane, due or not, oldest first."""
        o = t.outbox.c
        waits = (o.lane == item.lane) & (o.status == OutboxStatus.PENDING.value) & (o.id > item.id)
        query = select(t.outbox).where(self._mine(t.outbox, waits)).order_by(o.id).limit(limit)
        return tuple(_item(r) for r in self._all(query))

    def pending(self, now: datetime, limit: int = 500) -> tuple[OutboxItem, ...]:
        """Rows that may be sent now, oldest first."""
        o = t.outbox.c
        where = (o.status == OutboxStatus.PENDING.value) & (o.due_at <= now)
        query = select(t.outbox).where(self._mine(t.outbox, where)).order_by(o.id).limit(limit)
        return tuple(_item(r) for r in self._all(query))

    def failed(self, limit: int = 100) -> tuple[OutboxItem, ...]:
        """Rows that were given up, newest first."""
        o = t.outbox.c
        where = self._mine(t.outbox, o.status == OutboxStatus.FAILED.value)
        rows = self._all(select(t.outbox).where(where).order_by(o.id.desc()).limit(limit))
        return tuple(_item(r) for r in rows)

    def waiting(self, now: datetime) -> tuple[int, datetime | None]:
        """How many rows might be sent now, and since when the oldest of them waits."""
        o = t.outbox.c
        where = (o.status == OutboxStatus.PENDING.value) & (o.due_at <= now)
        query = select(func.count().label("rows"), func.min(o.created_at).label("oldest"))
        row = self._all(query.where(self._mine(t.outbox, where)))[0]
        return int(row.rows), row.oldest

    def done(self, item_id: str, now: datetime, handle: Mapping[str, Any] | None) -> bool:
        """Mark as sent; False when it was not pending any more (somebody else sent it)."""
        o = t.outbox.c
        where = (o.id == item_id) & (o.status == OutboxStatus.PENDING.value)
        values = {
            "status": OutboxStatus.DONE.value,
            "done_at": now,
            "handle": handle,
            "error": None,
        }
        return self._update(t.outbox, where, values) == 1

    def begin(self, item_id: str, now: datetime) -> None:
        """Note that a try begins: who finds the row so later cannot know whether it succeeded."""
        self._update_row(t.outbox, {"begun_at": now}, id=item_id)

    def retry(
        self, item_id: str, due_at: datetime, error: str, *, doubtful: bool, counts: bool = True
    ) -> None:
        """Note a failed try and when to try again.

        :param doubtful: the try may have succeeded all the same.
        :param counts: whether it counts among the tries that end in giving up.
        """
        values: dict[str, Any] = {"due_at": due_at, "error": error}
        if counts:
            values["attempts"] = t.outbox.c.attempts + 1
        if not doubtful:
            values["begun_at"] = None
        self._update(t.outbox, t.outbox.c.id == item_id, values)

    def hurry(self, lanes: Collection[str], now: datetime) -> int:
        """Let what waits for another try in these lanes be tried now; how many rows that are."""
        o = t.outbox.c
        waits = (o.status == OutboxStatus.PENDING.value) & (o.due_at > now) & o.error.is_not(None)
        return self._update(t.outbox, o.lane.in_(lanes) & waits, {"due_at": now})

    def give_up(self, item_id: str, error: str) -> None:
        """Stop trying until an administrator says otherwise."""
        values = {"status": OutboxStatus.FAILED.value, "error": error}
        self._update(t.outbox, t.outbox.c.id == item_id, values)

    def send_again(self, item_id: str, now: datetime) -> bool:
        """Put a row that was given up back; False when there is no such row."""
        o = t.outbox.c
        where = (o.id == item_id) & (o.status == OutboxStatus.FAILED.value)
        values: dict[str, Any] = {
            "status": OutboxStatus.PENDING.value,
            "due_at": now,
            "attempts": 0,
        }
        return self._update(t.outbox, where, values) == 1


class Cards(Repository):
    """Where the card of an object was posted, so that it is edited in place."""

    def handle(self, key: str, destination: str) -> Mapping[str, Any] | None:
        """The platform's handle of the card, or None when it was never posted there."""
        row = self._row(t.cards, key=key, destination=destination)
        return row.handle if row else None

    def save(
        self,
        key: str,
        destination: str,
        handle: Mapping[str, Any],
        *,
        before: Mapping[str, Any] | None = None,
    ) -> None:
        """Remember or replace the handle.

        A surface with threads names the one in which people answer the card as ``thread``; where
        the card is posted anew, ``threads`` keeps the earlier ones, because people go on talking
        there.

        :param before: the handle until now, by whoever has just looked; ``{}`` for none.
        """
        keys = {"key": key, "destination": destination}
        values = dict(handle)
        if thread := values.get("thread"):
            known = (self.handle(key, destination) or {}) if before is None else before
            values["threads"] = list(dict.fromkeys((*known.get("threads", ()), thread)))
        self._upsert(t.cards, keys, {"handle": values})


def _row(
    lane: str,
    kind: str,
    payload: Mapping[str, Any],
    now: datetime,
    *,
    due_at: datetime,
    dedupe: str | None = None,
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "lane": lane,
        "kind": kind,
        "payload": dict(payload),
        "status": OutboxStatus.PENDING.value,
        "attempts": 0,
        "due_at": due_at,
        "created_at": now,
        "dedupe": dedupe,
    }


def _item(row: Row[Any]) -> OutboxItem:
    return OutboxItem(
        id=row.id,
        lane=row.lane,
        kind=row.kind,
        payload=row.payload,
        status=OutboxStatus(row.status),
        attempts=row.attempts,
        due_at=row.due_at,
        created_at=row.created_at,
        handle=row.handle,
        error=row.error,
        begun_at=row.begun_at,
    )
