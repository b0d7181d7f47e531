"""The ``/deliverable`` command itself, and what its use cases share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind, Command
from domain.deliverables import Deliverable, DeliverableAction, catalogue_item, next_status
from domain.errors import NotFoundError
from domain.event_json import encode
from domain.ids import new_id
from domain.messages import Inline, Join, PersonRef, T
from domain.people import Role
from domain.plans import Plan

COMMAND = Command(
    "deliverable",
    "交付物",
    T("deliverable.help"),
    aliases=("deliverables", "交付件"),
    needs_product=True,
)

DECIDERS = frozenset({Role.PO, Role.PM, Role.ADMIN})
"""Who accepts, returns and waives, and says who owns what until when."""

NUMBER = Arg("number", "编号", ArgKind.REF, T("deliverable.arg.number"), required=True, prefix="D")


def plan_here(ctx: Context) -> Plan | None:
    """The product's current plan."""
    return ctx.uow.plans.active(ctx.product.id)


def load(ctx: Context, args: Args) -> Deliverable:
    """The deliverable of this number: the current plan's, else the product's own.

    One that nobody has begun and no phase asks for is made on the spot, not stored yet.

    :raises NotFoundError: ``deliverable.no_number`` beyond 1 to 26.
    """
    number = catalogue_item(int(args.text("number"))).number
    plan = plan_here(ctx)
    of_plan = ctx.uow.deliverables.by_number(ctx.product.id, number, plan.id) if plan else None
    known = of_plan or ctx.uow.deliverables.by_number(ctx.product.id, number)
    return known or Deliverable(new_id(), ctx.product.id, number)


def named(each: Deliverable) -> Inline:
    """``22 操作使用说明书``."""
    return Join((each.item.code, " ", each.item.title))


def save(
    ctx: Context, before: Deliverable, after: Deliverable, act: str, extra: Mapping[str, Any] = {}
) -> Deliverable:
    """Store a changed deliverable with its history and audit.

    :param act: a word of ``deliverable.did``.
    """
    ctx.uow.deliverables.save(after)
    payload = {"before": encode(before), **extra}
    ctx.uow.deliverables.record(after, act, payload, actor=ctx.me.id, at=ctx.now)
    old, new = encode(before), encode(after)
    changed = [name for name in old if old[name] != new[name]]
    ctx.audit(
        f"deliverable:deliverable:{act}",
        f"deliverable:{after.id}",
        old={name: old[name] for name in changed},
        new={name: new[name] for name in changed},
        why=after.reason,
    )
    return after


def act_on(each: Deliverable, action: DeliverableAction, reason: str = "") -> Deliverable:
    """The deliverable after an action; ``UserError`` when it does not fit its status."""
    after = next_status(each.status, action, reason)
    return replace(each, status=after, reason=reason.strip() or each.reason)


def who(ctx: Context, person_id: str | None) -> Inline:
    """A person as shown in a card; people who are gone have a word, too."""
    if person_id is None:
        return T("review.duban")
    try:
        found: PersonRef = ctx.person(person_id)
    except NotFoundError:
        return T("review.former_member")
    return found
