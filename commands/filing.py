"""Putting the documents that Duban makes of its own records among a product's deliverables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.deliverables import Deliverable, DeliverableStatus, DeliverableVersion
from domain.event_json import encode
from domain.ids import new_id
from storage.audit import AuditEntry
from storage.uow import UnitOfWork

REVIEW_RECORD, CHANGE_RECORD = 19, 20


def filed_as(number: int, product_id: str, plan_id: str | None) -> dict[str, Any]:
    """Parameters for ``ctx.produce`` that have the finished file kept as a deliverable."""
    return {"deliverable": number, "product": product_id, "plan": plan_id}


def file_document(
    uow: UnitOfWork, params: Mapping[str, Any], file_id: str, title: str, by: str, now: datetime
) -> None:
    """Keep a finished file as the newest version of the deliverable that ``params`` names, if any.

    It goes to the plan's deliverable where the plan has one, else to the product's own, made when
    there is none. What nobody has begun is a draft from then on; what people submitted or accepted
    stays so.
    """
    number, product_id = params.get("deliverable"), params.get("product")
    if not isinstance(number, int) or not isinstance(product_id, str):
        return
    plan_id = params.get("plan")
    known = uow.deliverables.by_number(product_id, number, plan_id) if plan_id else None
    known = known or uow.deliverables.by_number(product_id, number)
    before = known or Deliverable(new_id(), product_id, number)
    if any(v.file_id == file_id for v in before.versions):
        return
    version = DeliverableVersion(len(before.versions) + 1, title, by, now, file_id=file_id)
    begun = before.status is not DeliverableStatus.NOT_STARTED
    after = replace(
        before,
        versions=(*before.versions, version),
        status=before.status if begun else DeliverableStatus.DRAFTED,
    )
    uow.deliverables.save(after)
    uow.deliverables.record(after, "filed", encode(version), actor=by, at=now)
    uow.audit(
        AuditEntry(
            now, by, "duban", "deliverable:version:filed", f"deliverable:{after.id}",
            old={"status": before.status.value},
            new={"status": after.status.value, "file": file_id},
        )
    )  # fmt: skip
