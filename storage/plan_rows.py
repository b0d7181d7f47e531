"""Between rows and plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from domain.plans.model import (
    Dependency,
    Milestone,
    Phase,
    PhaseStatus,
    Plan,
    PlanStatus,
)


def plan_values(plan: Plan) -> dict[str, Any]:
    """A plan's own row, without its id, revision and times."""
    return {
        "product_id": plan.product_id,
        "name": plan.name,
        "release": plan.release,
        "status": plan.status.value,
        "tracker_ref": plan.tracker_ref,
    }


def phase_values(plan_id: str, position: int, phase: Phase) -> dict[str, Any]:
    """A phase's row without its id; its predecessors are rows of their own."""
    return {
        "plan_id": plan_id,
        "position": position,
        "name": phase.name,
        "starts": phase.starts,
        "ends": phase.ends,
        "owner": phase.owner,
        "deliverables": list(phase.deliverables),
        "gate": phase.gate,
        "progress": phase.progress,
        "status": phase.status.value,
        "done_on": phase.done_on,
        "fixed": phase.fixed,
    }


def dependency_rows(phases: Iterable[Phase]) -> list[dict[str, Any]]:
    """The rows of every predecessor."""
    return [
        {
            "phase_id": phase.id,
            "predecessor_id": each.phase_id,
            "position": position,
            "lag": each.lag,
        }
        for phase in phases
        for position, each in enumerate(phase.predecessors)
    ]


def milestone_values(plan_id: str, position: int, stone: Milestone) -> dict[str, Any]:
    """A milestone's row without its id."""
    return {
        "plan_id": plan_id,
        "phase_id": stone.phase_id,
        "position": position,
        "name": stone.name,
        "due": stone.due,
        "done_on": stone.done_on,
        "fixed": stone.fixed,
    }


def read_plans(
    plans: Sequence[Row[Any]],
    phases: Sequence[Row[Any]],
    dependencies: Sequence[Row[Any]],
    milestones: Sequence[Row[Any]],
) -> tuple[Plan, ...]:
    """Plans from their rows, in the order of ``plans``; the others are in order of position."""
    before: defaultdict[str, list[Dependency]] = defaultdict(list)
    for row in dependencies:
        before[row.phase_id].append(Dependency(row.predecessor_id, row.lag))
    phases_of: defaultdict[str, list[Phase]] = defaultdict(list)
    for row in phases:
        phases_of[row.plan_id].append(_phase(row, before))
    stones_of: defaultdict[str, list[Milestone]] = defaultdict(list)
    for row in milestones:
        stones_of[row.plan_id].append(_milestone(row))
    return tuple(
        Plan(
            id=row.id,
            product_id=row.product_id,
            name=row.name,
            phases=tuple(phases_of[row.id]),
            milestones=tuple(stones_of[row.id]),
            release=row.release,
            status=PlanStatus(row.status),
            tracker_ref=row.tracker_ref,
        )
        for row in plans
    )


def _phase(row: Row[Any], before: Mapping[str, list[Dependency]]) -> Phase:
    return Phase(
        id=row.id,
        name=row.name,
        starts=row.starts,
        ends=row.ends,
        owner=row.owner,
        predecessors=tuple(before.get(row.id, ())),
        deliverables=tuple(row.deliverables),
        gate=row.gate,
        progress=row.progress,
        status=PhaseStatus(row.status),
        done_on=row.done_on,
        fixed=row.fixed,
    )


def _milestone(row: Row[Any]) -> Milestone:
    return Milestone(row.id, row.name, row.due, row.phase_id, row.done_on, row.fixed)
