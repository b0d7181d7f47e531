"""Closures as a table to ask; the event streams ``closure:<product>:<number>`` are the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from domain.closures.events import WORDS, Event
from domain.closures.state import Closure, Step, Word
from domain.ids import new_id
from storage.records import Events
from storage.repository import Repository
from storage.schedule import Schedule
from storage.tables.stories import closures

_C = closures.c


@dataclass(frozen=True, slots=True)
class ClosureLine:
    """One story's closure in short; people are ids, times UTC.

    :param version: the story's version that was verified or agreed to, 0 before.
    :param rounds: how often the story was refused or reopened.
    """

    number: int
    product_id: str
    step: Step
    version: int
    rounds: int
    requested_by: str | None
    requested_at: datetime | None
    verified_by: str | None
    verified_at: datetime | None
    agreed_by: str | None
    agreed_at: datetime | None
    closed_at: datetime | None


class Closures(Repository):
    """The closures of the workspace."""

    def log(self, product_id: str, number: int) -> tuple[Event, ...]:
        """Every event of a story's closure, oldest first."""
        return self._beside(Events).log(stream_of(product_id, number), WORDS)

    def get(self, number: int) -> ClosureLine | None:
        """The closure of a story, if anything has happened to it."""
        row = self._first(select(closures).where(self._mine(closures, _C.number == number)))
        return _line(row) if row else None

    def of_product(self, product_id: str, steps: Sequence[Step] = ()) -> tuple[ClosureLine, ...]:
        """Closures of a product (at some steps), by number of the story."""
        where = _C.product_id == product_id
        if steps:
            where &= _C.step.in_([s.value for s in steps])
        return self._lines(where, _C.number)

    def closed_between(
        self, product_id: str, start: datetime, end: datetime
    ) -> tuple[ClosureLine, ...]:
        """What was closed from ``start`` until before ``end``, in that order: deliverable 21."""
        where = (
            (_C.product_id == product_id)
            & (_C.step == Step.CLOSED.value)
            & (_C.closed_at >= start)
            & (_C.closed_at < end)
        )
        return self._lines(where, _C.closed_at)

    def save(self, closure: Closure, at: datetime) -> None:
        """Store how it stands, and ask the next tick to look at the story."""
        values = {
            "product_id": closure.product_id,
            "step": closure.step.value,
            "version": said.version if (said := closure.verified or closure.agreed) else 0,
            "rounds": closure.rounds,
            **_said("requested", closure.requested),
            **_said("verified", closure.verified),
            **_said("agreed", closure.agreed),
            "closed_at": closure.closed.at if closure.closed else None,
            "updated_at": at,
        }
        if not self._update(closures, _C.number == closure.number, values):
            self._insert(closures, {"id": new_id(), "number": closure.number, **values})
        schedule = self._beside(Schedule)
        schedule.touch("story", str(closure.number), closure.product_id)

    def _lines(
        self, where: ColumnElement[bool], order: ColumnElement[Any]
    ) -> tuple[ClosureLine, ...]:
        query = select(closures).where(self._mine(closures, where)).order_by(order, _C.number)
        return tuple(_line(r) for r in self._all(query))


def stream_of(product_id: str, number: int) -> str:
    """The name of a closure's event stream."""
    return f"closure:{product_id}:{number}"


def _said(name: str, word: Word | None) -> dict[str, Any]:
    return {f"{name}_by": word.by if word else None, f"{name}_at": word.at if word else None}


def _line(row: Row[Any]) -> ClosureLine:
    return ClosureLine(
        number=row.number,
        product_id=row.product_id,
        step=Step(row.step),
        version=row.version,
        rounds=row.rounds,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        verified_by=row.verified_by,
        verified_at=row.verified_at,
        agreed_by=row.agreed_by,
        agreed_at=row.agreed_at,
        closed_at=row.closed_at,
    )
