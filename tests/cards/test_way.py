"""Texts say how a command is typed where they are read."""

from __future__ import annotations

import pytest

from bot.cards.text import render_text
from bot.cards.way import PLAIN, Way
from bot.cards.words import Reader, words
from domain.messages import Action, Card, Code, Form, FormField, T

PREFIXED = Way("/duban-", (("close", "/po "),))
MENTION = Way("@督办 ")


@pytest.mark.parametrize(
    ("way", "text", "shown"),
    [
        pytest.param(PLAIN, "用 /review undo 撤回", "用 /review undo 撤回", id="as it is"),
        pytest.param(PREFIXED, "用 /review undo 撤回", "用 /duban-review undo 撤回", id="prefix"),
        pytest.param(PREFIXED, "用 /close S1，", "用 /po close S1，", id="a name Slack keeps"),
        pytest.param(MENTION, "用 /review undo", "用 @督办 review undo", id="mention"),
        pytest.param(PREFIXED, "see https://x.example/review", "see https://x.example/review",
                     id="an address"),
        pytest.param(PREFIXED, "docx/xlsx", "docx/xlsx", id="one or the other"),
        pytest.param(PREFIXED, "/", "/", id="a slash alone"),
    ],
)  # fmt: skip
def test_our_own_texts(way: Way, text: str, shown: str) -> None:
    assert way.within(text) == shown


def test_what_people_typed_stays() -> None:
    reader = Reader("zh", "UTC", way=PREFIXED)
    assert words("/review 坏了", reader) == "/review 坏了"
    typed = T("change.logged", {"ref": "/plan", "line": Code("/change submit CR-1")})
    shown = words(typed, reader)
    assert "/plan" in shown
    assert "/duban-change submit CR-1" in shown


def test_buttons_and_forms_in_plain_text() -> None:
    reader = Reader("en", "UTC", way=MENTION)
    card = Card("x", actions=(Action("Show", "review show"),))
    assert "→ Show: @督办 review show" in render_text(card, reader)
    form = Form("change log", "y", (FormField("what", "What"),), "Send")
    assert "@督办 change log what=…" in render_text(form, reader)


def _loud(line: str, locale: str) -> str:
    """Capital letters are a language of their own here."""
    return line.upper() if locale == "zh" and line.startswith("review") else line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("先用 /review end R-1 结束。", "先用“@督办 REVIEW END R-1”结束。", id="words"),
        pytest.param(
            "没有 {ref}。/review end {ref}", "没有 {ref}。“@督办 REVIEW END {REF}”", id="end"
        ),
        pytest.param("请打开 /slack 看", "请打开 @督办 slack 看", id="no-command"),
        pytest.param("见 https://x.cn/review/1", "见 https://x.cn/review/1", id="address"),
    ],
)
def test_a_line_in_the_words_of_the_reader(text: str, shown: str) -> None:
    way = Way("@督办 ", written=_loud)
    assert way.within(text, "zh") == shown
    assert way.within("use /review end now", "en") == "use @督办 review end now"
