"""The steps of a closure: agree, refuse, reopen, waive, undo."""

from __future__ import annotations

from dataclasses import replace

from commands.args import Args
from commands.closing.card import closure_card, needs_text
from commands.closing.family import (
    AGREERS,
    CLOSE,
    DECIDERS,
    REASON,
    STORY,
    Case,
    check_open,
    lacking,
    load_case,
    record,
)
from commands.closing.finishing import answer, finish
from commands.closing.spoken import refused_comment, reopened_comment
from commands.context import Context
from commands.registry import Arg, ArgKind
from domain.closures.events import (
    Agreed,
    Refused,
    Reopened,
    Undone,
    Verified,
    Waived,
)
from domain.closures.evidence import TESTED_STAGES, waivable
from domain.closures.state import ACCEPTED_STAGES, Step, Word, last_undoable
from domain.errors import UserError
from domain.messages import Inline, Join, Reply, T
from domain.people import Role
from domain.settings import ClosureNeeds, rules_of
from domain.stories import Stage, Status

_WAIVE_WORDS = {"阶段": "stage", "状态": "status", "缺陷": "bugs", "bug": "bugs"}


@CLOSE.sub(
    "agree",
    "同意",
    args=(STORY,),
    roles=AGREERS,
    examples=(("关闭 同意 S12", "close agree S12"),),
)
def agree(ctx: Context, args: Args) -> Reply:
    """The project manager's word; with it the story is closed."""
    case = load_case(ctx, args.story("story"))
    check_open(case.story)
    if Role.PO in lacking(ctx, case) and case.closure.verification(case.story) is None:
        _refuse_unverified(ctx, case)
    if case.missing:
        needs = Join(needs_text(ctx, case), "; ")
        raise UserError("close.not_ready", ref=case.story.ref, needs=needs)
    verified = case.closure.verification(case.story)
    after = record(ctx, case, Agreed(case.story.version))
    if verified and Role.PM in lacking(ctx, after):
        raise UserError("close.same_person", ref=case.story.ref)
    ctx.audit("closure:closure:agreed", f"story:{case.story.number}", new=case.story.version)
    return finish(ctx, after)


def _refuse_unverified(ctx: Context, case: Case) -> None:
    """With the rule ``one`` the PM's word is enough; otherwise the PO's comes first."""
    if rules_of(ctx.product).closure_needs is ClosureNeeds.BOTH:
        owners = ctx.uow.people.with_role(Role.PO, case.story.product_id)
        who = Join(tuple(ctx.person(p.id) for p in owners), ", ")
        raise UserError("close.not_verified", ref=case.story.ref, who=who)


@CLOSE.sub(
    "refuse",
    "退回",
    aliases=("拒绝", "reject"),
    args=(STORY, REASON),
    roles=DECIDERS,
    examples=(("关闭 退回 S12 导出少了一列", "close refuse S12 a column is missing"),),
)
def refuse(ctx: Context, args: Args) -> Reply:
    """Send a story back to its developers, with the reason."""
    case = load_case(ctx, args.story("story"))
    check_open(case.story)
    if case.story.stage not in TESTED_STAGES and case.closure.step is not Step.REQUESTED:
        raise UserError("close.nothing_to_refuse", ref=case.story.ref)
    reason = args.text("reason")
    told = {case.story.assigned_to, *(w.by for w in _words(case) if w)}
    case = record(ctx, case, Refused(reason))
    said = refused_comment(ctx, reason)
    story = ctx.tracker.set_stage(case.story.number, Stage.DEVELOPING, ctx.me.id, said)
    ctx.audit(
        "closure:closure:refused",
        f"story:{story.number}",
        old=case.story.stage.value,
        new=story.stage.value,
        why=reason,
    )
    case = replace(case, story=story)
    for person in told:
        if person:
            ctx.tell(person, closure_card(ctx, case))
    return answer(ctx, case)


def _words(case: Case) -> tuple[Word | None, ...]:
    return (case.closure.requested, case.closure.verified, case.closure.agreed)


@CLOSE.sub(
    "reopen",
    "重新打开",
    aliases=("激活", "重开"),
    args=(STORY, REASON),
    roles=DECIDERS,
    examples=(("关闭 重新打开 S12 客户又发现问题", "close reopen S12 the customer found more"),),
)
def reopen(ctx: Context, args: Args) -> Reply:
    """Open a closed story again; one that was accepted must be verified anew."""
    case = load_case(ctx, args.story("story"))
    if case.story.status is not Status.CLOSED:
        raise UserError("close.not_closed", ref=case.story.ref)
    reason = args.text("reason")
    said = reopened_comment(ctx, reason)
    story = ctx.tracker.activate(case.story.number, said, ctx.me.id)
    if story.stage in ACCEPTED_STAGES:
        story = ctx.tracker.set_stage(story.number, Stage.TESTED, ctx.me.id)
    told = {story.assigned_to, *(w.by for w in _words(case) if w)}
    case = record(ctx, case, Reopened(reason))
    case = replace(case, story=story)
    ctx.audit(
        "closure:story:reopened",
        f"story:{story.number}",
        old=Status.CLOSED.value,
        new=story.status.value,
        why=reason,
    )
    for person in told:
        if person:
            ctx.tell(person, closure_card(ctx, case))
    return answer(ctx, case)


@CLOSE.sub(
    "waive",
    "豁免",
    args=(
        STORY,
        Arg("what", "事项", ArgKind.WORD, T("close.arg.what"), True, help=T("close.what_help")),
        REASON,
    ),
    roles=DECIDERS,
    examples=(("关闭 豁免 S12 2 下期再做", "close waive S12 2 postponed to the next release"),),
)
def waive(ctx: Context, args: Args) -> Reply:
    """Do without a piece of evidence; the record keeps who decided so, and why."""
    case = load_case(ctx, args.story("story"))
    check_open(case.story)
    word = args.text("what").strip("。.，,")
    word = _WAIVE_WORDS.get(word.casefold(), word)
    missing = waivable(case.story, case.closure, case.around, word)
    if missing is None:
        known: tuple[Inline, ...] = tuple(m.word for m in case.missing)
        if not known:
            raise UserError("close.nothing_missing", ref=case.story.ref)
        raise UserError("close.unknown_missing", text=word[:40], known=Join(known, ", "))
    reason = args.text("reason")
    case = record(ctx, case, Waived(missing.key, reason))
    ctx.audit("closure:evidence:waived", f"story:{case.story.number}", new=missing.key, why=reason)
    return answer(ctx, case)


@CLOSE.sub(
    "undo",
    "撤销",
    args=(STORY,),
    examples=(("关闭 撤销 S12", "close undo S12"),),
)
def undo(ctx: Context, args: Args) -> Reply:
    """Take the last step of a closure back, while the story is open: one's own, or as a decider."""
    case = load_case(ctx, args.story("story"))
    check_open(case.story)
    event = last_undoable(case.log)
    if event is None:
        raise UserError("close.nothing_to_undo", ref=case.story.ref)
    if event.actor != ctx.me.id and not ctx.roles & DECIDERS:
        raise ctx.refusal(tuple(sorted(DECIDERS)))
    case = record(ctx, case, Undone(event.seq))
    story = case.story
    if isinstance(event.body, Verified) and story.stage is Stage.VERIFIED:
        story = ctx.tracker.set_stage(story.number, Stage.TESTED, ctx.me.id)
    ctx.audit("closure:step:undone", f"story:{story.number}", old=type(event.body).__name__)
    return answer(ctx, replace(case, story=story))
