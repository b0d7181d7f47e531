"""An item as a card, and as a row of a list."""

from __future__ import annotations

from commands.context import Context, person_ref
from commands.pool.family import OWNERS
from domain.errors import NotFoundError
from domain.messages import (
    Action,
    Block,
    Bullet,
    Bullets,
    Card,
    Fields,
    Inline,
    Join,
    Moment,
    Para,
    Reply,
    Strong,
    Style,
    T,
    Tone,
)
from domain.pool import PoolItem, PoolStatus

_TONES = {
    PoolStatus.NEW: Tone.INFO,
    PoolStatus.KEPT: Tone.PLAIN,
    PoolStatus.PLANNED: Tone.GOOD,
    PoolStatus.MERGED: Tone.PLAIN,
    PoolStatus.DECLINED: Tone.PLAIN,
}


def answer(ctx: Context, item: PoolItem, line: Inline, *, undo: str = "") -> Reply:
    """What happened, above the item's card; :param undo: the command that takes it back."""
    card = item_card(ctx, item, line)
    if undo:
        card = _with_undo(card, undo)
    return Reply((card,))


def _with_undo(card: Card, undo: str) -> Card:
    actions = (*card.actions, Action(T("core.undo"), undo))
    return Card(card.title, card.blocks, actions, card.status, card.tone, card.key)


def item_card(ctx: Context, item: PoolItem, line: Inline | None = None) -> Card:
    """Everything about an item, with what may become of it."""
    blocks: list[Block] = [Para(line)] if line is not None else []
    if item.text.strip() != item.title:
        blocks.append(Para(item.text))
    blocks.append(Fields(_facts(ctx, item)))
    merged = ctx.uow.pool.merged_into(item)
    if merged:
        rows = tuple(Bullet(Join((Strong(m.ref), m.title), " ")) for m in merged)
        blocks += (Para(T("pool.merged_here"), muted=True), Bullets(rows))
    return Card(
        f"{item.ref} {item.title}",
        tuple(blocks),
        _actions(ctx, item),
        status=_status(item),
        tone=_TONES[item.status],
        key=f"pool:{item.id}",
    )


def _status(item: PoolItem) -> Inline:
    shown = T(f"pool.status.{item.status.value}")
    if item.into is not None:
        return Join((shown, f"P-{item.into}"), " ")
    return Join((shown, f"S{item.story}"), " ") if item.story else shown


def _facts(ctx: Context, item: PoolItem) -> tuple[tuple[Inline, Inline], ...]:
    pairs: list[tuple[Inline, Inline]] = [(T("pool.added_by"), who(ctx, item.added_by))]
    pairs.append((T("pool.added_at"), Moment(item.added_at)))
    if item.source:
        pairs.append((T("pool.arg.source"), item.source))
    if item.priority is not None:
        pairs.append((T("pool.arg.priority"), T(f"pool.priority.{item.priority}")))
    if item.votes > 1:
        pairs.append((T("pool.votes"), T("pool.times", {"n": item.votes})))
    if item.reason:
        pairs.append((T("pool.arg.reason"), item.reason))
    return tuple(pairs)


def who(ctx: Context, person_id: str) -> Inline:
    """A person as shown in a card; people who are gone have a word, too."""
    try:
        return person_ref(ctx.uow.people.get(person_id))
    except NotFoundError:
        return T("pool.former_member")


def _actions(ctx: Context, item: PoolItem) -> tuple[Action, ...]:
    if not (ctx.shared or ctx.may(OWNERS)):
        return ()
    if not item.open:
        return (Action(T("pool.button.reopen"), f"pool reopen {item.ref}"),)
    return (
        Action(T("pool.button.triage"), f"pool triage {item.ref}"),
        Action(T("pool.button.convert"), f"pool convert {item.ref}", Style.PRIMARY),
        Action(T("pool.button.decline"), f"pool decline {item.ref}"),
    )


def row(item: PoolItem) -> Bullet:
    """An item in a list, with what comes next."""
    parts: list[Inline] = [Join((Strong(item.ref), item.title), " ")]
    if item.priority is not None:
        parts.append(T(f"pool.priority.{item.priority}"))
    if item.votes > 1:
        parts.append(T("pool.times", {"n": item.votes}))
    if item.source and not item.source.startswith("http"):
        parts.append(item.source[:60])
    if item.status not in (PoolStatus.NEW, PoolStatus.KEPT):
        parts.append(_status(item))
    verb = "triage" if item.status is PoolStatus.NEW else "convert"
    actions = (Action(T(f"pool.button.{verb}"), f"pool {verb} {item.ref}"),) if item.open else ()
    return Bullet(Join(tuple(parts), " · "), actions)
