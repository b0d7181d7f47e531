"""Interactive cards: delivered, updated in place, pressed, and what stands in for them."""

from __future__ import annotations

import json
import re

import pytest

from bot.dingtalk.cards.drawing import BUTTONS, filled
from bot.dingtalk.cards.template_file import template_file
from domain.messages import Action, Card, Para, PersonRef, Style
from storage.messaging import OutboxStatus
from tests.dingtalk.card_template import SHIPPED, TEMPLATE_ID, card_template, shipped
from tests.dingtalk.outbound.mailroom import MailRoom

PASS = Action("通过", "verdict S1 pass", Style.PRIMARY)
CLOSE = Action("关闭", "close S1", Style.DANGER, confirm="关闭后不能恢复，确定吗？")
REVIEW = Card("评审 1", (Para("登录改版"),), (PASS, CLOSE), status="进行中", key="review:1")


@pytest.fixture
def mail(open_mail) -> MailRoom:
    room: MailRoom = open_mail(DINGTALK_CARD_TEMPLATE=TEMPLATE_ID)
    room.dingtalk.add_template(card_template())
    return room


def track(mail: MailRoom) -> str:
    return [m.card for m in mail.said if m.card][-1]


def test_a_card_with_buttons_is_interactive_and_its_variables_are_texts(mail: MailRoom):
    row = mail.post(REVIEW)
    (message,) = mail.said
    assert (message.way, message.title) == ("card", "评审 1 · 进行中")
    screen = mail.dingtalk.person("po").screen("物流")
    assert "评审 1 · 进行中" in screen
    assert "登录改版" in screen
    assert mail.dingtalk.person("po").offers("物流") == ["通过", "关闭"]
    assert message.card == row


def test_every_variable_is_described_in_the_shipped_template(mail: MailRoom):
    names = {v["name"] for v in shipped()["variableList"]}
    assert set(filled(REVIEW, mail.team.reader("po")).drawn(1)) == names


def test_the_shipped_template_is_what_its_module_makes():
    assert SHIPPED.read_text(encoding="utf-8") == template_file()


def test_all_that_the_shipped_template_binds_are_its_variables():
    editor = shipped()
    names = {v["name"] for v in editor["variableList"]}
    tree = json.dumps(editor["schema"]["componentsTree"])
    bound = {*re.findall(r'"variable": "(\w+)"', tree), *re.findall(r"\$\{(\w+)\}", tree)}
    assert bound == names
    components = {c["componentName"] for c in editor["schema"]["componentsMap"]}
    assert components == set(re.findall(r'"componentName": "(\w+)"', tree))


def test_plain_news_stay_markdown_which_costs_nothing(mail: MailRoom):
    mail.hear()
    mail.post(Card("已记录"))
    assert [m.way for m in mail.said] == ["session"]


def test_people_are_called_by_the_card_once(mail: MailRoom):
    dev = PersonRef(mail.team.id("dev"), "李雷")
    mail.post(Card("请看", (Para(dev),), (PASS,), status="一", key="r:1"))
    mail.later(3 * 3600)
    mail.post(Card("请看", (Para(dev),), (PASS,), status="二", key="r:1"))
    assert [m.mentions for m in mail.said] == [("dev",), ()]


def test_a_change_is_drawn_in_place(mail: MailRoom):
    mail.post(REVIEW)
    done = Card("评审 1", (Para("完成"),), status="已结束", key="review:1")
    row = mail.post(done)
    assert len(mail.said) == 1
    assert "已结束" in mail.dingtalk.person("po").screen("物流")
    assert mail.dingtalk.person("po").offers("物流") == []
    assert mail.states(row) == [OutboxStatus.DONE]


@pytest.mark.parametrize(
    ("wait", "asker", "count"),
    [
        pytest.param(60, None, 1, id="news soon"),
        pytest.param(2 * 3600, None, 2, id="news late: an update would not be noticed"),
        pytest.param(60, "po", 1, id="asked while it is in sight"),
        pytest.param(600, "po", 2, id="asked when it is far up"),
    ],
)
def test_where_nobody_would_see_the_update_it_is_posted_anew(mail, wait, asker, count):
    mail.post(REVIEW)
    first = track(mail)
    mail.later(wait)
    mail.post(Card("评审 1", (), (PASS,), status="第二轮", key="review:1"), asker=asker)
    assert len(mail.said) == count
    if count == 2:
        old = mail.dingtalk.card(first).seen_by("po")
        assert "请看下面最新的卡片" in old.text
        assert old.offers == ()


def test_who_pressed_a_button_sees_that_card_change(mail: MailRoom):
    mail.post(REVIEW)
    mail.later(5000)
    mail.post(Card("评审 1", status="已结束", key="review:1"), asker="po", on=track(mail))
    assert len(mail.said) == 1


def test_more_buttons_than_there_is_room_for_are_typed(mail: MailRoom):
    many = tuple(Action(f"选项{n}", f"pick {n}") for n in range(BUTTONS + 2))
    mail.post(Card("选一个", actions=many))
    assert len(mail.dingtalk.person("po").offers("物流")) == BUTTONS
    assert "选项9" in mail.dingtalk.person("po").screen("物流")
    assert "@督办 pick 9" in mail.dingtalk.person("po").screen("物流")


def test_what_one_card_has_no_room_for_follows_as_markdown(mail: MailRoom):
    mail.hear()
    mail.post(Card("很长", tuple(Para(f"{n} " + "字" * 900) for n in range(12)), (PASS,)))
    assert [m.way for m in mail.said] == ["card", "session", "session"]


@pytest.mark.parametrize("way", ["no template", "undelivered", "calls kept"])
def test_without_a_card_there_is_markdown_with_the_words_to_type(mail: MailRoom, way):
    if way == "no template":
        mail.dingtalk.world.templates.clear()
    elif way == "undelivered":
        mail.dingtalk.world.trouble.undelivered = 1
    else:
        with mail.team.write() as uow:
            uow.dingtalk_sent.count("2026-11", "other", 8500)
    row = mail.post(REVIEW)
    assert [m.way for m in mail.said] == ["api"]
    assert "@督办 verdict S1 pass" in mail.texts[0]
    assert mail.states(row) == [OutboxStatus.DONE]


def test_a_card_whose_answer_was_lost_is_there_once(mail: MailRoom):
    mail.dingtalk.faults.gateway_timeout("card.create_deliver")
    row = mail.post(REVIEW)
    assert mail.states(row) == [OutboxStatus.PENDING]
    mail.again()
    mail.later(70)
    assert mail.states(row) == [OutboxStatus.DONE]
    assert len(mail.said) == 1


def test_a_card_that_never_arrived_is_sent(mail: MailRoom):
    mail.dingtalk.faults.drop("card.create_deliver")
    row = mail.post(REVIEW)
    mail.later(70)
    assert mail.states(row) == [OutboxStatus.DONE]
    assert [m.card for m in mail.said] == [row]


def test_a_card_that_was_made_but_not_shown_is_not_taken_for_one_that_is_there(mail: MailRoom):
    mail.dingtalk.world.trouble.undelivered = 1
    mail.dingtalk.faults.drop("group.send")
    row = mail.post(REVIEW)
    assert mail.states(row) == [OutboxStatus.PENDING]
    mail.later(70)
    assert mail.states(row) == [OutboxStatus.DONE]
    assert [m.way for m in mail.said] == ["api"]
    assert "@督办 verdict S1 pass" in mail.texts[0]
