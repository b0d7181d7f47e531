"""Applying an approved change to the tracker and the plan, and acknowledging it; exporting."""

from __future__ import annotations

from dataclasses import replace

from commands.args import Args
from commands.changes.card import answer, change_card
from commands.changes.family import APPLIERS, COMMAND, REF, load, record, who
from commands.changes.marking import change_comment, new_spec
from commands.changes.planning import PlanSide, again
from commands.changes.submission import preview
from commands.context import Context
from commands.filing import CHANGE_RECORD, filed_as
from commands.registry import Arg, ArgKind, Choice
from commands.tracker.linking import offer
from commands.tracker.reviewers import reviewers_of
from domain.changes.events import Acknowledged, Applied, Content, Impact
from domain.changes.state import ChangeRequest, ChangeStatus
from domain.errors import UserError
from domain.event_json import encode
from domain.messages import Action, Card, Code, Inline, Reply, Style, T, Tone
from domain.stories import Story

_HOW = (
    Choice("yes", ("yes", "--yes", "-y", "y", "确认", "是"), T("change.how.yes")),
    Choice("keep", ("keep", "不动计划", "保持计划"), T("change.how.keep")),
)
_FORMATS = (
    Choice("docx", ("docx", "word"), T("change.format.docx")),
    Choice("md", ("md", "markdown"), T("change.format.md")),
)


@COMMAND.sub(
    "apply",
    "执行",
    aliases=("实施", "应用"),
    args=(REF, Arg("how", "方式", ArgKind.CHOICE, T("change.arg.how"), choices=_HOW)),
    roles=frozenset(APPLIERS),
    examples=(("变更 执行 CR-12", "change apply CR-12"),),
)
def apply(ctx: Context, args: Args) -> Reply:
    """Bring an approved change to the story; one that moves dates shows the plan and asks first."""
    change = load(ctx, args.text("change"))
    if change.status is not ChangeStatus.APPROVED or change.impact is None:
        status = T(f"change.status.{change.status.value}")
        raise UserError("change.not_approved", ref=change.ref, status=status)
    how = args.text("how")
    side = _side(ctx, change, change.impact) if how != "keep" else None
    if side and side.moves and not how:
        return _ask(change, side)
    story = ctx.tracker.story(change.content.story)
    filed = filed_as(CHANGE_RECORD, change.product_id, story.plan_id)
    made = ctx.produce(
        "change.docx", {"change": change.id, **filed}, note=_note(change), home=change.channel
    )
    record_url = ctx.services.record_url(ctx.uow.workspace_id, made)
    after = _to_tracker(ctx, change, story, record_url)
    if side and side.moved:
        ctx.uow.plans.save(side.moved.plan, by=ctx.me.id, at=ctx.now, act="shifted")
        ctx.audit(
            "plan:dates:shifted", f"plan:{side.plan.id}", new=encode(change.impact), why=change.ref
        )
    people = tuple(p for p in change.impact.people if p != ctx.me.id)
    body = Applied(
        story.version,
        after.version,
        people,
        side.moves if side else (),
        _fields(change.content),
    )
    change = record(ctx, change, "request:applied", body)
    _tell(ctx, change)
    params: dict[str, Inline | int] = {
        "ref": change.ref, "story": after.ref, "version": after.version,
    }  # fmt: skip
    key = "change.applied_moved" if side and side.moves else "change.applied"
    reply = answer(ctx, change, T(key, params), Tone.GOOD)
    moved = offer(ctx, side.moved.plan) if side and side.moved else ()
    return replace(reply, cards=(*reply.cards, *moved))


def _side(ctx: Context, change: ChangeRequest, impact: Impact) -> PlanSide | None:
    """The plan under the approved delay, as it is today."""
    try:
        return again(ctx, impact)
    except UserError as error:
        error.hint = T("change.keep_hint", {"line": Code(f"/change apply {change.ref} keep")})
        raise


def _ask(change: ChangeRequest, side: PlanSide) -> Reply:
    ref = change.ref
    actions = (
        Action(T("change.button.apply_move"), f"change apply {ref} yes", Style.PRIMARY),
        Action(T("change.button.apply_keep"), f"change apply {ref} keep"),
    )
    days = change.impact.days if change.impact else 0
    title = T("change.confirm_move", {"ref": ref, "n": days})
    return Reply((Card(title, preview(side), actions, tone=Tone.WARN),), private=True)


def _to_tracker(ctx: Context, change: ChangeRequest, story: Story, record_url: str) -> Story:
    """Give the story its new text; with reviewers it goes to review as a new version."""
    content = change.content
    return ctx.tracker.change(
        story.number,
        title=content.title or story.title,
        spec=new_spec(ctx, change, story),
        verify=content.verify or story.verify,
        reviewers=reviewers_of(ctx, change, story),
        comment=change_comment(ctx, change, story, record_url),
        actor=ctx.me.id,
    )


def _fields(content: Content) -> tuple[str, ...]:
    given = tuple(n for n in ("title", "spec", "verify") if getattr(content, n))
    return given or ("spec",)


def _tell(ctx: Context, change: ChangeRequest) -> None:
    """Ask everybody affected to read it."""
    card = change_card(ctx, change)
    params = {"ref": change.ref, "what": change.content.what, "who": who(ctx, ctx.me.id)}
    ack = Action(T("change.button.ack"), f"change ack {change.ref}", Style.PRIMARY)
    told = Card(T("change.told_applied", params), card.blocks, (ack,), tone=Tone.WARN)
    for person in change.pending_acks:
        ctx.tell(person, told)


@COMMAND.sub(
    "ack",
    "确认",
    aliases=("知悉", "acknowledge"),
    args=(REF,),
    examples=(("变更 确认 CR-12", "change ack CR-12"),),
)
def ack(ctx: Context, args: Args) -> Reply:
    """Say that one has read what changed."""
    change = load(ctx, args.text("change"))
    if change.applied is None:
        status = T(f"change.status.{change.status.value}")
        raise UserError("change.nothing_to_ack", ref=change.ref, status=status)
    if ctx.me.id not in change.pending_acks:
        mine = any(p == ctx.me.id for p, _ in change.acks)
        key = "change.acked_already" if mine else "change.not_affected"
        raise UserError(key, ref=change.ref)
    change = record(ctx, change, "request:acknowledged", Acknowledged(ctx.me.id))
    params: dict[str, Inline | int] = {"who": who(ctx, ctx.me.id), "ref": change.ref}
    done = change.status is ChangeStatus.ACKNOWLEDGED
    return answer(ctx, change, T("change.acked_all" if done else "change.acked", params))


@COMMAND.sub(
    "export",
    "导出",
    args=(REF, Arg("format", "格式", ArgKind.CHOICE, T("change.arg.format"), choices=_FORMATS)),
    examples=(
        ("变更 导出 CR-12", "change export CR-12"),
        ("变更 导出 CR-12 md", "change export CR-12 md"),
    ),
)
def export(ctx: Context, args: Args) -> Reply:
    """Make the change record as a document."""
    change = load(ctx, args.text("change"))
    kind = args.text("format", "docx")
    ctx.produce(f"change.{kind}", {"change": change.id}, note=_note(change))
    ctx.audit("change:record:exported", f"change:{change.id}", new={"format": kind})
    line = T("change.exporting", {"ref": change.ref})
    return Reply((Card(line),), private=True)


def _note(change: ChangeRequest) -> Inline:
    return T("change.record_ready", {"ref": change.ref, "what": change.content.what})
