"""Both sides of a plan: which productplan it is bound to, and whether their dates agree."""

from __future__ import annotations

from commands.context import Context
from domain.messages import Action, Card, Day, Inline, Join, Para, Style, T, Tone
from domain.people import Product
from domain.plan_following import PlanLink
from domain.plans import Plan, PlanStatus, Span
from domain.tracking import ZENTAO, RemotePlan
from storage.uow import UnitOfWork

KIND = "tracker_plan"
"""The kind of the outbox rows that bring a plan's dates to the tracker."""


def is_remote(product: Product) -> bool:
    """Whether the product's stories and plans live in ZenTao."""
    return product.tracker == ZENTAO and product.tracker_ref is not None


def span_of(remote: RemotePlan) -> Span | None:
    """The days of a productplan; None while it has none (or they are the wrong way round)."""
    if remote.begins is None or remote.ends is None or remote.ends < remote.begins:
        return None
    return Span(remote.begins, remote.ends)


def link_of(remote: RemotePlan) -> PlanLink:
    """What is remembered of a productplan."""
    return PlanLink(remote.ref, remote.title, span_of(remote))


def span_text(span: Span | None) -> Inline:
    """From a day to a day, in words."""
    if span is None:
        return T("productplan.undated")
    return Join((Day(span.starts), Day(span.ends)), " – ")


def differs(uow: UnitOfWork, plan: Plan) -> PlanLink | None:
    """How the tracker's side is, where it is not as here; None where nothing is to be said."""
    if plan.tracker_ref is None or plan.status is PlanStatus.CLOSED or plan.span is None:
        return None
    link = uow.plan_links.get(plan.id)
    return link if link is not None and link.span != plan.span else None


def offer(ctx: Context, plan: Plan) -> tuple[Card, ...]:
    """The question whether ZenTao's dates should follow ours; empty while both are the same."""
    link = differs(ctx.uow, plan)
    if link is None:
        return ()
    params: dict[str, Inline | int] = {
        "name": link.title, "there": span_text(link.span), "here": span_text(plan.span),
    }  # fmt: skip
    push = Action(
        T("productplan.button.push"), f"plan push {plan.id} yes", Style.PRIMARY,
        typed=f"plan push {plan.name} yes",
    )  # fmt: skip
    lines = (Para(T("productplan.differs", params)),)
    return (Card(T("productplan.push_question"), lines, (push,), tone=Tone.WARN),)
