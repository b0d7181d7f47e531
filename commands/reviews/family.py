"""The command itself, and what its use cases share: which review is meant, who leads it."""

from __future__ import annotations

import re

from commands.context import Context
from commands.registry import Arg, ArgKind, Choice, Command
from domain.errors import ForbiddenError, NotFoundError, UserError
from domain.messages import Action, Inline, Join, PersonRef, Style, T
from domain.people import Role
from domain.reviews.events import Body
from domain.reviews.state import Review, ReviewStatus
from domain.stories import Verdict

COMMAND = Command("review", "评审", T("review.help"), aliases=("需求评审",), needs_product=True)

START = "review start"
"""What starts one."""
LEADERS = (Role.PO, Role.PM, Role.ADMIN)
"""Who may start a review, and lead one that somebody else started."""

REF = Arg("review", "评审", ArgKind.REF, T("review.arg.review"), prefix="R")
SURE = Arg(
    "sure", "确认", ArgKind.CHOICE, T("review.arg.sure"),
    choices=(Choice("yes", ("yes", "--yes", "-y", "y", "确认", "是"), T("review.sure")),),
)  # fmt: skip

VERDICTS = (
    Choice(
        "pass",
        ("pass", "通过", "确认通过", "同意", "passed", "ok", "approve"),
        T("review.verdict.pass"),
    ),
    Choice("clarify", ("clarify", "待明确", "有待明确", "不明确"), T("review.verdict.clarify")),
    Choice("reject", ("reject", "拒绝", "不通过", "rejected"), T("review.verdict.reject")),
    Choice("revert", ("revert", "撤销", "撤销变更"), T("review.verdict.revert")),
)

_MENTION = re.compile(r"<@([^>\s]+)>")


def verdict_text(verdict: Verdict) -> T:
    """A verdict in words."""
    return T(f"review.verdict.{verdict.value}")


def who(ctx: Context, person_id: str | None) -> Inline:
    """A person as shown in a card; people who are gone have a word, too."""
    if person_id is None:
        return T("review.duban")
    try:
        return ctx.person(person_id)
    except NotFoundError:
        return T("review.former_member")


def names(ctx: Context, people: tuple[str, ...]) -> Inline:
    """Several people in a row."""
    return Join(tuple(who(ctx, p) for p in people), ", ")


def plain_names(ctx: Context, people: tuple[str, ...]) -> Inline:
    """The same as words that call nobody."""
    shown = (who(ctx, p) for p in people)
    return Join(tuple(p.name if isinstance(p, PersonRef) else p for p in shown), ", ")


def as_typed(ctx: Context, text: str) -> str:
    """The words for the record: mentions by name, so that they can be read in ten years."""

    def named(match: re.Match[str]) -> str:
        shown = who(ctx, match.group(1))
        return f"@{shown.name}" if isinstance(shown, PersonRef) else match.group()

    return _MENTION.sub(named, text).strip()


def current(ctx: Context) -> Review:
    """The open review here; in a direct conversation the product's, if there is just one.

    :raises UserError: as :func:`none_open` makes it.
    """
    if ctx.channel is not None:
        review = ctx.uow.reviews.open_in(ctx.channel.id)
        if review is not None:
            return review
    if ctx.maybe_product is not None and (ctx.channel is None or ctx.channel.kind == "direct"):
        running = ctx.uow.reviews.running(ctx.product.id)
        found = [r for r in running if r.status is ReviewStatus.OPEN]
        if len(found) == 1:
            return found[0]
    raise none_open()


def none_open(word: str = "") -> UserError:
    """That no review is open here, with the way to start one.

    :param word: what was said that means something in a review alone.
    """
    error = UserError("review.only_there", word=word) if word else UserError("review.none_open")
    error.actions = (Action(T("review.button.start"), START, Style.PRIMARY),)
    return error


def named_or_current(ctx: Context, number: str) -> Review:
    """The review with this number, or the open one here where none is named."""
    return by_number(ctx, number) if number else current(ctx)


def by_number(ctx: Context, number: str) -> Review:
    """The review ``R-<number>`` of the product; ``NotFoundError`` if none."""
    review = ctx.uow.reviews.by_number(ctx.product.id, int(number))
    if review is None:
        raise NotFoundError("review.unknown", ref=f"R-{number}")
    return review


def leads(ctx: Context, review: Review) -> bool:
    """Whether the asker may end, cancel, reopen and tidy up this review."""
    return ctx.me.id == review.chair or bool(ctx.roles & set(LEADERS))


def require_lead(ctx: Context, review: Review) -> None:
    """Refuse unless the asker leads this review."""
    if not leads(ctx, review):
        raise ForbiddenError("review.only_lead", chair=who(ctx, review.chair))


def require_running(review: Review) -> None:
    """Refuse when the review is over, and say since when and by whom."""
    if review.status is ReviewStatus.CANCELLED:
        raise UserError("review.is_cancelled", ref=review.ref)
    if not review.running:
        raise UserError("review.is_ended", ref=review.ref)


def record(ctx: Context, review: Review, action: str, *bodies: Body, why: str = "") -> Review:
    """Append events by the asker and write the act into the audit."""
    after = ctx.uow.reviews.record(review, *bodies, actor=ctx.me.id, at=ctx.now)
    ctx.audit(
        f"review:{action}",
        f"review:{after.id}",
        old={"seq": review.seq, "status": review.status.value} if review.seq else None,
        new={"seq": after.seq, "status": after.status.value},
        why=why,
    )
    return after
