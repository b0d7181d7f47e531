"""Forms on interactive cards, queued with the work that asks for them. Runs in a transaction.

The row of a form says how the same is asked in words, in case the card does not arrive.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.cards.html import Choices
from bot.dingtalk.cards.drawing import OVER
from bot.dingtalk.forms.card_fields import fits, holding
from bot.dingtalk.forms.card_presses import ABOUT, ALONE, FORM, PERSON, is_form
from bot.webchat.forms import open_stories, product_of
from domain.message_json import from_json, to_json
from domain.messages import Card, FieldKind, Form, Reply, T, Tone
from domain.people import Channel
from domain.requests import Kind, Request
from storage.dingtalk import PLATFORM, USER
from storage.dingtalk_sent import SentCard
from storage.uow import UnitOfWork

NOTICE, ENDS = "notice", "ends"
"""Parts of a row: what is said above the form, and that the card's form is over."""
_PEOPLE = {FieldKind.PERSON, FieldKind.PEOPLE}
_STORIES = {FieldKind.STORY, FieldKind.STORIES}


def choices_of(uow: UnitOfWork, form: Form, about: str) -> Choices:
    """What the form's menus offer; nothing is read for fields that it does not have.

    :param about: the channel that the form is about.
    """
    kinds = {f.kind for f in form.fields}
    people = uow.people.all() if kinds & _PEOPLE else ()
    product = product_of(uow, about) if kinds & _STORIES else None
    stories = open_stories(uow, product) if product else ()
    return Choices(
        tuple((p.id, p.name) for p in people), tuple((s, f"{s} {t}") for s, t in stories)
    )


def offered(
    uow: UnitOfWork,
    request: Request,
    form: Form | None,
    where: Channel,
    alone: Channel,
    now: datetime,
) -> bool:
    """Queue a form as a card where somebody asked for it; False when no card can show it to them.

    A form that comes back, or that follows from another one, stays on the card that was submitted.

    :param where: the conversation of the card; :param alone: where it is asked in words if no card
        arrives.
    """
    if form is None or not _can_show(uow, request, form):
        return False
    before = submitted_card(uow, request)
    row: dict[str, Any] = {
        "channel": before.channel_id if before else where.id,
        "card": to_json(Card(form.title)),
        "on": before.track if before else None,
        FORM: to_json(form),
        PERSON: request.person,
        ABOUT: request.channel or where.id,
        ALONE: alone.id,
    }
    uow.queue(f"channel:{row['channel']}", "post", row, now)
    return True


def taken(uow: UnitOfWork, request: Request, reply: Reply, now: datetime, *, failed: bool) -> bool:
    """Note what became of the card whose form a request submits, if it does.

    :returns: whether there is nothing else to show: what went wrong is told on the card.
    """
    card = submitted_card(uow, request)
    if card is None:
        return False
    if failed:
        _refuse(uow, request, card, reply, now)
    elif reply.form is None:
        _end(uow, card, now)
    return failed


def _can_show(uow: UnitOfWork, request: Request, form: Form) -> bool:
    """Whether the asker can get the form on a card."""
    addresses = uow.people.addresses(request.person, PLATFORM)
    if not any(kind == USER for _, kind, _ in addresses):
        return False  # cards go to people of the company alone
    return fits(form, choices_of(uow, form, request.channel or ""))


def _refuse(uow: UnitOfWork, request: Request, card: SentCard, reply: Reply, now: datetime) -> None:
    """Queue that the form stays open, with all that was typed, and what was in its way above it."""
    form = holding(from_json(card.content[FORM]), request.values)
    row: dict[str, Any] = {
        **{k: card.content[k] for k in (PERSON, ABOUT, ALONE)},
        "channel": card.channel_id,
        "card": to_json(Card(form.title)),
        "on": card.track,
        FORM: to_json(form),
        NOTICE: [to_json(each) for each in reply.cards],
    }
    uow.queue(f"channel:{card.channel_id}", "post", row, now)


def _end(uow: UnitOfWork, card: SentCard, now: datetime) -> None:
    """Note that the form was taken, so that it is taken once, and queue that its card says so."""
    content = {**card.content, OVER: True}
    uow.dingtalk_sent.save_card(
        SentCard(card.track, card.channel_id, card.delivery, content, card.sent_at)
    )
    done = Card(from_json(card.content[FORM]).title, status=T("dingtalk.form_done"), tone=Tone.GOOD)
    row = {"channel": card.channel_id, "card": to_json(done), "on": card.track, ENDS: True}
    uow.queue(f"channel:{card.channel_id}", "post", row, now)


def submitted_card(uow: UnitOfWork, request: Request) -> SentCard | None:
    """The card whose form a request submits; None for all other requests."""
    if request.kind is not Kind.FORM or request.message_id is None:
        return None
    card = uow.dingtalk_sent.card(request.message_id)
    return card if card is not None and is_form(card.content) else None


def is_row(payload: Mapping[str, Any]) -> bool:
    """Whether an outbox row is about a form on a card: it goes alone."""
    return FORM in payload or ENDS in payload
