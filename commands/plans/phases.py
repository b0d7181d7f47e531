"""``/plan phase``: adding, moving and finishing phases."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from commands.args import Args
from commands.context import Context
from commands.plans import words
from commands.plans.adding import new_phase
from commands.plans.card import answer
from commands.plans.family import COMMAND, EDITORS, store, who, with_phase
from commands.plans.forms import asked_more, part_form, part_word
from commands.plans.moves import day_done, moved_answer, new_dates
from commands.plans.reading import percent_of
from commands.registry import Arg, ArgKind
from domain.errors import UserError
from domain.messages import Action, Card, Code, Day, Form, Inline, Join, Reply, T, Tone
from domain.plans import (
    begin_phase,
    finish_phase,
    move_phase,
    remove_phase,
    reopen_phase,
    set_progress,
)

_ACTS = (
    words.ADD, words.MOVE, words.BEGIN, words.PROGRESS, words.DONE, words.OWNER, words.REOPEN,
    words.REMOVE,
)  # fmt: skip

_NOBODY = re.compile(r"\s+(?:无|没有|nobody|none|-)$", re.IGNORECASE)


def _form(ctx: Context, values: Mapping[str, str]) -> Form:
    return part_form(ctx, "phase", _ACTS, values)


@COMMAND.sub(
    "phase",
    "阶段",
    aliases=("phases",),
    args=(
        Arg("act", "操作", ArgKind.CHOICE, T("plan.arg.act"), required=True, choices=_ACTS),
        Arg("owner", "负责人", ArgKind.PERSON, T("plan.arg.owner")),
        Arg("what", "内容", ArgKind.TEXT, T("plan.arg.phase_what")),
        Arg("after", "前置", ArgKind.TEXT, T("plan.arg.after")),
        Arg("outputs", "交付物", ArgKind.TEXT, T("plan.arg.outputs")),
        Arg("gate", "出口", ArgKind.TEXT, T("plan.arg.gate")),
    ),
    roles=EDITORS,
    form=_form,
    examples=(
        ("计划 阶段 添加 联调 12-01 12-10 前置=开发", "plan phase add Trial 12-01 12-10 after=Dev"),
        ("计划 阶段 调整 开发 12-15", "plan phase move Development 12-15"),
        ("计划 阶段 进度 开发 60", "plan phase progress Development 60"),
        ("计划 阶段 完成 开发", "plan phase done Development"),
        ("计划 阶段 负责人 开发 @李雷", "plan phase owner Development @lilei"),
        ("计划 阶段 重开 开发", "plan phase reopen Development"),
        ("计划 阶段 删除 联调", "plan phase remove Trial"),
    ),
)  # fmt: skip
def phase(ctx: Context, args: Args) -> Reply:
    """Change one phase of the plan."""
    return asked_more(ctx, "phase", args) or _HANDLERS[args.text("act")](ctx, args)


def _add(ctx: Context, args: Args) -> Reply:
    before, after, phase = new_phase(ctx, args)
    change = store(ctx, before, after, "phase_added")
    params: dict[str, Inline | int] = {
        "name": phase.name, "starts": Day(phase.starts), "ends": Day(phase.ends),
    }  # fmt: skip
    return answer(ctx, change, T("plan.phase_added", params))


def _move(ctx: Context, args: Args) -> Reply:
    dates = new_dates(ctx, args)
    plan, phase = with_phase(ctx, part_word(args, dates.rest))
    if dates.shift is not None:
        starts = dates.shift.of(phase.starts, ctx.calendar)
        ends = dates.shift.of(phase.ends, ctx.calendar)
    else:
        starts, ends = dates.starts, dates.ends
    if starts is None and ends is None:
        raise UserError("plan.dates_needed", line=Code(f"/plan phase move {phase.name} 12-15"))
    moved = move_phase(plan, phase.id, ctx.calendar, starts=starts, ends=ends)
    return moved_answer(ctx, plan, moved, "phase_moved", phase.name)


def _begin(ctx: Context, args: Args) -> Reply:
    plan, phase = with_phase(ctx, part_word(args, args.text("what")))
    change = store(ctx, plan, begin_phase(plan, phase.id), "phase_begun")
    return answer(ctx, change, T("plan.phase_begun", {"name": phase.name}))


def _progress(ctx: Context, args: Args) -> Reply:
    typed = args.raw.get("percent", "")
    word, percent = percent_of(f"{args.text('what')} {typed}")
    plan, phase = with_phase(ctx, part_word(args, word))
    change = store(ctx, plan, set_progress(plan, phase.id, percent), "phase_progress")
    params: dict[str, Inline | int] = {"name": phase.name, "n": percent, "before": phase.progress}
    return answer(ctx, change, T("plan.phase_progress", params))


def _done(ctx: Context, args: Args) -> Reply:
    rest, on = day_done(ctx, args)
    plan, phase = with_phase(ctx, part_word(args, rest))
    change = store(ctx, plan, finish_phase(plan, phase.id, on), "phase_done")
    notes: list[Inline] = []
    missing = ctx.uow.deliverables.missing_of_phase(phase.id)
    if missing:
        names = Join(tuple(Join((d.item.code, " ", d.item.title)) for d in missing), ", ")
        notes.append(T("plan.still_missing", {"n": len(missing), "names": names}))
    if phase.gate:
        notes.append(T("plan.gate_was", {"gate": phase.gate}))
    late = ctx.calendar.working_days_between(phase.ends, on)
    key = "plan.phase_done_late" if late > 0 else "plan.phase_done"
    params: dict[str, Inline | int] = {"name": phase.name, "day": Day(on), "n": late}
    tone = Tone.WARN if missing else Tone.GOOD
    return answer(ctx, change, T(key, params), notes=tuple(notes), tone=tone)


def _owner(ctx: Context, args: Args) -> Reply:
    owner = args.person("owner")
    word = args.text("what")
    nobody = _NOBODY.search(word)
    if owner is None and nobody is None and "part" not in args.raw:
        raise UserError("plan.owner_needed", line=Code("/plan phase owner 2 @…"))
    plan, phase = with_phase(ctx, part_word(args, word[: nobody.start()] if nobody else word))
    after = plan.with_phases([replace(phase, owner=owner)])
    change = store(ctx, plan, after, "phase_owner")
    if owner is None:
        return answer(ctx, change, T("plan.phase_no_owner", {"name": phase.name}))
    params: dict[str, Inline | int] = {
        "name": phase.name, "plan": plan.name, "who": who(ctx, owner),
        "starts": Day(phase.starts), "ends": Day(phase.ends), "by": who(ctx, ctx.me.id),
    }  # fmt: skip
    show = Action(T("plan.button.show"), f"plan show {plan.id}", typed=f"plan show {plan.name}")
    ctx.tell(owner, Card(T("plan.you_own", params), actions=(show,)))
    return answer(ctx, change, T("plan.phase_owner", params))


def _reopen(ctx: Context, args: Args) -> Reply:
    plan, phase = with_phase(ctx, part_word(args, args.text("what")))
    change = store(ctx, plan, reopen_phase(plan, phase.id), "phase_reopened")
    return answer(ctx, change, T("plan.phase_reopened", {"name": phase.name}))


def _remove(ctx: Context, args: Args) -> Reply:
    plan, phase = with_phase(ctx, part_word(args, args.text("what")))
    stones = [each.name for each in plan.milestones if each.phase_id == phase.id]
    change = store(ctx, plan, remove_phase(plan, phase.id), "phase_removed")
    notes = (T("plan.stones_removed", {"names": ", ".join(stones)}),) if stones else ()
    return answer(ctx, change, T("plan.phase_removed", {"name": phase.name}), notes=notes)


_HANDLERS: Mapping[str, Callable[[Context, Args], Reply]] = {
    "add": _add,
    "move": _move,
    "begin": _begin,
    "progress": _progress,
    "done": _done,
    "owner": _owner,
    "reopen": _reopen,
    "remove": _remove,
}
