"""The requirement pool's items."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from domain.pool import PoolItem, PoolStatus
from storage.records import Counters
from storage.repository import Repository
from storage.schedule import Schedule
from storage.tables.pool import pool_items as p


class Pool(Repository):
    """Wishes of the workspace's products."""

    def next_number(self, product_id: str) -> int:
        """The number for a new item of a product."""
        return self._beside(Counters).next(f"pool:{product_id}")

    def save(self, item: PoolItem) -> None:
        """Store an item, new or changed, and have its reminders looked at."""
        values = {
            "product_id": item.product_id,
            "number": item.number,
            "text": item.text,
            "source": item.source,
            "source_message": item.source_message,
            "status": item.status.value,
            "priority": item.priority,
            "rank": item.rank,
            "votes": item.votes,
            "into_number": item.into,
            "story": item.story,
            "added_by": item.added_by,
            "added_at": item.added_at,
            "settled_by": item.settled_by,
            "settled_at": item.settled_at,
            "reason": item.reason,
        }
        self._upsert(p, {"id": item.id}, values)
        self._beside(Schedule).touch("pool", item.id, item.product_id)

    def remove(self, item: PoolItem) -> None:
        """Take an item out as if it had never been added."""
        self._delete(p, p.c.id == item.id)
        self._beside(Schedule).touch("pool", item.id, item.product_id)

    def many(self, ids: Collection[str]) -> tuple[PoolItem, ...]:
        """Those of the ids that exist."""
        return self._sorted(self._among(p.c.id, ids))

    def by_number(self, product_id: str, number: int) -> PoolItem | None:
        """Item number 3 (``P-3``) of a product."""
        row = self._row(p, product_id=product_id, number=number)
        return _item(row) if row else None

    def by_message(self, product_id: str, message: str) -> PoolItem | None:
        """The item that was made from a message."""
        row = self._row(p, product_id=product_id, source_message=message)
        return _item(row) if row else None

    def of_product(self, product_id: str, statuses: Collection[PoolStatus]) -> tuple[PoolItem, ...]:
        """Items in one of the statuses: those kept in their order, then by number."""
        wanted = p.c.status.in_([s.value for s in statuses])
        return self._sorted((p.c.product_id == product_id) & wanted)

    def merged_into(self, item: PoolItem) -> tuple[PoolItem, ...]:
        """What was merged into an item, by number."""
        return self._sorted((p.c.product_id == item.product_id) & (p.c.into_number == item.number))

    def _sorted(self, where: ColumnElement[bool]) -> tuple[PoolItem, ...]:
        query = select(p).where(self._mine(p, where))
        rows = self._all(query.order_by(p.c.status != "kept", p.c.rank, p.c.number))
        return tuple(_item(r) for r in rows)


def _item(row: Row[Any]) -> PoolItem:
    return PoolItem(
        id=row.id,
        number=row.number,
        product_id=row.product_id,
        text=row.text,
        added_by=row.added_by,
        added_at=row.added_at,
        source=row.source,
        source_message=row.source_message,
        status=PoolStatus(row.status),
        priority=row.priority,
        rank=row.rank,
        votes=row.votes,
        into=row.into_number,
        story=row.story,
        settled_by=row.settled_by,
        settled_at=row.settled_at,
        reason=row.reason,
    )
