"""A form as a modal, and what a modal carries from its opening to its submission."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.cards.html import Choices
from bot.cards.view import form_view as view_of_form
from bot.cards.words import Reader, Span, opening, span_text
from bot.slack.blocks import limits
from bot.slack.blocks.buttons import Block, plain_text
from bot.slack.blocks.escape import calm
from bot.slack.blocks.ink import Ink
from bot.slack.blocks.inputs import FIELD, Inputs
from bot.slack.blocks.message import card_message
from bot.slack.blocks.sheet import sections
from domain.messages import Card, FieldKind, Form
from locales import template

FORM_CALLBACK = "duban_form"
"""The ``callback_id`` of every modal with a form: one listener takes them all."""
NOTICE_CALLBACK = "duban_notice"
"""The ``callback_id`` of a modal that only says something."""

View = dict[str, Any]
_NO_CHOICES = Choices()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a modal has to remember: a submission comes from no channel.

    :param command: what the values are submitted to.
    :param channel: where the form was asked for (Slack's id), with thread and message if any.
    :param reply: an address that answers may be posted to (``response_url``), if there is one.
    """

    command: str = ""
    channel: str = ""
    thread: str = ""
    message: str = ""
    reply: str = ""


_NOWHERE = Metadata()


def read_metadata(view: Mapping[str, Any]) -> Metadata:
    """What :func:`form_view` put into a view; a view of another making carries nothing."""
    try:
        data = json.loads(str(view.get("private_metadata") or "{}"))
        return Metadata(**{str(k): str(v) for k, v in data.items()})
    except (ValueError, TypeError, AttributeError):
        return Metadata()


def form_view(
    form: Form,
    reader: Reader,
    users: Mapping[str, str],
    metadata: Metadata,
    choices: Choices = _NO_CHOICES,
    *,
    searched: Collection[FieldKind] = (),
) -> View:
    """The form as a view for ``views.open`` or ``views.update``.

    The same field always has the same ids, so an update keeps what was typed meanwhile.

    :param users: Slack user ids by person id.
    :param metadata: where it was asked for; its command is replaced by the form's.
    :param choices: people and stories to pick from; without stories they are typed.
    :param searched: the kinds of field in whose menu Slack asks for what was typed.
    """
    view = view_of_form(form, reader)
    inputs = Inputs(reader.locale, users, reader.names, choices, frozenset(searched))
    intro = sections(Ink(users).flow(view["intro"]))[:2]
    blocks = [*intro, *(b for f in view["fields"] for b in inputs.blocks(f))]
    submit = limits.cut(_plain(view["submit"]), limits.MODAL_TITLE)
    return {
        **_modal(FORM_CALLBACK, _plain(view["title"]), reader.locale),
        "submit": plain_text(submit),
        "blocks": blocks[: limits.VIEW_BLOCKS],
        "private_metadata": _packed(metadata, view["command"]),
    }


def form_errors(form: Form, reader: Reader) -> dict[str, str]:
    """What is wrong, for ``ack(response_action="errors")``: what was typed stays in the modal."""
    return {
        f"{FIELD}{f.name}": limits.cut(_plain(opening(f.error, reader)), limits.LABEL)
        for f in form.fields
        if f.error is not None
    }


def loading_view(reader: Reader) -> View:
    """A modal to open within the trigger's three seconds, until the form is there."""
    text = template(reader.locale, "slack.loading")
    title = template(reader.locale, "slack.app")
    return _modal(NOTICE_CALLBACK, title, reader.locale) | {"blocks": sections(calm(text))}


def notice_view(
    card: Card,
    reader: Reader,
    users: Mapping[str, str],
    *,
    base_url: str = "",
    metadata: Metadata = _NOWHERE,
) -> View:
    """A modal that shows a card: an answer to a form, or why it could not be saved.

    :param metadata: where it was asked for: the card's buttons are meant there.
    """
    message = card_message(card, reader, users, base_url=base_url)
    title = template(reader.locale, "slack.app")
    return {
        **_modal(NOTICE_CALLBACK, title, reader.locale),
        "blocks": message.blocks,
        "private_metadata": _packed(metadata, ""),
    }


def _modal(callback: str, title: str, locale: str) -> View:
    close = "slack.cancel" if callback == FORM_CALLBACK else "slack.close"
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain_text(limits.cut(" ".join(title.split()), limits.MODAL_TITLE)),
        "close": plain_text(template(locale, close)),
    }


def _plain(run: list[Span]) -> str:
    return "".join(span_text(s) for s in run)


def _packed(metadata: Metadata, command: str) -> str:
    """Compact JSON within Slack's limit; an address for answers goes first where it is too long."""
    data: Block = asdict(metadata) | {"command": command}
    for dropped in ("", "reply", "message"):
        data.pop(dropped, None)
        packed = json.dumps({k: v for k, v in data.items() if v}, ensure_ascii=False)
        if limits.units(packed) <= limits.METADATA:
            return packed
    raise ValueError("a form's command is longer than a modal can carry")
