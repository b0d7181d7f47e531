"""Cards, forms and typed messages as HTML for the web chat and the web pages.

Whatever people typed is escaped and isolated: it adds no markup, mentions nobody, leads nowhere but
to http(s) addresses, and turns the direction of nothing around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.cards.engine import rendered_html
from bot.cards.view import View, card_view, file_view, form_view
from bot.cards.words import Reader, Span, safe_url, spans
from domain.messages import Card, FileRef, Form
from locales import template

_URL = re.compile(r"https?://[^\s<>\"'`，。；、！？（）《》“”]+")
_TRAILING = ".,;:!?)]}"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the pickers of a form offer, as (value, label).

    :param people: person id and name; :param stories: ``S12`` and title.
    """

    people: tuple[tuple[str, str], ...] = ()
    stories: tuple[tuple[str, str], ...] = ()


def render_card(card: Card, reader: Reader) -> str:
    """The card as one ``<article class="card">``."""
    return str(rendered_html("card.html.j2", card=card_view(card, reader)))


def render_typed(text: str, files: Sequence[FileRef], reader: Reader) -> str:
    """What a person said, with its links and mentions drawn, and the files that came with it."""
    run = [part for span in spans(text, reader) for part in _with_links(span)]
    views = [file_view(f, reader) for f in files]
    return str(rendered_html("typed.html.j2", spans=run, files=views))


def render_form(form: Form, reader: Reader, choices: Choices, prefix: str = "x") -> str:
    """The form as one ``<form class="form">``, its errors beside the fields.

    :param prefix: makes the ids of its fields unique on a page.
    """
    view = form_view(form, reader)
    for field in view["fields"]:
        _complete(field, choices)
    names = ("required", "narrow", "nothing", "choose", "cancel")
    words = {name: template(reader.locale, f"web.{name}") for name in names}
    return str(rendered_html("form.html.j2", form=view, words=words, prefix=prefix))


def _with_links(span: Span) -> Iterator[Span]:
    if span["kind"] != "foreign":
        yield span
        return
    text: str = span["text"]
    at = 0
    for match in _URL.finditer(text):
        url = match.group().rstrip(_TRAILING)
        if not safe_url(url):
            continue
        if match.start() > at:
            yield span | {"text": text[at : match.start()]}
        yield span | {"kind": "link", "text": url, "url": url}
        at = match.start() + len(url)
    if at < len(text):
        yield span | {"text": text[at:]}


def _complete(field: View, choices: Choices) -> None:
    """Say how the field is drawn, and what can be picked. What was picked before is never lost."""
    kind, value = field["kind"], str(field["value"])
    field["picker"], field["input"] = "", "text"
    if kind in ("people", "person"):
        offered = choices.people
    elif kind in ("stories", "story"):
        offered = choices.stories
    else:
        offered = tuple((o["value"], o["label"]) for o in field["options"])
    if kind in ("people", "choices") or (kind == "stories" and offered):
        field["picker"] = "many"
        field["options"] = list(_marked(offered, re.split(r"[,，\s]+", value)))
    elif kind in ("person", "choice") or (kind == "story" and offered):
        field["picker"] = "select"
        field["options"] = list(_marked(offered, [value]))
    elif kind == "date":
        field["input"] = "date" if _is_day(value) else "text"


def _marked(offered: Iterable[tuple[str, str]], chosen: Sequence[str]) -> Iterator[View]:
    wanted = [c for c in chosen if c]
    known: set[str] = set()
    for value, label in offered:
        known.add(value)
        yield {"value": value, "label": label, "chosen": value in wanted}
    for value in wanted:
        if value not in known:
            yield {"value": value, "label": value, "chosen": True}


def _is_day(text: str) -> bool:
    """Whether a date input can show it; what was typed in words stays in a text field."""
    if not text:
        return True
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
