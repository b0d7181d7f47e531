"""Adding to a plan, and recording how far its parts are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from domain.deliverables import catalogue_item
from domain.errors import UserError
from domain.plans.graph import successors
from domain.plans.model import Dependency, Milestone, Phase, PhaseStatus, Plan


def add_phase(plan: Plan, phase: Phase, position: int | None = None) -> Plan:
    """The plan with one more phase, at the end or at a position counted from 1.

    :raises UserError: ``plan.phase_exists`` for a name that the plan has already.
    :raises NotFoundError: ``deliverable.no_number`` for a deliverable beyond the catalogue.
    """
    _unused(phase.name, [each.name for each in plan.phases])
    for number in phase.deliverables:
        catalogue_item(number)
    at = len(plan.phases) if position is None else max(0, position - 1)
    return replace(plan, phases=(*plan.phases[:at], phase, *plan.phases[at:]))


def add_milestone(plan: Plan, stone: Milestone) -> Plan:
    """The plan with one more milestone.

    :raises UserError: ``plan.phase_exists`` for a name that the plan's milestones have already.
    """
    _unused(stone.name, [each.name for each in plan.milestones])
    return replace(plan, milestones=(*plan.milestones, stone))


def remove_phase(plan: Plan, phase_id: str) -> Plan:
    """The plan without a phase and its milestones: the way back from :func:`add_phase`.

    Phases that waited for it now wait for its predecessors.
    """
    gone = plan.phase(phase_id)
    relinked = [
        replace(each, predecessors=_without(each.predecessors, gone))
        for each in successors(plan.phases, phase_id)
    ]
    stones = tuple(each for each in plan.milestones if each.phase_id != phase_id)
    linked = replace(plan, milestones=stones).with_phases(relinked)
    return replace(linked, phases=tuple(each for each in linked.phases if each.id != phase_id))


def remove_milestone(plan: Plan, milestone_id: str) -> Plan:
    """The plan without a milestone."""
    gone = plan.milestone(milestone_id)
    return replace(plan, milestones=tuple(each for each in plan.milestones if each != gone))


def link(plan: Plan, phase_id: str, predecessor_id: str, lag: int = 0) -> Plan:
    """Make one phase wait for another; a link that exists gets the new lag.

    :raises UserError: ``plan.cycle`` when the other one already waits for it.
    """
    phase, predecessor = plan.phase(phase_id), plan.phase(predecessor_id)
    others = tuple(each for each in phase.predecessors if each.phase_id != predecessor.id)
    return plan.with_phases(
        [replace(phase, predecessors=(*others, Dependency(predecessor.id, lag)))]
    )


def begin_phase(plan: Plan, phase_id: str) -> Plan:
    """Record that work on a phase has begun; a second time changes nothing.

    Its planned dates stay.
    """
    phase = plan.phase(phase_id)
    if phase.done:
        raise UserError("plan.is_done", name=phase.name)
    return plan.with_phases([replace(phase, status=PhaseStatus.ACTIVE)])


def set_progress(plan: Plan, phase_id: str, progress: int) -> Plan:
    """Record how far a phase is, 0 to 100; anything above 0 means that it has begun.

    100 does not finish it: that is somebody's decision, see :func:`finish_phase`.

    :raises UserError: ``plan.progress_range``, ``plan.is_done``.
    """
    phase = plan.phase(phase_id)
    if phase.done:
        raise UserError("plan.is_done", name=phase.name)
    status = PhaseStatus.ACTIVE if progress > 0 else phase.status
    return plan.with_phases([replace(phase, progress=progress, status=status)])


def finish_phase(plan: Plan, phase_id: str, on: date) -> Plan:
    """Record that a phase was done on a day. Its planned dates stay, so that a delay can be seen.

    :raises UserError: ``plan.is_done`` when it was done already.
    """
    phase = plan.phase(phase_id)
    if phase.done:
        raise UserError("plan.is_done", name=phase.name)
    return plan.with_phases([replace(phase, status=PhaseStatus.DONE, progress=100, done_on=on)])


def reopen_phase(plan: Plan, phase_id: str) -> Plan:
    """Take the finishing of a phase back: it is under way again.

    :raises UserError: ``plan.not_done``.
    """
    phase = plan.phase(phase_id)
    if not phase.done:
        raise UserError("plan.not_done", name=phase.name)
    return plan.with_phases([replace(phase, status=PhaseStatus.ACTIVE, progress=99, done_on=None)])


def finish_milestone(plan: Plan, milestone_id: str, on: date) -> Plan:
    """Record that a milestone was reached on a day.

    :raises UserError: ``plan.is_done`` when it was reached already.
    """
    stone = plan.milestone(milestone_id)
    if stone.done:
        raise UserError("plan.is_done", name=stone.name)
    return plan.with_milestones([replace(stone, done_on=on)])


def reopen_milestone(plan: Plan, milestone_id: str) -> Plan:
    """Take the reaching of a milestone back.

    :raises UserError: ``plan.not_done``.
    """
    stone = plan.milestone(milestone_id)
    if not stone.done:
        raise UserError("plan.not_done", name=stone.name)
    return plan.with_milestones([replace(stone, done_on=None)])


def _unused(name: str, names: Sequence[str]) -> None:
    if name.strip().casefold() in {each.strip().casefold() for each in names}:
        raise UserError("plan.phase_exists", name=name)


def _without(links: Sequence[Dependency], gone: Phase) -> tuple[Dependency, ...]:
    kept = [each for each in links if each.phase_id != gone.id]
    known = {each.phase_id for each in kept}
    return (*kept, *(each for each in gone.predecessors if each.phase_id not in known))
