"""A plan whose dates follow the tracker's: what its two dates say about phases and milestones.

A productplan in ZenTao has a first and a last day and no phases. Where both days move alike the
whole plan moves; where only one does, the part at that end becomes longer or shorter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.calendar import WorkingCalendar
from domain.plans import Moved, Phase, PhaseStatus, Plan, Span, compare, shift


@dataclass(frozen=True, slots=True)
class PlanLink:
    """What the tracker's side of a plan was when both sides were last the same.

    :param ref: the plan's id there. :param span: None while it has no days there.
    """

    ref: str
    title: str
    span: Span | None


def follow(plan: Plan, before: Span, after: Span, calendar: WorkingCalendar) -> Moved:
    """The plan moved as the tracker's dates were; done and fixed parts stay.

    :raises UserError: ``plan.ends_before_starts`` where a part at the end would have no day left.
    """
    if len(plan.phases) == 1 and not plan.phases[0].done:
        return _ends(plan, before, after, calendar)
    by = calendar.working_days_between(before.starts, after.starts)
    if by and by == calendar.working_days_between(before.ends, after.ends):
        return shift(plan, None, by, calendar)
    return _ends(plan, before, after, calendar)


def _ends(plan: Plan, before: Span, after: Span, calendar: WorkingCalendar) -> Moved:
    """Move the first day of what begins first and the last day of what ends last."""
    changed = plan
    if after.starts != before.starts and (first := _first(changed)) is not None:
        changed = changed.with_phases([replace(first, starts=after.starts)])
    if after.ends != before.ends and (last := _last(changed)) is not None:
        changed = changed.with_phases([replace(last, ends=after.ends)])
    if after.ends != before.ends:
        due = [
            replace(stone, due=after.ends)
            for stone in changed.milestones
            if stone.due == before.ends and not (stone.done or stone.fixed)
        ]
        changed = changed.with_milestones(due)
    kept = [part.name for part in (*plan.phases, *plan.milestones) if part.fixed and not part.done]
    return compare(plan, changed, calendar, kept)


def _movable(plan: Plan) -> list[Phase]:
    return [phase for phase in plan.phases if not (phase.done or phase.fixed)]


def _first(plan: Plan) -> Phase | None:
    """What begins first, unless it has begun: the past is not moved."""
    waiting = [p for p in _movable(plan) if p.status is not PhaseStatus.ACTIVE]
    found = min(waiting, key=lambda p: p.starts, default=None)
    span = plan.span
    return found if found and span and found.starts == span.starts else None


def _last(plan: Plan) -> Phase | None:
    return max(_movable(plan), key=lambda p: p.ends, default=None)
