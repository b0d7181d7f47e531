"""Presses on interactive cards: once each, on whichever drawing, by whomever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.dingtalk.cards.once import DOUBLE
from bot.dingtalk.cards.press import press_of
from domain.messages import Action, Card, Para, Style
from tests.dingtalk.card_template import TEMPLATE_ID, card_template
from tests.dingtalk.outbound.desk import Desk
from tests.dingtalk.outbound.mailroom import MailRoom

PASS = Action("通过", "verdict S1 pass", Style.PRIMARY)
CLOSE = Action("关闭", "close S1", Style.DANGER, confirm="关闭后不能恢复，确定吗？")
REVIEW = Card("评审 1", (Para("登录改版"),), (PASS, CLOSE), status="进行中", key="review:1")
TALLY = Card("评审 1", (Para("登录改版：1 票"),), (CLOSE, PASS), status="进行中", key="review:1")
DONE = Card("评审 1", status="已结束", key="review:1")


@pytest.fixture
def desk(open_mail) -> Desk:
    room: MailRoom = open_mail(DINGTALK_CARD_TEMPLATE=TEMPLATE_ID)
    room.dingtalk.add_template(card_template())
    room.post(REVIEW)
    return Desk(room)


def later(desk: Desk, seconds: float) -> None:
    desk.mail.team.clock.advance(timedelta(seconds=seconds))


def test_a_press_is_the_typed_command(desk: Desk):
    desk.press("通过")
    (request,) = desk.requests
    assert request.text == "verdict S1 pass"
    assert request.person == desk.mail.team.id("po")
    assert request.channel == desk.mail.team.channel.id
    assert request.message_id == desk.track


def test_the_presser_alone_sees_at_once_that_it_was_taken(desk: Desk):
    desk.press("通过")
    assert "您按了“通过”" in desk.screen("po")
    assert "您按了" not in desk.screen("dev")
    assert desk.offers("po") == ["通过", "关闭"]


def test_what_cannot_be_undone_is_asked_of_the_presser_alone(desk: Desk):
    desk.press("关闭")
    assert desk.requests == []
    assert "不能恢复" in desk.screen("po")
    assert desk.offers("po") == ["确定", "取消"]
    assert "不能恢复" not in desk.screen("dev")
    assert desk.offers("dev") == ["通过", "关闭"]
    desk.press("确定")
    assert [r.text for r in desk.requests] == ["close S1"]
    assert "不能恢复" not in desk.screen("po")


def test_a_question_can_be_taken_back(desk: Desk):
    desk.press("关闭")
    desk.press("取消")
    assert desk.requests == []
    assert desk.offers("po") == ["通过", "关闭"]


def test_a_question_ends_with_the_next_drawing(desk: Desk):
    desk.press("关闭")
    desk.mail.post(DONE)
    assert desk.offers("po") == []
    assert "不能恢复" not in desk.screen("po")


@pytest.mark.parametrize(
    ("wait", "count"),
    [
        pytest.param(0, 1, id="at once"),
        pytest.param(DOUBLE - 1, 1, id="soon: a double press, or a delivery repeated"),
        pytest.param(DOUBLE + 1, 2, id="later: meant, since the card is still the same"),
    ],
)
def test_the_same_press_again_on_the_same_drawing(desk: Desk, wait, count):
    desk.press("通过")
    later(desk, wait)
    desk.press("通过")
    desk.press("通过")
    assert len(desk.requests) == count


@pytest.mark.parametrize("wait", [0, 10 * DOUBLE, 24 * 3600], ids=["at once", "late", "a day"])
def test_a_press_delivered_again_after_the_card_was_redrawn_is_not_done_again(desk: Desk, wait):
    seen = desk.offer("通过")
    desk.send(seen)
    desk.mail.post(TALLY)
    later(desk, wait)
    desk.send(seen)
    assert len(desk.requests) == 1


def test_the_same_button_of_the_new_drawing_is_a_new_press(desk: Desk):
    desk.press("通过")
    desk.mail.post(TALLY)
    desk.press("通过")
    assert len(desk.requests) == 2


def test_two_people_who_press_at_once_are_both_heard(desk: Desk):
    seen = desk.offer("通过", "dev")
    desk.press("通过", "po")
    desk.mail.post(TALLY)
    desk.send(seen, "dev")
    assert [r.person for r in desk.requests] == [desk.mail.team.id(h) for h in ("po", "dev")]
    assert {r.text for r in desk.requests} == {"verdict S1 pass"}


def test_what_an_outdated_drawing_offered_is_not_done_and_the_newest_is_shown(desk: Desk):
    seen = desk.offer("通过", "dev")
    desk.mail.post(DONE)
    desk.mail.dingtalk.card(desk.track).values["status"] = "旧的"  # the update has not come yet
    answer = desk.send(seen, "dev")
    assert desk.requests == []
    assert answer["cardData"]["cardParamMap"]["status"] == "已结束"
    assert "刚有更新" in desk.screen("dev")
    assert "已结束" in desk.screen("dev")
    assert "刚有更新" not in desk.screen("po")
    desk.mail.post(REVIEW)
    assert "刚有更新" not in desk.screen("dev")


def test_a_button_that_moved_on_the_card_still_does_what_it_said(desk: Desk):
    seen = desk.offer("通过")
    desk.mail.post(TALLY)  # the buttons stand the other way round
    desk.send(seen)
    assert [r.text for r in desk.requests] == ["verdict S1 pass"]


def test_a_press_that_names_no_drawing_is_of_the_present_one(desk: Desk):
    seen = desk.offer("通过")
    desk.raw(desk.track, "po", seen.action, {"action": seen.action})
    assert [r.text for r in desk.requests] == ["verdict S1 pass"]


def test_a_card_that_nobody_knows_says_that_it_is_out_of_date(desk: Desk):
    answer = desk.raw("foreign", "po", "b1", {"action": "b1"})
    assert "过时" in answer["userPrivateData"]["cardParamMap"]["note"]
    assert desk.requests == []


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"content": "no json"}, id="no JSON"),
        pytest.param({"content": "[]"}, id="no object"),
        pytest.param({"content": '{"cardPrivateData":{"actionIds":["b1"]}}'}, id="no card"),
        pytest.param(
            {"outTrackId": "t", "corpId": "c", "userId": "u", "userIdType": 2,
             "content": '{"cardPrivateData":{"actionIds":["b1"]}}'},
            id="somebody by unionId",
        ),
    ],
)  # fmt: skip
def test_what_is_no_press_is_none(data):
    assert press_of(data) is None


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('{"cardPrivateData":{"actionIds":["b2"],"params":{"of":"x"}}}', id="inside"),
        pytest.param('{"cardPrivateData":{"actionIds":["b2"]},"params":{"of":"x"}}', id="beside"),
    ],
)
def test_some_payloads_name_the_content_value(content):
    data = {"outTrackId": "t", "corpId": "c", "userId": "u", "value": content}
    press = press_of(data)
    assert press is not None
    assert (press.name, press.of) == ("b2", "x")
