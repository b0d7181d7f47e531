"""The requirement pool (需求池): feedback and wishes that are not planned yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.errors import UserError


class PoolStatus(StrEnum):
    """Where an item is."""

    NEW = "new"  # nobody has looked at it yet
    KEPT = "kept"  # looked at, and waiting for a plan
    PLANNED = "planned"  # it has become a story
    MERGED = "merged"  # another item says the same
    DECLINED = "declined"


OPEN = (PoolStatus.NEW, PoolStatus.KEPT)
MOST_VOTES = 10**6


@dataclass(frozen=True, slots=True)
class PoolItem:
    """One wish.

    :param number: per product, 3 in ``P-3``.
    :param source: where it came from: a customer, a link to what was said.
    :param source_message: the surface's id of the message it was made from, so that it is taken
        once.
    :param priority: 1 is the most urgent, 4 the least; None until it was looked at.
    :param rank: its place among what is kept; smaller comes first.
    :param votes: how many times it was wished for: itself and all that was merged into it.
    :param into: the number of the item that it was merged into.
    :param story: the number of the story that it became (None while its tracker has not told).
    """

    id: str
    number: int
    product_id: str
    text: str
    added_by: str
    added_at: datetime
    source: str = ""
    source_message: str | None = None
    status: PoolStatus = PoolStatus.NEW
    priority: int | None = None
    rank: int = 0
    votes: int = 1
    into: int | None = None
    story: int | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.id or not self.text.strip():
            raise ValueError("an item needs an id and a text")

    @property
    def ref(self) -> str:
        """How people write it: ``P-3``."""
        return f"P-{self.number}"

    @property
    def title(self) -> str:
        """Its first line, short enough for a story's title."""
        return self.text.strip().splitlines()[0][:120]

    @property
    def open(self) -> bool:
        """Whether something may still become of it."""
        return self.status in OPEN


def triaged(item: PoolItem, priority: int, rank: int, by: str, at: datetime) -> PoolItem:
    """It was looked at and is kept for a plan."""
    _require_open(item)
    place = item.rank if item.status is PoolStatus.KEPT else rank
    return replace(
        item, status=PoolStatus.KEPT, priority=priority, rank=place, settled_by=by, settled_at=at
    )


def merged(item: PoolItem, into: PoolItem, by: str, at: datetime) -> tuple[PoolItem, PoolItem]:
    """It says what another item says: that one counts for both. Both as they are then."""
    _require_open(item)
    _require_open(into)
    if item.id == into.id:
        raise UserError("pool.merge_itself", ref=item.ref)
    gone = replace(item, status=PoolStatus.MERGED, into=into.number, settled_by=by, settled_at=at)
    return gone, replace(into, votes=min(MOST_VOTES, into.votes + item.votes))


def parted(item: PoolItem, into: PoolItem) -> tuple[PoolItem, PoolItem]:
    """A merge taken back: both items as they are then."""
    return _back(item), replace(into, votes=max(1, into.votes - item.votes))


def planned(item: PoolItem, story: int | None, by: str, at: datetime) -> PoolItem:
    """It has become a story."""
    _require_open(item)
    return replace(item, status=PoolStatus.PLANNED, story=story, settled_by=by, settled_at=at)


def declined(item: PoolItem, reason: str, by: str, at: datetime) -> PoolItem:
    """It will not be done; a reason is owed to whoever wished for it."""
    _require_open(item)
    if not reason.strip():
        raise UserError("pool.reason_needed", ref=item.ref)
    return replace(
        item, status=PoolStatus.DECLINED, reason=reason.strip(), settled_by=by, settled_at=at
    )


def reopened(item: PoolItem) -> PoolItem:
    """What was decided is taken back."""
    if item.open:
        raise UserError("pool.is_open", ref=item.ref)
    return _back(item)


def ranked(kept: Sequence[PoolItem], item: PoolItem, place: int) -> tuple[PoolItem, ...]:
    """Those whose rank changes when the item goes to this place (1 is the first).

    :param kept: all kept items in their order, the item among them.
    """
    if item.status is not PoolStatus.KEPT:
        raise UserError("pool.not_kept", ref=item.ref)
    order = [x for x in kept if x.id != item.id]
    order.insert(max(0, min(place - 1, len(order))), item)
    placed = (replace(x, rank=n) for n, x in enumerate(order, 1))
    return tuple(new for new, old in zip(placed, order, strict=True) if new.rank != old.rank)


def _back(item: PoolItem) -> PoolItem:
    status = PoolStatus.NEW if item.priority is None else PoolStatus.KEPT
    return replace(
        item, status=status, into=None, story=None, reason="", settled_by=None, settled_at=None
    )


def _require_open(item: PoolItem) -> None:
    if not item.open:
        raise UserError(f"pool.is_{item.status.value}", ref=item.ref)
