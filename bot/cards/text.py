"""Cards as plain text: for the terminal, scripts, logs, and wherever nothing else can be drawn.

The text is complete in itself: every button is a line that says what to type instead.
"""

from __future__ import annotations

from bot.cards.engine import rendered
from bot.cards.view import card_view, form_view
from bot.cards.words import Reader
from domain.messages import Card, Form, Reply
from locales import template


def render_text(message: Card | Form | Reply, reader: Reader) -> str:
    """The message in the reader's words; no empty line at either end.

    A reply's cards stand one below the other with an empty line between, its form last.
    """
    match message:
        case Card():
            text = rendered("card.txt.j2", card=card_view(message, reader))
        case Form():
            required = template(reader.locale, "web.required")
            text = rendered("form.txt.j2", form=form_view(message, reader), required=required)
        case Reply():
            form = (message.form,) if message.form else ()
            text = "\n\n".join(render_text(part, reader) for part in (*message.cards, *form))
    return text.strip("\n")
