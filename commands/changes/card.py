"""The one card of a change request: what is asked, what it costs, who decided, what is next."""

from __future__ import annotations

from datetime import date

from commands.changes.family import approve_action, deciders, names, who
from commands.context import Context, person_ref
from commands.designs.card import kind_text
from commands.tracker.mirror import age_note
from domain.changes.events import Content, Impact, PlanMove
from domain.changes.state import Approval, ChangeRequest, ChangeStatus, LinkedDesign
from domain.errors import NotFoundError
from domain.messages import (
    Action,
    Block,
    Bullet,
    Bullets,
    Card,
    Day,
    Fields,
    Heading,
    Inline,
    Join,
    Link,
    Moment,
    Para,
    Reply,
    Strong,
    Style,
    T,
    Tone,
)
from domain.stories import Story

_TONES = {
    ChangeStatus.LOGGED: Tone.PLAIN,
    ChangeStatus.SUBMITTED: Tone.INFO,
    ChangeStatus.APPROVED: Tone.GOOD,
    ChangeStatus.REJECTED: Tone.BAD,
    ChangeStatus.WITHDRAWN: Tone.PLAIN,
    ChangeStatus.APPLIED: Tone.WARN,
    ChangeStatus.ACKNOWLEDGED: Tone.GOOD,
}
_SNIPPET = 300


def change_card(ctx: Context, change: ChangeRequest, story: Story | None = None) -> Card:
    """The card of a change request as it stands.

    :param story: its story, by whom it was read already and did not change it.
    """
    blocks: list[Block] = [_facts(ctx, change, story)]
    if change.applied is None:
        blocks += age_note(ctx)
    blocks += _texts(change.content)
    if change.impact:
        blocks += _impact(ctx, change.impact)
    blocks += _decision(ctx, change)
    blocks += _applied(ctx, change)
    if change.designs:
        last = {design.link: design for design in change.designs}
        rows = tuple(Bullet(_design(ctx, design)) for design in last.values())
        blocks += [Heading(T("change.card.links")), Bullets(rows)]
    return Card(
        T("change.card.title", {"ref": change.ref, "what": change.content.what}),
        tuple(blocks),
        _actions(change),
        status=T(f"change.status.{change.status.value}"),
        tone=_TONES[change.status],
        key=f"change:{change.id}",
    )


def story_of(ctx: Context, number: int) -> Story | None:
    """The story as the tracker has it now, or None when it is gone."""
    try:
        return ctx.tracker.story(number)
    except NotFoundError:
        return None


def _design(ctx: Context, design: LinkedDesign) -> Inline:
    """A design with what is marked in it, and who confirmed that it is a new one."""
    parts: list[Inline] = [Link(kind_text(design.link), design.link.url)]
    if design.note:
        parts.append(T("lanhu.said.marked", {"text": design.note}))
    if design.changed:
        parts.append(T("lanhu.said.changed", {"who": who(ctx, design.by)}))
    return Join(tuple(parts), " · ")


def _facts(ctx: Context, change: ChangeRequest, story: Story | None) -> Fields:
    content = change.content
    story = story or story_of(ctx, content.story)
    shown: Inline = f"S{content.story}"
    if story is not None:
        params = {"ref": story.ref, "title": story.title, "version": story.version}
        shown = T("change.card.story", params)
    pairs: list[tuple[Inline, Inline]] = [
        (T("change.card.on_story"), shown),
        (T("change.card.author"), who(ctx, change.author)),
    ]
    if change.logged_at:
        pairs.append((T("change.card.logged"), Moment(change.logged_at)))
    if content.reason:
        pairs.append((T("change.card.reason"), content.reason))
    if content.source:
        pairs.append((T("change.card.source"), content.source))
    if len(change.versions) > 1:
        pairs.append((T("change.card.version"), str(change.versions[-1].number)))
    return Fields(tuple(pairs))


def _texts(content: Content) -> list[Block]:
    """What the story is to say: only what changes, cut for the card (the record has it whole)."""
    out: list[Block] = []
    for name in ("title", "spec", "verify"):
        text: str = getattr(content, name)
        if text:
            out.append(Heading(T(f"change.card.new_{name}")))
            out.append(Para(text if len(text) <= _SNIPPET else text[:_SNIPPET] + "…"))
    return out


def _impact(ctx: Context, impact: Impact) -> list[Block]:
    pairs: list[tuple[Inline, Inline]] = [
        (T("change.card.effort"), T("change.person_days", {"count": f"{impact.effort:g}"})),
        (T("change.card.days"), _days(impact.days)),
    ]
    if impact.stories:
        pairs.append((T("change.card.stories"), " ".join(f"S{n}" for n in impact.stories)))
    if impact.phases:
        pairs.append((T("change.card.phases"), Join(impact.phases, ", ")))
    if impact.milestones:
        pairs.append((T("change.card.milestones"), Join(impact.milestones, ", ")))
    if impact.deliverables:
        codes = tuple(f"{n:02}" for n in impact.deliverables)
        pairs.append((T("change.card.deliverables"), Join(codes, ", ")))
    if impact.people:
        pairs.append((T("change.card.people"), names(ctx, impact.people)))
    if impact.note:
        pairs.append((T("change.card.note"), impact.note))
    return [Heading(T("change.card.impact")), Fields(tuple(pairs))]


def _days(days: int) -> Inline:
    return T("change.working_days", {"n": days}) if days else T("change.no_delay")


def _decision(ctx: Context, change: ChangeRequest) -> list[Block]:
    lines = [Bullet(_approval(ctx, a)) for a in change.approvals]
    for key, decision in (("rejected_by", change.rejection), ("withdrawn_by", change.withdrawal)):
        if decision is not None:
            params: dict[str, Inline | int] = {
                "who": who(ctx, decision.by), "at": Moment(decision.at), "reason": decision.reason,
            }  # fmt: skip
            with_reason = key if decision.reason else f"{key}_plain"
            lines.append(Bullet(T(f"change.card.{with_reason}", params)))
    out: list[Block] = []
    if lines:
        out += [Heading(T("change.card.decision")), Bullets(tuple(lines))]
    if change.status is ChangeStatus.SUBMITTED:
        people = Join(tuple(person_ref(p) for p in deciders(ctx, change)), ", ")
        given = len(change.valid_approvals)
        params = {"people": people, "given": given, "quorum": change.quorum}
        key = "change.card.waits" if people.parts else "change.card.waits_nobody"
        out.append(Para(T(key, params), muted=True))
    return out


def _approval(ctx: Context, approval: Approval) -> Inline:
    params: dict[str, Inline | int] = {
        "who": who(ctx, approval.by), "at": Moment(approval.at), "reason": approval.reason,
    }  # fmt: skip
    if not approval.valid:
        return T("change.card.approval_void", params)
    if approval.override:
        return T("change.card.approval_override", params)
    return T("change.card.approval_reason" if approval.reason else "change.card.approval", params)


def _applied(ctx: Context, change: ChangeRequest) -> list[Block]:
    applied = change.applied
    if applied is None:
        return []
    params: dict[str, Inline | int] = {
        "who": who(ctx, change.applied_by),
        "at": Moment(change.applied_at) if change.applied_at else "",
        "from": applied.from_version,
        "to": applied.to_version,
    }
    out: list[Block] = [Para(T("change.card.applied", params))]
    if applied.moves:
        out += [Heading(T("change.card.moves")), move_bullets(applied.moves)]
    if change.pending_acks:
        waiting = {"people": names(ctx, change.pending_acks)}
        out.append(Para(T("change.card.unacknowledged", waiting), muted=True))
    return out


def move_bullets(moves: tuple[PlanMove, ...]) -> Bullets:
    """What moves in the plan: before and after."""
    return Bullets(tuple(Bullet(_move(m)) for m in moves))


def _move(move: PlanMove) -> Inline:
    before = _span(move.starts, move.ends)
    after = _span(move.new_starts, move.new_ends)
    return T("change.card.move", {"name": Strong(move.name), "before": before, "after": after})


def _span(starts: date | None, ends: date) -> Inline:
    return Day(ends) if starts is None else Join((Day(starts), Day(ends)), " – ")


def _actions(change: ChangeRequest) -> tuple[Action, ...]:
    ref = change.ref
    edit = Action(T("change.button.edit"), f"change edit {ref}")
    withdraw = Action(T("change.button.withdraw"), f"change withdraw {ref}")
    export = Action(T("change.button.export"), f"change export {ref}")
    match change.status:
        case ChangeStatus.LOGGED:
            submit = Action(T("change.button.submit"), f"change submit {ref}", Style.PRIMARY)
            return (submit, edit, withdraw)
        case ChangeStatus.SUBMITTED:
            return (
                approve_action(change),
                Action(T("change.button.reject"), f"change reject {ref}", Style.DANGER),
                edit,
                withdraw,
            )
        case ChangeStatus.APPROVED:
            apply = Action(T("change.button.apply"), f"change apply {ref}", Style.PRIMARY)
            return (apply, edit, withdraw)
        case ChangeStatus.APPLIED:
            ack = Action(T("change.button.ack"), f"change ack {ref}", Style.PRIMARY)
            return (ack, export)
        case _:
            return (export,)


def answer(
    ctx: Context,
    change: ChangeRequest,
    line: Inline | None = None,
    tone: Tone = Tone.PLAIN,
    *more: Block,
    story: Story | None = None,
) -> Reply:
    """A line that says what was done, and the card as it stands: here, and where it was logged.

    :param story: see :func:`change_card`.
    """
    card = change_card(ctx, change, story)
    if change.channel and (ctx.channel is None or ctx.channel.id != change.channel):
        ctx.post(change.channel, card)
    return Reply((Card(line, more, tone=tone), card) if line is not None else (card,))
