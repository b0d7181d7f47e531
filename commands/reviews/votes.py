"""Verdicts."""

from __future__ import annotations

from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind
from commands.reviews.card import answer, deaf, stands
from commands.reviews.family import (
    COMMAND,
    VERDICTS,
    as_typed,
    current,
    names,
    record,
    verdict_text,
    who,
)
from domain.errors import UserError
from domain.messages import Code, Inline, Reply, T
from domain.reviews.events import AgendaAdded, Body, Joined, VerdictGiven
from domain.reviews.outcome import voters
from domain.reviews.state import AgendaItem, Review
from domain.stories import Verdict


@COMMAND.sub(
    "verdict",
    "意见",
    aliases=("vote", "评审意见", "表态"),
    args=(
        Arg("story", "需求", ArgKind.STORY, T("review.arg.story"), required=True),
        Arg(
            "verdict", "意见", ArgKind.CHOICE, T("review.arg.verdict"),
            required=True, choices=VERDICTS,
        ),
        Arg("comment", "说明", ArgKind.TEXT, T("review.arg.comment"), multiline=True),
    ),
    examples=(
        ("评审 意见 S12 通过", "review verdict S12 pass"),
        ("评审 意见 S12 待明确 缺少异常流程", "review verdict S12 clarify no error flow"),
    ),
)  # fmt: skip
def verdict(ctx: Context, args: Args) -> Reply:
    """Give one's verdict on a story of the agenda; a later one replaces the earlier."""
    review = current(ctx)
    number = args.story("story") or 0
    given = Verdict(args.text("verdict"))
    if review.item(number) is None:
        hint = T("review.add_first", {"line": Code(f"/review agenda add S{number}")})
        raise UserError("review.not_on_agenda", hint, stories=f"S{number}")
    story = ctx.tracker.story(number)
    if given is Verdict.REVERT and story.version <= 1:
        raise UserError("review.nothing_to_revert", story=story.ref)
    bodies: list[Body] = []
    item = review.item(number)
    changed = item is not None and item.version != story.version
    if changed:
        bodies.append(AgendaAdded(number, story.version, story.title, story.reviewers))
    if ctx.me.id not in review.joined:
        bodies.append(Joined(ctx.me.id))
    comment = as_typed(ctx, args.text("comment"))
    before = item.vote_of(ctx.me.id) if item and not changed else None
    bodies.append(VerdictGiven(number, story.version, ctx.me.id, given, comment))
    review = record(ctx, review, "verdict:given", *bodies, why=comment)
    line = _line(ctx, review, number, before.verdict if before else None)
    item = review.item(number)
    if item is not None and deaf(ctx):  # the card is not shown again for every vote
        line = T("review.verdict_stands", {"said": line, "stands": stands(ctx, review, item)})
    return answer(ctx, review, line)


def _line(ctx: Context, review: Review, number: int, before: Verdict | None) -> Inline:
    item = review.item(number)
    vote = item.vote_of(ctx.me.id) if item else None
    if item is None or vote is None:
        return T("review.nothing_changed")
    params: dict[str, Inline | int] = {
        "who": who(ctx, ctx.me.id), "ref": item.ref, "verdict": verdict_text(vote.verdict),
    }  # fmt: skip
    if not _counts(ctx, review, item):
        return T("review.not_counted", {**params, "people": names(ctx, voters(review, item))})
    if before is not None and before is not vote.verdict:
        return T("review.verdict_replaced", {**params, "before": verdict_text(before)})
    return T("review.verdict_given", params)


def _counts(ctx: Context, review: Review, item: AgendaItem) -> bool:
    return ctx.me.id in voters(review, item)
