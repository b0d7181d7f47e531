"""The outbox rows that say whose turn it is to be written to a tracker elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.tracking import TrackerWrite
from storage.uow import UnitOfWork

KIND = "tracker"
"""The kind of the outbox rows."""


def enqueue(uow: UnitOfWork, writes: Sequence[TrackerWrite], now: datetime) -> None:
    """It is the turn of these writes of one product and one person, in this order.

    One lane per product: its writes happen in the order in which they were asked for.
    """
    first = writes[0]
    payload = {
        "writes": [w.id for w in writes],
        "person": first.actor,
        "channel": first.origin.channel,
        "thread": first.origin.thread,
    }
    uow.queue(f"tracker:{first.product_id}", KIND, payload, now)
