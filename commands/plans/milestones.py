"""``/plan milestone``: adding, moving and reaching milestones."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from commands.args import Args
from commands.context import Context
from commands.plans import words
from commands.plans.adding import new_milestone
from commands.plans.card import answer
from commands.plans.family import COMMAND, EDITORS, store, with_milestone
from commands.plans.forms import asked_more, part_form, part_word
from commands.plans.moves import day_done, moved_answer, new_dates
from commands.registry import Arg, ArgKind
from domain.errors import UserError
from domain.messages import Code, Day, Form, Inline, Reply, T, Tone
from domain.plans import (
    finish_milestone,
    move_milestone,
    remove_milestone,
    reopen_milestone,
)

_ACTS = (words.ADD, words.MOVE, words.DONE, words.REOPEN, words.REMOVE)


def _form(ctx: Context, values: Mapping[str, str]) -> Form:
    return part_form(ctx, "milestone", _ACTS, values)


@COMMAND.sub(
    "milestone",
    "里程碑",
    aliases=("milestones", "节点"),
    args=(
        Arg("act", "操作", ArgKind.CHOICE, T("plan.arg.act"), required=True, choices=_ACTS),
        Arg("what", "内容", ArgKind.TEXT, T("plan.arg.milestone_what")),
        Arg("of", "阶段", ArgKind.TEXT, T("plan.arg.of")),
    ),
    roles=EDITORS,
    form=_form,
    examples=(
        ("计划 里程碑 添加 正式上线 12-31", "plan milestone add Go-live 12-31"),
        ("计划 里程碑 调整 正式上线 +3wd", "plan milestone move Go-live +3wd"),
        ("计划 里程碑 完成 正式上线", "plan milestone done Go-live"),
        ("计划 里程碑 重开 正式上线", "plan milestone reopen Go-live"),
        ("计划 里程碑 删除 正式上线", "plan milestone remove Go-live"),
    ),
)
def milestone(ctx: Context, args: Args) -> Reply:
    """Change one milestone of the plan."""
    return asked_more(ctx, "milestone", args) or _HANDLERS[args.text("act")](ctx, args)


def _add(ctx: Context, args: Args) -> Reply:
    before, after, stone = new_milestone(ctx, args)
    change = store(ctx, before, after, "milestone_added")
    params: dict[str, Inline | int] = {"name": stone.name, "day": Day(stone.due)}
    why = ctx.calendar.why(stone.due)
    notes: tuple[Inline, ...] = ()
    if not why.working:
        notes = (T("plan.day_off.due", {**params, "why": why.text}),)
    return answer(ctx, change, T("plan.milestone_added", params), notes=notes)


def _move(ctx: Context, args: Args) -> Reply:
    dates = new_dates(ctx, args)
    plan, stone = with_milestone(ctx, part_word(args, dates.rest))
    due = dates.shift.of(stone.due, ctx.calendar) if dates.shift else dates.ends or dates.starts
    if due is None:
        raise UserError("plan.due_needed", line=Code(f"/plan milestone move {stone.name} 12-31"))
    moved = move_milestone(plan, stone.id, due, ctx.calendar)
    return moved_answer(ctx, plan, moved, "milestone_moved", stone.name)


def _done(ctx: Context, args: Args) -> Reply:
    rest, on = day_done(ctx, args)
    plan, stone = with_milestone(ctx, part_word(args, rest))
    change = store(ctx, plan, finish_milestone(plan, stone.id, on), "milestone_done")
    params: dict[str, Inline | int] = {"name": stone.name, "day": Day(on)}
    return answer(ctx, change, T("plan.milestone_done", params), tone=Tone.GOOD)


def _reopen(ctx: Context, args: Args) -> Reply:
    plan, stone = with_milestone(ctx, part_word(args, args.text("what")))
    change = store(ctx, plan, reopen_milestone(plan, stone.id), "milestone_reopened")
    return answer(ctx, change, T("plan.milestone_reopened", {"name": stone.name}))


def _remove(ctx: Context, args: Args) -> Reply:
    plan, stone = with_milestone(ctx, part_word(args, args.text("what")))
    change = store(ctx, plan, remove_milestone(plan, stone.id), "milestone_removed")
    return answer(ctx, change, T("plan.milestone_removed", {"name": stone.name}))


_HANDLERS: Mapping[str, Callable[[Context, Args], Reply]] = {
    "add": _add,
    "move": _move,
    "done": _done,
    "reopen": _reopen,
    "remove": _remove,
}
