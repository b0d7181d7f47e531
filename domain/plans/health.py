"""How a plan stands on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.calendar import WorkingCalendar
from domain.messages import T
from domain.plans.changes import collisions
from domain.plans.model import Milestone, Phase, PhaseStatus, Plan

_BEHIND = 10
"""Percentage points behind the calendar from which a plan counts as at risk."""


class Pace(StrEnum):
    """Whether a plan keeps its dates.

    At risk is one that is far behind the calendar, has a phase that should have begun, or dates
    that do not fit together.
    """

    EMPTY = "empty"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    LATE = "late"
    DONE = "done"

    @property
    def text(self) -> T:
        """The pace in words."""
        return T(f"plan.pace.{self.value}")


@dataclass(frozen=True, slots=True)
class Overdue:
    """A part whose day has passed.

    :param days: for how many working days; 0 over a weekend, before anybody could have worked on
        it.
    """

    part: Phase | Milestone
    days: int


@dataclass(frozen=True, slots=True)
class Countdown:
    """How far away a milestone is, in working days; 0 on the day itself."""

    milestone: Milestone
    days: int


@dataclass(frozen=True, slots=True)
class Health:
    """How a plan stands.

    :param progress: 0 to 100, each phase weighing its working days.
    :param expected: the progress if work went evenly through each phase's days.
    :param current: the phases that are under way or should be, by start.
    :param upcoming: the next phases to start, all of the same day.
    """

    pace: Pace
    progress: int
    expected: int
    current: tuple[Phase, ...]
    upcoming: tuple[Phase, ...]
    overdue_phases: tuple[Overdue, ...]
    overdue_milestones: tuple[Overdue, ...]
    next_milestone: Countdown | None


def health(plan: Plan, today: date, calendar: WorkingCalendar) -> Health:
    """How a plan stands on a day; a phase whose last day is today is not overdue yet."""
    overdue_phases = tuple(_overdue(p, calendar, today) for p in plan.phases if _late(p, today))
    overdue_stones = tuple(_overdue(s, calendar, today) for s in plan.milestones if _late(s, today))
    progress, expected = _progress(plan.phases, today, calendar)
    return Health(
        pace=_pace(
            plan,
            late=bool(overdue_phases or overdue_stones),
            risky=progress < expected - _BEHIND
            or any(_should_run(p, today) for p in plan.phases)
            or bool(collisions(plan, calendar)),
        ),
        progress=progress,
        expected=expected,
        current=tuple(sorted((p for p in plan.phases if _current(p, today)), key=_start)),
        upcoming=_upcoming(plan.phases, today),
        overdue_phases=overdue_phases,
        overdue_milestones=overdue_stones,
        next_milestone=_next_milestone(plan.milestones, today, calendar),
    )


def _start(phase: Phase) -> date:
    return phase.starts


def _late(part: Phase | Milestone, today: date) -> bool:
    return not part.done and part.span.ends < today


def _overdue(part: Phase | Milestone, calendar: WorkingCalendar, today: date) -> Overdue:
    return Overdue(part, calendar.working_days_between(part.span.ends, today))


def _current(phase: Phase, today: date) -> bool:
    begun = phase.starts <= today or phase.status == "active"
    return begun and not phase.done


def _upcoming(phases: Sequence[Phase], today: date) -> tuple[Phase, ...]:
    later = [p for p in phases if p.status == "planned" and p.starts > today]
    first = min((p.starts for p in later), default=None)
    return tuple(p for p in later if p.starts == first)


def _next_milestone(
    milestones: Sequence[Milestone], today: date, calendar: WorkingCalendar
) -> Countdown | None:
    ahead = [stone for stone in milestones if not stone.done and stone.due >= today]
    if not ahead:
        return None
    stone = min(ahead, key=lambda each: each.due)
    return Countdown(stone, calendar.working_days_between(today, stone.due))


def _progress(phases: Sequence[Phase], today: date, calendar: WorkingCalendar) -> tuple[int, int]:
    """Actual and expected progress in whole percent."""
    whole = done = due = 0
    for phase in phases:
        length = max(1, calendar.length(phase.starts, phase.ends))
        elapsed = calendar.length(phase.starts, min(today, phase.ends))
        whole += length
        done += length * (100 if phase.done else phase.progress)
        due += 100 * min(elapsed, length) if today <= phase.ends else 100 * length
    return (done // whole, due // whole) if whole else (0, 0)


def _should_run(phase: Phase, today: date) -> bool:
    """Whether its first day has passed and nobody has begun it."""
    return phase.status is PhaseStatus.PLANNED and phase.starts < today


def _pace(plan: Plan, *, late: bool, risky: bool) -> Pace:
    parts = (*plan.phases, *plan.milestones)
    if not parts:
        return Pace.EMPTY
    if all(part.done for part in parts):
        return Pace.DONE
    if late:
        return Pace.LATE
    return Pace.AT_RISK if risky else Pace.ON_TRACK
