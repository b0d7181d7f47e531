"""Moving parts of a plan, and telling what that does to the rest.

Nothing here refuses a plan that has become impossible: people must be able to write down a slip the
day it happens. What no longer fits is reported as a collision, for people to settle.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from domain.calendar import WorkingCalendar
from domain.errors import UserError
from domain.plans.changes import Moved, compare
from domain.plans.graph import successors
from domain.plans.model import Milestone, Phase, PhaseStatus, Plan, Span

_P = TypeVar("_P", Phase, Milestone)


def shift(
    plan: Plan,
    what: str | None,
    by: int,
    calendar: WorkingCalendar,
    today: date | None = None,
) -> Moved:
    """Move a phase, a milestone or the whole plan by working days, with all that follows.

    A phase keeps its length and takes its milestones and successors along by the same number of
    days. One that is under way keeps its start and only ends later or earlier. Fixed and done parts
    stay where they are, and what follows only them stays too. With ``today``, a phase that should
    have begun keeps its start, too, where it would only move from one past day to another.

    :param what: the id of a phase or milestone; ``None`` for everything that is not done.
    :raises UserError: ``plan.is_fixed`` or ``plan.is_done`` for a part that cannot move, and
        ``plan.ends_before_starts`` when a phase under way would end before it began.
    """
    if what is not None and any(stone.id == what for stone in plan.milestones):
        stone = plan.milestone(what)
        return move_milestone(plan, what, calendar.shift(_movable(stone).due, by), calendar)
    if what is None:
        chosen, kept = _split(plan.phases)
    else:
        chosen, kept = _followers(plan, _movable(plan.phase(what)))
    moving = {phase.id for phase in chosen}
    phases = [_shifted(phase, by, calendar, today) for phase in plan.phases if phase.id in moving]
    stones, stay = _split(
        each
        for each in plan.milestones
        if each.phase_id in moving or (what is None and each.phase_id is None)
    )
    due = [replace(stone, due=calendar.shift(stone.due, by)) for stone in stones]
    after = plan.with_phases(phases).with_milestones(due)
    return compare(plan, after, calendar, [part.name for part in (*kept, *stay)])


def move_phase(
    plan: Plan,
    phase_id: str,
    calendar: WorkingCalendar,
    *,
    starts: date | None = None,
    ends: date | None = None,
) -> Moved:
    """Give one phase other dates; what follows stays, and collisions say where it no longer fits.

    With only a start the phase keeps its length in working days; with only an end it keeps its
    start. Its own milestones keep their distance to its end. A fixed phase may be moved so, because
    a person says it.

    :raises UserError: ``plan.ends_before_starts``, ``plan.is_done``.
    """
    phase = plan.phase(phase_id)
    if phase.done:
        raise UserError("plan.is_done", name=phase.name)
    length = max(1, calendar.length(phase.starts, phase.ends))
    first = starts or phase.starts
    if ends is None:
        ends = phase.ends
        if starts is not None:
            ends = calendar.shift(calendar.on_or_after(starts), length - 1)
    moved = phase.during(_span(first, ends, phase.name))
    by = calendar.working_days_between(phase.ends, ends)
    own, stay = _split(each for each in plan.milestones if each.phase_id == phase_id)
    stones = [replace(stone, due=calendar.shift(stone.due, by)) for stone in own]
    after = plan.with_phases([moved]).with_milestones(stones)
    return compare(plan, after, calendar, [part.name for part in stay] if by else [])


def move_milestone(plan: Plan, milestone_id: str, due: date, calendar: WorkingCalendar) -> Moved:
    """Give one milestone another day; phases stay.

    :raises UserError: ``plan.is_done`` when it was reached already.
    """
    stone = plan.milestone(milestone_id)
    if stone.done:
        raise UserError("plan.is_done", name=stone.name)
    return compare(plan, plan.with_milestones([replace(stone, due=due)]), calendar, [])


def _movable(part: _P) -> _P:
    if part.done:
        raise UserError("plan.is_done", name=part.name)
    if part.fixed:
        raise UserError("plan.is_fixed", name=part.name)
    return part


def _split(parts: Iterable[_P]) -> tuple[list[_P], list[_P]]:
    """What may move, and what would but is fixed; done parts are in neither."""
    pending = [part for part in parts if not part.done]
    return [p for p in pending if not p.fixed], [p for p in pending if p.fixed]


def _followers(plan: Plan, first: Phase) -> tuple[list[Phase], list[Phase]]:
    """A phase and all that waits for it, and the fixed phases at which that ends."""
    chosen: dict[str, Phase] = {first.id: first}
    kept: dict[str, Phase] = {}
    pending = [first]
    while pending:
        moving, staying = _split(successors(plan.phases, pending.pop().id))
        kept.update((phase.id, phase) for phase in staying)
        pending += [phase for phase in moving if phase.id not in chosen]
        chosen.update((phase.id, phase) for phase in moving)
    return list(chosen.values()), list(kept.values())


def _shifted(phase: Phase, by: int, calendar: WorkingCalendar, today: date | None) -> Phase:
    starts = calendar.shift(calendar.on_or_after(phase.starts), by)
    past = today is not None and phase.starts < today and starts < today
    if phase.status is PhaseStatus.ACTIVE or past:
        return phase.during(_span(phase.starts, calendar.shift(phase.ends, by), phase.name))
    length = calendar.length(phase.starts, phase.ends)
    return phase.during(Span(starts, calendar.shift(starts, max(1, length) - 1)))


def _span(starts: date, ends: date, name: str) -> Span:
    if ends < starts:
        raise UserError("plan.ends_before_starts", name=name)
    return Span(starts, ends)
