"""A link to a design in what people say is noted; when it looks like a new one, somebody is asked.

Nothing is answered to a link that shows nothing new, so that people may post as they like.
"""

from __future__ import annotations

from commands.context import Context
from commands.designs.card import asking_card
from commands.designs.keeping import keep, links_in, stories_in
from domain.messages import Reply


def notice(ctx: Context) -> Reply | None:
    """Note the designs of a message in a product's channel. It never takes the message from others.

    The story is the one that the message names, else the one that its thread is about, else those
    that the design was posted with before.
    """
    channel, text = ctx.channel, ctx.request.text
    links = links_in(ctx, text) if channel is not None else ()
    if not links or channel is None or not ctx.is_member:
        return None
    product = ctx.maybe_product
    if product is None:
        return None
    stories = stories_in(ctx, text, product.id) or _stories_of_thread(ctx, product.id)
    for link in links:
        source = ctx.request.message_id
        design = keep(ctx, product.id, link, stories=stories, text=text, source=source)
        if design.waiting is not None:
            ctx.post(channel.id, asking_card(ctx.uow, design), thread=ctx.request.thread)
    return None


def _stories_of_thread(ctx: Context, product_id: str) -> tuple[int, ...]:
    """The story that this thread is about: of a change request, or the only one of a review."""
    thread, channel = ctx.request.thread, ctx.channel
    if thread is None or channel is None:
        return ()
    for change in ctx.uow.changes.open_of(product_id):
        if thread in _threads(ctx, f"change:{change.id}"):
            return (change.content.story,)
    review = ctx.uow.reviews.open_in(channel.id)
    if review is None or thread not in (review.thread, *_threads(ctx, f"review:{review.id}")):
        return ()
    return (review.agenda[0].story,) if len(review.agenda) == 1 else ()


def _threads(ctx: Context, key: str) -> tuple[str, ...]:
    if ctx.channel is None:
        return ()
    handle = ctx.uow.cards.handle(key, f"channel:{ctx.channel.id}") or {}
    return tuple(str(t) for t in (handle.get("thread"), *handle.get("threads", ())) if t)
