"""Cards as plain text: for the terminal, scripts, logs, and wherever nothing else can be drawn.

The text is complete in itself: every button is a line that says what to type instead.
"""

from __future__ import annotations

import re

from bot.cards.engine import rendered
from bot.cards.view import card_view, form_view
from bot.cards.words import Reader, clean, words
from domain.messages import Card, FieldKind, Form, Reply
from locales import template

_PEOPLE = (FieldKind.PERSON.value, FieldKind.PEOPLE.value)


def render_text(message: Card | Form | Reply, reader: Reader) -> str:
    """The message in the reader's words; no empty line at either end.

    A reply's cards stand one below the other with an empty line between, its form last.
    """
    match message:
        case Card():
            text = rendered("card.txt.j2", card=card_view(message, reader))
        case Form():
            required = template(reader.locale, "web.required")
            form = form_view(message, reader)
            for field in form["fields"]:
                field["value"] = _readable(field["kind"], field["value"], reader)
            text = rendered("form.txt.j2", form=form, required=required)
        case Reply():
            parts = (*message.cards, message.form) if message.form else message.cards
            text = "\n\n".join(render_text(part, reader) for part in parts)
    return text.strip("\n")


def _readable(kind: str, value: str, reader: Reader) -> str:
    """What stands in a field, with people by their names instead of their ids."""
    if kind in _PEOPLE:
        ids = [part for part in re.split(r"[,，\s]+", value) if part]
        shown = (f"@{reader.names[i]}" if i in reader.names else i for i in ids)
        return ", ".join(clean(name) for name in shown)
    return words(value, reader)
