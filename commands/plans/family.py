"""The ``/plan`` command itself, and what its use cases share: which plan, which part, saving."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from commands.context import Context
from commands.registry import Command
from domain.errors import DubanError, NotFoundError, UserError
from domain.event_json import encode
from domain.messages import Code, Inline, Join, T
from domain.people import Role
from domain.plan_deliverables import align
from domain.plans import Milestone, Phase, Plan, PlanStatus, find_milestone, find_part, find_phase

COMMAND = Command("plan", "计划", T("plan.help"), aliases=("plans", "产品计划"), needs_product=True)

EDITORS = frozenset({Role.PO, Role.PM, Role.ADMIN})
"""Who may change plans; every member may look."""

_QUOTES = "\"'“”‘’「」"


def unquoted(text: str) -> str:
    """A name as typed, without quotes around it."""
    return text.strip().strip(_QUOTES).strip()


def current(ctx: Context) -> Plan:
    """The product's current plan; ``UserError`` (``plan.none``) says how to make one."""
    plan = ctx.uow.plans.active(ctx.product.id)
    if plan is None:
        raise UserError("plan.none", T("plan.none_hint"), product=ctx.product.name)
    return plan


def named_or_current(ctx: Context, word: str) -> Plan:
    """The plan of this name, release or id; the current one where none is named."""
    if not word.strip():
        return current(ctx)
    wanted = unquoted(word).casefold()
    plans = ctx.uow.plans.of_product(ctx.product.id)
    names = [(plan, plan.name.strip().casefold()) for plan in plans]
    exact = [p for p, name in names if wanted in (p.id, name, p.release.strip().casefold())]
    found = exact[:1] or [p for p, name in names if wanted and wanted in name]
    if len(found) == 1:
        return found[0]
    if not plans:
        return current(ctx)
    known = Join(tuple(p.name for p in (found or plans)), ", ")
    raise NotFoundError("plan.no_plan", word=unquoted(word)[:60], known=known)


def with_phase(ctx: Context, word: str) -> tuple[Plan, Phase]:
    """A phase of the current plan by number, name or a part of it; of any plan by its id."""
    found = ctx.uow.plans.phase(word.strip())
    if found is not None and found[0].product_id == ctx.product.id:
        return found
    plan = current(ctx)
    return plan, find_phase(plan, unquoted(word))


def with_milestone(ctx: Context, word: str) -> tuple[Plan, Milestone]:
    """A milestone, found like :func:`with_phase`."""
    found = ctx.uow.plans.milestone(word.strip())
    if found is not None and found[0].product_id == ctx.product.id:
        return found
    plan = current(ctx)
    return plan, find_milestone(plan, unquoted(word))


def with_part(ctx: Context, word: str) -> tuple[Plan, Phase | Milestone]:
    """A phase, or else a milestone, found like :func:`with_phase`."""
    for found in (ctx.uow.plans.phase(word.strip()), ctx.uow.plans.milestone(word.strip())):
        if found is not None and found[0].product_id == ctx.product.id:
            return found
    plan = current(ctx)
    return plan, find_part(plan, unquoted(word))


def spoken(ctx: Context, plan: Plan, part: Phase | Milestone) -> str:
    """How people would type a phase or milestone: its name where that finds it, else its id."""
    now = ctx.uow.plans.active(plan.product_id)
    find = find_phase if isinstance(part, Phase) else find_milestone
    try:
        found = find(plan, part.name) if now is not None and now.id == plan.id else None
    except DubanError:
        found = None
    return quoted(part.name) if found == part and '"' not in part.name else part.id


def quoted(name: str) -> str:
    """A name as people type it in a command: several words stand in quotes."""
    return f'"{name}"' if " " in name else name


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a plan that was stored.

    :param act: what was done, a word of ``plan.act``.
    """

    before: Plan | None
    after: Plan
    act: str


def store_new(ctx: Context, plan: Plan, act: str) -> Change:
    """Store a new plan with its deliverables, write the audit."""
    taken = ctx.uow.plans.by_name(plan.product_id, plan.name)
    if taken is not None:
        raise UserError("plan.name_taken", name=plan.name)
    ctx.uow.plans.add(plan, by=ctx.me.id, at=ctx.now, act=act)
    follow(ctx, plan)
    ctx.audit(f"plan:plan:{act}", f"plan:{plan.id}", new=summary(plan))
    return Change(None, plan, act)


def store(ctx: Context, before: Plan, after: Plan, act: str, *, why: str = "") -> Change:
    """Store a changed plan, have its deliverables follow, write the audit."""
    if before.status is PlanStatus.CLOSED:
        line = Code(f"/plan activate {before.name}")
        raise UserError(
            "plan.is_closed", T("plan.is_closed_hint", {"line": line}), name=before.name
        )
    ctx.uow.plans.save(after, by=ctx.me.id, at=ctx.now, act=act)
    follow(ctx, after)
    old, new = difference(before, after)
    ctx.audit(f"plan:plan:{act}", f"plan:{after.id}", old=old, new=new, why=why)
    return Change(before, after, act)


def follow(ctx: Context, plan: Plan) -> None:
    """Bring the plan's deliverables in step with its phases."""
    ctx.uow.deliverables.apply(align(plan, ctx.uow.deliverables.of_plan(plan.id)))


def summary(plan: Plan) -> dict[str, Any]:
    """A plan in the audit: its own fields and how much is in it."""
    span = plan.span
    return {
        "name": plan.name,
        "release": plan.release,
        "phases": len(plan.phases),
        "milestones": len(plan.milestones),
        "span": encode(span) if span else None,
    }


def difference(before: Plan, after: Plan) -> tuple[dict[str, Any], dict[str, Any]]:
    """What two states of a plan have unlike, for the audit: parts by id, and its own fields."""
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    olds = {part.id: part for part in (*before.phases, *before.milestones)}
    news = {part.id: part for part in (*after.phases, *after.milestones)}
    for part_id in dict.fromkeys((*olds, *news)):
        a, b = olds.get(part_id), news.get(part_id)
        if a != b:
            old[part_id] = encode(a) if a else None
            new[part_id] = encode(b) if b else None
    bare_old = replace(before, phases=(), milestones=())
    bare_new = replace(after, phases=(), milestones=())
    if bare_old != bare_new:
        old["plan"], new["plan"] = encode(bare_old), encode(bare_new)
    return old, new


def who(ctx: Context, person_id: str) -> Inline:
    """A person as shown in a card; people who are gone have a word, too."""
    try:
        return ctx.person(person_id)
    except NotFoundError:
        return T("review.former_member")
