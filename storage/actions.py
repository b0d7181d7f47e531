"""Action items, open questions and blockers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from domain.actions import ActionItem, ItemKind
from storage.records import Counters
from storage.repository import Repository
from storage.schedule import Schedule
from storage.tables.records import action_items as a

_OPEN = a.c.done_at.is_(None) & a.c.dropped_at.is_(None)


class Actions(Repository):
    """Items of the workspace."""

    def next_number(self, product_id: str) -> int:
        """The number for a new item of a product; all kinds share one row of numbers."""
        return self._beside(Counters).next(f"action:{product_id}")

    def save(self, item: ActionItem) -> None:
        """Store an item, new or changed, and have its reminders looked at."""
        values = {
            "product_id": item.product_id,
            "number": item.number,
            "kind": item.kind.value,
            "text": item.text,
            "source": item.source,
            "owner": item.owner,
            "due": item.due,
            "created_at": item.created_at,
            "created_by": item.created_by,
            "done_at": item.done_at,
            "done_by": item.done_by,
            "dropped_at": item.dropped_at,
        }
        self._upsert(a, {"id": item.id}, values)
        self._beside(Schedule).touch("action", item.id, item.product_id)

    def get(self, item_id: str) -> ActionItem | None:
        """The item with this id."""
        row = self._first(select(a).where(self._mine(a, a.c.id == item_id)))
        return _item(row) if row else None

    def many(self, ids: Collection[str]) -> tuple[ActionItem, ...]:
        """Those of the ids that exist."""
        return tuple(
            _item(r) for r in self._all(select(a).where(self._mine(a, self._among(a.c.id, ids))))
        )

    def by_number(self, product_id: str, number: int) -> ActionItem | None:
        """Item number 3 (``A-3``) of a product."""
        where = self._mine(a, (a.c.product_id == product_id) & (a.c.number == number))
        row = self._first(select(a).where(where))
        return _item(row) if row else None

    def open_of(self, product_id: str, kind: ItemKind | None = None) -> tuple[ActionItem, ...]:
        """Open items of a product (of one kind), those with the nearest day first."""
        where = (a.c.product_id == product_id) & _OPEN
        if kind is not None:
            where &= a.c.kind == kind.value
        return self._sorted(where)

    def open_for(self, person_id: str, product_id: str | None = None) -> tuple[ActionItem, ...]:
        """Open items that a person has, in a product or everywhere."""
        where = (a.c.owner == person_id) & _OPEN
        if product_id is not None:
            where &= a.c.product_id == product_id
        return self._sorted(where)

    def of_source(self, source: str) -> tuple[ActionItem, ...]:
        """All items that came from a record (``review:<id>``), by number."""
        query = select(a).where(self._mine(a, a.c.source == source)).order_by(a.c.number)
        return tuple(_item(row) for row in self._all(query))

    def _sorted(self, where: ColumnElement[bool]) -> tuple[ActionItem, ...]:
        # NULL sorts first on one database and last on the other, so "no day" is sorted by hand.
        query = select(a).where(self._mine(a, where))
        query = query.order_by(a.c.due.is_(None), a.c.due, a.c.number)
        return tuple(_item(row) for row in self._all(query))


def _item(row: Row[Any]) -> ActionItem:
    return ActionItem(
        id=row.id,
        number=row.number,
        product_id=row.product_id,
        kind=ItemKind(row.kind),
        text=row.text,
        source=row.source,
        owner=row.owner,
        due=row.due,
        created_at=row.created_at,
        created_by=row.created_by,
        done_at=row.done_at,
        done_by=row.done_by,
        dropped_at=row.dropped_at,
    )
