"""The deliverables that a plan's phases must produce, kept in step with the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from domain.deliverables import Deliverable, DeliverableStatus
from domain.ids import new_id
from domain.plans.model import Phase, Plan


@dataclass(frozen=True, slots=True)
class Alignment:
    """What must be stored so that deliverables follow a plan.

    :param save: new ones, and those that belong to another phase now.
    :param drop: those that no phase asks for any more and nobody has touched.
    """

    save: tuple[Deliverable, ...] = ()
    drop: tuple[Deliverable, ...] = ()


def align(
    plan: Plan, existing: Iterable[Deliverable], make_id: Callable[[], str] = new_id
) -> Alignment:
    """What to store so that each number that a phase names has its deliverable, once per plan.

    Two phases that name the same number share the deliverable: it belongs to the later one, because
    that is when it must be there at the latest. What people have begun is never dropped.

    :param existing: the deliverables of the plan.
    """
    asked: dict[int, Phase] = {}
    for phase in sorted(plan.phases, key=_ends):
        asked |= dict.fromkeys(phase.deliverables, phase)
    known = {each.number: each for each in existing}
    save: list[Deliverable] = []
    for number, phase in sorted(asked.items()):
        old = known.get(number)
        if old is None:
            save.append(Deliverable(make_id(), plan.product_id, number, plan.id, phase.id))
        elif old.phase_id != phase.id:
            save.append(replace(old, phase_id=phase.id))
    loose = [each for number, each in known.items() if number not in asked and each.phase_id]
    kept = [replace(each, phase_id=None) for each in loose if is_begun(each)]
    return Alignment((*save, *kept), tuple(each for each in loose if not is_begun(each)))


def _ends(phase: Phase) -> tuple[int, int]:
    return phase.ends.toordinal(), phase.starts.toordinal()


def is_begun(each: Deliverable) -> bool:
    """Whether anybody has done anything about it yet."""
    touched = each.status is not DeliverableStatus.NOT_STARTED or bool(each.versions)
    return touched or each.owner is not None or each.due is not None
