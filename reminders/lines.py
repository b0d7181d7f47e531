"""A reminder in words: what it is about, how it stands, and the buttons that settle it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.calendar import WorkingCalendar
from domain.messages import Action, Bullet, Day, Inline, Join, Moment, PersonRef, Style, T
from domain.people import Person
from domain.reminders import Anchor, LedgerRow, Rule, Subject

SHORT = 6
"""How many of an id's last characters people type."""


@dataclass(frozen=True, slots=True)
class Item:
    """A slot on its way out, with its subject as it is now."""

    row: LedgerRow
    rule: Rule
    subject: Subject
    late: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """What is needed to word an item for one recipient.

    :param zone: the recipient's; :param now: the instant of writing.
    """

    calendar: WorkingCalendar
    people: Mapping[str, Person]
    zone: ZoneInfo
    now: datetime

    @property
    def today(self) -> date:
        """The recipient's day."""
        return self.now.astimezone(self.zone).date()

    def line(self, item: Item) -> Inline:
        """The item with its notes: that it is late, in somebody's place, or passed on."""
        parts: list[Inline] = [about(item.rule, item.subject, self.today, self.calendar)]
        why = item.row.slot.why
        if item.late:
            parts.append(T("reminder.late", {"at": Moment(item.row.slot.at)}))
        if "stand_in_for" in why:
            parts.append(T("reminder.stand_in", {"who": self.who(why["stand_in_for"])}))
        if "back" in why:
            parts.append(T("reminder.back"))
        if why.get("escalated"):
            parts.append(T("reminder.escalated"))
        return Join(tuple(parts), " ")

    def who(self, person_id: str) -> Inline:
        """A person as shown in a card; somebody who left has a word, too."""
        person = self.people.get(person_id)
        return PersonRef(person.id, person.name) if person else T("reminder.former")

    def bullet(self, item: Item, *, personal: bool) -> Bullet:
        """The line with its buttons; only a person can put it off."""
        return Bullet(self.line(item), buttons(item, personal=personal))


def about(rule: Rule, subject: Subject, today: date, calendar: WorkingCalendar) -> Inline:
    """What a reminder says on a day, as the subject stands now."""
    anchor = subject.anchors.get(rule.anchor)
    when = how_far(anchor, today, calendar) if anchor is not None else ""
    text = T(f"reminder.say.{rule.name}", {"name": subject.name, "ref": subject.ref, "when": when})
    missing = subject.facts.get("missing", ()) if rule.anchor is Anchor.END else ()
    if not missing:
        return text
    names = Join(tuple(T(f"deliverable.n{number:02}") for number in missing), ", ")
    return Join((text, T("reminder.missing", {"what": names, "n": len(missing)})), " ")


def how_far(anchor: date | datetime, today: date, calendar: WorkingCalendar) -> Inline:
    """How far a date is from today in working days, or since when something waits."""
    if isinstance(anchor, datetime):
        return T("reminder.when.since", {"at": Moment(anchor)})
    day = Day(anchor)
    if anchor == today:
        return T("reminder.when.today")
    days = calendar.working_days_between(today, anchor)
    if anchor > today:
        key = "reminder.when.before" if days else "reminder.when.last_day"
        return T(key, {"n": days, "day": day})
    key = "reminder.when.after" if days else "reminder.when.passed"
    return T(key, {"n": -days, "day": day})


def buttons(item: Item, *, personal: bool) -> tuple[Action, ...]:
    """What settles it, what puts it off, and why it came."""
    ref = short(item.row)
    actions: list[Action] = []
    if item.subject.settle:
        label = T(f"reminder.do.{item.rule.name}")
        actions.append(Action(label, item.subject.settle, Style.PRIMARY))
    if personal:
        actions.append(Action(T("reminder.snooze"), f"reminders snooze {ref}"))
    actions.append(Action(T("reminder.why"), f"reminders why {ref}"))
    return tuple(actions)


def snooze_buttons(item: Item) -> tuple[Action, ...]:
    """The usual times, one press each: for a message about one thing."""
    ref = short(item.row)
    return (
        Action(T("reminder.snooze_hour"), f"reminders snooze {ref} 1h"),
        Action(T("reminder.snooze_tomorrow"), f"reminders snooze {ref} tomorrow"),
        Action(T("reminder.snooze_workday"), f"reminders snooze {ref} next working day"),
        Action(T("reminder.snooze_date"), f"reminders snooze {ref}"),
    )


def short(row: LedgerRow) -> str:
    """How people name a reminder: the end of its id."""
    return row.id[-SHORT:]
