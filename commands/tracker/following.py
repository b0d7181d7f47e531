"""Plans follow their productplans: dates that were moved in ZenTao move the plan here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from commands.plans.moves import before_and_after
from commands.tracker.linking import link_of, span_text
from domain.calendar import WorkingCalendar
from domain.errors import UserError
from domain.message_json import to_json
from domain.messages import Action, Block, Card, Inline, Para, T, Tone
from domain.people import Product
from domain.plan_deliverables import align
from domain.plan_following import PlanLink, follow
from domain.plans import Moved, Plan, PlanStatus
from domain.tracking import ZENTAO, RemotePlan
from storage.audit import AuditEntry
from storage.plan_links import FOLLOWED, LINKED, PARTED
from storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class _Step:
    """What following one plan needs."""

    uow: UnitOfWork
    calendar: WorkingCalendar
    now: datetime


def follow_plans(
    uow: UnitOfWork, product: Product, calendar: WorkingCalendar, now: datetime
) -> int:
    """Compare every bound plan of a product with its productplan as it was last read.

    What moved there moves here, with the before and after in the channel and a way back. A plan of
    ours that has other dates than ZenTao is left alone: people decide (``/plan push``). How many
    plans were touched.
    """
    if product.tracker != ZENTAO or product.tracker_ref is None:
        return 0
    remotes = {r.ref: r for r in uow.tracker_catalogue.plans(product.tracker_ref)}
    step, touched = _Step(uow, calendar, now), 0
    for plan in uow.plans.of_product(product.id):
        if plan.tracker_ref is None or plan.status is PlanStatus.CLOSED or not remotes:
            continue
        remote = remotes.get(plan.tracker_ref)
        touched += _gone(step, plan) if remote is None else _one(step, plan, remote)
    return touched


def _one(step: _Step, plan: Plan, remote: RemotePlan) -> bool:
    known, there = step.uow.plan_links.get(plan.id), link_of(remote)
    if known == there:
        return False
    _record(step, plan, FOLLOWED if known else LINKED, there)
    if known is None or known.span is None or there.span in (None, known.span, plan.span):
        return False  # nothing to go by, or it is what we have: ours went there by another way
    return _follow(step, plan, known, there)


def _follow(step: _Step, plan: Plan, known: PlanLink, there: PlanLink) -> bool:
    if known.span is None or there.span is None:
        return False
    try:
        moved = follow(plan, known.span, there.span, step.calendar)
    except UserError as error:
        _tell(step, plan, _stuck(known, there, error.text))
        return True
    if not moved.moves:
        _tell(step, plan, _stuck(known, there, T("productplan.nothing_movable")))
        return True
    _save(step, plan, moved, "followed", why=f"productplan {there.ref}")
    _tell(step, plan, _moved(step, moved, known, there))
    return True


def _save(step: _Step, plan: Plan, moved: Moved, act: str, *, why: str) -> None:
    uow, after = step.uow, moved.plan
    uow.plans.save(after, by=None, at=step.now, act=act)
    uow.deliverables.apply(align(after, uow.deliverables.of_plan(after.id)))
    old = {m.name: [m.before.starts.isoformat(), m.before.ends.isoformat()] for m in moved.moves}
    new = {m.name: [m.after.starts.isoformat(), m.after.ends.isoformat()] for m in moved.moves}
    subject = f"plan:{plan.id}"
    uow.audit(AuditEntry(step.now, None, ZENTAO, f"plan:plan:{act}", subject, old, new, why))


def _moved(step: _Step, moved: Moved, known: PlanLink, there: PlanLink) -> Card:
    revision, _ = step.uow.plans.revision(moved.plan.id)
    undo = Action(
        T("core.undo"), f"plan undo {moved.plan.id} #{revision}",
        typed=f"plan undo {moved.plan.name} #{revision}",
    )  # fmt: skip
    params = {**_params(known, there), "plan": moved.plan.name}
    blocks: tuple[Block, ...] = before_and_after(moved)
    tone = Tone.WARN if moved.collisions else Tone.INFO
    return Card(T("productplan.followed", params), blocks, (undo,), tone=tone)


def _stuck(known: PlanLink, there: PlanLink, why: Inline) -> Card:
    """The dates there cannot be taken over: a person has to look."""
    title = T("productplan.stuck", _params(known, there))
    return Card(title, (Para(why), Para(T("productplan.stuck_next"), muted=True)), tone=Tone.WARN)


def _params(known: PlanLink, there: PlanLink) -> dict[str, Inline | int]:
    return {
        "title": there.title,
        "before": span_text(known.span),
        "after": span_text(there.span),
    }


def _gone(step: _Step, plan: Plan) -> bool:
    """The productplan was deleted: the plan stays, bound to nothing."""
    known = step.uow.plan_links.get(plan.id)
    title = known.title if known else plan.tracker_ref or ""
    step.uow.plans.save(replace(plan, tracker_ref=None), by=None, at=step.now, act="parted")
    if known is not None:
        _record(step, plan, PARTED, known)
    subject = f"plan:{plan.id}"
    old = plan.tracker_ref
    step.uow.audit(AuditEntry(step.now, None, ZENTAO, "plan:plan:parted", subject, old, None, ""))
    params: dict[str, Inline | int] = {"title": title, "plan": plan.name}
    _tell(step, plan, Card(T("productplan.gone", params), tone=Tone.WARN))
    return True


def _record(step: _Step, plan: Plan, what: str, link: PlanLink) -> None:
    step.uow.plan_links.record(plan.id, plan.product_id, what, link, actor=None, at=step.now)


def _tell(step: _Step, plan: Plan, card: Card) -> None:
    """Into the product's channel; everybody there is concerned by its dates."""
    channels = step.uow.channels.of_product(plan.product_id)
    if channels:
        payload = {"channel": channels[0].id, "thread": None, "card": to_json(card)}
        step.uow.queue(f"channel:{channels[0].id}", "post", payload, step.now)
