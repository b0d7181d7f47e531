"""Interactive cards: delivered, updated in place, pressed, and what stands in for them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.dingtalk.cards import BUTTONS, filled
from bot.dingtalk.presses import Presses, press_of
from domain.messages import Action, Card, Para, PersonRef, Style
from domain.requests import Request
from storage.messaging import OutboxStatus
from tests.dingtalk.card_template import TEMPLATE_ID, card_template, shipped
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
    names = {v["name"] for v in shipped()["variables"]}
    shown = filled(REVIEW, mail.team.reader("po"))
    assert set(shown.values) == names


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


# -- presses


class Desk:
    """Presses, and the requests that they become."""

    def __init__(self, mail: MailRoom) -> None:
        self.mail = mail
        self.requests: list[Request] = []
        team = mail.team
        self.presses = Presses(team.store, team.clock, mail.homes, mail.directory, self._act)

    async def _act(self, request: Request) -> None:
        self.requests.append(request)

    def press(self, label: str, handle: str = "po") -> dict[str, Any]:
        """Press what the person sees, and show them the answer."""
        mail = self.mail
        card = mail.dingtalk.card(track(mail))
        offer = next(o for o in card.seen_by(handle).offers if o.label == label)
        answer = self.send(card.track, handle, offer.action, dict(offer.params))
        own = answer.get("userPrivateData", {}).get("cardParamMap", {})
        card.update(None, {handle: own}, answer.get("cardUpdateOptions", {}))
        return answer

    def send(self, track: str, handle: str, action: str, params: dict[str, str]) -> dict[str, Any]:
        content = {"cardPrivateData": {"actionIds": [action], "params": params}}
        data = {
            "type": "actionCallback",
            "outTrackId": track,
            "corpId": self.mail.dingtalk.world.corp,
            "userId": self.mail.dingtalk.world.users[handle].staff,
            "userIdType": 1,
            "content": json.dumps(content),
        }
        return dict(asyncio.run(self.presses.pressed(data)))


def test_a_press_is_the_typed_command(mail: MailRoom):
    mail.post(REVIEW)
    desk = Desk(mail)
    assert desk.press("通过") == {}
    (request,) = desk.requests
    assert request.text == "verdict S1 pass"
    assert request.person == mail.team.id("po")
    assert request.channel == mail.team.channel.id
    assert request.message_id == track(mail)


def test_what_cannot_be_undone_is_asked_of_the_presser_alone(mail: MailRoom):
    mail.post(REVIEW)
    desk = Desk(mail)
    desk.press("关闭")
    assert desk.requests == []
    assert "不能恢复" in mail.dingtalk.person("po").screen("物流")
    assert "不能恢复" not in mail.dingtalk.person("dev").screen("物流")
    desk.press("确定")
    assert [r.text for r in desk.requests] == ["close S1"]
    assert "不能恢复" not in mail.dingtalk.person("po").screen("物流")


def test_a_question_can_be_taken_back(mail: MailRoom):
    mail.post(REVIEW)
    desk = Desk(mail)
    desk.press("关闭")
    desk.press("取消")
    assert desk.requests == []
    assert mail.dingtalk.person("po").offers("物流") == ["通过", "关闭"]


def test_the_same_press_delivered_twice_is_one_event(mail: MailRoom):
    mail.post(REVIEW)
    desk = Desk(mail)
    desk.press("通过")
    desk.press("通过")
    assert len({r.event_id for r in desk.requests}) == 1
    mail.later(60)
    desk.press("通过")
    desk.press("通过", "dev")
    assert len({r.event_id for r in desk.requests}) == 3


def test_a_button_of_an_older_drawing_says_so(mail: MailRoom):
    mail.post(REVIEW)
    mail.post(Card("评审 1", status="已结束", key="review:1"))
    desk = Desk(mail)
    answer = desk.send(track(mail), "po", "b1", {"action": "b1"})
    assert "过时" in answer["userPrivateData"]["cardParamMap"]["ask"]
    assert desk.requests == []


def test_a_card_that_nobody_knows_does_nothing(mail: MailRoom):
    desk = Desk(mail)
    assert desk.send("foreign", "po", "b1", {"action": "b1"}) == {}
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


def test_some_payloads_name_the_content_value():
    data = {
        "outTrackId": "t", "corpId": "c", "userId": "u",
        "value": '{"cardPrivateData":{"actionIds":["b2"],"params":{}}}',
    }  # fmt: skip
    press = press_of(data)
    assert press is not None
    assert press.name == "b2"
