"""Cards as messages: what people see of each part, and that nobody gets another's copy."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.cards.words import Reader
from bot.slack.blocks import card_message, pressed_command
from bot.slack.blocks.message import card_response
from domain.messages import (
    Action,
    Bullet,
    Bullets,
    Card,
    FileRef,
    Link,
    Moment,
    Para,
    PersonRef,
    Style,
    T,
    Tone,
)
from tests.fakes.slack.rules.blocks import check_blocks
from tests.slack.outbound.reading import read

ZH = Reader("zh", "Asia/Shanghai", "", {"p1": "王芳"})
X, WANG = Para("x"), PersonRef("p1", "王芳")
PASS = Action("通过", "review verdict S1 pass", Style.PRIMARY)
REJECT = Action("拒绝", "review verdict S1 reject")


def drawn(card: Card, reader: Reader = ZH, **more: object) -> str:
    message = card_message(card, reader, {"p1": "U1"}, **more)  # pyright: ignore[reportArgumentType]
    assert check_blocks(message.blocks, "message").problems == []
    return read(message.blocks)


@pytest.mark.parametrize(
    ("card", "shown"),
    [
        pytest.param(Card("一行"), "一行", id="a line is a line"),
        pytest.param(Card("好了", tone=Tone.GOOD), "🟢 好了", id="a sign says how it stands"),
        pytest.param(Card("计划", (X,), status="进行中"), "# 计划 · 进行中\n\nx", id="a headline"),
        pytest.param(Card("还缺两项：", (X,)), "还缺两项：\n\nx", id="a sentence is no headline"),
        pytest.param(Card(WANG, (X,)), "*<@U1>*\n\nx", id="a headline mentions nobody"),
        pytest.param(Card("x", actions=(PASS,)), "x\n\n[!通过]", id="a line with a button"),
        pytest.param(Card("题" * 200, (X,)), f"*{'题' * 200}*\n\nx", id="too long for a headline"),
        pytest.param(Card(""), "–", id="nothing at all"),
    ],
)  # fmt: skip
def test_the_title(card: Card, shown: str) -> None:
    assert drawn(card) == shown


def test_one_button_stands_beside_its_line_and_several_below() -> None:
    one, two = Bullet("一", (PASS,)), Bullet("二", (PASS, REJECT))
    assert drawn(Card("x", (Bullets((one, two)),))) == (
        "# x\n\n• 一   [!通过]\n\n• 二\n\n[!通过] [拒绝]"
    )


def test_many_rows_of_buttons_are_behind_a_menu() -> None:
    rows = tuple(Bullet(str(n), (PASS, REJECT)) for n in range(13))
    assert drawn(Card("x", (Bullets(rows),))).count("[⋯ 通过 / 拒绝]") == 13


def test_a_menu_never_swallows_a_question() -> None:
    asked = replace(REJECT, confirm="确定？")
    rows = tuple(Bullet(str(n), (PASS, asked)) for n in range(13))
    assert drawn(Card("x", (Bullets(rows),))).count("[!通过] [拒绝 ?]") == 13


def test_a_command_too_long_for_a_button_is_typed() -> None:
    long = Action("记下", "review note " + "x" * 2000, typed="review note …")
    assert drawn(Card("x", (Para("y"),), (long, PASS))) == (
        "# x\n\ny\n\n→ 记下: `/review note …`\n\n[!通过]"
    )


def test_what_was_pressed() -> None:
    blocks = card_message(Card("x", (Bullets((Bullet("y", (PASS,)),)),)), ZH, {}).blocks
    button = blocks[1]["accessory"]
    assert pressed_command(button) == "review verdict S1 pass"
    menu = {"action_id": "act:3", "selected_option": {"value": "review show"}}
    assert pressed_command(menu) == "review show"
    assert pressed_command({"action_id": "other", "value": "x"}) is None
    assert pressed_command({"action_id": "act:1"}) is None


def test_links_of_ours_lead_to_the_server_or_are_none() -> None:
    card = Card("x", (Para(Link("看板", "/board")), FileRef("f1", "a.txt", "text/plain", 5)))
    assert drawn(card) == "# x\n\n看板\n\n~ 📎 a.txt (5 B)"
    there = drawn(card, base_url="https://d.example.com")
    assert "<https://d.example.com/board|看板>" in there
    assert "<https://d.example.com/files/f1|a.txt>" in there


def test_an_instant_is_shown_in_the_zone_of_whoever_looks() -> None:
    at = Moment(datetime(2026, 11, 23, 1, tzinfo=UTC))
    assert drawn(Card(T("x"), (Para(at),))).endswith(
        "<!date^1795395600^{date_short_pretty} {time}|2026年11月23日（周一） 09:00>"
    )


def test_a_card_that_does_not_fit_says_so() -> None:
    card = Card("x", (Bullets(tuple(Bullet("长" * 500) for _ in range(60))),), (PASS,))
    shown = drawn(card)
    assert "后面的没有显示" in shown
    assert shown.endswith("[!通过]"), "its buttons are there all the same"


def test_everybody_gets_a_copy_of_their_own_in_their_own_words() -> None:
    card = Card(T("core.submit"), (Para(Moment(datetime(2026, 1, 1, tzinfo=UTC))),))
    first, second = card_message(card, ZH, {}), card_message(card, ZH, {})
    assert first == second
    first.blocks[0]["text"]["text"] = "changed"
    assert card_message(card, ZH, {}) == second
    assert card_message(card, replace(ZH, locale="en"), {}).text.startswith("Submit")
    assert "08:00" in second.text
    assert "01:00" in card_message(card, replace(ZH, zone="Europe/Berlin"), {}).text


def test_people_are_never_remembered_wrong() -> None:
    card = Card("x", (Para(PersonRef("p1", "王芳")), Para("问 <@p1>")))
    assert "<@U1>" in drawn(card)
    assert "<@U9>" in read(card_message(card, ZH, {"p1": "U9"}).blocks)
    renamed = replace(ZH, names={"p1": "王小芳"})
    assert "问 王小芳" in read(card_message(card, renamed, {}).blocks)


@pytest.mark.parametrize(
    "card",
    [
        pytest.param(Card(T("core.submit"), (X,)), id="the same for all"),
        pytest.param(Card("x", (Para(PersonRef("p1", "王芳")),)), id="that names somebody"),
    ],
)
@pytest.mark.parametrize("kind", ["ephemeral", "in_channel"])
@pytest.mark.parametrize("users", [{"p1": "U1"}, {"p1": "U9"}], ids=["U1", "U9"])
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_an_acknowledgment_is_the_message_as_json(
    card: Card, kind: str, users: dict[str, str], locale: str
) -> None:
    reader = replace(ZH, locale=locale)
    message = card_message(card, reader, users)
    wanted = {"response_type": kind, "text": message.text, "blocks": message.blocks}
    for _ in range(2):
        assert json.loads(card_response(card, reader, users, kind)) == wanted
