"""What became of a write, in one transaction: the write, the mirror, and who is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from domain.message_json import to_json
from domain.messages import Card, Inline, T
from domain.tracking import (
    TrackerWrite,
    WriteState,
    clashes,
    depends,
    rebased,
    snapshot,
)
from storage.messaging import OutboxItem
from storage.uow import UnitOfWork
from trackers.zentao.remote import RemoteStory
from trackers.zentao.sync.cards import clash_card, done_card, refused_card, unrecorded_card
from trackers.zentao.sync.mirror import Taken, as_text, take
from trackers.zentao.sync.notes import spread


def tell(uow: UnitOfWork, write: TrackerWrite, card: Card, now: datetime) -> None:
    """Post a card where the write was asked for, or to the person alone."""
    origin = write.origin
    where = f"channel:{origin.channel}" if origin.channel else f"person:{write.actor}"
    payload = {
        "channel": origin.channel,
        "thread": origin.thread,
        "person": write.actor,
        "card": to_json(card),
    }
    uow.queue(where, "post", payload, now)


def settle_done(uow: UnitOfWork, write: TrackerWrite, remote: RemoteStory, now: datetime) -> Taken:
    """It stands in ZenTao. What waits behind it stands on ZenTao's words from now on."""
    asked = write.forced or write.problem is not None
    uow.tracker_writes.save(replace(write, state=WriteState.DONE, settled_at=now))
    truth = replace(remote.story, number=write.number)
    for later in _behind(uow, write):
        uow.tracker_writes.save(replace(later, base=rebased(later, write, truth)))
    taken = _take(uow, write, remote, now)
    if asked:
        tell(uow, write, done_card(uow, write), now)
    return taken


def settle_refused(
    uow: UnitOfWork, write: TrackerWrite, reason: Inline, remote: RemoteStory | None, now: datetime
) -> None:
    """ZenTao does not take it: the mirror is set right, and whoever asked is told."""
    problem = to_json(reason)
    uow.tracker_writes.save(
        replace(write, state=WriteState.REFUSED, problem=problem, settled_at=now)
    )
    held = _hold(uow, write)
    if remote is not None:
        _take(uow, write, remote, now)
    else:
        _look_again(uow, write)
    tell(uow, write, refused_card(uow, write, reason, held, set_right=remote is not None), now)


def settle_unrecorded(uow: UnitOfWork, write: TrackerWrite, reference: str, now: datetime) -> None:
    """ZenTao has it, but the mirror cannot take that in: the next sweep does; who asked is told.

    :param reference: what the log has the failure under.
    """
    uow.tracker_writes.save(replace(write, state=WriteState.DONE, settled_at=now))
    _look_again(uow, write)
    tell(uow, write, unrecorded_card(uow, write, reference), now)


def settle_given_up(uow: UnitOfWork, item: OutboxItem, now: datetime) -> None:
    """Nobody tries this row any more: its writes come back like those that ZenTao does not take."""
    for write_id in item.payload["writes"]:
        write = uow.tracker_writes.get(str(write_id))
        if write.state is WriteState.WAITING:
            settle_refused(uow, write, T("tracker.given_up"), None, now)


def settle_clash(uow: UnitOfWork, write: TrackerWrite, remote: RemoteStory, now: datetime) -> None:
    """Both sides changed the same thing: ZenTao's stands until somebody decides."""
    names = clashes(write, remote.story)
    write = replace(write, state=WriteState.CONFLICT, truth=snapshot(remote.story, names))
    uow.tracker_writes.save(write)
    held = _hold(uow, write)
    _take(uow, write, remote, now)
    tell(uow, write, clash_card(uow, write, names, held), now)


def _look_again(uow: UnitOfWork, write: TrackerWrite) -> None:
    """What is in the mirror of its story may be wrong: a sweep sets it right, and it is due now."""
    row = uow.tracker_stories.get(write.number)
    if row is not None:
        uow.tracker_stories.save(replace(row, listing=""))
    item = uow.tracker_imports.get(write.product_id)
    if item is not None:
        uow.tracker_imports.save(replace(item, swept_at=None))


def _take(uow: UnitOfWork, write: TrackerWrite, remote: RemoteStory, now: datetime) -> Taken:
    """Bring the mirror up to date; what others did there in between is told."""
    taken = take(uow, remote, write.product_id, now, whole=True)
    if taken.fresh:
        spread(uow, replace(taken, changes=_seen_from_there(write, taken.changes)), now)
    return taken


def _seen_from_there(
    write: TrackerWrite, changes: Mapping[str, tuple[str, str]]
) -> dict[str, tuple[str, str]]:
    """What others changed: what we wanted and ZenTao never had is not what it was before."""
    out: dict[str, tuple[str, str]] = {}
    for name, (old, new) in changes.items():
        before = as_text(write.base[name]) if name in write.base else old
        if before != new:
            out[name] = (before, new)
    return out


def _behind(uow: UnitOfWork, write: TrackerWrite) -> tuple[TrackerWrite, ...]:
    """The writes of the same story that wait behind it."""
    if not write.number:
        return ()
    waiting = uow.tracker_writes.of_story(write.number, (WriteState.WAITING,))
    return tuple(w for w in waiting if w.seq > write.seq)


def _hold(uow: UnitOfWork, write: TrackerWrite) -> tuple[TrackerWrite, ...]:
    """Hold back what stands on a write that did not go through, and what stands on that."""
    fallen, held = [write], list[TrackerWrite]()
    for later in _behind(uow, write):
        if any(depends(later, each) for each in fallen):
            fallen.append(later)
            held.append(replace(later, state=WriteState.HELD))
    for each in held:
        uow.tracker_writes.save(each)
    return tuple(held)
