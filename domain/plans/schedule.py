"""Dates for a template: forward from a start, or backward (倒排) from a go-live date.

Both count working days of the team's calendar. A phase with fixed dates keeps them; whatever then
does not fit is an error that says how many working days are missing and where, never a silently
shortened phase.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.calendar import WorkingCalendar
from domain.errors import UserError
from domain.ids import new_id
from domain.messages import Day, T
from domain.plans.model import Dependency, Milestone, Phase, Span
from domain.plans.templates import PhaseTemplate, PlanTemplate

_NO_SPANS: Mapping[str, Span] = {}
_NO_DAYS: Mapping[str, int] = {}
_LONGEST = 500
"""Working days of one phase: two years."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Dated phases and milestones, ready to become a plan."""

    phases: tuple[Phase, ...]
    milestones: tuple[Milestone, ...]


def schedule_forward(
    template: PlanTemplate,
    start: date,
    calendar: WorkingCalendar,
    *,
    locale: str = "zh",
    days: Mapping[str, int] = _NO_DAYS,
    fixed: Mapping[str, Span] = _NO_SPANS,
    make_id: Callable[[], str] = new_id,
) -> Schedule:
    """Each phase as early as its predecessors allow.

    :param start: the first day; a day off means the first working day after it.
    :param days: lengths in working days that differ from the template's, by phase key.
    :param fixed: dates that are given, by phase key.
    :raises UserError: ``plan.not_enough_time`` when a fixed phase starts before its predecessors
        allow.
    """
    computation = _Computation(template, calendar, locale, days, fixed)
    computation.forward(calendar.on_or_after(start))
    computation.check(None)
    return computation.result(make_id, None)


def schedule_backward(
    template: PlanTemplate,
    go_live: date,
    calendar: WorkingCalendar,
    *,
    locale: str = "zh",
    not_before: date | None = None,
    days: Mapping[str, int] = _NO_DAYS,
    fixed: Mapping[str, Span] = _NO_SPANS,
    make_id: Callable[[], str] = new_id,
) -> Schedule:
    """Each phase as late as the go-live date allows; what follows going live runs forward from it.

    :param go_live: the day of going live; on a day off the phase that leads to it ends on the
        working day before, and only the milestone falls on the day itself.
    :param not_before: nothing may start before this day, usually today.
    :raises UserError: ``plan.not_enough_time`` with the missing working days (``n``) and the phase
        where they are missing; its hint names the earliest go-live date that would do.
    """
    computation = _Computation(template, calendar, locale, days, fixed)
    computation.backward(go_live)
    computation.check(not_before)
    return computation.result(make_id, go_live)


class _Computation:
    """The dates of one template while they are being found."""

    def __init__(
        self,
        template: PlanTemplate,
        calendar: WorkingCalendar,
        locale: str,
        days: Mapping[str, int],
        fixed: Mapping[str, Span],
    ) -> None:
        if unknown := (days.keys() | fixed.keys()) - template.days.keys():
            raise ValueError(f"the template has no phase {sorted(unknown)}")
        self.template = template
        self.calendar = calendar
        self.locale = locale
        self.days = {**template.days, **days}
        self.fixed = fixed
        self.spans: dict[str, Span] = dict(fixed)
        for phase in template.phases:
            if not 1 <= self.days[phase.key] <= _LONGEST:
                raise UserError("plan.length_range", name=self._name(phase), most=_LONGEST)

    def forward(self, start: date) -> None:
        """Give every phase without dates its earliest ones."""
        for phase in self.template.phases:
            if phase.key not in self.spans:
                self.spans[phase.key] = self._from(max([start, *self._earliest(phase)]), phase)

    def backward(self, go_live: date) -> None:
        """Give every phase up to going live its latest dates, then run the rest forward."""
        last = self.calendar.on_or_before(go_live)
        after = self._after_go_live()
        for phase in reversed(self.template.phases):
            if phase.key in after or phase.key in self.spans:
                continue
            ends = min([last, *self._latest(phase, after)])
            starts = self.calendar.shift(ends, 1 - self.days[phase.key])
            self.spans[phase.key] = Span(starts, ends)
        self.forward(last)

    def check(self, not_before: date | None) -> None:
        """Refuse dates that break a predecessor or begin too soon, naming the worst place."""
        missing: list[tuple[int, PhaseTemplate]] = []
        for phase in self.template.phases:
            floor = [] if not_before is None or phase.key in self.fixed else [not_before]
            allowed = [self.calendar.on_or_after(day) for day in floor] + self._earliest(phase)
            starts = self.calendar.on_or_after(self.spans[phase.key].starts)
            short = self.calendar.working_days_between(starts, max([starts, *allowed]))
            missing.append((short, phase))
        worst, phase = max(missing, key=lambda each: each[0])
        if worst > 0:
            raise NotEnoughTimeError(self._name(phase), worst, self._possible(not_before))

    def result(self, make_id: Callable[[], str], go_live: date | None) -> Schedule:
        """The phases and milestones with ids and names."""
        ids = {phase.key: make_id() for phase in self.template.phases}
        phases = tuple(self._built(phase, ids) for phase in self.template.phases)
        stones: list[Milestone] = []
        for phase in self.template.phases:
            due = self.spans[phase.key].ends
            if go_live is not None and phase.key == self.template.go_live:
                due = go_live
            for names in phase.milestones:
                stone = Milestone(make_id(), names.of(self.locale), due, ids[phase.key])
                stones.append(stone)
        return Schedule(phases, tuple(stones))

    def _built(self, phase: PhaseTemplate, ids: Mapping[str, str]) -> Phase:
        span = self.spans[phase.key]
        return Phase(
            id=ids[phase.key],
            name=self._name(phase),
            starts=span.starts,
            ends=span.ends,
            predecessors=tuple(Dependency(ids[each.key], each.lag) for each in phase.after),
            deliverables=phase.deliverables,
            gate=phase.gate.of(self.locale),
            fixed=phase.key in self.fixed,
        )

    def _name(self, phase: PhaseTemplate) -> str:
        return phase.names.of(self.locale)

    def _from(self, starts: date, phase: PhaseTemplate) -> Span:
        return Span(starts, self.calendar.shift(starts, self.days[phase.key] - 1))

    def _earliest(self, phase: PhaseTemplate) -> list[date]:
        return [
            earliest_start(self.spans[each.key], each.lag, self.calendar) for each in phase.after
        ]

    def _latest(self, phase: PhaseTemplate, after: frozenset[str]) -> list[date]:
        """The last days that this phase's successors leave it."""
        lags = [
            (self.spans[other.key].starts, each.lag)
            for other in self.template.phases
            for each in other.after
            if each.key == phase.key and other.key not in after and other.key in self.spans
        ]
        # An overlap is never longer than the phase: it must not start after its successor does.
        longest = self.days[phase.key] - 1
        return [
            self.calendar.shift(self.calendar.on_or_after(starts), min(-(1 + lag), longest))
            for starts, lag in lags
        ]

    def _after_go_live(self) -> frozenset[str]:
        found = {self.template.go_live}
        for phase in self.template.phases:  # a template lists predecessors first
            if any(each.key in found for each in phase.after):
                found.add(phase.key)
        return frozenset(found - {self.template.go_live})

    def _possible(self, not_before: date | None) -> date | None:
        """The earliest go-live date, when nothing but the date stands in the way."""
        if not_before is None or self.fixed:
            return None
        trial = _Computation(self.template, self.calendar, self.locale, self.days, {})
        trial.forward(self.calendar.on_or_after(not_before))
        return trial.spans[self.template.go_live].ends


class NotEnoughTimeError(UserError):
    """The dates leave too few working days; nothing was changed.

    :ivar missing: the working days that are missing at the worst place.
    :ivar phase: the name of the phase there.
    :ivar possible: the earliest go-live date that would do, where one can be told.
    """

    def __init__(self, phase: str, missing: int, possible: date | None) -> None:
        hint = T("plan.shorten")
        if possible is not None:
            hint = T("plan.possible_go_live", {"day": Day(possible)})
        super().__init__("plan.not_enough_time", hint, phase=phase, n=missing)
        self.missing = missing
        self.phase = phase
        self.possible = possible


def earliest_start(predecessor: Span, lag: int, calendar: WorkingCalendar) -> date:
    """The first day on which a successor may start, never before the predecessor does."""
    ends = calendar.on_or_before(predecessor.ends)
    return max(calendar.shift(ends, 1 + lag), calendar.on_or_after(predecessor.starts))
