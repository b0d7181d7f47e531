"""Baselines, taking changes back, closing plans and going back to them."""

from __future__ import annotations

import re

from commands.args import Args
from commands.context import Context
from commands.deliverables.marking import PLAN
from commands.plans.card import answer, plan_card
from commands.plans.family import (
    COMMAND,
    EDITORS,
    Change,
    difference,
    follow,
    named_or_current,
    summary,
    who,
)
from commands.registry import Arg, ArgKind
from commands.tracker.linking import offer
from domain.errors import UserError
from domain.messages import Card, Code, Inline, Moment, Reply, T, Tone
from domain.plan_deliverables import is_begun
from domain.plans import Plan, PlanStatus

_PLAN = Arg("plan", "计划", ArgKind.TEXT, T("plan.arg.plan"))
_EXACT = re.compile(r"(?:^|\s)#(?P<revision>\d{1,9})$")


@COMMAND.sub(
    "undo",
    "撤销",
    args=(_PLAN,),
    roles=EDITORS,
    examples=(("计划 撤销", "plan undo"),),
)
def undo(ctx: Context, args: Args) -> Reply:
    """Take the last change of a plan back, exactly; a second time the one before."""
    word = args.text("plan")
    exact = _EXACT.search(word)
    plan = named_or_current(ctx, word[: exact.start()] if exact else word)
    last = ctx.uow.plans.last_act(plan.id)
    if last is None:
        raise UserError("plan.undo_nothing", name=plan.name)
    if exact is not None and int(exact["revision"]) != last.act.revision:
        raise UserError("plan.undo_stale", name=plan.name, act=T(f"plan.act.{last.act.kind}"))
    what = T(f"plan.act.{last.act.kind}")
    params: dict[str, Inline | int] = {
        "name": plan.name, "act": what, "at": Moment(last.at),
        "who": who(ctx, last.by) if last.by else T("review.duban"),
    }  # fmt: skip
    if last.before is None:
        return _unmake(ctx, plan, params)
    ctx.uow.plans.save(
        last.before, by=ctx.me.id, at=ctx.now, act="undone", undoes=last.act.revision
    )
    follow(ctx, last.before)
    old, new = difference(plan, last.before)
    ctx.audit("plan:plan:undone", f"plan:{plan.id}", old=old, new=new, why=last.act.kind)
    line = Card(T("plan.undone", params))
    card = plan_card(ctx, last.before)
    ctx.announce(line)
    ctx.announce(card)
    return Reply((line, *offer(ctx, last.before), card))


def _unmake(ctx: Context, plan: Plan, params: dict[str, Inline | int]) -> Reply:
    """Take back that a plan was made, unless something hangs on it already."""
    stories = ctx.uow.stories.of_plan(plan.id)
    if stories:
        refs = ", ".join(s.ref for s in stories[:10])
        raise UserError("plan.has_stories", name=plan.name, n=len(stories), refs=refs)
    begun = [d for d in ctx.uow.deliverables.of_plan(plan.id) if d.number != PLAN and is_begun(d)]
    if begun:
        names = ", ".join(d.item.code for d in begun)
        line = Code(f"/plan close {plan.name}")
        raise UserError("plan.has_deliverables", name=plan.name, names=names, line=line)
    ctx.uow.plans.remove(plan.id)
    ctx.audit("plan:plan:unmade", f"plan:{plan.id}", old=summary(plan))
    card = Card(T("plan.unmade", params))
    ctx.announce(card)
    return Reply((card,))


@COMMAND.sub(
    "close",
    "关闭",
    args=(_PLAN,),
    roles=EDITORS,
    examples=(("计划 关闭 V2.0", "plan close V2.0"),),
)
def close(ctx: Context, args: Args) -> Reply:
    """Close a plan: nobody is reminded of its dates any more."""
    plan = named_or_current(ctx, args.text("plan"))
    if plan.status is PlanStatus.CLOSED:
        raise UserError("plan.closed_already", name=plan.name)
    after = ctx.uow.plans.deactivate(plan.id, by=ctx.me.id, at=ctx.now)
    ctx.audit("plan:plan:closed", f"plan:{plan.id}", old="active", new="closed")
    unfinished = sum(not p.done for p in plan.phases)
    notes = (T("plan.closed_unfinished", {"n": unfinished}),) if unfinished else ()
    change = Change(plan, after, "closed")
    return answer(ctx, change, T("plan.closed_now", {"name": plan.name}), notes=notes)


@COMMAND.sub(
    "activate",
    "切换",
    aliases=("switch", "启用"),
    args=(Arg("plan", "计划", ArgKind.TEXT, T("plan.arg.plan"), required=True),),
    roles=EDITORS,
    examples=(("计划 切换 V2.0", "plan activate V2.0"),),
)
def activate(ctx: Context, args: Args) -> Reply:
    """Make a plan the current one, also one that was closed."""
    plan = named_or_current(ctx, args.text("plan"))
    now = ctx.uow.plans.active(plan.product_id)
    if now is not None and now.id == plan.id:
        raise UserError("plan.current_already", name=plan.name)
    after = ctx.uow.plans.activate(plan.id, by=ctx.me.id, at=ctx.now)
    ctx.audit(
        "plan:plan:activated",
        f"plan:{plan.id}",
        old={"status": plan.status.value, "current": now.id if now else None},
        new={"status": after.status.value, "current": plan.id},
    )
    card = plan_card(ctx, after)
    line = Card(T("plan.activated", {"name": plan.name}), tone=Tone.GOOD)
    ctx.announce(line)
    ctx.announce(card)
    return Reply((line, card))
