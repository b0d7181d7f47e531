"""The writes that wait for a tracker elsewhere, and what became of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from domain.errors import NotFoundError
from domain.tracking import UNSETTLED, Origin, TrackerWrite, WriteAct, WriteState
from storage.records import Counters
from storage.repository import Repository
from storage.tables.tracker import tracker_writes

_W = tracker_writes.c


class TrackerWrites(Repository):
    """Writes of the workspace; their outbox rows only say that one's turn has come."""

    def next_seq(self, count: int = 1) -> int:
        """The number for a new write, the first of ``count``."""
        return self._beside(Counters).take("tracker_write", count)

    def add(self, writes: Sequence[TrackerWrite]) -> None:
        """Store new writes."""
        self._insert_many(tracker_writes, [_values(w) for w in writes])

    def save(self, write: TrackerWrite) -> None:
        """Store a write as it stands now."""
        self._update(tracker_writes, _W.id == write.id, _values(write))

    def get(self, write_id: str) -> TrackerWrite:
        """The write with this id; ``NotFoundError`` if there is none."""
        row = self._row(tracker_writes, id=write_id)
        if row is None:
            raise NotFoundError("tracker.no_such_write", ref=write_id)
        return _write(row)

    def by_seq(self, seq: int) -> TrackerWrite:
        """The write that people call ``W<seq>``; ``NotFoundError`` if there is none."""
        row = self._row(tracker_writes, seq=seq)
        if row is None:
            raise NotFoundError("tracker.no_such_write", ref=f"W{seq}")
        return _write(row)

    def of_story(
        self, number: int, states: Collection[WriteState] = UNSETTLED
    ) -> tuple[TrackerWrite, ...]:
        """The writes of a story in some states, in their order."""
        return self._list(_W.number == number, states)

    def of_product(
        self, product_id: str, states: Collection[WriteState] = UNSETTLED
    ) -> tuple[TrackerWrite, ...]:
        """The writes of a product in some states, in their order."""
        return self._list(_W.product_id == product_id, states)

    def between(self, first: int, last: int) -> tuple[TrackerWrite, ...]:
        """The writes with numbers from ``first`` to ``last``: those of one sheet."""
        return self._list(_W.seq.between(first, last), tuple(WriteState))

    def created(self, product_id: str) -> frozenset[int]:
        """The numbers of the stories that were created for somebody here."""
        done = (_W.act == WriteAct.CREATE.value) & (_W.state == WriteState.DONE.value)
        query = select(_W.number).where(
            self._mine(tracker_writes, (_W.product_id == product_id) & done)
        )
        return frozenset(r.number for r in self._all(query))

    def counts(self, product_id: str) -> Mapping[WriteState, int]:
        """How many writes of a product stand how."""
        where = self._mine(tracker_writes, _W.product_id == product_id)
        query = select(_W.state, func.count().label("n")).where(where).group_by(_W.state)
        return {WriteState(r.state): int(r.n) for r in self._all(query)}

    def forget_before(self, instant: datetime) -> int:
        """Drop writes that were settled before an instant; the number dropped."""
        return self._delete(tracker_writes, _W.settled_at < instant)

    def _list(
        self, where: ColumnElement[bool], states: Collection[WriteState]
    ) -> tuple[TrackerWrite, ...]:
        mine = self._mine(tracker_writes, where, _W.state.in_([s.value for s in states]))
        rows = self._all(select(tracker_writes).where(mine).order_by(_W.seq))
        return tuple(_write(r) for r in rows)


def _values(write: TrackerWrite) -> dict[str, Any]:
    return {
        "id": write.id,
        "seq": write.seq,
        "product_id": write.product_id,
        "number": write.number,
        "act": write.act.value,
        "args": dict(write.args),
        "actor": write.actor,
        "origin": {"channel": write.origin.channel, "thread": write.origin.thread},
        "base": dict(write.base),
        "after": dict(write.after),
        "state": write.state.value,
        "forced": write.forced,
        "problem": write.problem,
        "truth": dict(write.truth),
        "queued_at": write.queued_at,
        "settled_at": write.settled_at,
    }


def _write(row: Row[Any]) -> TrackerWrite:
    return TrackerWrite(
        id=row.id,
        seq=row.seq,
        product_id=row.product_id,
        number=row.number,
        act=WriteAct(row.act),
        args=row.args,
        actor=row.actor,
        origin=Origin(**row.origin),
        base=row.base,
        after=row.after,
        state=WriteState(row.state),
        queued_at=row.queued_at,
        forced=row.forced,
        problem=row.problem,
        truth=row.truth,
        settled_at=row.settled_at,
    )
