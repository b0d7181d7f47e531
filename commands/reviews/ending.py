"""Ending a review: outcomes to the tracker, items to settle, sealed minutes; cancel, reopen."""

from __future__ import annotations

from dataclasses import replace

from commands.args import Args
from commands.context import Context
from commands.filing import REVIEW_RECORD, filed_as
from commands.registry import Arg, ArgKind, Choice
from commands.reviews.card import answer
from commands.reviews.family import (
    COMMAND,
    REF,
    SURE,
    as_typed,
    by_number,
    current,
    names,
    record,
    require_lead,
    who,
)
from commands.reviews.followup import settle_items, tell_owners
from commands.reviews.outcomes import to_tracker
from domain.errors import UserError
from domain.messages import (
    Action,
    Block,
    Bullet,
    Bullets,
    Card,
    Code,
    Inline,
    Moment,
    Para,
    Reply,
    Strong,
    Style,
    T,
    Tone,
)
from domain.reviews.events import Cancelled, Ended, Outcome, Reopened
from domain.reviews.outcome import tally, undecided
from domain.reviews.seal import digest
from domain.reviews.state import Review, ReviewStatus

_FORMATS = (
    Choice("docx", ("docx", "word"), T("review.format.docx")),
    Choice("md", ("md", "markdown"), T("review.format.md")),
)
_REASON = Arg("reason", "原因", ArgKind.TEXT, T("review.arg.reason"))
_WHY = replace(_REASON, required=True)


@COMMAND.sub(
    "end",
    "结束",
    aliases=("finish", "close"),
    args=(REF, SURE),
    examples=(("评审 结束", "review end"), ("评审 结束 确认", "review end yes")),
)
def end(ctx: Context, args: Args) -> Reply:
    """End the review and seal its record; with stories undecided it asks first."""
    review = _meant(ctx, args.text("review"))
    if not review.running:
        return _over(ctx, review)
    require_lead(ctx, review)
    if undecided(review) and not args.text("sure"):
        return _ask(ctx, review)
    before = review
    filed = filed_as(REVIEW_RECORD, review.product_id, review.plan_id)
    minutes = ctx.produce(
        "minutes.docx", {"review": review.id, **filed}, note=_note(review), home=review.channel
    )
    minutes_url = ctx.services.record_url(ctx.uow.workspace_id, minutes)
    outcomes = to_tracker(ctx, review, minutes_url)
    review = record(ctx, review, "meeting:ended", Ended(digest(review), outcomes))
    settle_items(ctx, review)
    tell_owners(ctx, before, review)
    return answer(ctx, review, _ended_line(review, outcomes), Tone.GOOD)


def _meant(ctx: Context, number: str) -> Review:
    """The review to end.

    When none is open here it is the last one that was, so that whoever comes second hears who was
    first.
    """
    if number:
        return by_number(ctx, number)
    try:
        return current(ctx)
    except UserError:
        drafts = ctx.uow.reviews.drafts_in(ctx.channel.id) if ctx.channel else ()
        if drafts:
            return drafts[0]
        last = ctx.uow.reviews.recent(ctx.product.id, 1)
        if last and ctx.channel is not None and last[0].channel == ctx.channel.id:
            return last[0]
        raise


def _over(ctx: Context, review: Review) -> Reply:
    key = "ended_by" if review.status is ReviewStatus.ENDED else "cancelled_by"
    at = Moment(review.closed_at or ctx.now)
    text = T(f"review.{key}", {"ref": review.ref, "who": who(ctx, review.closed_by), "at": at})
    return Reply((Card(text, tone=Tone.WARN),), private=True)


def _ask(ctx: Context, review: Review) -> Reply:
    """What has no outcome yet, who is missing, and the button to end all the same."""
    items = tuple(
        Bullet(
            T(
                "review.missing_line",
                {
                    "ref": Strong(item.ref),
                    "title": item.title,
                    "people": names(ctx, tally(review, item).missing)
                    if tally(review, item).missing
                    else T("review.no_majority"),
                },
            )
        )
        for item in undecided(review)
    )
    blocks: tuple[Block, ...] = (
        Bullets(items),
        Para(T("review.missing_then"), muted=True),
    )
    sure = f"review end {review.ref} yes"
    actions = (Action(T("review.button.end_anyway"), sure, Style.PRIMARY),)
    title = T("review.missing_title", {"ref": review.ref, "n": len(items)})
    return Reply((Card(title, blocks, actions, tone=Tone.WARN),), private=True)


def _ended_line(review: Review, outcomes: tuple[Outcome, ...]) -> Inline:
    left = sum(o.verdict is None for o in outcomes)
    params: dict[str, Inline | int] = {"ref": review.ref, "title": review.title, "n": left}
    return T("review.ended_left" if left else "review.ended", params)


def _note(review: Review) -> Inline:
    params: dict[str, Inline | int] = {
        "ref": review.ref, "title": review.title, "version": review.version,
    }  # fmt: skip
    return T("review.minutes_ready" if review.version == 1 else "review.minutes_corrected", params)


@COMMAND.sub(
    "cancel", "取消", args=(REF, _WHY),
    examples=(("评审 取消 人没到齐", "review cancel too few people"),),
)  # fmt: skip
def cancel(ctx: Context, args: Args) -> Reply:
    """Give the review up; it stays in the list, and nothing follows from it."""
    review = _meant(ctx, args.text("review"))
    if not review.running:
        return _over(ctx, review)
    require_lead(ctx, review)
    if review.endings:
        # What the sealed version said has had its effects; only a correction can end this.
        raise UserError("review.cannot_cancel_reopened", line=Code(f"/review end {review.ref}"))
    reason = as_typed(ctx, args.text("reason"))
    review = record(ctx, review, "meeting:cancelled", Cancelled(reason), why=reason)
    hint = T("review.cancelled", {"ref": review.ref, "line": Code(f"/review reopen {review.ref}")})
    return answer(ctx, review, hint)


@COMMAND.sub(
    "reopen",
    "重开",
    aliases=("resume", "继续"),
    args=(REF, _REASON),
    examples=(("评审 重开 R-5 漏记一条决定", "review reopen R-5 a decision is missing"),),
)
def reopen(ctx: Context, args: Args) -> Reply:
    """Go on with a review that was ended, cancelled or left: a new version of its record begins."""
    number = args.text("review")
    review = by_number(ctx, number) if number else _last_here(ctx)
    require_lead(ctx, review)
    if review.status is ReviewStatus.OPEN:
        raise UserError("review.is_open", ref=review.ref)
    if review.channel and (other := ctx.uow.reviews.open_in(review.channel)):
        line = Code(f"/review end {other.ref}")
        raise UserError("review.other_open", ref=other.ref, title=other.title, line=line)
    reason = as_typed(ctx, args.text("reason"))
    review = record(ctx, review, "meeting:reopened", Reopened(reason), why=reason)
    key = "review.reopened" if review.version > 1 else "review.resumed"
    return answer(ctx, review, T(key, {"ref": review.ref, "version": review.version}))


def _last_here(ctx: Context) -> Review:
    recent = ctx.uow.reviews.recent(ctx.product.id, 1)
    if not recent:
        raise UserError("review.none_yet", line=Code("/review start"))
    return recent[0]


@COMMAND.sub(
    "export",
    "导出",
    args=(
        REF,
        Arg(
            "format", "格式", ArgKind.CHOICE, T("review.arg.format"),
            choices=_FORMATS,
        ),
    ),
    examples=(("评审 导出 R-5", "review export R-5"), ("评审 导出 md", "review export md")),
)  # fmt: skip
def export(ctx: Context, args: Args) -> Reply:
    """Make the minutes as a document; of a review that is not over they are marked as a draft."""
    number = args.text("review")
    review = by_number(ctx, number) if number else _open_or_last(ctx)
    kind = args.text("format", "docx")
    ctx.produce(f"minutes.{kind}", {"review": review.id}, note=_note(review))
    ctx.audit("review:minutes:exported", f"review:{review.id}", new={"format": kind})
    return Reply((Card(T("review.exporting", {"ref": review.ref})),), private=True)


def _open_or_last(ctx: Context) -> Review:
    try:
        return current(ctx)
    except UserError:
        return _last_here(ctx)
