"""A card as the variables of the interactive template (``template.json`` beside this file).

The template is fixed and every card fills it: a title, a body in markdown, up to eight buttons. All
values are texts (facts, section 7.3). A press says which button it was, and what the button stands
for is kept here, so nobody can make the template say anything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from bot.cards.engine import one_line
from bot.cards.view import action_view, card_view
from bot.cards.words import Reader
from bot.dingtalk.markdown import Markdown, render_markdown
from bot.dingtalk.pages import pages_of
from domain.messages import Card, Style
from locales import template

BUTTONS = 8
LABEL = 20
"""Characters on a button; a telephone shows two in a row."""
CONFIRM, CANCEL = "confirm", "cancel"
ASK, ASK_OF = "ask", "ask_of"
"""Variables that only the presser sees: a question, and the button that it is asked for."""


@dataclass(frozen=True, slots=True)
class Button:
    """What a button stands for.

    :param command: typed command without lead; :param confirm: asked before it is done.
    """

    command: str
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled template.

    :param values: its variables; :param buttons: by the names that presses come back with.
    :param rest: further messages in markdown, for what one card has no room for.
    """

    title: str
    values: Mapping[str, str]
    buttons: Mapping[str, Button]
    people: tuple[str, ...] = ()
    rest: tuple[str, ...] = field(default=())


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
    values = {
        "title": one_line(view["title"]),
        "status": one_line(view["status"]),
        "tone": card.tone.value,
        "body": first.text,
        "hint": template(reader.locale, "dingtalk.card_hint"),
        "yes": template(reader.locale, "dingtalk.card_yes"),
        "no": template(reader.locale, "dingtalk.card_no"),
        ASK: "",
        ASK_OF: "",
    }
    buttons: dict[str, Button] = {}
    for number in range(1, BUTTONS + 1):
        name = f"b{number}"
        values[name], values[f"{name}_style"] = "", Style.DEFAULT.value
        if number <= len(card.actions):
            action = action_view(card.actions[number - 1], reader)
            values[name] = _short(one_line(action["label"]))
            values[f"{name}_style"] = action["style"]
            buttons[name] = Button(action["command"], action["confirm"])
    return Filled(
        _short_title(values), values, buttons, body.people, tuple(page.text for page in rest)
    )


def bare(title: str, body: str) -> dict[str, str]:
    """Variables of a card that has come to its end: nothing can be pressed on it any more."""
    empty = {f"b{n}": "" for n in range(1, BUTTONS + 1)}
    return {"title": title, "status": "", "tone": "plain", "body": body, "hint": "", **empty}


def to_content(shown: Filled, serial: int) -> dict[str, Any]:
    """What is stored of a delivered card, to understand presses on it.

    :param serial: how often it was drawn.
    """
    buttons = {n: {"command": b.command, "confirm": b.confirm} for n, b in shown.buttons.items()}
    return {"buttons": buttons, "serial": serial}


def button_of(content: Mapping[str, Any], name: str) -> Button | None:
    """The button with this name on a stored card."""
    buttons = cast("Mapping[str, Mapping[str, Any]]", content.get("buttons") or {})
    known = buttons.get(name)
    if known is None:
        return None
    return Button(str(known["command"]), str(known.get("confirm") or ""))


def _typed(action: Any, reader: Reader) -> str:
    shown = action_view(action, reader)
    return f"{one_line(shown['label'])}: {shown['typed']}"


def _short(text: str) -> str:
    return text if len(text) <= LABEL else text[: LABEL - 1] + "…"


def _short_title(values: Mapping[str, str]) -> str:
    return " · ".join(p for p in (values["title"], values["status"]) if p)[:60] or "–"
