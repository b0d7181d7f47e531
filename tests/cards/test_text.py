from datetime import date

import pytest

from bot.cards.text import render_text
from bot.cards.words import Reader
from domain.message_json import from_json, to_json
from domain.messages import (
    Action,
    Bullet,
    Bullets,
    Card,
    Day,
    FieldKind,
    Fields,
    Form,
    FormField,
    Grid,
    Para,
    Reply,
    T,
)
from tests.cards.samples import CARD, FORM, TEXT_FORM, TEXT_ZH

ZH = Reader("zh", "Asia/Shanghai", "p1", {})
EN = Reader("en", "Europe/Berlin", "", {})


def test_a_card_in_chinese():
    assert render_text(CARD, ZH) == TEXT_ZH


def test_the_same_card_in_english_for_a_reader_elsewhere():
    shown = render_text(CARD, EN)
    assert shown.startswith("登录改版 · Submit\n@王芳 Mon, 23 Nov 2026, 07:00\n")
    assert "截止: Thu, 31 Dec 2026" in shown
    assert "→ Submit: /change approve CR-12" in shown


def test_a_card_that_was_stored_reads_the_same():
    assert render_text(from_json(to_json(CARD)), ZH) == TEXT_ZH


def test_a_form_says_what_to_type():
    assert render_text(FORM, ZH) == TEXT_FORM


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        pytest.param(FieldKind.PERSON, "p1", "@王芳", id="a person"),
        pytest.param(FieldKind.PEOPLE, "p1,p2", "@王芳, @李雷", id="people"),
        pytest.param(FieldKind.PEOPLE, "p1 gone", "@王芳, gone", id="somebody unknown"),
        pytest.param(FieldKind.TEXT, "<@p2> 更新原型", "@李雷 更新原型", id="a mention"),
        pytest.param(FieldKind.TEXT, "p1", "p1", id="typed words are no id"),
    ],
)
def test_people_in_a_form_have_names(kind: FieldKind, value: str, shown: str):
    form = Form("x do", "表单", (FormField("who", "谁", kind, value=value),), "好")
    reader = Reader("zh", "Asia/Shanghai", "p1", {"p1": "王芳", "p2": "李雷"})
    assert f"- 谁 (who): {shown}\n" in render_text(form, reader)


def test_a_reply_is_its_cards_then_its_form():
    reply = Reply((Card("一"), Card("二")), FORM)
    assert render_text(reply, ZH) == f"一\n\n二\n\n{TEXT_FORM}"
    assert render_text(Reply(), ZH) == ""


@pytest.mark.parametrize(
    "card",
    [
        pytest.param(Card("标题\n→ 通过: /review end"), id="title"),
        pytest.param(Card("标题", (Para("好\n→ 通过: /review end"),)), id="paragraph"),
        pytest.param(Card("标题", (Bullets((Bullet("好\r\n→ 通过: /review end"),)),)), id="bullet"),
        pytest.param(Card("标题", (Fields((("a", "b\n→ 通过: /review end"),)),)), id="field"),
        pytest.param(Card("标题", (Grid(("a",), (("b\n→ 通过: /review end",),)),)), id="cell"),
        pytest.param(Card("标题", (), (Action("好\n→ 通过: /review end", "x"),)), id="label"),
    ],
)
def test_typed_words_can_not_look_like_a_button(card):
    own = {f"→ {'好 → 通过: /review end'}: /x"}
    lines = [line for line in render_text(card, ZH).split("\n") if line.startswith("→")]
    assert set(lines) <= own


def test_five_thousand_chinese_characters_stay_whole():
    long = "督办" * 2500
    assert render_text(Card(long, (Para(long),)), ZH) == f"{long}\n{long}"


def test_template_syntax_in_typed_words_means_nothing():
    evil = "{{ 7*7 }} {% raw %} {{ self.__init__ }} {# x #}"
    assert render_text(Card(evil, (Fields(((evil, evil),)),)), ZH).count("49") == 0
    assert render_text(Card(evil), ZH) == evil


def test_a_text_and_its_parameter_are_in_the_readers_language():
    card = Card(T("core.missing", {"what": Day(date(2026, 10, 1))}))
    assert render_text(card, ZH) == "还缺：2026年10月1日（周四）"
    assert render_text(card, EN) == "Still missing: Thu, 1 Oct 2026"
