"""Whatever people type is drawn as typed: it mentions nobody, links nowhere, formats nothing."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.words import Reader, clean
from bot.slack.blocks import card_message, card_messages, form_view, limits
from bot.slack.blocks.escape import GAP, bold, calm, chunks, code, link, shortened
from bot.slack.blocks.modal import Metadata
from domain.messages import (
    Action,
    Bar,
    Bullet,
    Bullets,
    Card,
    Code,
    FieldKind,
    Fields,
    FileRef,
    Form,
    FormField,
    Grid,
    Heading,
    Link,
    Option,
    Para,
    PersonRef,
    Strong,
    Style,
    Tone,
)
from tests.fakes.slack.rules.blocks import check_blocks
from tests.fakes.slack.rules.views import require_view

READER = Reader("zh", "Asia/Shanghai")
SIGNS = "<>&!@#|*_~`:;/\\^\n \t\"'[](){}=+-.,，。中文字aZ09😀\u200b\u202e\ue000\ue001\ue002é"
typed = st.one_of(
    st.text(st.sampled_from(SIGNS), max_size=80),
    st.text(max_size=40),
    st.sampled_from(
        [
            "<!channel>",
            "<@U1>",
            "<!here|x>",
            "<https://x.cn|y>",
            "&lt;!channel&gt;",
            "<!date^1^{ago}|x>",
        ]
    ),
)
long_typed = st.tuples(typed, st.integers(1, 400)).map(lambda pair: pair[0] * pair[1])

_OURS = re.compile(
    r"<@U0DEV>|<https://duban\.example\.com/[^|>\s]*(?:\|[^<>]*)?>|<!date\^\d+\^[^<>]*>"
)


def marked(value: Any) -> list[str]:
    """Every text of blocks that Slack reads as mrkdwn."""
    if isinstance(value, dict):
        own = [value["text"]] if value.get("type") == "mrkdwn" else []
        return own + [t for v in value.values() for t in marked(v)]
    if isinstance(value, list):
        return [t for v in value for t in marked(v)]
    return []


def card_of(text: str) -> Card:
    """A card that has typed text wherever a card can have any."""
    action = Action(text or "x", f"note {text}", Style.DANGER, confirm=text or "?", typed=text)
    return Card(
        text,
        (
            Para(text),
            Para(Strong(text), muted=True),
            Heading(text),
            Fields(((text, text), ("who", PersonRef("dev", text)))),
            Bullets((Bullet(text, (action,)), Bullet(Code(text), (action, action)))),
            Grid((text, text), ((text, text), (Strong(text), Link(text, "/plans/1")))),
            Bar(text, 40),
            FileRef("01", text or "x", "text/plain", 3),
        ),
        (action,),
        status=text,
        tone=Tone.BAD,
    )


@given(typed)
@settings(max_examples=300, deadline=None)
def test_nothing_typed_means_anything(text: str) -> None:
    message = card_message(
        card_of(text), READER, {"dev": "U0DEV"}, base_url="https://duban.example.com"
    )
    assert check_blocks(message.blocks, "message").problems == []
    for drawn in (*marked(message.blocks), message.text):
        rest = _OURS.sub("", drawn)
        assert "<" not in rest
        assert ">" not in rest
        assert re.sub(r"&(amp|lt|gt);", "", rest).count("&") == 0
    assert not re.search(r"^\s*&gt;", message.text, re.MULTILINE)


@given(typed)
@settings(max_examples=300, deadline=None)
def test_it_is_drawn_as_typed(text: str) -> None:
    expected = re.sub("[\ue000-\ue003\u200b]", "", text)
    assert html.unescape(calm(text)).replace(GAP, "") == expected
    assert not re.search(r"(?<![A-Za-z0-9])[*_~](?![\s\u200b]|$)", calm(text))
    assert not re.search(r"`(?!\u200b)", calm(text))


@given(long_typed, st.integers(40, 300))
@settings(max_examples=200, deadline=None)
def test_pieces_fit_lose_nothing_and_break_no_sign(text: str, limit: int) -> None:
    marked_text = f"{bold(calm(text))} {link('https://duban.example.com/x', 'Ziel')} {calm(text)}"
    pieces = chunks(marked_text, max(limit, 60))
    for piece in pieces:
        assert limits.units(piece) <= max(limit, 60)
        assert re.fullmatch(r"(?:[^<&]|&(?:amp|lt|gt);|<[^<>]*>)*", piece, re.DOTALL)
    assert _letters("".join(pieces)) == _letters(marked_text)
    assert limits.units(shortened(marked_text, max(limit, 60))) <= max(limit, 60)


def _letters(text: str) -> str:
    return re.sub(r"[\s\u200b\ue000-\ue003*`]", "", text)


@given(long_typed)
@settings(max_examples=60, deadline=None)
def test_no_length_is_refused(text: str) -> None:
    for message in card_messages(card_of(text), READER, {}):
        checked = check_blocks(message.blocks, "message")
        assert checked.problems == []
        assert checked.characters <= 13_200
        assert 0 < limits.units(message.text) <= 4_000


@given(long_typed)
@settings(max_examples=60, deadline=None)
def test_no_form_is_refused(text: str) -> None:
    value = clean(text)
    options = (Option("a", text or "a"), Option(value[:100] or "b", text or "b"))
    kinds = list(FieldKind)
    fields = tuple(
        FormField(
            f"f{n}", text or "x", kind, options=options if "choice" in kind else (), value=value,
            help=text or None, error=text or None,
        )
        for n, kind in enumerate(kinds)
    )  # fmt: skip
    form = Form("change log", text or "x", fields, text or "x", intro=text or None)
    require_view(form_view(form, READER, {"a": "U0A"}, Metadata(channel="C1")), "modal")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("snake_case 3*4*5", "snake_case 3*4*5", id="inside a word it means nothing"),
        pytest.param("*a* _b_", f"*{GAP}a* _{GAP}b_", id="at a word's edge"),
        pytest.param("字*粗*字", f"字*{GAP}粗*{GAP}字", id="beside Chinese"),
        pytest.param("> x\n>y", f"{GAP}&gt; x\n{GAP}&gt;y", id="quotations"),
        pytest.param("a > b", "a &gt; b", id="a comparison"),
        pytest.param("```x```", f"`{GAP}`{GAP}`{GAP}x`{GAP}`{GAP}`{GAP}", id="a block of code"),
    ],
)
def test_format_signs(text: str, shown: str) -> None:
    assert calm(text) == shown


@pytest.mark.parametrize(
    ("marked_text", "shown"),
    [
        pytest.param("见" + bold("重点") + "。", f"见{GAP}*重点*{GAP}。", id="bold beside Chinese"),
        pytest.param(bold("a") + " b", "*a* b", id="bold at an edge"),
        pytest.param(bold(" \n "), "", id="nothing to emphasise"),
        pytest.param(bold("一\n二"), "*一*\n*二*", id="bold over lines"),
        pytest.param("用" + code("/a `b`\nc"), f"用{GAP}`/a 'b' c`", id="code"),
        pytest.param(bold("x " + code("y")), f"*x `y`{GAP}*".replace(GAP, ""), id="code in bold"),
        pytest.param(
            link("https://x/?a=1&b=|", "a|b"), "<https://x/?a=1&amp;b=%7C|a｜b>", id="link"
        ),
    ],
)
def test_our_own_emphasis(marked_text: str, shown: str) -> None:
    assert "".join(chunks(marked_text, 3000)) == shown


def test_emphasis_that_is_split_is_closed_and_opened_again() -> None:
    pieces = chunks(bold("wort " * 30), 60)
    assert len(pieces) > 2
    assert all(p.startswith("*") and p.endswith("*") for p in pieces)
