"""Which stories the menus of a form offer, and what is found by typing into them.

Slack's menus take a hundred lines, and only what is among them. So where there are more stories,
or closed ones that somebody may mean, the menu asks Duban for what was typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.slack.blocks import limits
from bot.webchat.forms import product_of
from domain.messages import FieldKind, Form
from domain.stories import Story, story_number
from storage.uow import UnitOfWork

MOST = limits.OPTIONS - 1
"""Lines of one menu; there is room for “none”."""

Pairs = tuple[tuple[str, str], ...]
"""``S12`` and what people read."""


@dataclass(frozen=True, slots=True)
class StoryMenu:
    """What a form's menus of stories begin with.

    :param searched: the kinds of field whose menu has more than that, for who types.
    """

    pairs: Pairs = ()
    searched: frozenset[FieldKind] = frozenset()


def story_menu(uow: UnitOfWork, channel_id: str | None, form: Form) -> StoryMenu:
    """The open stories of the conversation's product, newest first, and those that were chosen.

    Without a product there is nothing to choose from, and stories are typed.
    """
    product = product_of(uow, channel_id)
    if product is None:
        return StoryMenu()
    newest = uow.stories.of_product(product.id)[::-1]
    total = sum(uow.stories.counts(product.id).values())
    if not total:
        return StoryMenu()
    searched: set[FieldKind] = set()
    if len(newest) > MOST:
        searched |= {FieldKind.STORY, FieldKind.STORIES}
    elif total > len(newest):
        searched.add(FieldKind.STORY)
    known = {s.number for s in newest[:MOST]}
    chosen = [n for n in _chosen(form) if n not in known]
    return StoryMenu(_pairs((*newest[:MOST], *uow.stories.many(chosen))), frozenset(searched))


def found_stories(uow: UnitOfWork, channel_id: str | None, typed: str) -> Pairs:
    """What a menu offers for what was typed into it: a number, or a part of a title.

    The story of that number comes first, then open ones, then closed ones, each newest first.
    """
    product = product_of(uow, channel_id)
    if product is None:
        return ()
    query = " ".join(typed.split())
    number = story_number(query) or story_number(f"S{query}")
    exact = uow.stories.find(number) if number is not None else None
    opened = uow.stories.of_product(product.id, text=query)[::-1]
    closed: list[Story] = []
    if len(opened) < MOST:
        known = {s.number for s in opened}
        everything = uow.stories.of_product(product.id, include_closed=True, text=query)[::-1]
        closed = [s for s in everything if s.number not in known]
    first = [exact] if exact is not None and exact.product_id == product.id else []
    return tuple(dict(_pairs((*first, *opened, *closed))).items())[:MOST]


def _chosen(form: Form) -> list[int]:
    kinds = (FieldKind.STORY, FieldKind.STORIES)
    words = [w for f in form.fields if f.kind in kinds for w in f.value.replace(",", " ").split()]
    return [n for n in map(story_number, words) if n is not None]


def _pairs(stories: Sequence[Story]) -> Pairs:
    return tuple((s.ref, f"{s.ref} {s.title}") for s in stories)
