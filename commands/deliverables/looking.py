"""Listing deliverables and showing one."""

from __future__ import annotations

from commands.args import Args
from commands.context import Context
from commands.deliverables.card import deliverable_card, list_card, whole_catalogue
from commands.deliverables.family import COMMAND, NUMBER, load, plan_here, who
from commands.registry import Arg, ArgKind, Choice
from domain.message_json import from_json
from domain.messages import (
    Action,
    Bullet,
    Bullets,
    Card,
    Heading,
    Inline,
    Join,
    Moment,
    Reply,
    T,
)
from storage.records import StoredEvent

_WHICH = (
    Choice("open", ("open", "未完成", "待办", "缺"), T("deliverable.which.open")),
    Choice("mine", ("mine", "我的"), T("deliverable.which.mine")),
    Choice("all", ("all", "全部", "目录"), T("deliverable.which.all")),
)
_HISTORY = 8


@COMMAND.sub(
    "list",
    "列表",
    args=(Arg("which", "范围", ArgKind.CHOICE, T("deliverable.arg.which"), choices=_WHICH),),
    writes=False,
    examples=(("交付物", "deliverable"), ("交付物 列表 全部", "deliverable list all")),
)
def listed(ctx: Context, args: Args) -> Reply:
    """The deliverables of the current plan and of the product, by stage."""
    plan = plan_here(ctx)
    every = ctx.uow.deliverables.of_product(ctx.product.id, plan.id if plan else None)
    which = args.text("which")
    if which == "all" or not every:
        every = whole_catalogue(ctx, every)
    elif which == "open":
        every = tuple(each for each in every if not each.status.settled)
    elif which == "mine":
        every = tuple(each for each in every if each.owner == ctx.me.id)
    every = tuple(sorted(every, key=lambda each: (each.number, each.plan_id is None)))
    where = f"{ctx.product.name} · {plan.name}" if plan else ctx.product.name
    if not every:
        return Reply((Card(T("deliverable.none", {"where": where})),))
    card = list_card(ctx, every, T("deliverable.list", {"where": where}))
    more = Action(T("deliverable.which.all"), "deliverable list all")
    return Reply((Card(card.title, card.blocks, (more,), card.status, card.tone),))


@COMMAND.sub(
    "show",
    "查看",
    args=(NUMBER,),
    writes=False,
    examples=(("交付物 查看 22", "deliverable show 22"),),
)
def show(ctx: Context, args: Args) -> Reply:
    """One deliverable with its versions and history."""
    each = load(ctx, args)
    card = deliverable_card(ctx, each)
    events = ctx.uow.deliverables.history(each.id)[-_HISTORY:]
    if not events:
        return Reply((card,))
    items = tuple(Bullet(_event(ctx, event)) for event in reversed(events))
    blocks = (*card.blocks, Heading(T("deliverable.card.history")), Bullets(items))
    return Reply((Card(card.title, blocks, card.actions, card.status, card.tone, card.key),))


def _event(ctx: Context, event: StoredEvent) -> Inline:
    parts: list[Inline] = [
        Moment(event.at), who(ctx, event.actor), T(f"deliverable.did.{event.type}")
    ]  # fmt: skip
    if note := event.payload.get("note"):
        parts.append(from_json(note))
    if why := event.payload.get("why"):
        parts.append(str(why))
    return Join(tuple(parts), " · ")
