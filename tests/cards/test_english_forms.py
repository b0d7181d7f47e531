"""English forms begin their texts with a capital, wherever they are shown: the texts themselves
stand in the middle of sentences, too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.cards.html import Choices, render_form
from bot.cards.text import render_text
from bot.cards.view import form_view
from bot.cards.words import Reader, span_text
from bot.slack.blocks import Metadata, form_errors
from bot.slack.blocks import form_view as modal
from commands.catalog import build_registry
from commands.forms import default_form
from domain.messages import FieldKind, Form, FormField, Option, T

EN = Reader("en", "UTC")
TYPED = "iOS first"
OFFERED = (Option("open", T("pool.scope.open")), Option("own", TYPED))
FORM = Form(
    "x y",
    T("change.sub.log"),
    (
        FormField("day", T("setup.arg.day"), FieldKind.CHOICE, options=OFFERED),
        FormField("own", TYPED, error=T("change.arg.what"), value="what i typed"),
    ),
    T("core.submit"),
)


def forms() -> Iterator[Form]:
    for command in build_registry().commands:
        for sub in command.subcommands:
            yield default_form(command, sub)


@pytest.mark.parametrize("form", [pytest.param(f, id=f.command) for f in forms()])
def test_every_form_of_a_command_begins_its_texts_with_a_capital(form: Form) -> None:
    view = form_view(form, EN)
    shown = ["".join(map(span_text, view[part])) for part in ("title", "submit")]
    for field in view["fields"]:
        shown.append("".join(map(span_text, field["label"])))
        shown += [option["label"] for option in field["options"]]
    assert [text for text in shown if text[:1].islower()] == []


def test_what_somebody_typed_keeps_its_letters() -> None:
    view = form_view(FORM, EN)
    assert [o["label"] for o in view["fields"][0]["options"]][1] == TYPED
    assert "".join(map(span_text, view["fields"][1]["label"])) == TYPED
    assert view["fields"][1]["value"] == "what i typed"


def test_a_modal_of_slack() -> None:
    field, own = [b for b in modal(FORM, EN, {}, Metadata())["blocks"] if b["type"] == "input"]
    assert (field["label"]["text"], own["label"]["text"]) == ("Day", TYPED)
    assert "Open ones" in [o["text"]["text"] for o in field["element"]["options"]]
    assert form_errors(FORM, EN) == {"f:own": "What changes"}


def test_a_form_of_the_web_chat() -> None:
    html = render_form(FORM, EN, Choices())
    assert ">Day</label>" in html
    assert ">Open ones</option>" in html
    assert f">{TYPED}</option>" in html
    assert ">What changes</span>" in html


def test_a_form_in_plain_text() -> None:
    text = render_text(FORM, EN)
    assert "- Day (day)" in text
    assert "open Open ones | own iOS first" in text
