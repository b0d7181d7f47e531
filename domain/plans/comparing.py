"""A plan against a baseline of it: what was added, dropped, renamed, moved, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.calendar import WorkingCalendar
from domain.plans.changes import Part
from domain.plans.model import Milestone, Phase, Plan, PlanBaseline, Span


class Change(StrEnum):
    """How a part differs from the baseline."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs.

    :param name: its present name, or the last one of a part that is gone.
    :param before: its dates in the baseline; ``None`` when added.
    :param after: its dates now; ``None`` when removed.
    :param slip: working days by which its end moved; negative when earlier, 0 when it did not.
    :param old_name: what it was called, when renamed.
    """

    part: Part
    id: str
    name: str
    changes: tuple[Change, ...]
    before: Span | None = None
    after: Span | None = None
    slip: int = 0
    old_name: str = ""


def diff(plan: Plan, baseline: PlanBaseline, calendar: WorkingCalendar) -> tuple[Difference, ...]:
    """What differs: phases, then milestones, each in the plan's order, what is gone last."""
    return (
        *_parts(Part.PHASE, plan.phases, baseline.phases, calendar),
        *_parts(Part.MILESTONE, plan.milestones, baseline.milestones, calendar),
    )


def _parts(
    part: Part,
    now: Sequence[Phase | Milestone],
    then: Sequence[Phase | Milestone],
    calendar: WorkingCalendar,
) -> list[Difference]:
    old = {each.id: each for each in then}
    found = [_one(part, each, old.get(each.id), calendar) for each in now]
    present = {each.id for each in now}
    found += [
        Difference(part, each.id, each.name, (Change.REMOVED,), before=each.span)
        for each in then
        if each.id not in present
    ]
    return [each for each in found if each.changes]


def _one(
    part: Part,
    new: Phase | Milestone,
    old: Phase | Milestone | None,
    calendar: WorkingCalendar,
) -> Difference:
    if old is None:
        return Difference(part, new.id, new.name, (Change.ADDED,), after=new.span)
    changes = (Change.MOVED,) if old.span != new.span else ()
    renamed = old.name != new.name
    return Difference(
        part,
        new.id,
        new.name,
        (*changes, Change.RENAMED) if renamed else changes,
        before=old.span,
        after=new.span,
        slip=calendar.working_days_between(old.span.ends, new.span.ends),
        old_name=old.name if renamed else "",
    )
