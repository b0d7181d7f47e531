"""Marking what Duban makes of its own records, so that nobody has to."""

from __future__ import annotations

from dataclasses import replace

from commands.context import Context
from domain.deliverables import Deliverable, DeliverableStatus
from domain.event_json import encode
from domain.ids import new_id
from domain.message_json import to_json
from domain.messages import T

PLAN = 17
CLOSED_STORIES = 21


def mark_produced(ctx: Context, number: int, plan_id: str | None, note: T) -> Deliverable:
    """Note that Duban produced something that belongs to a deliverable.

    It goes to the plan's deliverable where the plan has one, else to the product's own, made when
    there is none. One that nobody has begun is a draft from then on; people hand it in and accept
    it. What is further already stays as it is, and only its history says so.

    :param note: what was produced, for the history.
    """
    product_id = ctx.product.id
    known = ctx.uow.deliverables.by_number(product_id, number, plan_id) if plan_id else None
    known = known or ctx.uow.deliverables.by_number(product_id, number)
    before = known or Deliverable(new_id(), product_id, number)
    if before.status is not DeliverableStatus.NOT_STARTED:
        return before
    after = replace(before, status=DeliverableStatus.DRAFTED)
    ctx.uow.deliverables.save(after)
    payload = {"before": encode(before), "note": to_json(note)}
    ctx.uow.deliverables.record(after, "produced", payload, actor=ctx.me.id, at=ctx.now)
    ctx.audit(
        "deliverable:deliverable:produced",
        f"deliverable:{after.id}",
        old=before.status.value,
        new=after.status.value,
    )
    return after
