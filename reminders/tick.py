"""The tick: look at what is due, record its slots, queue its messages.

Every step is one transaction and starts from what the database holds, so a kill between any two
lines loses nothing and repeats nothing: a subject whose look was not committed is looked at again,
a slot that was recorded but not queued is queued by the next tick. Any number of processes may tick
at once: subjects that one holds are left to it, and a slot goes to whoever inserts it first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.calendar import HolidaySource
from domain.reminders import RecipientKind, Slot, SlotState, Subject, SubjectKind
from reminders.effects import after_recording
from reminders.planner import Planned, plan
from reminders.sending import Sender, Sent
from reminders.subjects import load, touch_dependents
from reminders.world import World
from storage.schedule import DueSubject
from storage.uow import Store

BATCH = 1000
"""Subjects looked at in one transaction: others wait for at most that long."""

RECIPIENTS = 100
"""Recipients whose messages are queued in one transaction."""

PATIENCE = timedelta(minutes=1)
"""How long a recorded slot waits for others of its message that another process still records."""


@dataclass(frozen=True, slots=True)
class Services:
    """What a tick needs from the outside."""

    holidays: HolidaySource


@dataclass(frozen=True, slots=True)
class TickReport:
    """What a tick did.

    :param looked: subjects looked at; :param recorded: slots new in the ledger.
    :param sent: slots queued in time; ``late`` after it; ``folded`` too late, left to the digest.
    :param dropped: slots of what was settled meanwhile.
    """

    looked: int = 0
    recorded: int = 0
    sent: int = 0
    late: int = 0
    folded: int = 0
    dropped: int = 0
    messages: int = 0


def tick(store: Store, workspace_id: str, services: Services, now: datetime) -> TickReport:
    """Do all that is due in a workspace at an instant. With nothing due it only reads."""
    looked = recorded = 0
    while _any_due(store, workspace_id, now):
        with store.write(workspace_id) as uow:
            batch = Look(World(uow, services.holidays, now), now).batch()
        if not batch.looked:
            break  # others hold what is left
        looked += batch.looked
        recorded += batch.recorded
    sent = _send(store, workspace_id, services, now)
    return TickReport(
        looked, recorded, sent.sent, sent.late, sent.folded, sent.dropped, sent.messages
    )


def _any_due(store: Store, workspace_id: str, now: datetime) -> bool:
    with store.read(workspace_id) as uow:
        return uow.schedule.any_due(now)


@dataclass(frozen=True, slots=True)
class Look:
    """One batch of subjects, looked at within one transaction."""

    world: World
    now: datetime
    plans: dict[tuple[object, ...], Planned] = field(
        default_factory=dict[tuple[object, ...], Planned]
    )

    def batch(self) -> TickReport:
        """Claim, plan, record, and write down when to look again."""
        uow = self.world.uow
        due = uow.schedule.claim(self.now, BATCH)
        subjects = load(self.world, due)
        looked: list[tuple[DueSubject, datetime | None]] = []
        slots: list[Slot] = []
        for each in due:
            subject = subjects.get((each.kind, each.subject_id))
            if subject is None:
                looked.append((each, None))
                continue
            planned = self._plan(subject, each.owed_at)
            slots += (slot.of(subject.id) for slot in planned.due)
            looked.append((each, planned.next_at))
        recorded = uow.ledger.record(slots, self.now, self._states(slots))
        after_recording(self.world, slots, self.now)
        uow.schedule.settle(looked)
        touch_dependents(self.world, due)
        return TickReport(looked=len(due), recorded=recorded)

    def _plan(self, subject: Subject, owed_at: datetime | None) -> Planned:
        """The subject's plan; those that fall due together mostly share one.

        What the planner reads of a subject is all in the key, so two subjects with the same dates
        and people differ in nothing but their id.
        """
        key = (
            subject.kind,
            subject.product_id,
            subject.id if subject.kind is SubjectKind.CHANNEL else None,
            tuple(subject.anchors.items()),
            tuple(subject.people.items()),
            tuple(subject.hours.items()),
            owed_at,
        )
        planned = self.plans.get(key)
        if planned is None:
            channel = subject.id if subject.kind is SubjectKind.CHANNEL else None
            setting = self.world.setting(subject.product_id, channel)
            rules = self.world.rules(subject.product_id)
            planned = plan(subject, rules, setting, self.now, owed_at)
            self.plans[key] = planned
        return planned

    def _states(self, slots: Sequence[Slot]) -> dict[str, SlotState]:
        """Slots that are not sent: covered by a newer one, or of a subject that was put off."""
        asleep = {
            (s.person_id, s.kind, s.subject_id): s.until
            for s in (self.world.uow.ledger.snoozes(self.now) if slots else ())
        }
        out: dict[str, SlotState] = {}
        for slot in slots:
            until = asleep.get((slot.recipient.id, slot.kind, slot.subject_id))
            personal = slot.recipient.kind is RecipientKind.PERSON
            if "covered" in slot.why or (personal and until is not None and slot.at < until):
                out[slot.key] = SlotState.CANCELLED
        return out


def _send(store: Store, workspace_id: str, services: Services, now: datetime) -> Sent:
    """Queue what is recorded, unless another process is still recording more of it."""
    with store.read(workspace_id) as uow:
        oldest = uow.ledger.oldest_waiting(now)
        recording = uow.schedule.any_due(now)
    total = Sent()
    if oldest is None or (recording and now - oldest < PATIENCE):
        return total
    while True:
        with store.write(workspace_id) as uow:
            recipients = uow.ledger.recipients_waiting(now, RECIPIENTS)
            if not recipients:
                return total
            Sender(World(uow, services.holidays, now), now, total).send(recipients)
