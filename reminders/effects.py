"""What becomes true when certain slots are recorded, beside the message."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from domain.reminders import Slot
from domain.reviews.events import Body, Nudged, Shelved
from domain.reviews.state import ReviewStatus
from reminders.world import World
from storage.audit import AuditEntry


def after_recording(world: World, slots: Iterable[Slot], now: datetime) -> None:
    """A chair who was nudged, and a meeting that became a draft, stand in the review's log."""
    for slot in slots:
        if slot.rule == "review_open" and slot.why.get("unit") == "minutes":
            _record(world, slot.subject_id, Nudged(), now)
        elif slot.rule == "review_draft":
            _record(world, slot.subject_id, Shelved(), now)


def _record(world: World, review_id: str, body: Body, now: datetime) -> None:
    review = world.uow.reviews.get(review_id)
    if review.status is not ReviewStatus.OPEN:
        return
    after = world.uow.reviews.record(review, body, actor=None, at=now)
    if after.status is not review.status:
        old, new = review.status.value, after.status.value
        subject = f"review:{review_id}"
        world.uow.audit(
            AuditEntry(now, None, "reminder", "review:draft:kept", subject, old=old, new=new)
        )
