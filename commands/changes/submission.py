"""Submitting: the impact, as far as Duban can compute it, and the deciders told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from commands.args import Args
from commands.changes.asking import ask_deciders
from commands.changes.card import answer, move_bullets, story_of
from commands.changes.family import (
    COMMAND,
    REF,
    as_typed,
    deciders,
    load,
    record,
    require_author,
)
from commands.changes.planning import PlanSide, plan_of, plan_side
from commands.context import Context, person_ref
from commands.forms import default_form
from commands.registry import Arg, ArgKind
from domain.changes.events import Impact, Submitted
from domain.changes.state import ChangeRequest, ChangeStatus
from domain.errors import UserError
from domain.messages import (
    Block,
    Bullet,
    Bullets,
    Form,
    Heading,
    Join,
    Para,
    Reply,
    T,
    Tone,
)
from domain.people import Role
from domain.plans.naming import find_phase
from domain.requests import Kind
from domain.settings import rules_of
from domain.stories import Story

_MOST_DAYS = 400


def _submit_form(ctx: Context, values: Mapping[str, str]) -> Form:
    """The form with what Duban can tell: stories, phase, people. Effort and delay people say."""
    sub = COMMAND.find("submit")
    if sub is None:
        raise LookupError("submit")
    form = default_form(COMMAND, sub)
    number = re.sub(r"\D", "", values.get("change", ""))
    change = ctx.uow.changes.by_number(ctx.product.id, int(number)) if number else None
    story = story_of(ctx, change.content.story) if change else None
    if change is None or story is None:
        return form
    old = change.impact
    side = plan_side(ctx, plan_of(ctx, story), 0)
    present = {
        "effort": f"{old.effort:g}" if old else "",
        "days": str(old.days) if old else "0",
        "stories": " ".join(f"S{n}" for n in (old.stories if old else (story.number,))),
        "phase": side.phase.name if side and side.phase else "",
        "people": ",".join(old.people if old else affected(ctx, change, story)),
        "note": old.note if old else "",
    }
    fields = tuple(replace(f, value=present.get(f.name, f.value)) for f in form.fields)
    return replace(form, fields=fields, intro=T("change.submit_intro"))


@COMMAND.sub(
    "submit",
    "提交",
    args=(
        REF,
        Arg("effort", "人天", ArgKind.NUMBER, T("change.arg.effort"), required=True),
        Arg(
            "days",
            "顺延",
            ArgKind.NUMBER,
            T("change.arg.days"),
            required=True,
            help=T("change.arg.days_help"),
        ),
        Arg("stories", "需求", ArgKind.STORIES, T("change.arg.stories")),
        Arg("people", "通知", ArgKind.PEOPLE, T("change.arg.people")),
        Arg("note", "说明", ArgKind.TEXT, T("change.arg.note"), multiline=True),
        Arg("phase", "阶段", ArgKind.TEXT, T("change.arg.phase"), help=T("change.arg.phase_help")),
    ),
    form=_submit_form,
    examples=(
        ("变更 提交 CR-12 人天=3 顺延=2", "change submit CR-12 effort=3 days=2"),
        ("变更 提交 CR-12", "change submit CR-12"),
    ),
)
def submit(ctx: Context, args: Args) -> Reply:
    """Put it to the deciders with its impact; before a decision it may be submitted anew."""
    change = load(ctx, args.text("change"))
    if not ctx.roles & {Role.PM}:
        require_author(ctx, change)
    if not change.open:
        status = T(f"change.status.{change.status.value}")
        raise UserError("change.not_submittable", ref=change.ref, status=status)
    story = ctx.tracker.story(change.content.story)
    impact, side = _impact(ctx, args, change, story)
    rules = rules_of(ctx.product)
    body = Submitted(impact, rules.change_roles, rules.change_quorum)
    again = change.status is not ChangeStatus.LOGGED
    change = record(ctx, change, "request:resubmitted" if again else "request:submitted", body)
    ask_deciders(ctx, change)
    people = Join(tuple(person_ref(p) for p in deciders(ctx, change)), ", ")
    key = "change.submitted" if people.parts else "change.submitted_nobody"
    line = T(key, {"ref": change.ref, "people": people})
    return answer(ctx, change, line, Tone.GOOD, *preview(side))


def preview(side: PlanSide | None) -> tuple[Block, ...]:
    """The plan before and after, and what no longer fits; nothing when nothing moves."""
    if side is None or not side.moves:
        return ()
    title = T("change.preview", {"plan": side.plan.name})
    blocks: list[Block] = [Heading(title), move_bullets(side.moves)]
    if side.warnings:
        blocks.append(Heading(T("change.warnings")))
        blocks.append(Bullets(tuple(Bullet(w) for w in side.warnings)))
    if side.moved and side.moved.kept:
        blocks.append(Para(T("change.kept", {"names": Join(side.moved.kept, ", ")}), muted=True))
    return tuple(blocks)


def _impact(
    ctx: Context, args: Args, change: ChangeRequest, story: Story
) -> tuple[Impact, PlanSide | None]:
    effort, days = args.number("effort") or 0, args.number("days") or 0
    if effort < 0 or effort > 10_000:
        raise UserError("change.bad_effort")
    if days != int(days) or not 0 <= days <= _MOST_DAYS:
        raise UserError("change.bad_days", most=_MOST_DAYS)
    plan = plan_of(ctx, story)
    word = args.text("phase").strip()
    phase_id = find_phase(plan, word).id if plan and word else None
    side = plan_side(ctx, plan, int(days), phase_id)
    named = args.people("people")
    computed = affected(ctx, change, story)
    people = named if ctx.request.kind is Kind.FORM and named else (*computed, *named)
    moved = [m for m in side.moves if m.starts] if side else []
    phases = [m.name for m in moved] or ([side.phase.name] if side and side.phase else [])
    touched = [p for p in side.plan.phases if p.name in phases] if side else []
    impact = Impact(
        effort=float(effort),
        days=int(days),
        stories=tuple(dict.fromkeys((story.number, *args.stories("stories")))),
        phases=tuple(phases),
        milestones=tuple(m.name for m in side.moves if m.starts is None) if side else (),
        deliverables=tuple(sorted({d for p in touched for d in p.deliverables})),
        people=tuple(dict.fromkeys(people)),
        note=as_typed(ctx, args.text("note")),
        plan_id=side.plan.id if side else None,
        phase_id=side.phase.id if side and side.phase else None,
    )
    return impact, side


def affected(ctx: Context, change: ChangeRequest, story: Story) -> tuple[str, ...]:
    """Whom a change of this story touches: who works on it, reviews it, asked for it, leads it."""
    leads = [
        p.id for role in (Role.PO, Role.PM) for p in ctx.uow.people.with_role(role, ctx.product.id)
    ]
    found = (story.assigned_to, *story.reviewers, story.opened_by, change.author, *leads)
    active = {p.id for p in ctx.uow.people.all()}
    return tuple(dict.fromkeys(p for p in found if p and p in active))
