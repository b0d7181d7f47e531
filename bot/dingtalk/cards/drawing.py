"""A card as the variables of the interactive template (``bot.dingtalk.cards.variables``).

A title, a body in markdown, up to eight buttons. A press says which button it was and on which
drawing; what the button stands for is kept here, so nobody can make a card say anything else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from bot.cards.engine import one_line
from bot.cards.view import action_view, card_view
from bot.cards.words import Reader
from bot.dingtalk.cards import variables as v
from bot.dingtalk.text.markdown import Markdown, render_markdown
from bot.dingtalk.text.pages import pages_of
from domain.messages import Card, Tone
from locales import template

BUTTONS = 8
LABEL = 20
"""Characters on a button; a telephone shows two in a row."""
CONFIRM, CANCEL, DISMISS = "confirm", "cancel", "dismiss"
"""Names of the buttons that answer a question, and that close a form."""
SERIAL, ASKED, VALUES, OVER = "serial", "asked", "values", "over"
"""Parts of what is kept of a card: how often it was drawn, whom it asks something (userIds), its
variables, and whether it has come to its end."""
COLORS = {Tone.GOOD: "green", Tone.WARN: "orange", Tone.BAD: "red"}
"""Of the header; blue for all else."""


@dataclass(frozen=True, slots=True)
class Button:
    """What a button stands for.

    :param command: typed command without lead; :param confirm: asked before it is done.
    """

    label: str
    style: str
    command: str
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled template, but for what depends on the drawing: see :meth:`drawn`.

    :param values: its variables; :param buttons: by the names that presses come back with.
    :param rest: further messages in markdown, for what one card has no room for.
    :param asked: userIds of the people of whose own view of it nothing is to be left.
    :param more: what else is kept of it, to understand what comes back.
    """

    title: str
    values: Mapping[str, str]
    buttons: Mapping[str, Button]
    people: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def drawn(self, serial: int) -> dict[str, str]:
        """All variables.

        :param serial: how often the card was drawn, this time included.
        """
        shown = [v.button(n, b.label, b.style, serial) for n, b in self.buttons.items()]
        return {**self.values, **v.buttons(shown), v.SERIAL: str(serial)}


def interactive(card: Card) -> bool:
    """Whether a card is worth an interactive one, which costs a call: it changes or has buttons."""
    return card.key is not None or bool(card.actions)


def filled(card: Card, reader: Reader, *, base_url: str = "") -> Filled:
    """The card for one reader, or for a group."""
    view = card_view(card, reader)
    body = render_markdown(Card(card.title, card.blocks), reader, base_url=base_url)
    parts = body.parts[1:]
    over = [f"› {_typed(a, reader)}" for a in card.actions[BUTTONS:]]
    if over:
        parts = (*parts, "  \n".join([template(reader.locale, "dingtalk.can_type"), *over]))
    left_out = template(reader.locale, "dingtalk.left_out")
    first, *rest = pages_of(Markdown(body.title, parts or ("",)), "", left_out)
    title, status = one_line(view["title"]), one_line(view["status"])
    # The cards of objects stay: only there it is worth a line.
    told = reader.way.within(template(reader.locale, "dingtalk.card_hint"), reader.locale)
    hint = told if card.actions and card.key else ""
    values = plain_values(title, first.text, status=status, tone=card.tone, hint=hint)
    buttons: dict[str, Button] = {}
    for each in card.actions[:BUTTONS]:
        action = action_view(each, reader)
        made = Button(
            _short(one_line(action["label"])), action["style"], action["command"], action["confirm"]
        )
        buttons.setdefault(name_of(made), made)
    line = " · ".join(p for p in (title, status) if p)[:60] or "–"
    return Filled(line, values, buttons, body.people, tuple(page.text for page in rest))


def plain_values(
    title: str, body: str, *, status: str = "", tone: Tone = Tone.PLAIN, hint: str = ""
) -> dict[str, str]:
    """Variables of a card without form and buttons; every variable has a value."""
    return {
        v.TITLE: title,
        v.STATUS: status,
        v.HAS_STATUS: v.truth(status),
        v.COLOR: COLORS.get(tone, "blue"),
        v.BODY: body,
        v.HAS_BODY: v.truth(body),
        v.NOTE: "",
        v.HAS_NOTE: v.NO,
        v.FORM: v.as_json({"fields": []}),
        v.FORM_STATUS: "normal",
        v.FORM_SUBMIT: "",
        v.HAS_FORM: v.NO,
        v.HINT: hint,
        v.HAS_HINT: v.truth(hint),
        **v.buttons(()),
    }


def ended(title: str, body: str, *, status: str = "", tone: Tone = Tone.PLAIN) -> Filled:
    """A card that has come to its end: nothing can be pressed on it any more."""
    return Filled(
        title[:60], plain_values(title, body, status=status, tone=tone), {}, more={OVER: True}
    )


def name_of(button: Button) -> str:
    """How a press names the button: by what it does, wherever it stands on which drawing."""
    return "c" + hashlib.sha256(button.command.encode()).hexdigest()[:12]


def to_content(shown: Filled, serial: int, asked: tuple[str, ...]) -> dict[str, Any]:
    """What is stored of a delivered card, to understand presses on it.

    :param asked: who is asked something on it.
    """
    buttons = {
        n: {"label": b.label, "command": b.command, "confirm": b.confirm}
        for n, b in shown.buttons.items()
    }
    kept = {"buttons": buttons, SERIAL: serial, ASKED: list(asked), VALUES: shown.drawn(serial)}
    return {**kept, **shown.more}


def button_of(content: Mapping[str, Any], name: str) -> Button | None:
    """The button with this name on a stored card, as it was drawn last."""
    buttons = cast("Mapping[str, Mapping[str, Any]]", content.get("buttons") or {})
    known = buttons.get(name)
    if known is None:
        return None
    return Button(
        str(known.get("label") or ""), "", str(known["command"]), str(known.get("confirm") or "")
    )


def serial_of(content: Mapping[str, Any]) -> int:
    """How often a stored card was drawn."""
    return int(content.get(SERIAL) or 0)


def asked_of(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Who is asked something on a stored card: userIds."""
    return tuple(str(each) for each in cast("list[Any]", content.get(ASKED) or []))


def _typed(action: Any, reader: Reader) -> str:
    shown = action_view(action, reader)
    return f"{one_line(shown['label'])}: {shown['typed']}"


def _short(text: str) -> str:
    return text if len(text) <= LABEL else text[: LABEL - 1] + "…"
