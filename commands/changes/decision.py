"""Approving, rejecting, withdrawing, and taking the last step back."""

from __future__ import annotations

from dataclasses import replace

from commands.args import Args
from commands.changes.asking import redraw_asked
from commands.changes.card import answer, change_card
from commands.changes.family import (
    COMMAND,
    REASON,
    REF,
    as_typed,
    deciders,
    load,
    record,
    require_author,
    require_decider,
    seen,
    who,
)
from commands.context import Context, person_ref
from commands.registry import Arg, ArgKind
from domain.changes.digest import digest
from domain.changes.events import WORDS, Applied, Approved, Logged, Rejected, Undone, Withdrawn
from domain.changes.fold import UNDOABLE, last_step
from domain.changes.state import ChangeRequest, ChangeStatus
from domain.errors import ForbiddenError, UserError
from domain.messages import Card, Code, Inline, Join, Reply, T, Tone

_DECIDABLE = (ChangeStatus.SUBMITTED, ChangeStatus.APPROVED)


@COMMAND.sub(
    "approve",
    "批准",
    aliases=("同意", "ok"),
    args=(REF, REASON, Arg("seen", "看到", ArgKind.TEXT, T("change.arg.seen"))),
    examples=(("变更 批准 CR-12", "change approve CR-12"),),
)
def approve(ctx: Context, args: Args) -> Reply:
    """Agree to exactly what the card shows; any later edit takes the approval away."""
    change = load(ctx, args.text("change"))
    require_decider(ctx, change)
    if change.impact is None or change.status is not ChangeStatus.SUBMITTED:
        raise _not_submitted(change)
    _require_seen(ctx, change, args.text("seen"))
    reason = as_typed(ctx, args.text("reason"))
    override = _override(ctx, change, reason)
    if any(a.by == ctx.me.id for a in change.valid_approvals) and not override:
        raise UserError("change.approved_already", ref=change.ref)
    body = Approved(digest(change.content, change.impact), reason, override)
    act = "approval:overridden" if override else "approval:given"
    change = record(ctx, change, act, body, why=reason)
    mine = (ctx.me.id,) if change.status is ChangeStatus.SUBMITTED else ()
    redraw_asked(ctx, change, *mine)
    return _approved(ctx, change, override=override)


def _require_seen(ctx: Context, change: ChangeRequest, shown: str) -> None:
    """Refuse to approve what the asker cannot have seen.

    A button names what stood on its card. A typed approval counts for what was there when it was
    sent: an edit that came in between, or while this was tried again, is not approved along with
    it.
    """
    late = change.versions[-1].at > ctx.request.received_at
    if late or (shown and shown != seen(change)):
        line = Code(f"/change show {change.ref}")
        raise UserError("change.edited_meanwhile", ref=change.ref, line=line)


def _override(ctx: Context, change: ChangeRequest, reason: str) -> bool:
    """Whether this approval stands in for others that nobody can give.

    Nobody approves their own request, unless nobody else may decide at all; and the last one who
    may decide need not wait for a quorum that does not exist. Both take a reason, and the record
    shows it.
    """
    others = [p for p in deciders(ctx, change) if p.id != ctx.me.id]
    if ctx.me.id == change.author:
        if others:
            people = Join(tuple(person_ref(p) for p in others), ", ")
            raise ForbiddenError("change.own_request", ref=change.ref, people=people)
        if not reason:
            raise UserError("change.override_needs_reason", line=Code(_again(change)))
        return True
    given = {a.by for a in change.valid_approvals}
    possible = given | {p.id for p in others} | {ctx.me.id}
    return len(possible) < change.quorum and bool(reason)


def _again(change: ChangeRequest) -> str:
    return f"/change approve {change.ref} …"


def _approved(ctx: Context, change: ChangeRequest, *, override: bool) -> Reply:
    params: dict[str, Inline | int] = {
        "ref": change.ref,
        "who": who(ctx, ctx.me.id),
        "given": len(change.valid_approvals),
        "quorum": change.quorum,
    }
    if change.status is not ChangeStatus.APPROVED:
        possible = {a.by for a in change.valid_approvals} | {p.id for p in deciders(ctx, change)}
        if len(possible) < change.quorum:
            line = Code(_again(change))
            return answer(ctx, change, T("change.quorum_impossible", {**params, "line": line}))
        return answer(ctx, change, T("change.approval_counted", params))
    told = T("change.told_approved", params)
    ctx.tell(change.author, replace(change_card(ctx, change), title=told, key=None))
    key = "change.approved_override" if override else "change.approved"
    return answer(ctx, change, T(key, params), Tone.GOOD)


def _not_submitted(change: ChangeRequest) -> UserError:
    if change.status is ChangeStatus.LOGGED:
        return UserError("change.submit_first", line=Code(f"/change submit {change.ref}"))
    status = T(f"change.status.{change.status.value}")
    return UserError("change.not_decidable", ref=change.ref, status=status)


@COMMAND.sub(
    "reject",
    "驳回",
    aliases=("拒绝", "refuse"),
    args=(REF, replace(REASON, required=True)),
    examples=(("变更 驳回 CR-12 本期不做", "change reject CR-12 not in this release"),),
)
def reject(ctx: Context, args: Args) -> Reply:
    """Say no, and why."""
    change = load(ctx, args.text("change"))
    require_decider(ctx, change)
    if change.status not in _DECIDABLE:
        raise _not_submitted(change)
    if ctx.me.id == change.author:
        line = Code(f"/change withdraw {change.ref}")
        raise UserError("change.withdraw_instead", line=line)
    reason = as_typed(ctx, args.text("reason"))
    change = record(ctx, change, "request:rejected", Rejected(reason), why=reason)
    redraw_asked(ctx, change)
    params: dict[str, Inline | int] = {
        "ref": change.ref, "who": who(ctx, ctx.me.id), "reason": reason,
    }  # fmt: skip
    ctx.tell(change.author, Card(T("change.told_rejected", params), tone=Tone.BAD))
    return answer(ctx, change, T("change.rejected", params), Tone.WARN)


@COMMAND.sub(
    "withdraw",
    "撤销",
    aliases=("取消", "cancel"),
    args=(REF, REASON),
    examples=(("变更 撤销 CR-12 客户不要了", "change withdraw CR-12 no longer wanted"),),
)
def withdraw(ctx: Context, args: Args) -> Reply:
    """Take one's own request back while nothing was applied."""
    change = load(ctx, args.text("change"))
    require_author(ctx, change)
    if not change.open:
        status = T(f"change.status.{change.status.value}")
        raise UserError("change.not_withdrawable", ref=change.ref, status=status)
    reason = as_typed(ctx, args.text("reason"))
    asked = deciders(ctx, change) if change.impact else ()
    change = record(ctx, change, "request:withdrawn", Withdrawn(reason), why=reason)
    told = T("change.told_withdrawn", {"ref": change.ref, "who": who(ctx, ctx.me.id)})
    redraw_asked(ctx, change)
    for person in asked:
        ctx.tell(person.id, Card(told))
    line = Code(f"/change undo {change.ref}")
    return answer(ctx, change, T("change.withdrawn", {"ref": change.ref, "line": line}))


@COMMAND.sub("undo", "撤回", args=(REF,), examples=(("变更 撤回 CR-12", "change undo CR-12"),))
def undo(ctx: Context, args: Args) -> Reply:
    """Take one's own last step back, where nothing outside followed from it."""
    change = load(ctx, args.text("change"))
    step = last_step(ctx.uow.changes.log(change.id))
    if step is None or isinstance(step.body, Logged):
        line = Code(f"/change withdraw {change.ref}")
        raise UserError("change.undo_logged", ref=change.ref, line=line)
    if isinstance(step.body, Applied) or not isinstance(step.body, UNDOABLE):
        line = Code(f"/change log S{change.content.story}")
        raise UserError("change.undo_applied", ref=change.ref, line=line)
    what = T(f"change.step.{WORDS.word_of(step.body)}")
    if step.actor != ctx.me.id:
        raise ForbiddenError("change.undo_not_yours", step=what, who=who(ctx, step.actor))
    change = record(ctx, change, "step:undone", Undone(step.seq))
    redraw_asked(ctx, change)
    return answer(ctx, change, T("change.undone", {"ref": change.ref, "step": what}))
