"""The plan's side of a change: which phase is touched, what a delay moves."""

from __future__ import annotations

from dataclasses import dataclass

from commands.context import Context
from domain.changes.events import Impact, PlanMove
from domain.messages import T
from domain.plans.changes import Moved, Part
from domain.plans.model import Phase, Plan
from domain.plans.moving import shift
from domain.stories import Story


@dataclass(frozen=True, slots=True)
class PlanSide:
    """A plan before and after the delay of a change.

    :param phase: the one that becomes longer, or None when the whole plan moves.
    :param moved: None when nothing is delayed.
    """

    plan: Plan
    phase: Phase | None
    moved: Moved | None

    @property
    def moves(self) -> tuple[PlanMove, ...]:
        """What gets other dates, in the plan's order."""
        if self.moved is None:
            return ()
        return tuple(
            PlanMove(
                m.name,
                m.before.starts if m.part is Part.PHASE else None,
                m.before.ends,
                m.after.starts if m.part is Part.PHASE else None,
                m.after.ends,
            )
            for m in self.moved.moves
        )

    @property
    def warnings(self) -> tuple[T, ...]:
        """What no longer fits, and what looks odd."""
        if self.moved is None:
            return ()
        return (*(c.text for c in self.moved.collisions), *self.moved.notices)


def plan_of(ctx: Context, story: Story) -> Plan | None:
    """The plan that the story is on, else the product's active one."""
    if story.plan_id:
        return ctx.uow.plans.get(story.plan_id)
    return ctx.uow.plans.active(story.product_id)


def plan_side(
    ctx: Context, plan: Plan | None, days: int, phase_id: str | None = None
) -> PlanSide | None:
    """What a delay by working days does to the plan; None without a plan.

    :param phase_id: the phase that becomes longer; by default the one under way, else the next one.
    """
    if plan is None:
        return None
    phase = _phase(ctx, plan, phase_id)
    if not days:
        return PlanSide(plan, phase, None)
    moved = shift(plan, phase.id if phase else None, days, ctx.calendar, ctx.today)
    return PlanSide(plan, phase, moved)


def again(ctx: Context, impact: Impact) -> PlanSide | None:
    """The plan as it is now under a submitted impact; None when the change moves nothing.

    :raises UserError: the phase that was approved to become longer is over or fixed meanwhile.
    """
    if not impact.days or impact.plan_id is None:
        return None
    return plan_side(ctx, ctx.uow.plans.get(impact.plan_id), impact.days, impact.phase_id)


def _phase(ctx: Context, plan: Plan, phase_id: str | None) -> Phase | None:
    """The phase that a change makes longer: one that is under way, not over and not fixed."""
    if phase_id is not None:
        return plan.phase(phase_id)
    movable = [p for p in plan.phases if not p.done and not p.fixed]
    running = [p for p in movable if p.starts <= ctx.today <= p.ends]
    coming = sorted((p for p in movable if p.starts > ctx.today), key=lambda p: p.starts)
    late = [p for p in movable if p.ends < ctx.today]
    return next(iter((*running, *coming, *late)), None)
