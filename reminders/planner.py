"""The planner: from a subject, the rules, the calendar, people and the instant to the slots due.

Pure. Odd hours: an hour that a clock change skips means the instant that a clock not yet put
forward would show (02:30 becomes 03:30); of an hour that comes twice the first is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.calendar import WorkingCalendar
from domain.dates.moments import at
from domain.people import Absence, Person, QuietHours
from domain.reminders import (
    Audience,
    Recipient,
    RecipientKind,
    Rule,
    Slot,
    Subject,
    SubjectKind,
)
from reminders.occurrences import Occurrence, Span, occurrences

GRACE = timedelta(minutes=2)
"""A subject that was made or changed is owed what fell due within this time before it is seen: the
tick that sees it comes a little later than the change."""

_MARGIN = timedelta(days=2)
"""Zones and quiet hours move a slot at most this far from its day."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One product's world: all that the planner knows beside the subject and its rules.

    :param zone: the team's zone: days are counted in it, the channel hears by it.
    :param channel: id of the channel, or None: then the POs are told instead.
    :param people: everybody active, by id.
    :param absences: by person id, at least those that end today or later.
    :param roles: who is PO and PM of the product.
    """

    calendar: WorkingCalendar
    zone: ZoneInfo
    channel: str | None
    people: Mapping[str, Person]
    absences: Mapping[str, tuple[Absence, ...]] = field(
        default_factory=dict[str, tuple[Absence, ...]]
    )
    roles: Mapping[Audience, tuple[str, ...]] = field(
        default_factory=dict[Audience, tuple[str, ...]]
    )


@dataclass(frozen=True, slots=True)
class Planned:
    """What is due of a subject, and when to look at it again (None: nothing more will come)."""

    due: tuple[Slot, ...]
    next_at: datetime | None


def plan(
    subject: Subject,
    rules: Iterable[Rule],
    setting: Setting,
    now: datetime,
    owed_from: datetime | None = None,
) -> Planned:
    """The slots of a subject that are due at ``now``.

    :param owed_from: the instant at which the subject was to be looked at; everything since then is
        due. None, or an instant after ``now``, when it was made or changed in between: then nothing
        of the past is owed, except what the channel should still hear of today.
    """
    owed = min(owed_from or now, now - GRACE)
    today = now.astimezone(setting.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    slots = all_slots(subject, rules, setting, min(owed, today.astimezone(UTC)), now)
    due = [_marked(s, owed) for s in slots if s.at <= now and _counts(s, owed, today)]
    later = [s.at for s in slots if s.at > now]
    return Planned(_newest_last(due), min(later, default=None))


def upcoming(
    subject: Subject, rules: Iterable[Rule], setting: Setting, now: datetime, until: datetime
) -> tuple[Slot, ...]:
    """What will fall due after ``now``, until an instant, if all stays as it is; earliest first."""
    slots = all_slots(subject, rules, setting, now, until)
    return tuple(sorted((s for s in slots if now < s.at <= until), key=lambda s: s.at))


def all_slots(
    subject: Subject, rules: Iterable[Rule], setting: Setting, since: datetime, until: datetime
) -> tuple[Slot, ...]:
    """Every slot of the offsets, and of endless rows those in a span and the next one."""
    first = (since - _MARGIN).astimezone(setting.zone).date()
    last = setting.calendar.next_working((until + _MARGIN).astimezone(setting.zone).date())
    found: dict[str, Slot] = {}
    for rule in rules:
        anchor = subject.anchors.get(rule.anchor)
        if rule.kind is subject.kind and anchor is not None:
            clock = subject.hours.get(rule.name, rule.hour)
            each = occurrences(
                rule, anchor, clock, setting.calendar, setting.zone, Span(first, last)
            )
            for occurrence in each:
                for slot in _Telling(subject, rule, anchor, occurrence, setting).slots():
                    found.setdefault(slot.key, slot)
    return tuple(found.values())


def _counts(slot: Slot, owed: datetime, today: datetime) -> bool:
    if slot.at >= owed:
        return True
    to_channel = slot.recipient.kind is RecipientKind.CHANNEL
    return to_channel and slot.kind is not SubjectKind.CHANNEL and slot.at >= today


def _marked(slot: Slot, owed: datetime) -> Slot:
    """News of today is not late: it was not known at its hour."""
    return slot if slot.at >= owed else replace(slot, why={**slot.why, "news": True})


def _newest_last(due: list[Slot]) -> tuple[Slot, ...]:
    """In order of time; of one rule to one recipient the last is said, and covers the others."""
    due.sort(key=lambda s: s.at)
    newest = {(s.rule, str(s.recipient)): s for s in due}
    return tuple(
        slot
        if newest[slot.rule, str(slot.recipient)] is slot
        else replace(slot, why={**slot.why, "covered": True})
        for slot in due
    )


@dataclass(frozen=True, slots=True)
class _Telling:
    """One occurrence of one rule, on its way to the people."""

    subject: Subject
    rule: Rule
    anchor: date | datetime
    occurrence: Occurrence
    setting: Setting

    def slots(self) -> Iterator[Slot]:
        """Direct recipients first, so that nobody is told in another's place what is theirs."""
        stand_ins: list[Slot] = []
        for audience in self._audiences():
            if audience is Audience.CHANNEL and self.setting.channel is not None:
                yield from self._to_channel(self.setting.channel)
                continue
            for person_id in self._people(audience):
                for slot in self._to_person(person_id, audience):
                    if "stand_in_for" in slot.why:
                        stand_ins.append(slot)
                    else:
                        yield slot
        yield from stand_ins

    def _audiences(self) -> tuple[Audience, ...]:
        escalation = self.rule.escalation
        if escalation and self.occurrence.repeated and self.occurrence.offset >= escalation.after:
            return (*self.rule.audience, escalation.to)
        return self.rule.audience

    def _people(self, audience: Audience) -> tuple[str, ...]:
        roles = self.setting.roles
        if audience in (Audience.CHANNEL, Audience.PO):
            return roles.get(Audience.PO, ())
        if audience is Audience.PM:
            return roles.get(Audience.PM, ())
        people = self.subject.people.get(audience, ())
        # Nobody owns it: whoever answers for the product does.
        return people or (roles.get(Audience.PO, ()) if audience is Audience.OWNER else ())

    def _to_channel(self, channel: str) -> Iterator[Slot]:
        recipient = Recipient(RecipientKind.CHANNEL, channel)
        instant = self._instant(self.setting.zone, self.occurrence.when)
        yield from self._slot(recipient, instant, self.setting.zone, {"via": "channel"})

    def _to_person(self, person_id: str, via: Audience) -> Iterator[Slot]:
        person = self.setting.people.get(person_id)
        why: dict[str, Any] = {"via": via.value}
        if person is None:  # left the company: somebody must still hear of it
            yield from self._stand_in(person_id, why)
            return
        zone = zone_of(person, self.setting.zone)
        day = self.occurrence.day(zone)
        if not _away(self.setting.absences.get(person_id, ()), day):
            yield from self._personal(person, zone, self.occurrence.when, why)
            return
        yield from self._stand_in(person_id, why)
        if not self.occurrence.repeated:
            back = self._day_back(person_id, day)
            yield from self._personal(person, zone, back, {**why, "back": back.isoformat()})

    def _personal(
        self, person: Person, zone: ZoneInfo, when: date | datetime, why: dict[str, Any]
    ) -> Iterator[Slot]:
        recipient = Recipient(RecipientKind.PERSON, person.id)
        instant = self._instant(zone, when)
        loud = after_quiet(instant, person.quiet, zone)
        if loud != instant:
            why = {**why, "quiet_until": loud.isoformat()}
        yield from self._slot(recipient, loud, zone, why)

    def _stand_in(self, absent_id: str, why: dict[str, Any]) -> Iterator[Slot]:
        """To the PM, or the PO when the PM is away too (or is the one who is away)."""
        if not self.rule.stand_in:
            return
        roles = self.setting.roles
        for person_id in (*roles.get(Audience.PM, ()), *roles.get(Audience.PO, ())):
            person = self.setting.people.get(person_id)
            if person is None or person_id == absent_id:
                continue
            zone = zone_of(person, self.setting.zone)
            if not _away(self.setting.absences.get(person_id, ()), self.occurrence.day(zone)):
                noted = {**why, "stand_in_for": absent_id}
                yield from self._personal(person, zone, self.occurrence.when, noted)
                return

    def _day_back(self, person_id: str, day: date) -> date:
        absences = self.setting.absences.get(person_id, ())
        while absence := _away(absences, day):
            day = self.setting.calendar.next_working(absence.last)
        return day

    def _instant(self, zone: ZoneInfo, when: date | datetime) -> datetime:
        return when if isinstance(when, datetime) else at(when, self.occurrence.clock, zone)

    def _slot(
        self, recipient: Recipient, instant: datetime, zone: ZoneInfo, why: dict[str, Any]
    ) -> Iterator[Slot]:
        if isinstance(self.anchor, datetime) and self._too_soon(instant, self.anchor):
            return  # the same day's hour had passed, or nearly, when it began
        subject, rule, occurrence = self.subject, self.rule, self.occurrence
        computed: dict[str, Any] = {
            "anchor": rule.anchor.value,
            "value": self.anchor.isoformat(),
            "offset": occurrence.offset,
            "day": occurrence.label,
            "zone": zone.key,
            **why,
        }
        if isinstance(occurrence.when, datetime):
            computed["unit"] = "minutes"
        if self._escalated(why):
            computed["escalated"] = True
        yield Slot(
            rule=rule.name,
            kind=subject.kind,
            subject_id=subject.id,
            product_id=subject.product_id,
            recipient=recipient,
            occurrence=occurrence.label,
            at=instant,
            urgent=rule.urgent or occurrence.clock != rule.hour,
            why=computed,
        )

    def _too_soon(self, instant: datetime, anchor: datetime) -> bool:
        return instant <= anchor or instant < anchor + self.rule.not_before

    def _escalated(self, why: dict[str, Any]) -> bool:
        escalation = self.rule.escalation
        if escalation is None or why["via"] != escalation.to.value:
            return False
        return escalation.to not in self.rule.audience


def zone_of(person: Person, default: ZoneInfo) -> ZoneInfo:
    """The zone in which a person's clock runs."""
    return ZoneInfo(person.zone) if person.zone else default


def after_quiet(instant: datetime, quiet: QuietHours | None, zone: ZoneInfo) -> datetime:
    """The instant, or the end of the quiet hours that it falls into.

    Quiet hours may span midnight; their start belongs to them, their end does not.
    """
    if quiet is None or quiet.start == quiet.end:
        return instant
    local = instant.astimezone(zone)
    clock = local.time().replace(tzinfo=None)
    if quiet.start < quiet.end:
        silent, ends = quiet.start <= clock < quiet.end, local.date()
    else:
        silent = clock >= quiet.start or clock < quiet.end
        ends = local.date() + timedelta(days=clock >= quiet.start)
    return at(ends, quiet.end, zone) if silent else instant


def _away(absences: tuple[Absence, ...], day: date) -> Absence | None:
    return next((a for a in absences if a.covers(day)), None)


def is_late(slot_at: datetime, now: datetime, *, after: timedelta = timedelta(minutes=10)) -> bool:
    """Whether a reminder that goes out now must say that it is late."""
    return now - slot_at > after


def is_too_late(slot_at: datetime, now: datetime, rule: Rule) -> bool:
    """Whether its time has passed for good: it becomes a line of the digest."""
    return now - slot_at > rule.catch_up
