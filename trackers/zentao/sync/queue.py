"""Where writes wait: rows of their own, and outbox rows in one lane per product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from domain.errors import UserError
from domain.ids import new_id
from domain.people import Product
from domain.tracking import ImportState, Origin, TrackerWrite, WriteAct, WriteState
from storage.tracker_lane import enqueue
from storage.uow import UnitOfWork

BATCH = 20
"""How many stories of a sheet are created between two looks at the progress."""


class OutboxQueue:
    """The queue of one product's writes, in the transaction of a use case.

    :param origin: where the outcome is told.
    """

    def __init__(self, uow: UnitOfWork, product: Product, now: datetime, origin: Origin) -> None:
        self._uow = uow
        self._product = product
        self._now = now
        self._origin = origin

    def check(self) -> None:
        """Refuse with ``tracker.importing`` while the first import runs.

        The texts have no parameters: a review keeps the key alone as the reason of a refusal.
        """
        item = self._uow.tracker_imports.get(self._product.id)
        if item is None:
            raise UserError("tracker.not_imported")
        if item.state is not ImportState.READY:
            raise UserError("tracker.importing")

    def check_text(self, number: int) -> None:
        """Refuse with ``tracker.text_missing`` while the story's texts were not read."""
        row = self._uow.tracker_stories.get(number)
        if row is not None and not row.read:
            raise UserError("tracker.text_missing", ref=f"S{number}")

    def bound(self, plan_id: str | None) -> bool:
        """Whether a plan is one of ZenTao's productplans too."""
        if plan_id is None:
            return False
        plan = self._uow.plans.many((plan_id,)).get(plan_id)
        return plan is not None and plan.tracker_ref is not None

    def put(
        self,
        act: WriteAct,
        number: int,
        args: Mapping[str, Any],
        *,
        base: Mapping[str, Any],
        after: Mapping[str, Any],
        actor: str,
    ) -> None:
        """Queue one write."""
        seq = self._uow.tracker_writes.next_seq()
        write = self._write(seq, act, number, args, actor, base=base, after=after)
        self._uow.tracker_writes.add((write,))
        enqueue(self._uow, (write,), self._now)

    def put_creates(self, drafts: Sequence[Mapping[str, Any]], actor: str) -> None:
        """Queue the creation of several stories; they follow one another by number."""
        first = self._uow.tracker_writes.next_seq(len(drafts))
        sheet = {"first": first, "last": first + len(drafts) - 1}
        writes = [
            self._write(seq, WriteAct.CREATE, 0, {"draft": dict(draft), **sheet}, actor)
            for seq, draft in enumerate(drafts, first)
        ]
        self._uow.tracker_writes.add(writes)
        for start in range(0, len(writes), BATCH):
            enqueue(self._uow, writes[start : start + BATCH], self._now)

    def _write(
        self,
        seq: int,
        act: WriteAct,
        number: int,
        args: Mapping[str, Any],
        actor: str,
        *,
        base: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> TrackerWrite:
        return TrackerWrite(
            id=new_id(),
            seq=seq,
            product_id=self._product.id,
            number=number,
            act=act,
            args=args,
            actor=actor,
            origin=self._origin,
            base=base or {},
            after=after or {},
            state=WriteState.WAITING,
            queued_at=self._now,
        )
