"""``/plan import`` out of ZenTao, and ``/plan push``: productplans here and there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from commands.args import Args
from commands.context import Context
from commands.plain import said
from commands.plans.card import plan_card, undo_action
from commands.plans.family import COMMAND, EDITORS, named_or_current, store, store_new, unquoted
from commands.registry import Arg, ArgKind
from commands.tracker.linking import KIND, differs, is_remote, link_of, offer, span_of, span_text
from domain.errors import NotFoundError, UserError
from domain.ids import new_id
from domain.messages import (
    Action,
    Bullet,
    Bullets,
    Card,
    Code,
    Inline,
    Join,
    Para,
    Reply,
    Strong,
    Style,
    T,
    Tone,
)
from domain.plan_following import PlanLink
from domain.plans import Milestone, Phase, Plan, PlanStatus, Span
from domain.tracking import RemotePlan
from storage.plan_links import LINKED

_CHOSEN = re.compile(
    r"(?:zentao|禅道)(?:\s+#?(?P<ref>\d{1,9}))?(?:\s+(?P<bind>bind|绑定))?\s*\Z", re.IGNORECASE
)
_SHOWN = 30
_FRESH, _OLD = timedelta(minutes=5), timedelta(days=1)
_SURE = re.compile(r"\s+(?:yes|确认|ok|--yes|-y)\s*\Z", re.IGNORECASE)


def wanted(text: str) -> re.Match[str] | None:
    """Whether a line names ZenTao as the source: ``禅道``, ``zentao 12``, ``zentao 12 bind``."""
    return _CHOSEN.match(text.strip())


def from_tracker(ctx: Context, chosen: re.Match[str] | None) -> Reply:
    """The productplans to choose from, or a plan made of the one that was chosen."""
    if not is_remote(ctx.product):
        raise UserError("productplan.not_bound", product=ctx.product.name)
    if chosen is None or chosen["ref"] is None:
        return _choices(ctx)
    remote = _remote(ctx, chosen["ref"])
    known = _bound_to(ctx, remote.ref)
    if known is not None:
        raise UserError("productplan.known", title=remote.title, plan=known.name)
    return _bind(ctx, remote) if chosen["bind"] else _make(ctx, remote)


def _remote(ctx: Context, ref: str) -> RemotePlan:
    found = ctx.uow.tracker_catalogue.plan(ref)
    if found is None or found.product_ref != ctx.product.tracker_ref:
        raise NotFoundError("productplan.unknown", ref=ref)
    return found


def _bound_to(ctx: Context, ref: str) -> Plan | None:
    plans = ctx.uow.plans.of_product(ctx.product.id)
    return next((plan for plan in plans if plan.tracker_ref == ref), None)


def _look_again(ctx: Context) -> None:
    """Old servers tell nobody of a new plan: whoever asks for the list has it read anew."""
    feed = ctx.uow.tracker_feed.get()
    if feed is not None and feed.people_at and ctx.now - feed.people_at > _FRESH:
        ctx.uow.tracker_feed.ask_for_names(ctx.now - _OLD)


def _choices(ctx: Context) -> Reply:
    _look_again(ctx)
    found = ctx.uow.tracker_catalogue.plans(ctx.product.tracker_ref)
    file = Action(T("productplan.button.file"), "plan import file")
    if not found:
        lines = (Para(T("productplan.choose_again"), muted=True),)
        return Reply((Card(T("productplan.none"), lines, (file,)),), private=True)
    current = ctx.uow.plans.active(ctx.product.id)
    free = current if current is not None and current.tracker_ref is None else None
    ordered = sorted(found, key=lambda p: (p.status in ("done", "closed"), -int(p.ref or 0)))
    rows = tuple(_choice(ctx, each, free) for each in ordered[:_SHOWN])
    lines = (
        Bullets(rows),
        Para(T("productplan.choose_how"), muted=True),
        Para(T("productplan.choose_again"), muted=True),
    )
    title = T("productplan.choose", {"n": len(found)})
    return Reply((Card(title, lines, (file,)),), private=True)


def _choice(ctx: Context, remote: RemotePlan, free: Plan | None) -> Bullet:
    parts: list[Inline] = [Strong(remote.title), span_text(span_of(remote))]
    if remote.status in ("wait", "doing", "done", "closed"):
        parts.append(T(f"productplan.status.{remote.status}"))
    known = _bound_to(ctx, remote.ref)
    if known is not None:
        parts.append(T("productplan.here", {"plan": known.name}))
        return Bullet(Join(tuple(parts), " · "))
    actions = [Action(T("productplan.button.import"), f"plan import zentao {remote.ref}")]
    if free is not None:
        label = T("productplan.button.bind", {"plan": free.name})
        actions.append(Action(label, f"plan import zentao {remote.ref} bind"))
    return Bullet(Join(tuple(parts), " · "), tuple(actions))


def _make(ctx: Context, remote: RemotePlan) -> Reply:
    """A plan of ours with the productplan's days: one phase, to be divided, and its end."""
    span = span_of(remote)
    if span is None:
        raise UserError("productplan.needs_dates", T("productplan.or_bind"), title=remote.title)
    plan = Plan(new_id(), ctx.product.id, _free_name(ctx, remote.title), tracker_ref=remote.ref)
    plan = replace(plan, **_parts(ctx, span))
    change = store_new(ctx, plan, "imported")
    _remember(ctx, plan, link_of(remote))
    params: dict[str, Inline | int] = {"title": remote.title, "span": span_text(span)}
    lines = (Para(T("productplan.kept"), muted=True),)
    undo = replace(undo_action(ctx, change), label=T("plan.button.undo_import"), style=Style.DANGER)
    line = Card(T("productplan.imported", params), lines, (undo,), tone=Tone.GOOD)
    card = plan_card(ctx, plan)
    ctx.announce(card)
    return Reply((line, card))


def _parts(ctx: Context, span: Span) -> dict[str, tuple[Phase, ...] | tuple[Milestone, ...]]:
    locale = ctx.workspace.locale
    phase = Phase(new_id(), said(locale, "productplan.phase"), span.starts, span.ends)
    stone = Milestone(new_id(), said(locale, "productplan.milestone"), span.ends, phase.id)
    return {"phases": (phase,), "milestones": (stone,)}


def _free_name(ctx: Context, title: str) -> str:
    base = title.strip()[:70] or ctx.product.name
    name, number = base, 1
    while ctx.uow.plans.by_name(ctx.product.id, name) is not None:
        number += 1
        name = f"{base} ({number})"
    return name


def _bind(ctx: Context, remote: RemotePlan) -> Reply:
    """Tie the current plan to a productplan; where the days differ, ask which are right."""
    plan = ctx.uow.plans.active(ctx.product.id)
    if plan is None or plan.tracker_ref is not None:
        raise UserError("productplan.nothing_to_bind")
    after = replace(plan, tracker_ref=remote.ref)
    change = store(ctx, plan, after, "bound")
    _remember(ctx, after, link_of(remote))
    params: dict[str, Inline | int] = {"plan": plan.name, "title": remote.title}
    line = Card(T("productplan.bound", params), actions=(undo_action(ctx, change),), tone=Tone.GOOD)
    return Reply((line, *offer(ctx, after), plan_card(ctx, after)))


def _remember(ctx: Context, plan: Plan, link: PlanLink) -> None:
    ctx.uow.plan_links.record(plan.id, plan.product_id, LINKED, link, actor=ctx.me.id, at=ctx.now)
    item = ctx.uow.tracker_imports.get(plan.product_id)
    if item is not None:  # its stories are looked at again soon, now that the plan is known
        ctx.uow.tracker_imports.save(replace(item, swept_at=ctx.now - _OLD))


@COMMAND.sub(
    "push",
    "同步",
    aliases=("sync", "推送"),
    args=(Arg("plan", "计划", ArgKind.TEXT, T("plan.arg.plan")),),
    roles=EDITORS,
    examples=(("计划 同步 V2.0", "plan push V2.0"), ("计划 同步 V2.0 确认", "plan push V2.0 yes")),
)
def push(ctx: Context, args: Args) -> Reply:
    """Bring a plan's dates to ZenTao: shown first, done when confirmed."""
    if not is_remote(ctx.product):
        raise UserError("productplan.not_bound", product=ctx.product.name)
    text = f" {args.text('plan')}"
    sure = _SURE.search(text)
    plan = named_or_current(ctx, unquoted(text[: sure.start()] if sure else text))
    if plan.status is PlanStatus.CLOSED or plan.span is None:
        raise UserError("productplan.nothing_to_push", plan=plan.name)
    if plan.tracker_ref is not None and differs(ctx.uow, plan) is None:
        raise UserError("productplan.same", plan=plan.name)
    if sure is None:
        return Reply(offer(ctx, plan) or (_offer_new(plan),), private=True)
    _queue(ctx, plan, plan.span)
    params: dict[str, Inline | int] = {"plan": plan.name, "span": span_text(plan.span)}
    return Reply((Card(T("productplan.pushing", params), tone=Tone.GOOD),))


def _offer_new(plan: Plan) -> Card:
    """The question whether a plan that ZenTao does not have is to be made there."""
    typed = Code(f"/plan push {plan.name} yes")
    params: dict[str, Inline | int] = {"plan": plan.name, "span": span_text(plan.span)}
    make = Action(
        T("productplan.button.create"), f"plan push {plan.id} yes", Style.PRIMARY,
        typed=f"plan push {plan.name} yes",
    )  # fmt: skip
    lines = (Para(T("productplan.create_how", {"line": typed}), muted=True),)
    return Card(T("productplan.create_question", params), lines, (make,), tone=Tone.WARN)


def _queue(ctx: Context, plan: Plan, span: Span) -> None:
    payload = {
        "plan": plan.id,
        "begins": span.starts.isoformat(),
        "ends": span.ends.isoformat(),
        "person": ctx.me.id,
        "channel": ctx.channel.id if ctx.channel else None,
        "thread": ctx.request.thread,
    }
    ctx.uow.queue(f"tracker:{plan.product_id}", KIND, payload, ctx.now)
    new = {"begins": payload["begins"], "ends": payload["ends"]}
    ctx.audit("plan:tracker:pushed", f"plan:{plan.id}", new=new)
