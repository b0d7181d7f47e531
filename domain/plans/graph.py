"""Which phase waits for which: order, followers, and circles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from domain.errors import UserError

if TYPE_CHECKING:
    from domain.plans.model import Phase


def in_order(phases: Sequence[Phase]) -> tuple[Phase, ...]:
    """The phases, each after its predecessors, otherwise in the given order.

    :raises UserError: ``plan.cycle`` naming the phases that wait for each other.
    """
    known = {phase.id for phase in phases}
    if any(each.phase_id not in known for phase in phases for each in phase.predecessors):
        raise ValueError("a predecessor is no phase of the plan")
    ordered, circle = _sorted(phases)
    if circle:
        raise UserError("plan.cycle", names=" → ".join(p.name for p in (*circle, circle[0])))
    return ordered


def find_circle(phases: Sequence[Phase]) -> tuple[Phase, ...]:
    """Phases that wait for each other, each after the one it waits for; empty when none do."""
    return _sorted(phases)[1]


def _sorted(phases: Sequence[Phase]) -> tuple[tuple[Phase, ...], tuple[Phase, ...]]:
    ordered: list[Phase] = []
    placed: set[str] = set()
    waiting = list(phases)
    while waiting:
        left: list[Phase] = []
        for phase in waiting:
            if all(each.phase_id in placed for each in phase.predecessors):
                ordered.append(phase)
                placed.add(phase.id)
            else:
                left.append(phase)
        if len(left) == len(waiting):
            return (), _circle(left)
        waiting = left
    return tuple(ordered), ()


def successors(phases: Iterable[Phase], phase_id: str) -> tuple[Phase, ...]:
    """The phases that wait directly for a phase."""
    return tuple(p for p in phases if any(d.phase_id == phase_id for d in p.predecessors))


def ancestors(phases: Sequence[Phase], phase_id: str) -> frozenset[str]:
    """The ids of all phases that a phase waits for, directly or not."""
    by_id = {phase.id: phase for phase in phases}
    found: set[str] = set()
    pending = [phase_id]
    while pending:
        new = {each.phase_id for each in by_id[pending.pop()].predecessors} - found
        found |= new
        pending += new
    return frozenset(found)


def _circle(waiting: Sequence[Phase]) -> tuple[Phase, ...]:
    """One circle among phases none of which is ready."""
    by_id = {phase.id: phase for phase in waiting}
    path: list[Phase] = []
    phase = waiting[0]
    while phase not in path:
        path.append(phase)
        phase = next(by_id[d.phase_id] for d in phase.predecessors if d.phase_id in by_id)
    return tuple(reversed(path[path.index(phase) :]))
