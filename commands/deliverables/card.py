"""A deliverable as a card, and the list of all of them by stage."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby

from commands.context import Context
from commands.deliverables.family import DECIDERS, named, who
from domain.deliverables import (
    CATALOGUE,
    Deliverable,
    DeliverableAction,
    DeliverableStatus,
    DeliverableVersion,
    HandbookStage,
    Source,
    allowed_actions,
)
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

_TONES = {
    DeliverableStatus.ACCEPTED: Tone.GOOD,
    DeliverableStatus.SUBMITTED: Tone.INFO,
}
_MEMBERS = (DeliverableAction.DRAFT, DeliverableAction.SUBMIT)
_VERSIONS = 5


def deliverable_card(ctx: Context, each: Deliverable) -> Card:
    """One deliverable: how far it is, who has it, until when, its versions and what can be done."""
    overdue = each.is_overdue(ctx.today)
    return Card(
        title=named(each),
        blocks=tuple(_blocks(ctx, each)),
        actions=_actions(ctx, each),
        status=T("deliverable.overdue") if overdue else each.status.text,
        tone=Tone.BAD if overdue else _TONES.get(each.status, Tone.PLAIN),
        key=f"deliverable:{each.id}",
    )


def _blocks(ctx: Context, each: Deliverable) -> list[Block]:
    item = each.item
    pairs: list[tuple[Inline, Inline]] = [
        (T("deliverable.card.activity"), Join((item.activity, " ", item.activity_text))),
        (T("deliverable.card.status"), each.status.text),
        (
            T("deliverable.card.owner"),
            who(ctx, each.owner) if each.owner else T("deliverable.card.nobody"),
        ),
    ]
    if each.due_on is not None:
        key = "deliverable.card.due" if each.due else "deliverable.card.due_phase"
        pairs.append((T(key), Day(each.due_on)))
    found = ctx.uow.plans.phase(each.phase_id) if each.phase_id else None
    if found is not None:
        pairs.append((T("deliverable.card.phase"), f"{found[0].name} / {found[1].name}"))
    if each.reason:
        pairs.append((T("deliverable.card.reason"), each.reason))
    blocks: list[Block] = [Fields(tuple(pairs))]
    if each.versions:
        items = tuple(Bullet(version_line(ctx, v)) for v in each.versions[::-1][:_VERSIONS])
        blocks += [Heading(T("deliverable.card.versions", {"n": len(each.versions)}))]
        blocks.append(Bullets(items))
    if item.source is Source.RECORDS:
        blocks.append(Para(T("deliverable.card.from_records"), muted=True))
    return blocks


def version_line(ctx: Context, version: DeliverableVersion) -> Inline:
    """``v2 手册 · 李雷 · 12-01 10:00``, linked."""
    url = version.url or f"/files/{version.file_id}"
    label = Link(version.title or url, url)
    parts = (f"v{version.version} ", label, " · ", who(ctx, version.added_by), " · ")
    return Join((*parts, Moment(version.added_at)))


def _actions(ctx: Context, each: Deliverable) -> tuple[Action, ...]:
    decides = ctx.shared or bool(ctx.roles & DECIDERS)
    actions = [a for a in allowed_actions(each.status) if decides or a in _MEMBERS]
    if not each.versions and DeliverableAction.SUBMIT not in actions and _MEMBERS[0] in actions:
        actions.insert(1, DeliverableAction.SUBMIT)
    primary = (DeliverableAction.SUBMIT, DeliverableAction.ACCEPT)
    return tuple(
        Action(
            _label(a),
            f"deliverable {a.value} {each.item.code}",
            Style.PRIMARY if a in primary else Style.DEFAULT,
        )
        for a in actions
    )


def _label(action: DeliverableAction) -> T:
    return T(f"deliverable.button.{action.value}")


def list_card(ctx: Context, every: Sequence[Deliverable], title: Inline) -> Card:
    """Deliverables by the handbook's stages, each with its status, owner and day."""
    numbers = [each.number for each in every]
    twice = {number for number in numbers if numbers.count(number) > 1}
    blocks: list[Block] = []
    for stage, group in groupby(every, key=_stage):
        blocks.append(Heading(Join((stage.value, " ", stage.text))))
        blocks.append(Bullets(tuple(_line(ctx, each, twice) for each in group)))
    settled = sum(each.status.settled for each in every)
    late = sum(each.is_overdue(ctx.today) for each in every)
    params: dict[str, Inline | int] = {"done": settled, "n": len(every), "late": late}
    status = T("deliverable.progress_late" if late else "deliverable.progress", params)
    return Card(title, tuple(blocks), status=status, tone=Tone.WARN if late else Tone.PLAIN)


def _stage(each: Deliverable) -> HandbookStage:
    return each.item.stage


def _line(ctx: Context, each: Deliverable, twice: Collection[int]) -> Bullet:
    """One row; of two with the same number, whose each is, and the button only where it acts."""
    parts: list[Inline] = [Join((Strong(each.item.code), " ", each.item.title))]
    if each.number in twice:
        parts.append(T("deliverable.of_plan" if each.plan_id else "deliverable.of_product"))
    parts.append(each.status.text)
    if each.owner:
        parts.append(who(ctx, each.owner))
    if each.due_on is not None and not each.status.settled:
        key = "deliverable.was_due" if each.is_overdue(ctx.today) else "deliverable.due"
        parts.append(T(key, {"day": Day(each.due_on)}))
    if each.versions:
        last = each.versions[-1]
        parts.append(Link(f"v{last.version}", last.url or f"/files/{last.file_id}"))
    shadowed = each.number in twice and each.plan_id is None
    return Bullet(Join(tuple(parts), " · "), () if shadowed else _next_step(ctx, each))


def _next_step(ctx: Context, each: Deliverable) -> tuple[Action, ...]:
    """The one button that takes it further."""
    code = each.item.code
    if each.status is DeliverableStatus.SUBMITTED and ctx.roles & DECIDERS:
        return (Action(_label(DeliverableAction.ACCEPT), f"deliverable accept {code}"),)
    if each.status in (DeliverableStatus.NOT_STARTED, DeliverableStatus.DRAFTED):
        return (Action(_label(DeliverableAction.SUBMIT), f"deliverable submit {code}"),)
    return ()


def whole_catalogue(ctx: Context, known: Sequence[Deliverable]) -> tuple[Deliverable, ...]:
    """All twenty-six; those that nobody keeps yet stand there unbegun."""
    numbers = {each.number for each in known}
    product = ctx.product.id
    unbegun = (i.number for i in CATALOGUE if i.number not in numbers)
    return (*known, *(Deliverable(f"none-{number}", product, number) for number in unbegun))


def answer(ctx: Context, each: Deliverable, line: Inline, tone: Tone = Tone.PLAIN) -> Reply:
    """What was done, with the way back, and the card: here and in the product's channel."""
    undo = Action(T("core.undo"), f"deliverable undo {each.item.code}")
    card = deliverable_card(ctx, each)
    ctx.announce(Card(line, tone=tone))
    return Reply((Card(line, actions=(undo,), tone=tone), card))
