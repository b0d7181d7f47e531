"""What a review leaves behind for people: items to settle."""

from __future__ import annotations

from dataclasses import replace

from commands.context import Context
from commands.reviews.card import entry_line
from commands.reviews.family import who
from domain.actions import ActionItem, ItemKind
from domain.ids import new_id
from domain.messages import Action, Bullet, Bullets, Card, T
from domain.reviews.state import Entry, EntryKind, Review

_KINDS = {EntryKind.ACTION: ItemKind.ACTION, EntryKind.QUESTION: ItemKind.QUESTION}


def settle_items(ctx: Context, review: Review) -> None:
    """Every action item and open question of the record becomes an item with a number.

    After a correction: what changed is changed, what was taken out is dropped, what was done
    meanwhile stays done.
    """
    source = f"review:{review.id}"
    known = {item.number: item for item in ctx.uow.actions.of_source(source)}
    kept: set[int] = set()
    for entry in review.entries:
        kind = _KINDS.get(entry.kind)
        if kind is None or entry.number is None:
            continue
        kept.add(entry.number)
        old = known.get(entry.number)
        new = _item(review, entry, kind, entry.number, source) if old is None else _kept(old, entry)
        if new != old:
            ctx.uow.actions.save(new)
    for number, item in known.items():
        if number not in kept and item.open:
            ctx.uow.actions.save(replace(item, dropped_at=ctx.now))


def _item(review: Review, entry: Entry, kind: ItemKind, number: int, source: str) -> ActionItem:
    return ActionItem(
        id=new_id(),
        number=number,
        product_id=review.product_id,
        kind=kind,
        text=entry.text,
        source=source,
        owner=entry.owner,
        due=entry.due,
        created_at=entry.at,
        created_by=entry.by,
    )


def _kept(old: ActionItem, entry: Entry) -> ActionItem:
    """Owner and day may have been changed on the item since; only its words follow the record."""
    return replace(old, text=entry.text, dropped_at=None)


def tell_owners(ctx: Context, before: Review, review: Review) -> None:
    """Tell everybody what they are to do, once; after a correction only what is new."""
    told = before.endings[-1].at if before.endings else None
    mine: dict[str, list[Entry]] = {}
    for entry in review.of_kind(EntryKind.ACTION):
        if entry.owner and (told is None or entry.at > told):
            mine.setdefault(entry.owner, []).append(entry)
    for owner, entries in mine.items():
        items = tuple(
            Bullet(
                entry_line(ctx, entry),
                (Action(T("action.button.done"), f"action done A-{entry.number}"),),
            )
            for entry in entries
        )
        title = T(
            "review.your_actions",
            {"n": len(items), "title": review.title, "chair": who(ctx, review.chair)},
        )
        ctx.tell(owner, Card(title, (Bullets(items),)))
