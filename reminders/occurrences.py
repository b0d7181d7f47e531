"""On which days, or at which instants, a rule applies to a subject: the working-day part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.calendar import WorkingCalendar
from domain.reminders import Anchor, Rule

_BEFORE_A_DAY_OFF = frozenset({Anchor.END, Anchor.DUE, Anchor.REVIEW_BY})


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a rule applies, before anybody's own clock and absences.

    :param when: the working day, counted in the team's zone, or the instant of a rule in minutes.
    :param clock: the wall-clock hour on that day; an instant needs none.
    :param offset: working days from the anchor (minutes for an instant).
    :param repeated: one of an endless row: an absent person will hear the next one.
    """

    when: date | datetime
    clock: time
    offset: int
    repeated: bool

    @property
    def label(self) -> str:
        """What makes it different from the rule's other occurrences."""
        return self.when.isoformat()

    def day(self, zone: ZoneInfo) -> date:
        """The day that it is on for somebody whose clock runs in a zone."""
        when = self.when
        return when.astimezone(zone).date() if isinstance(when, datetime) else when


@dataclass(frozen=True, slots=True)
class Span:
    """The days of which endless rows are listed; each row shows at least its next day."""

    first: date
    last: date


def occurrences(
    rule: Rule,
    anchor: date | datetime,
    clock: time,
    calendar: WorkingCalendar,
    zone: ZoneInfo,
    span: Span,
) -> Iterator[Occurrence]:
    """Every occurrence of the rule's offsets, minutes and same day; its repeats within the span.

    A date that is a day off counts as the working day before it when something ends or is due then
    (the reminder "today" comes while people can still act), and as the one after it when it starts.
    """
    day = anchor.astimezone(zone).date() if isinstance(anchor, datetime) else anchor
    if isinstance(anchor, datetime):
        for minutes in rule.minutes:
            yield Occurrence(anchor + timedelta(minutes=minutes), clock, minutes, repeated=True)
        if rule.same_day and (rule.any_day or calendar.is_working(day)):
            yield Occurrence(day, rule.same_day, 0, repeated=True)
    if rule.offsets:
        base = _base(rule.anchor, day, calendar)
        for offset in rule.offsets:
            yield Occurrence(calendar.shift(base, offset), clock, offset, repeated=False)
    if rule.repeat_from is not None:
        yield from _repeats(rule.repeat_from, day, clock, calendar, span)


def _base(anchor: Anchor, day: date, calendar: WorkingCalendar) -> date:
    if anchor in _BEFORE_A_DAY_OFF:
        return calendar.on_or_before(day)
    return calendar.on_or_after(day)


def _repeats(
    after: int, day: date, clock: time, calendar: WorkingCalendar, span: Span
) -> Iterator[Occurrence]:
    first = calendar.shift(day, after) if after else calendar.on_or_after(day)
    start = calendar.on_or_after(max(first, span.first))
    offset = calendar.working_days_between(day, start)
    yield Occurrence(start, clock, offset, repeated=True)
    for number, each in enumerate(calendar.range(start + timedelta(days=1), span.last), 1):
        yield Occurrence(each, clock, offset + number, repeated=True)
