"""A plan from a template: forward from a start, or backward from a go-live date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from commands.args import Args, FieldErrors
from commands.context import Context
from commands.deliverables.marking import PLAN, mark_produced
from commands.plans.card import answer
from commands.plans.family import COMMAND, EDITORS, store_new, unquoted
from commands.plans.reading import take_dates
from commands.registry import Arg, ArgKind, Choice
from domain.errors import DubanError, UserError
from domain.ids import new_id
from domain.messages import Day, FieldKind, Form, FormField, Inline, Option, Reply, T, Tone
from domain.plans import (
    TEMPLATES,
    Plan,
    PlanTemplate,
    Schedule,
    Span,
    find_template,
    schedule_backward,
    schedule_forward,
)

_NAME = Arg("name", "名称", ArgKind.TEXT, T("plan.arg.name"), required=True)
_TEMPLATE = Arg(
    "template", "模板", ArgKind.CHOICE, T("plan.arg.template"),
    choices=tuple(
        Choice(
            t.key,
            (t.key, t.names.zh, t.names.en.casefold()),
            T(f"plan.template.{t.key}", {"n": len(t.phases)}),
        )
        for t in TEMPLATES
    ),
)  # fmt: skip
_RELEASE = Arg("release", "版本", ArgKind.TEXT, T("plan.arg.release"))
_ADJUST = Arg(
    "adjust", "调整", ArgKind.TEXT, T("plan.arg.adjust"), multiline=True, help=T("plan.adjust_help")
)
_LENGTH = re.compile(r"\s+(?P<n>\d{1,3})\s*(?:wd|d|天|日|个?工作[日天]|working days?|days?)?$")


def _form(command: str, date_field: str) -> Form:
    options = tuple(Option(c.value, c.label) for c in _TEMPLATE.choices)
    fields = (
        FormField("name", _NAME.label, required=True, help=T("plan.name_help"), max_length=80),
        FormField(
            "template", _TEMPLATE.label, FieldKind.CHOICE, options=options, value=options[0].value
        ),
        FormField(date_field, T(f"plan.arg.{date_field}"), FieldKind.DATE, required=True),
        FormField("release", _RELEASE.label, max_length=40),
        FormField("adjust", _ADJUST.label, FieldKind.MULTILINE, help=_ADJUST.help),
    )
    return Form(f"plan {command}", T(f"plan.sub.{command}"), fields, T("plan.button.make"))


def _new_form(ctx: Context, values: Mapping[str, str]) -> Form:
    del ctx, values
    return _form("new", "start")


def _backward_form(ctx: Context, values: Mapping[str, str]) -> Form:
    del ctx, values
    return _form("backward", "go_live")


@COMMAND.sub(
    "new",
    "新建",
    aliases=("create", "创建"),
    args=(
        _NAME, _TEMPLATE, Arg("start", "开始", ArgKind.DATE, T("plan.arg.start")), _RELEASE, _ADJUST
    ),
    roles=EDITORS,
    form=_new_form,
    examples=(
        ("计划 新建 V2.0 软件交付 12-01", "plan new V2.0 software 12-01"),
        ("计划 新建 V2.1 版本升级 下周一", "plan new V2.1 upgrade next mon"),
    ),
)  # fmt: skip
def new(ctx: Context, args: Args) -> Reply:
    """Make a plan from a template, forward from a start (today when none is named)."""
    name, template = _what(args)
    start = args.date("start") or ctx.today
    days, fixed = adjustments(ctx, template, args.text("adjust"))
    made = schedule_forward(
        template, start, ctx.calendar, locale=ctx.locale, days=days, fixed=fixed
    )
    return _made(ctx, args, name, made, "made")


@COMMAND.sub(
    "backward",
    "倒排",
    aliases=("back", "倒推"),
    args=(
        _NAME,
        _TEMPLATE,
        Arg("go_live", "上线", ArgKind.DATE, T("plan.arg.go_live"), required=True),
        _RELEASE,
        _ADJUST,
    ),
    roles=EDITORS,
    form=_backward_form,
    examples=(
        ("计划 倒排 V2.0 软件交付 2027-06-30", "plan backward V2.0 software 2027-06-30"),
    ),
)  # fmt: skip
def backward(ctx: Context, args: Args) -> Reply:
    """Make a plan from a template, backward from the day of going live."""
    name, template = _what(args)
    go_live = args.date("go_live")
    if go_live is None:
        raise FieldErrors({"go_live": T("core.field_required")})
    days, fixed = adjustments(ctx, template, args.text("adjust"))
    made = schedule_backward(
        template,
        go_live,
        ctx.calendar,
        locale=ctx.locale,
        not_before=ctx.today,
        days=days,
        fixed=fixed,
    )
    return _made(ctx, args, name, made, "made_backward")


def _what(args: Args) -> tuple[str, PlanTemplate]:
    """The name and the template; the template may stand before or after the name."""
    name = unquoted(args.text("name"))
    word = args.text("template")
    if not word:
        for choice in _TEMPLATE.choices:
            for each in choice.words:
                if name.casefold().endswith(f" {each}"):
                    name, word = name[: -len(each)].strip(), choice.value
    if not name:
        raise FieldErrors({"name": T("core.field_required")})
    if len(name) > 80:
        raise FieldErrors({"name": T("plan.name_too_long", {"most": 80})})
    return name, find_template(word or TEMPLATES[0].key)


def _made(ctx: Context, args: Args, name: str, made: Schedule, act: str) -> Reply:
    plan = Plan(
        new_id(),
        ctx.product.id,
        name,
        made.phases,
        made.milestones,
        release=args.text("release").strip(),
    )
    others = ctx.uow.plans.active(plan.product_id)
    change = store_new(ctx, plan, act)
    mark_produced(ctx, PLAN, plan.id, T("deliverable.produced.plan", {"name": plan.name}))
    span = plan.span
    if span is None:
        raise UserError("plan.import.empty")
    params: dict[str, Inline | int] = {
        "name": plan.name, "starts": Day(span.starts), "ends": Day(span.ends),
        "n": len(plan.phases),
    }  # fmt: skip
    notes = (T("plan.other_active", {"name": others.name}),) if others else ()
    return answer(ctx, change, T("plan.made", params), notes=notes, tone=Tone.GOOD)


def adjustments(
    ctx: Context, template: PlanTemplate, text: str
) -> tuple[dict[str, int], dict[str, Span]]:
    """Lengths and fixed dates of a template's phases.

    One a line: ``开发 20``, ``评审 12-01 12-05``.

    :raises FieldErrors: names the line that was not understood.
    """
    days: dict[str, int] = {}
    fixed: dict[str, Span] = {}
    for line in (each.strip() for each in re.split(r"[\n;；]", text)):
        if not line:
            continue
        try:
            _adjust(ctx, template, line, days, fixed)
        except DubanError as error:
            what = T("plan.adjust_line", {"line": line[:60], "why": error.text})
            raise FieldErrors({"adjust": what}) from error
    return days, fixed


def _adjust(
    ctx: Context,
    template: PlanTemplate,
    line: str,
    days: dict[str, int],
    fixed: dict[str, Span],
) -> None:
    length = _LENGTH.search(line)
    if length:
        days[_key(template, line[: length.start()])] = int(length["n"])
        return
    dates = take_dates(ctx, line)
    starts = dates.starts or dates.ends
    if starts is None:
        raise UserError("plan.adjust_what")
    ends: date = dates.ends or starts
    if ends < starts:
        raise UserError("plan.ends_before_starts", name=dates.rest)
    fixed[_key(template, dates.rest)] = Span(starts, ends)


def _key(template: PlanTemplate, word: str) -> str:
    """The template's phase that a word names."""
    wanted = unquoted(word.rstrip(":：=")).casefold()
    for phase in template.phases:
        if wanted in (phase.key, phase.names.zh, phase.names.en.casefold()):
            return phase.key
    found = [
        phase.key
        for phase in template.phases
        if wanted and (wanted in phase.names.zh or wanted in phase.names.en.casefold())
    ]
    if len(found) != 1:
        raise UserError("plan.no_phase", word=word[:60])
    return found[0]
