"""Looking at plans: the card, the list, documents and the chart."""

from __future__ import annotations

from commands.args import Args
from commands.context import Context
from commands.deliverables.marking import PLAN
from commands.filing import filed_as
from commands.plans.card import no_plan_card, plan_card
from commands.plans.family import COMMAND, EDITORS, current, named_or_current
from commands.registry import Arg, ArgKind, Choice
from domain.messages import Action, Bullet, Bullets, Card, Day, Inline, Join, Reply, Strong, T
from domain.plans import Plan, PlanStatus, health

_PLAN = Arg("plan", "计划", ArgKind.TEXT, T("plan.arg.plan"))
_FORMATS = (
    Choice("xlsx", ("xlsx", "excel", "表格"), T("plan.format.xlsx")),
    Choice("ics", ("ics", "日历", "calendar"), T("plan.format.ics")),
    Choice("docx", ("docx", "word"), T("plan.format.docx")),
)


@COMMAND.sub(
    "show",
    "查看",
    args=(_PLAN,),
    writes=False,
    examples=(("计划", "plan"), ("计划 查看 V2.0", "plan show V2.0")),
)
def show(ctx: Context, args: Args) -> Reply:
    """How a plan stands: phases, milestones, what is late."""
    word = args.text("plan")
    if not word and ctx.uow.plans.active(ctx.product.id) is None:
        return Reply((no_plan_card(ctx),))
    return Reply((plan_card(ctx, named_or_current(ctx, word)),))


@COMMAND.sub("list", "列表", aliases=("all",), writes=False, examples=(("计划 列表", "plan list"),))
def listed(ctx: Context, args: Args) -> Reply:
    """Every plan of the product: the current one first, closed ones last."""
    del args
    plans = ctx.uow.plans.of_product(ctx.product.id)
    if not plans:
        return Reply((no_plan_card(ctx),))
    now = ctx.uow.plans.active(ctx.product.id)
    items = tuple(_line(ctx, plan, now) for plan in plans)
    title = T("plan.list", {"product": ctx.product.name, "n": len(plans)})
    return Reply((Card(title, (Bullets(items),)),))


def _line(ctx: Context, plan: Plan, now: Plan | None) -> Bullet:
    parts: list[Inline] = [Strong(plan.name)]
    if plan.span is not None:
        parts.append(Join((Day(plan.span.starts), Day(plan.span.ends)), " – "))
    closed = plan.status is PlanStatus.CLOSED
    parts.append(T("plan.closed") if closed else health(plan, ctx.today, ctx.calendar).pace.text)
    is_current = now is not None and plan.id == now.id
    if is_current:
        parts.append(T("plan.current"))
    show = T("plan.button.show")
    actions = [Action(show, f"plan show {plan.id}", typed=f"plan show {plan.name}")]
    if not is_current and ctx.roles & EDITORS:
        typed = f"plan activate {plan.name}"
        activate = T("plan.button.activate")
        actions.append(Action(activate, f"plan activate {plan.id}", typed=typed))
    return Bullet(Join(tuple(parts), " · "), tuple(actions))


@COMMAND.sub(
    "export",
    "导出",
    args=(Arg("format", "格式", ArgKind.CHOICE, T("plan.arg.format"), choices=_FORMATS), _PLAN),
    examples=(("计划 导出 xlsx", "plan export xlsx"), ("计划 导出 日历", "plan export ics")),
)
def export(ctx: Context, args: Args) -> Reply:
    """Make the plan as a spreadsheet, calendar file or document; it is kept as deliverable 17."""
    plan = named_or_current(ctx, args.text("plan"))
    kind = args.text("format", "xlsx")
    params = {"plan": plan.id}
    if kind != "ics":
        params |= filed_as(PLAN, plan.product_id, plan.id)
    ctx.produce(f"plan.{kind}", params, note=T("plan.document", {"name": plan.name}))
    ctx.audit("plan:plan:exported", f"plan:{plan.id}", new={"format": kind})
    label = T(f"plan.format.{kind}")
    return Reply((Card(T("plan.exporting", {"name": plan.name, "format": label})),), private=True)


@COMMAND.sub(
    "chart",
    "图表",
    aliases=("gantt", "甘特图"),
    args=(_PLAN,),
    examples=(("计划 图表", "plan chart"),),
)
def chart(ctx: Context, args: Args) -> Reply:
    """Draw the plan as a picture."""
    plan = named_or_current(ctx, args.text("plan")) if args.text("plan") else current(ctx)
    ctx.produce("chart.png", {"plan": plan.id}, note=T("plan.picture", {"name": plan.name}))
    return Reply((Card(T("plan.drawing", {"name": plan.name})),), private=True)
