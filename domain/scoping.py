"""Naming the product in the commands of a card that is read outside the product's channel."""

from __future__ import annotations

from dataclasses import replace

from domain.messages import Action, Block, Bullet, Bullets, Card

MARK = "in"
"""``in=tms`` says which product a line is about, wherever it is typed."""


def scoped(card: Card, product_key: str) -> Card:
    """The card with the product named in each button's command that does not name one yet."""
    blocks = tuple(scoped_block(b, product_key) for b in card.blocks)
    return replace(card, blocks=blocks, actions=scoped_actions(card.actions, product_key))


def scoped_actions(actions: tuple[Action, ...], product_key: str) -> tuple[Action, ...]:
    """The buttons with the product named in their commands."""
    return tuple(_action(a, product_key) for a in actions)


def _action(action: Action, product_key: str) -> Action:
    if f" {MARK}=" in action.command:
        return action
    mark = f" {MARK}={product_key}"
    typed = action.typed and action.typed + mark
    return replace(action, command=action.command + mark, typed=typed)


def scoped_block(block: Block, product_key: str) -> Block:
    """The block with the product named in the commands of its rows."""
    if not isinstance(block, Bullets):
        return block
    items = tuple(Bullet(i.text, scoped_actions(i.actions, product_key)) for i in block.items)
    return Bullets(items)
