"""From the log to the state. Pure, and total: no list of events makes it fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from domain.changes import events as e
from domain.changes.digest import digest
from domain.changes.events import Event
from domain.changes.state import (
    Approval,
    ChangeRequest,
    ChangeStatus,
    Decision,
    LinkedDesign,
    Version,
)
from domain.event_log import undone

UNDOABLE = (
    e.Edited, e.Submitted, e.Approved, e.Rejected, e.Withdrawn, e.Acknowledged, e.Linked,
)  # fmt: skip
"""Steps of which nothing outside followed."""


def fold(change_id: str, log: Iterable[Event]) -> ChangeRequest:
    """The change request after these events.

    A step that was undone counts as if it had never been written; a step that does not fit (an
    approval of what was not submitted) changes nothing.
    """
    lines = tuple(log)
    gone = undone(lines, UNDOABLE, sealed_by=e.Applied)
    change = ChangeRequest(change_id)
    for event in lines:
        if event.seq not in gone and not isinstance(event.body, e.Undone):
            change = _apply(change, event)
    return replace(change, seq=max((x.seq for x in lines), default=0))


def last_step(log: Iterable[Event]) -> Event | None:
    """The last step that still counts (what ``/change undo`` looks at), or None.

    It may be one that cannot be taken back: see :data:`UNDOABLE`.
    """
    lines = tuple(log)
    gone = undone(lines, UNDOABLE, sealed_by=e.Applied)
    for event in reversed(lines):
        if event.seq not in gone and not isinstance(event.body, e.Undone | e.Unknown):
            return event
    return None


def _apply(change: ChangeRequest, event: Event) -> ChangeRequest:
    handler = _HANDLERS.get(type(event.body))
    if handler is None or (change.number == 0 and not isinstance(event.body, e.Logged)):
        return change
    return handler(change, event, event.body)


def _logged(change: ChangeRequest, event: Event, body: e.Logged) -> ChangeRequest:
    if change.number:
        return change
    return replace(
        change,
        number=body.number,
        product_id=body.product_id,
        author=event.actor or "",
        channel=body.channel,
        logged_at=event.at,
        versions=(Version(1, body.content, event.actor, event.at),),
    )


def _edited(change: ChangeRequest, event: Event, body: e.Edited) -> ChangeRequest:
    if not change.open:
        return change
    number = change.versions[-1].number + 1
    version = Version(number, body.content, event.actor, event.at, body.why)
    return _counted(replace(change, versions=(*change.versions, version)), event)


def _submitted(change: ChangeRequest, event: Event, body: e.Submitted) -> ChangeRequest:
    if not change.open:
        return change
    submitted = replace(
        change,
        status=ChangeStatus.SUBMITTED,
        impact=body.impact,
        roles=body.roles,
        quorum=body.quorum,
        submitted_by=event.actor,
        submitted_at=event.at,
    )
    return _counted(submitted, event)


def _approved(change: ChangeRequest, event: Event, body: e.Approved) -> ChangeRequest:
    if change.status not in (ChangeStatus.SUBMITTED, ChangeStatus.APPROVED) or not event.actor:
        return change
    others = tuple(a for a in change.approvals if a.by != event.actor)
    approval = Approval(event.actor, event.at, body.digest, body.reason, body.override)
    return _counted(replace(change, approvals=(*others, approval)), event)


def _counted(change: ChangeRequest, event: Event) -> ChangeRequest:
    """Hold every approval against what is asked for now, and see whether they are enough."""
    if change.impact is None:
        return change
    now = digest(change.content, change.impact)
    approvals = tuple(replace(a, valid=a.digest == now) for a in change.approvals)
    valid = [a for a in approvals if a.valid]
    enough = len(valid) >= change.quorum or any(a.override for a in valid)
    status = ChangeStatus.APPROVED if enough else ChangeStatus.SUBMITTED
    since = (change.approved_at or event.at) if enough else None
    return replace(change, approvals=approvals, status=status, approved_at=since)


def _rejected(change: ChangeRequest, event: Event, body: e.Rejected) -> ChangeRequest:
    if change.status not in (ChangeStatus.SUBMITTED, ChangeStatus.APPROVED):
        return change
    decision = Decision(event.actor, event.at, body.reason)
    return replace(change, status=ChangeStatus.REJECTED, rejection=decision)


def _withdrawn(change: ChangeRequest, event: Event, body: e.Withdrawn) -> ChangeRequest:
    if not change.open:
        return change
    decision = Decision(event.actor, event.at, body.reason)
    return replace(change, status=ChangeStatus.WITHDRAWN, withdrawal=decision)


def _applied(change: ChangeRequest, event: Event, body: e.Applied) -> ChangeRequest:
    if change.status is not ChangeStatus.APPROVED:
        return change
    applied = replace(
        change,
        status=ChangeStatus.APPLIED,
        applied=body,
        applied_by=event.actor,
        applied_at=event.at,
    )
    return _settled(applied)


def _acknowledged(change: ChangeRequest, event: Event, body: e.Acknowledged) -> ChangeRequest:
    if body.person not in change.pending_acks:
        return change
    return _settled(replace(change, acks=(*change.acks, (body.person, event.at))))


def _settled(change: ChangeRequest) -> ChangeRequest:
    done = not change.pending_acks
    status = ChangeStatus.ACKNOWLEDGED if done else ChangeStatus.APPLIED
    return replace(change, status=status)


def _linked(change: ChangeRequest, event: Event, body: e.Linked) -> ChangeRequest:
    if body.link in change.links and not body.changed and not body.note:
        return change
    design = LinkedDesign(body.link, event.actor, event.at, body.note, body.changed)
    return replace(change, later_designs=(*change.later_designs, design))


_HANDLERS: dict[type[Any], Callable[[ChangeRequest, Event, Any], ChangeRequest]] = {
    e.Logged: _logged,
    e.Edited: _edited,
    e.Submitted: _submitted,
    e.Approved: _approved,
    e.Rejected: _rejected,
    e.Withdrawn: _withdrawn,
    e.Applied: _applied,
    e.Acknowledged: _acknowledged,
    e.Linked: _linked,
}
