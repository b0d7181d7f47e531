"""Writing a plan's phases, predecessors and milestones: only the rows that differ."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, select

from domain.clock import Clock
from domain.deliverables import DeliverableStatus
from domain.plans.model import Milestone, Phase, Plan, PlanStatus
from storage.plan_rows import dependency_rows, milestone_values, phase_values
from storage.repository import Repository
from storage.schedule import Schedule
from storage.tables import plans as t

_SETTLED = (DeliverableStatus.ACCEPTED.value, DeliverableStatus.WAIVED.value)


class PlanParts(Repository):
    """The parts of plans, and their places in the schedule."""

    def __init__(self, connection: Connection, workspace_id: str, clock: Clock) -> None:
        super().__init__(connection, workspace_id, clock)
        self._schedule = Schedule(connection, workspace_id, clock)

    def replace(self, before: Plan, after: Plan) -> None:
        """Store the parts of ``after`` where ``before`` is what is stored."""
        self._write_phases(before, after)
        self._write_milestones(before, after)
        self._look_again(before, after)

    def forget(self, plan: Plan) -> None:
        """Nothing more will come of the plan's parts."""
        for phase in plan.phases:
            self._schedule.drop("phase", phase.id)
        for stone in plan.milestones:
            self._schedule.drop("milestone", stone.id)
        for deliverable_id in self._deliverables(t.deliverables.c.plan_id == plan.id):
            self._schedule.drop("deliverable", deliverable_id)

    def _write_phases(self, before: Plan, after: Plan) -> None:
        old = {p.id: (i, p) for i, p in enumerate(before.phases)}
        new = {p.id: (i, p) for i, p in enumerate(after.phases)}
        touched = tuple(old.keys() | new.keys())
        d, p = t.dependencies.c, t.phases.c
        links_differ = _links(before.phases) != _links(after.phases)
        if links_differ:
            self._delete(t.dependencies, d.phase_id.in_(touched))
        self._delete(t.phases, p.id.in_(tuple(old.keys() - new.keys())))
        for phase_id, (position, phase) in new.items():
            if phase_id in old and old[phase_id] != (position, phase):
                self._update(t.phases, p.id == phase_id, phase_values(after.id, position, phase))
        self._insert_many(
            t.phases,
            [
                {"id": phase_id, **phase_values(after.id, position, phase)}
                for phase_id, (position, phase) in new.items()
                if phase_id not in old
            ],
        )
        if links_differ:
            self._insert_many(t.dependencies, dependency_rows(after.phases))

    def _write_milestones(self, before: Plan, after: Plan) -> None:
        old = {m.id: (i, m) for i, m in enumerate(before.milestones)}
        new = {m.id: (i, m) for i, m in enumerate(after.milestones)}
        m = t.milestones.c
        self._delete(t.milestones, m.id.in_(tuple(old.keys() - new.keys())))
        for stone_id, (position, stone) in new.items():
            # The database dropped the milestones of a phase that is gone.
            if stone_id in old and old[stone_id] != (position, stone):
                values = milestone_values(after.id, position, stone)
                if not self._update(t.milestones, m.id == stone_id, values):
                    self._insert(t.milestones, {"id": stone_id, **values})
        self._insert_many(
            t.milestones,
            [
                {"id": stone_id, **milestone_values(after.id, position, stone)}
                for stone_id, (position, stone) in new.items()
                if stone_id not in old
            ],
        )

    def _look_again(self, before: Plan, after: Plan) -> None:
        """Changed parts are looked at by the next tick; gone ones and closed plans no more."""
        product = after.product_id
        self._schedule.touch("plan", after.id, product)
        if after.status is PlanStatus.CLOSED:
            self.forget(after)
            self.forget(before)
            return
        reopened = before.status is not after.status
        phases = _changed(before.phases, after.phases, every=reopened)
        stones = _changed(before.milestones, after.milestones, every=reopened)
        for part_id in _gone(before.phases, after.phases):
            self._schedule.drop("phase", part_id)
        for part_id in _gone(before.milestones, after.milestones):
            self._schedule.drop("milestone", part_id)
        for phase_id in phases:
            self._schedule.touch("phase", phase_id, product)
        for stone_id in stones:
            self._schedule.touch("milestone", stone_id, product)
        of_phases = t.deliverables.c.phase_id.in_(phases)
        pending = t.deliverables.c.status.not_in(_SETTLED)
        for deliverable_id in self._deliverables(of_phases & pending) if phases else ():
            self._schedule.touch("deliverable", deliverable_id, product)

    def _deliverables(self, where: ColumnElement[bool]) -> tuple[str, ...]:
        query = select(t.deliverables.c.id).where(self._mine(t.deliverables, where))
        return tuple(row.id for row in self._all(query))


def _links(phases: Iterable[Phase]) -> list[tuple[str, object]]:
    return [(phase.id, phase.predecessors) for phase in phases]


def _changed(
    before: tuple[Phase, ...] | tuple[Milestone, ...],
    after: tuple[Phase, ...] | tuple[Milestone, ...],
    *,
    every: bool,
) -> tuple[str, ...]:
    old = {part.id: part for part in before}
    return tuple(part.id for part in after if every or old.get(part.id) != part)


def _gone(
    before: tuple[Phase, ...] | tuple[Milestone, ...],
    after: tuple[Phase, ...] | tuple[Milestone, ...],
) -> set[str]:
    return {part.id for part in before} - {part.id for part in after}
