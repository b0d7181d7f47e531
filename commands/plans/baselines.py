"""Baselines: keeping how a plan stands, and comparing with it."""

from __future__ import annotations

from commands.args import Args
from commands.context import Context
from commands.plans.card import SHOWN
from commands.plans.family import COMMAND, EDITORS, current, unquoted, who
from commands.registry import Arg, ArgKind, Choice
from domain.errors import NotFoundError, UserError
from domain.ids import new_id
from domain.messages import (
    Action,
    Bullet,
    Bullets,
    Card,
    Code,
    Day,
    Grid,
    Inline,
    Join,
    Moment,
    Para,
    Reply,
    Strong,
    T,
    Tone,
)
from domain.plans import Change, Difference, Part, Plan, PlanBaseline, Span, diff

_ACTS = (
    Choice("list", ("list", "列表"), T("plan.do.list")),
    Choice("take", ("take", "建立", "保存", "add"), T("plan.do.take")),
)


@COMMAND.sub(
    "baseline",
    "基线",
    aliases=("baselines",),
    args=(
        Arg("act", "操作", ArgKind.CHOICE, T("plan.arg.act"), choices=_ACTS),
        Arg("name", "名称", ArgKind.TEXT, T("plan.arg.baseline_name")),
    ),
    examples=(
        ("计划 基线", "plan baseline"),
        ("计划 基线 建立 评审通过", "plan baseline take reviewed"),
    ),
)
def baseline(ctx: Context, args: Args) -> Reply:
    """The baselines of the plan; ``take`` keeps how it stands now."""
    plan = current(ctx)
    if args.text("act") == "take":
        return _take(ctx, plan, unquoted(args.text("name")))
    if args.text("name"):
        raise UserError("core.not_understood_as", text=args.text("name")[:80], what=_ACT_LABEL)
    return _listed(ctx, plan)


_ACT_LABEL = T("plan.arg.act")


def _take(ctx: Context, plan: Plan, name: str) -> Reply:
    if not ctx.roles & EDITORS:
        raise ctx.refusal(tuple(sorted(EDITORS)))
    known = ctx.uow.plans.baselines(plan.id)
    name = name[:80] or f"#{len(known) + 1}"
    if any(each.name.casefold() == name.casefold() for each in known):
        raise UserError("plan.baseline_taken", name=name)
    kept = PlanBaseline(new_id(), plan.id, name, ctx.now, ctx.me.id, plan.phases, plan.milestones)
    ctx.uow.plans.add_baseline(kept)
    new = {"baseline": kept.id, "name": name}
    ctx.audit("plan:baseline:taken", f"plan:{plan.id}", new=new)
    compare = Action(T("plan.button.diff"), f"plan diff {len(known) + 1}")
    params: dict[str, Inline | int] = {"name": name, "plan": plan.name}
    card = Card(T("plan.baseline_kept", params), actions=(compare,), tone=Tone.GOOD)
    ctx.announce(card)
    return Reply((card,))


def _listed(ctx: Context, plan: Plan) -> Reply:
    known = ctx.uow.plans.baselines(plan.id)
    take = Action(T("plan.button.take"), "plan baseline take")
    title = T("plan.baselines", {"plan": plan.name, "n": len(known)})
    if not known:
        return Reply((Card(T("plan.no_baseline", {"plan": plan.name}), actions=(take,)),))
    items = tuple(
        Bullet(
            Join(
                (f"{n}. ", Strong(b.name), " · ", Moment(b.taken_at), " · ", who(ctx, b.taken_by))
            ),
            (Action(T("plan.button.diff"), f"plan diff {n}"),),
        )
        for n, b in enumerate(known, start=1)
    )
    return Reply((Card(title, (Bullets(items),), (take,)),))


@COMMAND.sub(
    "diff",
    "对比",
    aliases=("compare", "比较"),
    args=(Arg("baseline", "基线", ArgKind.TEXT, T("plan.arg.baseline")),),
    writes=False,
    examples=(("计划 对比", "plan diff"), ("计划 对比 评审通过", "plan diff reviewed")),
)
def compare(ctx: Context, args: Args) -> Reply:
    """What differs from a baseline: the last one, or the one that is named."""
    plan = current(ctx)
    kept = _baseline(ctx, plan, unquoted(args.text("baseline")))
    found = diff(plan, kept, ctx.calendar)
    params: dict[str, Inline | int] = {
        "plan": plan.name, "name": kept.name, "at": Moment(kept.taken_at), "n": len(found),
    }  # fmt: skip
    if not found:
        return Reply((Card(T("plan.diff_none", params), tone=Tone.GOOD),))
    rows = tuple(_row(each) for each in found[:SHOWN])
    headers = (
        T("plan.column.name"), T("plan.diff_what"), T("plan.before"), T("plan.after"),
        T("plan.diff_slip"),
    )  # fmt: skip
    worst = max((each.slip for each in found), default=0)
    blocks = [Grid(headers, rows)]
    note = (Para(T("plan.diff_worst", {"n": worst})),) if worst > 0 else ()
    if len(found) > SHOWN:
        note = (Para(T("plan.more_rows", {"n": len(found) - SHOWN}), muted=True), *note)
    tone = Tone.WARN if worst > 0 else Tone.INFO
    return Reply((Card(T("plan.diff_title", params), (*blocks, *note), tone=tone),))


def _baseline(ctx: Context, plan: Plan, word: str) -> PlanBaseline:
    known = ctx.uow.plans.baselines(plan.id)
    if not known:
        line = Code("/plan baseline take")
        raise UserError("plan.no_baseline", T("plan.take_hint", {"line": line}), plan=plan.name)
    if not word:
        return known[-1]
    for each in known:
        if word.casefold() in (each.name.casefold(), each.id):
            return each
    if word.isdecimal() and 1 <= int(word) <= len(known):
        return known[int(word) - 1]
    names = ", ".join(each.name for each in known)
    raise NotFoundError("plan.unknown_baseline", word=word[:60], names=names)


def _row(each: Difference) -> tuple[Inline, ...]:
    name: Inline = each.name
    if each.old_name:
        name = T("plan.diff_renamed", {"old": each.old_name, "new": each.name})
    what = Join(tuple(T(f"plan.diff.{c.value}") for c in each.changes), ", ")
    slip: Inline = "–"
    if Change.MOVED in each.changes:
        key = "plan.diff_later" if each.slip > 0 else "plan.diff_earlier"
        slip = T(key, {"n": abs(each.slip)}) if each.slip else T("plan.diff_same_end")
    return name, what, _span(each.part, each.before), _span(each.part, each.after), slip


def _span(part: Part, span: Span | None) -> Inline:
    if span is None:
        return "–"
    if part is Part.MILESTONE:
        return Day(span.ends)
    return Join((Day(span.starts), Day(span.ends)), " – ")
