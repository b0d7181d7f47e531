"""Asking for a closure, closing when nothing is in the way, and telling who is next."""

from __future__ import annotations

from dataclasses import replace

from commands.closing.card import closure_card
from commands.closing.family import Case, check_open, lacking, load_case, record
from commands.closing.spoken import closed_comment
from commands.context import Context
from commands.deliverables.marking import CLOSED_STORIES, mark_produced
from domain.closures.events import Closed, Requested
from domain.closures.evidence import ready_to_close
from domain.messages import Reply, T
from domain.stories import ClosedReason


def request(ctx: Context, number: int | None) -> Reply:
    """Ask for a closure; whoever has the next word is told. Asking twice asks once."""
    case = load_case(ctx, number)
    check_open(case.story)
    if case.closure.requested is None:
        case = record(ctx, case, Requested())
        ctx.audit("closure:closure:requested", f"story:{case.story.number}")
        tell_next(ctx, case)
    return answer(ctx, case)


def finish(ctx: Context, case: Case) -> Reply:
    """After a word was given: close the story if nothing is in the way, else tell who is next."""
    needed = lacking(ctx, case)
    if not ready_to_close(case.story, case.closure, case.around, needed):
        tell_next(ctx, case)
        return answer(ctx, case)
    before = case.story
    story = ctx.tracker.close(
        before.number, ClosedReason.DONE, closed_comment(ctx, case), ctx.me.id
    )
    case = replace(record(ctx, case, Closed(story.version)), story=story)
    ctx.audit(
        "closure:story:closed",
        f"story:{story.number}",
        old=before.status.value,
        new=ClosedReason.DONE.value,
    )
    closed = T("deliverable.produced.closed", {"ref": story.ref})
    mark_produced(ctx, CLOSED_STORIES, story.plan_id, closed)
    said = (case.closure.verified, case.closure.requested)
    for person in {*(w.by for w in said if w), story.assigned_to}:
        if person:
            ctx.tell(person, closure_card(ctx, case))
    return answer(ctx, case)


def tell_next(ctx: Context, case: Case) -> None:
    """The card goes to those whose word is needed next: the PO first, then the PM."""
    needed = lacking(ctx, case)
    if needed:
        for person in ctx.uow.people.with_role(needed[0], case.story.product_id):
            ctx.tell(person.id, closure_card(ctx, case))


def answer(ctx: Context, case: Case) -> Reply:
    """The card, here and in the product's channel."""
    card = closure_card(ctx, case)
    ctx.announce(card)
    return Reply((card,))
