"""The standup's questions: each member is asked in their own morning, and once more if missing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from domain.ids import new_id
from domain.messages import Action, Block, Bullet, Bullets, Card, Heading, Para, Style, T
from domain.reminders import Recipient
from domain.standup_words import questions
from domain.standups import Entry, StandupSettings, settings_of
from reminders.lines import Item
from reminders.world import World


def ask(world: World, recipient: Recipient, item: Item, now: datetime) -> Card | None:
    """The questions of the day; None when the person has answered or skipped already."""
    product_id = item.subject.product_id
    if product_id is None or product_id not in world.products:
        return None
    day = day_of(world, recipient.id, now)
    known = world.uow.standups.get(product_id, recipient.id, day)
    if known is not None and (known.answered or known.skipped):
        return None
    world.uow.standups.mark_asked(Entry(new_id(), product_id, recipient.id, day), now)
    product = world.products[product_id]
    earlier = world.uow.standups.before(product_id, recipient.id, day)
    title = T("standup.ask", {"product": product.name})
    return Card(title, _questions(settings_of(product), earlier), _ACTIONS)


def chase(world: World, recipient: Recipient, item: Item, now: datetime) -> Card | None:
    """One more word to somebody who was asked and has not answered; None for everybody else."""
    product_id = item.subject.product_id
    if product_id is None or product_id not in world.products:
        return None
    known = world.uow.standups.get(product_id, recipient.id, day_of(world, recipient.id, now))
    if known is None or known.answered or known.skipped or known.asked_at is None:
        return None
    if now - known.asked_at < timedelta(minutes=5):
        return None  # asked late just now: a second word would only annoy
    title = T("standup.chase", {"product": world.products[product_id].name})
    return Card(title, actions=_ACTIONS)


_ACTIONS = (
    Action(T("standup.answer_button"), "standup answer", Style.PRIMARY),
    Action(T("standup.skip_button"), "standup skip"),
)


def day_of(world: World, person_id: str, now: datetime) -> date:
    """The day of a standup: the person's own."""
    return now.astimezone(world.zone_of(person_id)).date()


def _questions(settings: StandupSettings, earlier: Entry | None) -> tuple[Block, ...]:
    rows = tuple(Bullet(q) for q in questions(settings))
    if earlier is None or not earlier.today:
        return (Bullets(rows),)
    return (Bullets(rows), Heading(T("standup.draft")), Para(earlier.today, muted=True))
