"""Reminders gathered into one message: for a person what falls due, for a channel its flood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from domain.messages import Block, Bullets, Card, Code, Heading, Para, T, Tone
from domain.people import Product
from domain.scoping import scoped_actions, scoped_block
from reminders.lines import Item, Wording, buttons, snooze_buttons

MOST = 15
"""How many lines one message has; the rest is counted and listed by a command."""


def personal(items: Sequence[Item], wording: Wording, products: Mapping[str, Product]) -> Card:
    """Everything that is due for one person."""
    if len(items) == 1:
        (item,) = items
        *settle, why = buttons(item, personal=False)
        actions = (*settle, *snooze_buttons(item), why)
        product = _named(item.subject.product_id, products)
        if product is not None:
            actions = scoped_actions(actions, product.key)
        return Card(wording.line(item), actions=actions, tone=_tone(items))
    title = T("reminder.for_you", {"n": len(items)})
    return Card(title, _blocks(items, wording, products, mine=True), tone=_tone(items))


def for_channel(items: Sequence[Item], wording: Wording, products: Mapping[str, Product]) -> Card:
    """Everything that is due for one channel."""
    if len(items) == 1:
        (item,) = items
        return Card(wording.line(item), actions=buttons(item, personal=False), tone=_tone(items))
    title = T("reminder.for_channel", {"n": len(items)})
    return Card(title, _blocks(items, wording, products, mine=False), tone=_tone(items))


def _blocks(
    items: Sequence[Item], wording: Wording, products: Mapping[str, Product], *, mine: bool
) -> tuple[Block, ...]:
    groups: defaultdict[str | None, list[Item]] = defaultdict(list)
    for item in items[:MOST]:
        groups[item.subject.product_id].append(item)
    blocks: list[Block] = []
    for product_id, each in groups.items():
        product = products.get(product_id or "")
        if len(groups) > 1 and product is not None:
            blocks.append(Heading(product.name))
        rows = Bullets(tuple(wording.bullet(i, personal=mine) for i in each))
        named = _named(product_id, products) if mine else None
        blocks.append(scoped_block(rows, named.key) if named is not None else rows)
    if len(items) > MOST:
        line = Code("/reminders mine" if mine else "/digest now")
        blocks.append(Para(T("reminder.more", {"n": len(items) - MOST, "line": line}), muted=True))
    return tuple(blocks)


def _named(product_id: str | None, products: Mapping[str, Product]) -> Product | None:
    """The product that a personal message's buttons must name: with a single one, none."""
    return products.get(product_id or "") if len(products) > 1 else None


def _tone(items: Sequence[Item]) -> Tone:
    return Tone.WARN if any("overdue" in i.rule.name for i in items) else Tone.INFO
