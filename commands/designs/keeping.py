"""Designs as they come in: from a command, from a change request, from what was said."""

from __future__ import annotations

import re

from commands.context import Context
from commands.grammar import clean, split
from domain.designs import Design, DesignVersion, Posted, looks_changed
from domain.ids import new_id
from domain.lanhu import DesignLink, find_links, says_changed, without_links
from domain.stories import story_number

_REF = re.compile(r"(?<![\w])(?:[SsＳ]\d{1,9}|[#＃]\d{1,9})(?![\w])")
_MENTION = re.compile(r"<@[^>\s]+>")
_MOST = 200


def links_in(ctx: Context, text: str) -> tuple[DesignLink, ...]:
    """The designs that a text links to, on the hosts that are set."""
    return find_links(text, ctx.services.design_hosts)


def note_in(ctx: Context, text: str) -> str:
    """The words beside the links: without stories, people and signs that stand alone."""
    words = without_links(text, ctx.services.design_hosts)
    words = _MENTION.sub("", _REF.sub("", words))
    return " ".join(words.split()).strip(" ,，:：;；。.、-")[:_MOST]


def stories_in(ctx: Context, text: str, product_id: str) -> tuple[int, ...]:
    """The numbers of the product's stories that a text names."""
    numbers = (story_number(word.plain) for word in split(clean(text)))
    named = dict.fromkeys(n for n in numbers if n)
    found = (ctx.uow.stories.find(number) for number in named)
    return tuple(s.number for s in found if s is not None and s.product_id == product_id)


def keep(
    ctx: Context,
    product_id: str,
    link: DesignLink,
    *,
    stories: tuple[int, ...] = (),
    text: str = "",
    source: str | None = None,
) -> Design:
    """Record that a link was posted, with the words beside it; the design as it stands then.

    The same message twice is one posting, and so is a link that a command names again with nothing
    new about it.
    """
    known = ctx.uow.designs.by_key(product_id, link.key)
    asks = looks_changed(known, link, says_so=says_changed(text))
    note = note_in(ctx, text)
    if known is not None and _said_already(known, link, stories, note, source) and not asks:
        return known
    number = known.number if known else ctx.uow.counters.next(f"design:{product_id}")
    body = Posted(number, product_id, link, stories, note, source, asks)
    design = known or Design(new_id())
    after = ctx.uow.designs.record(design, body, actor=ctx.me.id, at=ctx.now)
    new = {"url": link.url, "stories": list(stories)}
    ctx.audit("lanhu:design:posted", f"design:{after.id}", new=new, why=note)
    return after


def _said_already(
    known: Design, link: DesignLink, stories: tuple[int, ...], note: str, source: str | None
) -> bool:
    if set(stories) - set(known.stories):
        return False
    return source is None and any(_same(v, link, note) for v in known.versions)


def _same(version: DesignVersion, link: DesignLink, note: str) -> bool:
    return version.link == link and note in ("", version.note)
