"""``/plan shift``: moving a part with all that follows, seen before it is done."""

from __future__ import annotations

import re
from collections.abc import Mapping

from commands.args import Args
from commands.context import Context
from commands.plans.card import answer
from commands.plans.family import COMMAND, EDITORS, current, spoken, store, with_part
from commands.plans.moves import before_and_after, consequences
from commands.plans.reading import take_shift
from commands.registry import Arg, ArgKind
from domain.errors import UserError
from domain.messages import (
    Action,
    Card,
    Code,
    FieldKind,
    Form,
    FormField,
    Inline,
    Option,
    Para,
    Reply,
    Style,
    T,
    Tone,
)
from domain.plans import Moved, Plan, shift

_SURE = re.compile(
    r"\s+(?:确认|yes|ok|--yes|-y|confirm)\s*(?:#(?P<revision>\d{1,9}))?$", re.IGNORECASE
)
_WHOLE = frozenset({"", "all", "plan", "全部", "整个计划", "计划", "整体"})
_MOST = 1000
_WHOLE_PLAN = "all"


def _form(ctx: Context, values: Mapping[str, str]) -> Form:
    del values
    plan = current(ctx)
    options = (
        Option(_WHOLE_PLAN, T("plan.whole")),
        *(Option(p.id, p.name) for p in plan.phases if not (p.done or p.fixed)),
        *(Option(m.id, m.name) for m in plan.milestones if not (m.done or m.fixed)),
    )
    fields = (
        FormField("part", T("plan.arg.part"), FieldKind.CHOICE, required=True, options=options),
        FormField("by", T("plan.arg.by"), required=True, help=T("plan.by_help"), max_length=20),
    )
    return Form("plan shift", T("plan.sub.shift"), fields, T("plan.button.preview"))


@COMMAND.sub(
    "shift",
    "顺延",
    aliases=("平移", "delay"),
    args=(Arg("what", "内容", ArgKind.TEXT, T("plan.arg.shift_what")),),
    roles=EDITORS,
    form=_form,
    examples=(
        ("计划 顺延 开发 +3wd", "plan shift Development +3wd"),
        ("计划 顺延 全部 +5wd 确认", "plan shift all +5wd yes"),
    ),
)
def shifted(ctx: Context, args: Args) -> Reply:
    """Move a part and what follows it by working days: first shown, then done when confirmed."""
    text = args.text("what")
    if args.raw.get("by"):
        text = f"{args.raw.get('part', '')} {_signed(args.raw['by'])}"
    if not text.strip():
        return Reply(form=_form(ctx, {}), private=True)
    sure = _SURE.search(f" {text}")
    if sure is not None:
        text = f" {text}"[: sure.start()]
    word, by = take_shift(text)
    if by is None:
        raise UserError("plan.by_needed", line=Code("/plan shift 开发 +3wd"))
    if not by.working:
        raise UserError("plan.by_working", line=Code(f"/plan shift {word} {by.days:+d}wd"))
    if abs(by.days) > _MOST or not by.days:
        raise UserError("plan.by_range", most=_MOST)
    plan, part_id, name = _part(ctx, word)
    moved = shift(plan, part_id, by.days, ctx.calendar, ctx.today)
    if not moved.moves:
        raise UserError("plan.nothing_moved", name=name)
    if sure is None:
        return _preview(ctx, plan, part_id, by.days, moved, name)
    _check(ctx, plan, sure["revision"])
    change = store(ctx, plan, moved.plan, "shifted")
    params: dict[str, Inline | int] = {"name": name, "n": by.days, "parts": len(moved.moves)}
    line = T("plan.shifted_later" if by.days > 0 else "plan.shifted_earlier", _absolute(params))
    return answer(ctx, change, line, notes=consequences(moved))


def _signed(by: str) -> str:
    """``3`` and ``3wd`` from a form's field mean later."""
    typed = by.strip()
    return f"+{typed}" if typed[:1].isdigit() else typed


def _part(ctx: Context, word: str) -> tuple[Plan, str | None, Inline]:
    """The plan, and the part to move; no part means all of it."""
    if word.strip().casefold() in _WHOLE:
        plan = current(ctx)
        return plan, None, plan.name
    plan, part = with_part(ctx, word)
    return plan, part.id, part.name


def _check(ctx: Context, plan: Plan, seen: str | None) -> None:
    """Refuse to do what a preview showed when the plan is another one by now."""
    revision, _ = ctx.uow.plans.revision(plan.id)
    if seen is not None and int(seen) != revision:
        raise UserError("plan.changed_meanwhile", name=plan.name)


def _preview(
    ctx: Context, plan: Plan, part_id: str | None, by: int, moved: Moved, name: Inline
) -> Reply:
    revision, _ = ctx.uow.plans.revision(plan.id)
    sure = "yes" if ctx.locale == "en" else "确认"
    line = f"plan shift {part_id or _WHOLE_PLAN} {by:+d}wd {sure} #{revision}"
    parts = (*plan.phases, *plan.milestones)
    part = next((p for p in parts if p.id == part_id), None)
    what = spoken(ctx, plan, part) if part else _WHOLE_PLAN
    shown = f"plan shift {what} {by:+d}wd {sure} #{revision}"
    confirm = Action(T("plan.button.confirm_shift"), line, Style.PRIMARY, typed=shown)
    params: dict[str, Inline | int] = {"name": name, "n": by, "parts": len(moved.moves)}
    key = "plan.preview_later" if by > 0 else "plan.preview_earlier"
    typed = Code(f"/plan shift {name if part_id else _WHOLE_PLAN} {by:+d}wd {sure}")
    blocks = (*before_and_after(moved), Para(T("plan.preview_then", {"line": typed}), muted=True))
    tone = Tone.WARN if moved.collisions else Tone.INFO
    return Reply((Card(T(key, _absolute(params)), blocks, (confirm,), tone=tone),), private=True)


def _absolute(params: dict[str, Inline | int]) -> dict[str, Inline | int]:
    days = params["n"]
    return {**params, "n": abs(days)} if isinstance(days, int) else params
