"""Which presses are one and the same: DingTalk gives a press no id of its own."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from bot.dingtalk.cards.press import Press
from storage.uow import UnitOfWork

DOUBLE = 30
"""Seconds in which the same person's same press on the same drawing is a double one, or delivered
again. Later on the same drawing it is meant: not every button changes its card."""


def event_of(uow: UnitOfWork, press: Press, serial: int, now: datetime) -> str:
    """The event id of a press; that of an earlier one where it is the same.

    On a drawing that another one has replaced since, a press is the same forever: nobody sees that
    drawing any more, so it can only come again.

    :param serial: of the present drawing.
    """
    what = json.dumps([press.track, press.serial, press.user, press.name, press.of])
    event = "press:" + hashlib.sha256(what.encode()).hexdigest()[:32]
    first = taken_at(uow, event)
    if first is None or press.serial != serial:
        return event
    slot = int((now - first).total_seconds() // DOUBLE)
    if slot < 1:
        return event
    before = event if slot == 1 else f"{event}:{slot - 1}"
    at = taken_at(uow, before)
    if at is not None and (now - at).total_seconds() < DOUBLE:
        return before
    return f"{event}:{slot}"


def taken_at(uow: UnitOfWork, event: str) -> datetime | None:
    """When a press was taken: for work done with it, or an answer shown."""
    return uow.inbox.received_at(event) or uow.inbox.received_at(f"{event}:shown")
