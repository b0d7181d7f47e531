"""Decisions, action items, open questions, notes; and taking the last entry back."""

from __future__ import annotations

from datetime import date

from commands import action as action_family
from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind
from commands.reviews.card import answer
from commands.reviews.family import (
    COMMAND,
    as_typed,
    current,
    record,
    verdict_text,
    who,
)
from domain.errors import ForbiddenError
from domain.messages import Day, Inline, Reply, T, say
from domain.reviews import events as e
from domain.reviews.fold import last_entry
from domain.reviews.state import Review

_LONGEST = 3000

_TEXT = Arg("text", "内容", ArgKind.TEXT, T("review.arg.text"), required=True, multiline=True)


def _words(ctx: Context, args: Args) -> str:
    return as_typed(ctx, args.text("text"))[:_LONGEST]


@COMMAND.sub(
    "decide", "决定", aliases=("决议", "decision"), args=(_TEXT,),
    examples=(("评审 决定 登录只保留短信验证码", "review decide SMS codes only"),),
)  # fmt: skip
def decide(ctx: Context, args: Args) -> Reply:
    """Record a decision."""
    text = _words(ctx, args)
    review = record(ctx, current(ctx), "decision:added", e.Decided(text))
    return answer(ctx, review, T("review.decided", {"text": text}))


@COMMAND.sub(
    "action",
    "行动",
    aliases=("行动项", "todo"),
    args=(
        Arg("owner", "负责人", ArgKind.PERSON, T("review.arg.owner")),
        Arg("due", "截止", ArgKind.DATE, T("review.arg.due")),
        _TEXT,
    ),
    examples=(("评审 行动 @李雷 周五 更新原型", "review action @lilei fri update the prototype"),),
)
def action(ctx: Context, args: Args) -> Reply:
    """Record who is to do what until when; nobody named: it is the speaker's."""
    owner = args.person("owner") or ctx.me.id
    review, number = add_action(ctx, current(ctx), _words(ctx, args), owner, args.date("due"))
    return answer(ctx, review, action_line(ctx, number, owner, args.date("due")))


def add_action(
    ctx: Context, review: Review, text: str, owner: str, due: date | None, source: str | None = None
) -> tuple[Review, int]:
    """Put an action item into the record; its number comes with it."""
    number = ctx.uow.actions.next_number(review.product_id)
    body = e.ActionAdded(number, text, owner, due, source)
    return record(ctx, review, "action:added", body), number


def action_line(ctx: Context, number: int, owner: str, due: date | None) -> Inline:
    """What was understood, with the date in full."""
    params: dict[str, Inline | int] = {"ref": f"A-{number}", "owner": who(ctx, owner)}
    if due is None:
        return T("review.action_added_no_date", params)
    return T("review.action_added", {**params, "day": Day(due)})


@COMMAND.sub(
    "question", "问题", aliases=("疑问", "待定"), args=(_TEXT,),
    examples=(("评审 问题 海外手机号怎么处理", "review question what about foreign numbers"),),
)  # fmt: skip
def question(ctx: Context, args: Args) -> Reply:
    """Record an open question."""
    text = _words(ctx, args)
    review = current(ctx)
    number = ctx.uow.actions.next_number(review.product_id)
    review = record(ctx, review, "question:raised", e.QuestionRaised(number, text))
    return answer(ctx, review, T("review.question_raised", {"ref": f"A-{number}", "text": text}))


@COMMAND.sub(
    "note", "记录", aliases=("记",), args=(_TEXT,),
    examples=(("评审 记录 安全组要求加图形验证码", "review note security wants a captcha"),),
)  # fmt: skip
def note(ctx: Context, args: Args) -> Reply:
    """Add a line to the minutes."""
    review = record(ctx, current(ctx), "note:added", e.Noted(_words(ctx, args)))
    return answer(ctx, review, T("review.noted"))


@COMMAND.sub(
    "done",
    "完成",
    args=(action_family.ITEM,),
    examples=(("评审 完成 A-3", "review done A-3"),),
)
def done(ctx: Context, args: Args) -> Reply:
    """Settle an item of a review: the same as ``/action done``."""
    return action_family.done(ctx, args)


@COMMAND.sub("undo", "撤回", aliases=("回退",), examples=(("评审 撤回", "review undo"),))
def undo(ctx: Context, args: Args) -> Reply:
    """Take the last entry back; its author and the chair may."""
    del args
    review = current(ctx)
    event = last_entry(ctx.uow.reviews.log(review.id))
    if event is None:
        return say("review.nothing_to_undo")
    if ctx.me.id not in (event.actor, review.chair):
        people = {"author": who(ctx, event.actor), "chair": who(ctx, review.chair)}
        raise ForbiddenError("review.undo_not_yours", **people)
    what = described(ctx, event.body)
    review = record(ctx, review, "entry:undone", e.Undone(event.seq))
    return answer(ctx, review, T("review.undone", {"what": what}))


def described(ctx: Context, body: e.Body) -> Inline:
    """An entry in a few words."""
    match body:
        case e.VerdictGiven():
            return T(
                "review.entry.verdict",
                {
                    "who": who(ctx, body.person),
                    "ref": f"S{body.story}",
                    "verdict": verdict_text(body.verdict),
                },
            )
        case e.AgendaAdded() | e.AgendaRemoved():
            key = "agenda_added" if isinstance(body, e.AgendaAdded) else "agenda_removed"
            return T(f"review.entry.{key}", {"ref": f"S{body.story}"})
        case e.Decided() | e.ActionAdded() | e.QuestionRaised() | e.Noted() | e.TopicAdded():
            return T(f"review.entry.{e.WORDS.word_of(body)}", {"text": body.text[:120]})
        case _:
            return T(f"review.entry.{e.WORDS.word_of(body)}")
