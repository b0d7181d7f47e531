"""Phases, milestones and deliverables as the planner sees them, of plans that are in force."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from domain.deliverables import Deliverable
from domain.plans import Milestone, Phase, PhaseStatus, Plan, PlanStatus
from domain.reminders import Anchor, Audience, Subject, SubjectKind
from reminders.world import World

REVIEW_RECORD = 19
"""The number of the deliverable that marks a plan's review phase."""


def phases(world: World, ids: Sequence[str]) -> Iterable[Subject]:
    """Phases that are not done, with the deliverables that they still miss."""
    found = world.uow.plans.phases(ids)
    missing = world.uow.deliverables.missing_of_phases(ids)
    for plan, phase in found.values():
        if plan.status is PlanStatus.ACTIVE and not phase.done:
            yield _phase(plan, phase, missing.get(phase.id, ()))


def _phase(plan: Plan, phase: Phase, missing: tuple[Deliverable, ...]) -> Subject:
    anchors: dict[Anchor, date | datetime] = {Anchor.END: phase.ends}
    if phase.status is PhaseStatus.PLANNED:
        anchors[Anchor.START] = phase.starts
    owners = (phase.owner, *(d.owner for d in missing))
    return Subject(
        SubjectKind.PHASE,
        phase.id,
        plan.product_id,
        phase.name,
        anchors=anchors,
        people={Audience.OWNER: tuple(dict.fromkeys(o for o in owners if o))},
        settle=f"plan phase done {quoted(phase.name)}",
        show="plan show",
        facts={"missing": [d.number for d in missing]},
    )


def milestones(world: World, ids: Sequence[str]) -> Iterable[Subject]:
    """Milestones that were not reached; the phase's owner answers for its milestone."""
    for plan, stone in world.uow.plans.milestones(ids).values():
        if plan.status is PlanStatus.ACTIVE and not stone.done:
            yield _milestone(plan, stone)


def _milestone(plan: Plan, stone: Milestone) -> Subject:
    owner = plan.phase(stone.phase_id).owner if stone.phase_id else None
    return Subject(
        SubjectKind.MILESTONE,
        stone.id,
        plan.product_id,
        stone.name,
        anchors={Anchor.DUE: stone.due},
        people={Audience.OWNER: (owner,)} if owner else {},
        settle=f"plan milestone done {quoted(stone.name)}",
        show="plan show",
    )


def deliverables(world: World, ids: Sequence[str]) -> Iterable[Subject]:
    """Deliverables that are not settled and have a day, of the product or of a plan in force."""
    every = [d for d in world.uow.deliverables.many(ids) if d.due and not d.status.settled]
    plans = world.uow.plans.many({d.plan_id for d in every if d.plan_id})
    for each in every:
        plan = plans.get(each.plan_id) if each.plan_id else None
        if each.due and (plan is None or plan.status is PlanStatus.ACTIVE):
            yield Subject(
                SubjectKind.DELIVERABLE,
                each.id,
                each.product_id,
                each.item.title,
                each.item.code,
                {Anchor.DUE: each.due},
                {Audience.OWNER: (each.owner,)} if each.owner else {},
                settle=f"deliverable show {each.item.code}",
            )


def review_ends(world: World, plan_ids: Collection[str]) -> dict[str, date]:
    """By plan, the last day of the phase that produces the review record, until it is done."""
    ends: dict[str, date] = {}
    for plan in world.uow.plans.many(plan_ids).values():
        found = [p.ends for p in plan.phases if REVIEW_RECORD in p.deliverables and not p.done]
        if found and plan.status is PlanStatus.ACTIVE:
            ends[plan.id] = max(found)
    return ends


def quoted(name: str) -> str:
    """A name as people type it in a command: several words stand in quotes."""
    plain = name.replace('"', "")
    return f'"{plain}"' if " " in plain else plain
