"""English cards begin a line of ours with a capital on every surface; what people typed stays."""

from __future__ import annotations

import pytest

from bot.cards.html import render_card
from bot.cards.text import render_text
from bot.cards.words import Reader
from bot.dingtalk.text.markdown import render_markdown
from bot.slack.blocks import card_messages
from domain.messages import Card, Fields, Heading, Para, T

DAY, SUBMIT = T("setup.arg.day"), T("change.arg.what")
CARD = Card(DAY, (Heading(SUBMIT), Fields(((DAY, DAY), ("iOS", "x"))), Para("iPad first")))


def shown_on(surface: str) -> str:
    reader = Reader("en", "UTC")
    if surface == "slack":
        (message, *_) = card_messages(CARD, reader, {})
        return f"{message.text} {message.blocks}"
    if surface == "dingtalk":
        return render_markdown(CARD, reader).text
    return render_card(CARD, reader) if surface == "web" else render_text(CARD, reader)


@pytest.mark.parametrize("surface", ["slack", "dingtalk", "web", "terminal"])
def test_titles_headings_and_labels(surface: str) -> None:
    shown = shown_on(surface)
    assert "What changes" in shown, "heading"
    assert shown.count("Day") >= 2, "title and label"
    assert "day" in shown, "a value does not begin a line"
    assert "iOS" in shown, "typed"
    assert "iPad first" in shown, "typed"
