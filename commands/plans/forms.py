"""The forms of ``/plan phase`` and ``/plan milestone``: other fields for each thing to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commands.args import Args
from commands.context import Context
from commands.forms import form_for
from commands.plans.family import COMMAND, current
from commands.registry import Choice
from domain.messages import FieldKind, Form, FormField, Option, Reply, T
from domain.plans import Milestone, Phase, Plan

_DATES = {"phase": ("starts", "ends"), "milestone": ("ends",)}


def part_form(ctx: Context, kind: str, acts: Sequence[Choice], values: Mapping[str, str]) -> Form:
    """The form for what is to be done with a phase or milestone; without it, what to do is asked.

    :param kind: ``phase`` or ``milestone``. :param values: what was typed already; ``act`` decides.
    """
    act = values.get("act", "")
    chosen = [c for c in acts if c.value == act] or list(acts)
    options = tuple(Option(c.value, c.label) for c in chosen)
    what = FormField(
        "act", T("plan.arg.act"), FieldKind.CHOICE, required=True, options=options,
        value=options[0].value if len(options) == 1 else "",
    )  # fmt: skip
    plan = current(ctx)
    fields = (*_fields(kind, act, plan),)
    title = chosen[0].label if act else T(f"plan.sub.{kind}")
    return Form(f"plan {kind}", title, (what, *fields), T("core.submit"))


def asked_more(ctx: Context, kind: str, args: Args) -> Reply | None:
    """The form that asks with what something is to be done, or None when all is said.

    :param kind: ``phase`` or ``milestone``.
    """
    sub = COMMAND.find(kind)
    if sub is None or not _asks_more(args.text("act"), args.raw):
        return None
    return Reply(form=form_for(ctx, COMMAND, sub, args.raw), private=True)


def part_word(args: Args, rest: str) -> str:
    """The phase or milestone that is meant: chosen in a form, or typed (``rest``)."""
    return args.raw.get("part") or rest


def _asks_more(act: str, raw: Mapping[str, str]) -> bool:
    if act == "add":
        return not raw.get("what") and "title" not in raw
    if not raw.get("part"):
        return not raw.get("what")
    needs = {"move": ("starts", "ends", "what"), "progress": ("percent",), "owner": ("owner",)}
    return act in needs and not any(name in raw for name in needs[act])


def _fields(kind: str, act: str, plan: Plan) -> tuple[FormField, ...]:
    if act == "add":
        return _add_fields(kind, plan)
    fields = [_part_field("part", kind, plan, required=bool(act))]
    if act == "move":
        fields += [FormField(n, T(f"plan.arg.{n}"), FieldKind.DATE) for n in _DATES[kind]]
    if act == "done":
        fields.append(FormField("ends", T("plan.arg.done_on"), FieldKind.DATE))
    if act == "progress":
        label = T("plan.arg.percent")
        fields.append(FormField("percent", label, FieldKind.NUMBER, required=True))
    if act == "owner":
        fields.append(FormField("owner", T("plan.arg.owner"), FieldKind.PERSON))
    return tuple(fields)


def _add_fields(kind: str, plan: Plan) -> tuple[FormField, ...]:
    title = FormField("title", T("plan.arg.title"), required=True, max_length=80)
    dates = [FormField(n, T(f"plan.arg.{n}"), FieldKind.DATE, required=True) for n in _DATES[kind]]
    if kind == "milestone":
        return (title, *dates, _part_field("of", "phase", plan, required=False))
    return (
        title,
        *dates,
        FormField("owner", T("plan.arg.owner"), FieldKind.PERSON),
        _part_field("after", "phase", plan, required=False),
        FormField("outputs", T("plan.arg.outputs"), help=T("plan.outputs_help"), max_length=100),
        FormField("gate", T("plan.arg.gate"), max_length=200),
    )


def _part_field(name: str, kind: str, plan: Plan, *, required: bool = True) -> FormField:
    parts: Sequence[Phase | Milestone] = plan.phases if kind == "phase" else plan.milestones
    options = tuple(Option(part.id, part.name) for part in parts)
    label = T(f"plan.arg.{name if name != 'part' else kind}")
    return FormField(name, label, FieldKind.CHOICE, required=required, options=options)
