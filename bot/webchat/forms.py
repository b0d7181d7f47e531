"""Forms as HTML, and what can be picked in a conversation: people, stories, change requests."""

from __future__ import annotations

from bot.cards.html import Choices, render_form
from bot.webchat.views import Desk
from domain.messages import FieldKind, Form
from domain.people import Product
from storage.uow import UnitOfWork

MOST_STORIES = 300
_STORY_FIELDS = (FieldKind.STORY, FieldKind.STORIES)

Choice = tuple[str, str]
"""What is typed for it, and what people read."""


def form_html(uow: UnitOfWork, desk: Desk, channel_id: str | None, form: Form) -> str:
    """The form for the page, in the reader's language."""
    wants_stories = any(f.kind in _STORY_FIELDS for f in form.fields)
    product = product_of(uow, channel_id) if wants_stories else None
    people = tuple((p.id, p.name) for p in desk.people.values() if p.active)
    stories = tuple((v, f"{v} {t}") for v, t in open_stories(uow, product)) if product else ()
    return render_form(form, desk.reader, Choices(people, stories))


def open_stories(uow: UnitOfWork, product: Product) -> tuple[Choice, ...]:
    """``S12`` and title of each open story of the product, newest first."""
    newest = uow.stories.of_product(product.id)[::-1]
    return tuple((f"S{s.number}", s.title) for s in newest[:MOST_STORIES])


def open_changes(uow: UnitOfWork, product: Product) -> tuple[Choice, ...]:
    """``CR-12`` and words of each change request that is not settled, newest first."""
    newest = uow.changes.open_of(product.id)[::-1]
    return tuple((f"CR-{c.number}", c.content.what[:80]) for c in newest)


def product_of(uow: UnitOfWork, channel_id: str | None) -> Product | None:
    """The product that a conversation is about; in a direct one the only product, if just one."""
    channel = uow.channels.get(channel_id) if channel_id else None
    if channel is not None and channel.product_id:
        return uow.products.get(channel.product_id)
    if channel is None or channel.kind != "channel":
        products = uow.products.all()
        return products[0] if len(products) == 1 else None
    return None
