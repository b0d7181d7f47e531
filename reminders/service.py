"""What commands may ask about reminders: wording, reasons, previews, the digest of this minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.calendar import HolidaySource
from domain.messages import Card, Day, Inline, Join, Moment, T
from domain.reminder_views import Coming, RuleState, Told
from domain.reminders import LedgerRow, Rule, Slot, SlotState, Subject, SubjectKind
from reminders.digest import Digests
from reminders.lines import Item, Wording, about
from reminders.planner import upcoming
from reminders.rules import BY_NAME, ROUND_RULES, RULES, find_rule
from reminders.subjects import load, of_product
from reminders.world import World
from storage.schedule import AT_ONCE, DueSubject
from storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Reminders:
    """Answers for ``/reminders`` and ``/digest``. It changes nothing."""

    holidays: HolidaySource

    def tell(
        self, uow: UnitOfWork, rows: Sequence[LedgerRow], reader: str, now: datetime
    ) -> tuple[Told, ...]:
        """Rows of the ledger in words, in their order; those of a channel's round are left out."""
        world = World(uow, self.holidays, now)
        wanted = {(r.slot.kind, r.slot.subject_id): r.slot.product_id for r in rows}
        due = tuple(DueSubject(k.value, i, p, AT_ONCE) for (k, i), p in wanted.items())
        subjects = load(world, due)
        wording = Wording(world.calendar, world.people, world.zone_of(reader), now)
        told: list[Told] = []
        for row in rows:
            rule = BY_NAME.get(row.slot.rule)
            if rule is None or rule.name in ROUND_RULES:
                continue
            subject = subjects.get((row.slot.kind.value, row.slot.subject_id))
            told.append(_told(row, rule, subject, wording))
        return tuple(told)

    def why(self, uow: UnitOfWork, slot: Slot) -> tuple[tuple[Inline, Inline], ...]:
        """The rule and the computation behind a slot, as label and value pairs."""
        del uow  # the slot says it all; other implementations may have to look
        why = slot.why
        pairs: list[tuple[Inline, Inline]] = [
            (T("reminder.because.rule"), T(f"reminder.rule.{slot.rule}")),
            (T(f"reminder.anchor.{why['anchor']}"), _stamp(str(why["value"]))),
            (T("reminder.because.when"), _distance(slot)),
            (T("reminder.because.slot"), Moment(slot.at)),
            (T("reminder.because.via"), T(f"reminder.to.{why['via']}")),
        ]
        notes = ("stand_in_for", "back", "quiet_until", "escalated", "news", "covered")
        label = T("reminder.because.note")
        pairs += [(label, T(f"reminder.because.{note}")) for note in notes if why.get(note)]
        return tuple(pairs)

    def preview(
        self, uow: UnitOfWork, product_id: str, now: datetime, until: datetime
    ) -> tuple[Coming, ...]:
        """Everything that would be sent of a product until an instant, earliest first."""
        world = World(uow, self.holidays, now)
        rules = world.rules(product_id)
        found: list[Coming] = []
        for subject in of_product(world, product_id):
            channel = subject.id if subject.kind is SubjectKind.CHANNEL else None
            setting = world.setting(product_id, channel)
            for slot in upcoming(subject, rules, setting, now, until):
                day = slot.at.astimezone(setting.zone).date()
                found.append(Coming(slot, _line(slot.rule, subject, day, world)))
        return tuple(sorted(found, key=lambda c: (c.slot.at, str(c.slot.recipient), c.slot.key)))

    def rules(self, uow: UnitOfWork, product_id: str) -> tuple[RuleState, ...]:
        """Every rule of a product that is set with ``/reminders rules``."""
        overrides = {o.rule: o for o in uow.rules.of(product_id)}
        return tuple(
            RuleState(rule, own, own.apply(rule) if own else rule)
            for rule in RULES
            if rule.name not in ROUND_RULES
            for own in (overrides.get(rule.name),)
        )

    def find_rule(self, word: str) -> Rule | None:
        """The rule of this name in either language, those of a channel's round left out."""
        rule = find_rule(word)
        return None if rule is None or rule.name in ROUND_RULES else rule

    def digest(self, uow: UnitOfWork, channel_id: str, now: datetime) -> Card | None:
        """The digest of a channel as of now; None when there is nothing to tell."""
        return Digests(World(uow, self.holidays, now), (channel_id,), now).card(channel_id)


def _told(row: LedgerRow, rule: Rule, subject: Subject | None, wording: Wording) -> Told:
    if subject is None or rule.anchor not in subject.anchors:
        line = T("reminder.settled", {"rule": T(f"reminder.rule.{rule.name}")})
        return Told(row, line, open=False, settle="")
    late = row.state is SlotState.LATE
    return Told(row, wording.line(Item(row, rule, subject, late)), True, subject.settle)


def _line(rule_name: str, subject: Subject, day: date, world: World) -> Inline:
    if rule_name in ROUND_RULES:
        return T(f"reminder.rule.{rule_name}")
    return about(BY_NAME[rule_name], subject, day, world.calendar)


def _stamp(value: str) -> Inline:
    if "T" in value:
        return Moment(datetime.fromisoformat(value))
    return Day(date.fromisoformat(value))


def _distance(slot: Slot) -> Inline:
    offset = int(slot.why["offset"])
    if slot.why.get("unit") == "minutes":
        return T("reminder.because.minutes", {"n": offset})
    day = Day(date.fromisoformat(str(slot.why["day"])))
    if offset == 0:
        return Join((T("reminder.because.same_day"), day), " ")
    key = "reminder.because.before" if offset < 0 else "reminder.because.after"
    return Join((T(key, {"n": abs(offset)}), day), " ")
