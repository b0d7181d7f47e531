"""Reminder rules as data, what they look at, and the slots that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from domain.messages import Inline

MORNING = time(9)
"""When what is not urgent is said: everything of a day for one person in one message."""

DIGEST_AT = time(9, 30)
"""When a channel that is newly bound to a product gets its digest."""


class SubjectKind(StrEnum):
    """What a reminder can be about; also the kinds of the ``schedule``."""

    PHASE = "phase"
    MILESTONE = "milestone"
    DELIVERABLE = "deliverable"
    STORY = "story"
    CHANGE = "change"
    REVIEW = "review"
    ACTION = "action"
    POOL = "pool"  # an item of the requirement pool
    CHANNEL = "channel"  # its daily round: standup and digest


class Anchor(StrEnum):
    """The date or instant of a subject that a rule counts from.

    A subject has an anchor only while the rule's condition holds: a closed story has none.
    """

    START = "start"
    END = "end"
    DUE = "due"
    REVIEW_BY = "review_by"  # the end of the review phase of a story that was not reviewed
    STARTED = "started"
    SUBMITTED = "submitted"
    APPLIED = "applied"
    TESTED = "tested"
    VERIFIED = "verified"
    DAILY = "daily"  # the days of a channel's digest
    STANDUP = "standup"  # the days of its standup


class Audience(StrEnum):
    """To whom a reminder goes."""

    CHANNEL = "channel"
    OWNER = "owner"
    PO = "po"
    PM = "pm"
    CHAIR = "chair"
    DECIDERS = "deciders"
    AFFECTED = "affected"
    MEMBERS = "members"


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who else hears of it, from which working day after the anchor on."""

    after: int
    to: Audience


@dataclass(frozen=True, slots=True)
class Rule:
    """When to remind whom of what.

    :param offsets: working days from the anchor, negative before it.
    :param repeat_from: every working day from this many working days after the anchor on.
    :param minutes: minutes after the anchor, for anchors that are instants; whatever day it is.
    :param same_day: also on the anchor's own day at this hour, if that is still to come then.
    :param not_before: with an anchor that is an instant, nothing is said sooner after it than this.
    :param hour: the wall-clock hour in the recipient's zone.
    :param urgent: may come at any time of the day, apart from the one daily message.
    :param any_day: days off count too (a meeting that nobody ended on a Saturday).
    :param stand_in: while a person is away, somebody else is told in their place.
    :param catch_up: how late it may still be sent; later it is a line of the digest.
    """

    name: str
    zh: str
    kind: SubjectKind
    anchor: Anchor
    audience: tuple[Audience, ...]
    offsets: tuple[int, ...] = ()
    repeat_from: int | None = None
    minutes: tuple[int, ...] = ()
    same_day: time | None = None
    not_before: timedelta = timedelta(0)
    hour: time = MORNING
    escalation: Escalation | None = None
    urgent: bool = False
    any_day: bool = False
    stand_in: bool = True
    catch_up: timedelta = timedelta(hours=12)
    off: bool = False


@dataclass(frozen=True, slots=True)
class RuleOverride:
    """What a product has set about a rule; None leaves the rule's own value."""

    rule: str
    offsets: tuple[int, ...] | None = None
    repeat_from: int | None = None
    hour: time | None = None
    audience: tuple[Audience, ...] | None = None
    off: bool | None = None

    def apply(self, rule: Rule) -> Rule:
        """The rule as this product has it."""
        return replace(
            rule,
            offsets=rule.offsets if self.offsets is None else self.offsets,
            repeat_from=rule.repeat_from if self.repeat_from is None else self.repeat_from,
            hour=self.hour or rule.hour,
            audience=rule.audience if self.audience is None else self.audience,
            off=rule.off if self.off is None else self.off,
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing as the planner sees it.

    :param name: what people call it, as typed; ``ref`` the short way (``S12``, ``CR-3``) if any.
    :param anchors: the dates and instants (aware) that count at present.
    :param people: person ids by audience; PO and PM come from the product.
    :param settle: the typed command that settles it, without the slash.
    :param show: the typed command that shows it.
    :param hours: wall-clock hours of its own by rule name.
    :param facts: further numbers and names for the text (deliverables that are missing …).
    """

    kind: SubjectKind
    id: str
    product_id: str | None
    name: Inline
    ref: str = ""
    anchors: Mapping[Anchor, date | datetime] = field(
        default_factory=dict[Anchor, "date | datetime"]
    )
    people: Mapping[Audience, tuple[str, ...]] = field(
        default_factory=dict[Audience, tuple[str, ...]]
    )
    settle: str = ""
    show: str = ""
    hours: Mapping[str, time] = field(default_factory=dict[str, time])
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


class RecipientKind(StrEnum):
    """A channel or a person alone."""

    CHANNEL = "channel"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a reminder goes."""

    kind: RecipientKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.id}"


@dataclass(frozen=True, slots=True)
class Slot:
    """One reminder: of a rule, about a subject, to one recipient, once.

    :param occurrence: the working day (or for rules in minutes the instant) that it belongs to.
        It is part of the key instead of the clock reading, so that whoever changes an hour, a zone
        or quiet hours after it was sent does not get it again.
    :param at: when it is due, UTC, quiet hours and absence counted in.
    :param why: the computation, in values that JSON knows.
    """

    rule: str
    kind: SubjectKind
    subject_id: str
    product_id: str | None
    recipient: Recipient
    occurrence: str
    at: datetime
    urgent: bool
    why: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Unique in the ledger; whoever inserts it sends it."""
        to = self.recipient
        return f"{self.kind}:{self.subject_id}|{self.rule}|{to.kind}:{to.id}|{self.occurrence}"

    def of(self, subject_id: str) -> Slot:
        """The same slot of another subject, which has the same dates and people."""
        return Slot(
            self.rule, self.kind, subject_id, self.product_id, self.recipient, self.occurrence,
            self.at, self.urgent, self.why,
        )  # fmt: skip


class SlotState(StrEnum):
    """How a slot of the ledger stands."""

    PENDING = "pending"  # recorded, its message not yet queued
    SENT = "sent"
    LATE = "late"
    FOLDED = "folded"  # too late to be sent: a line of the digest
    SNOOZED = "snoozed"
    DONE = "done"
    CANCELLED = "cancelled"  # nothing to say any more, or covered by a later one


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A slot as the ledger keeps it.

    :param send_at: when it goes out: the slot's time, or the end of its snooze.
    :param outbox_id: the message that carried it.
    """

    id: str
    slot: Slot
    state: SlotState
    send_at: datetime
    created_at: datetime
    outbox_id: str | None = None


@dataclass(frozen=True, slots=True)
class Snooze:
    """A person does not want to hear of a subject until an instant."""

    person_id: str
    kind: SubjectKind
    subject_id: str
    until: datetime
    made_at: datetime
