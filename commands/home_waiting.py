"""What waits for one person, over all their products, computed from the records as they are now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from commands.context import Context
from commands.plans.family import spoken
from commands.stories.family import named
from domain.actions import ActionItem
from domain.changes.state import ChangeRequest, ChangeStatus
from domain.messages import Action, Bullet, Day, Inline, Join, Strong, Style, T
from domain.people import Product, Role
from domain.plans import Plan, PlanStatus
from domain.reviews.outcome import voters
from domain.reviews.state import Review, ReviewStatus
from domain.scoping import scoped_actions
from domain.stories import Verdict

SECTIONS = ("verdicts", "approvals", "acks", "verify", "agree", "actions", "overdue")
"""In the order in which they are shown: what others wait for comes first."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for the person.

    :param section: one of :data:`SECTIONS`.
    """

    section: str
    row: Bullet


def waiting(ctx: Context, products: Iterable[Product]) -> tuple[Waiting, ...]:
    """Everything that waits for the asker, section by section, oldest first.

    :param products: where they have a part; action items are found in every product.
    """
    every = {p.id: p for p in ctx.uow.products.all()}
    found = [(p, each) for p in products for each in _of_product(ctx, p)]
    items = ctx.uow.actions.open_for(ctx.me.id)
    found += [(every[item.product_id], _action(ctx, item)) for item in items]
    order = {name: number for number, name in enumerate(SECTIONS)}
    rows = [_scoped(each, p) if len(every) > 1 else each for p, each in found]
    return tuple(sorted(rows, key=lambda each: order[each.section]))


def _scoped(each: Waiting, product: Product) -> Waiting:
    actions = scoped_actions(each.row.actions, product.key)
    return Waiting(each.section, Bullet(each.row.text, actions))


def _of_product(ctx: Context, product: Product) -> Iterator[Waiting]:
    roles = ctx.uow.people.roles(ctx.me.id, product.id)
    yield from _verdicts(ctx, product)
    yield from _changes(ctx, product, roles)
    if Role.PO in roles:
        for story in ctx.uow.stories.tested_unverified(product.id):
            button = Action(T("close.verify_button"), f"verify {story.ref}", Style.PRIMARY)
            yield Waiting("verify", Bullet(named(story), (button,)))
    if Role.PM in roles:
        for story in ctx.uow.stories.verified_unclosed(product.id):
            button = Action(T("close.agree_button"), f"close agree {story.ref}", Style.PRIMARY)
            yield Waiting("agree", Bullet(named(story), (button,)))
    yield from _overdue(ctx, product, roles)


def _verdicts(ctx: Context, product: Product) -> Iterator[Waiting]:
    running = [r for r in ctx.uow.reviews.running(product.id) if r.status is ReviewStatus.OPEN]
    for review in running:
        for item in review.agenda:
            if ctx.me.id in voters(review, item) and item.vote_of(ctx.me.id) is None:
                text = Join((Strong(item.ref), item.title, T("home.in", {"what": review.ref})), " ")
                yield Waiting("verdicts", Bullet(text, _votes(review, item.ref, len(running))))


def _votes(review: Review, ref: str, running: int) -> tuple[Action, ...]:
    """Verdicts can be given from here while the product has one open review: that is meant."""
    show = Action(T("review.button.show"), f"review show {review.ref}")
    if running > 1:
        return (show,)
    verdicts = ((Verdict.PASS, Style.PRIMARY), (Verdict.CLARIFY, Style.DEFAULT))
    votes = (
        Action(T(f"review.verdict.{v.value}"), f"review verdict {ref} {v.value}", style)
        for v, style in verdicts
    )
    return (*votes, show)


def _changes(ctx: Context, product: Product, roles: frozenset[Role]) -> Iterator[Waiting]:
    statuses = (ChangeStatus.SUBMITTED, ChangeStatus.APPLIED)
    for change in ctx.uow.changes.in_status(product.id, statuses):
        text = Join((Strong(change.ref), change.content.what), " ")
        show = Action(T("change.button.show"), f"change show {change.ref}")
        if change.status is ChangeStatus.APPLIED:
            if ctx.me.id in change.pending_acks:
                ack = Action(T("change.button.ack"), f"change ack {change.ref}", Style.PRIMARY)
                yield Waiting("acks", Bullet(text, (ack, show)))
        elif _may_decide(change, ctx.me.id, roles):
            approve = Action(
                T("change.button.approve"), f"change approve {change.ref}", Style.PRIMARY
            )
            yield Waiting("approvals", Bullet(text, (approve, show)))


def _may_decide(change: ChangeRequest, person: str, roles: frozenset[Role]) -> bool:
    said = {a.by for a in change.valid_approvals} | {change.author}
    return person not in said and bool(roles & set(change.roles))


def _action(ctx: Context, item: ActionItem) -> Waiting:
    parts: list[Inline] = [Strong(item.ref), item.text]
    if item.due:
        late = item.due < ctx.today
        parts.append(T("home.late" if late else "home.due", {"day": Day(item.due)}))
    done = Action(T("action.button.done"), f"action done {item.ref}", Style.PRIMARY)
    return Waiting("actions", Bullet(Join(tuple(parts), " "), (done,)))


def _overdue(ctx: Context, product: Product, roles: frozenset[Role]) -> Iterator[Waiting]:
    """Phases, milestones and deliverables of mine; those without an owner are the PO's."""

    def mine(owner: str | None) -> bool:
        return owner == ctx.me.id or (owner is None and Role.PO in roles)

    plans = [p for p in ctx.uow.plans.of_product(product.id) if p.status is PlanStatus.ACTIVE]
    for plan in plans:
        yield from _late_parts(ctx, plan, mine)
    for each in ctx.uow.deliverables.open_of(product.id, [p.id for p in plans]):
        if each.is_overdue(ctx.today) and mine(each.owner) and each.due_on:
            text = Join((Strong(each.item.code), each.item.title, _since(each.due_on)), " ")
            show = Action(T("review.button.show"), f"deliverable show {each.item.code}")
            yield Waiting("overdue", Bullet(text, (show,)))


def _late_parts(ctx: Context, plan: Plan, mine: Callable[[str | None], bool]) -> Iterator[Waiting]:
    for phase in plan.phases:
        if not phase.done and phase.ends < ctx.today and mine(phase.owner):
            done = Action(T("home.phase_done"), f"plan phase done {spoken(ctx, plan, phase)}")
            text = Join((Strong(phase.name), _since(phase.ends)), " ")
            yield Waiting("overdue", Bullet(text, (done,)))
    for stone in plan.milestones:
        owner = plan.phase(stone.phase_id).owner if stone.phase_id else None
        if not stone.done and stone.due < ctx.today and mine(owner):
            done = Action(
                T("home.milestone_done"), f"plan milestone done {spoken(ctx, plan, stone)}"
            )
            text = Join((Strong(stone.name), _since(stone.due)), " ")
            yield Waiting("overdue", Bullet(text, (done,)))


def _since(day: date) -> Inline:
    return T("home.late", {"day": Day(day)})
