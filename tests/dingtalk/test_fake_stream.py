"""The stand-in's stream, with the real dingtalk_stream on the other side."""

from __future__ import annotations

from collections.abc import Iterator

import dingtalk_stream as sdk
import pytest
import requests

from tests.dingtalk.sdk import SdkApp
from tests.dingtalk.ticking import Ticking
from tests.fakes.dingtalk import CannotDo, Card, CardScreen, FakeDingtalk, Offer, Template
from tests.waiting import until

GATEWAY = "/v1.0/gateway/connections/open"


@pytest.fixture
def time() -> Ticking:
    return Ticking()


@pytest.fixture
def dingtalk(time: Ticking, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDingtalk]:
    with FakeDingtalk(time) as running:
        address = f"{running.url}{GATEWAY}"
        monkeypatch.setattr(sdk.DingTalkStreamClient, "OPEN_CONNECTION_API", address)
        running.add_user("po", "陈敏", admin=True)
        running.add_user("dev", "张三")
        running.add_user("dev2", "张三")
        running.add_user("client", "客户", outside=True)
        running.add_group("物流", "po", "dev", "dev2", "client")
        yield running


@pytest.fixture
def app(dingtalk: FakeDingtalk) -> Iterator[SdkApp]:
    with SdkApp(dingtalk) as running:
        dingtalk.connected()
        yield running


def test_a_mention_arrives_as_the_sdk_reads_it(dingtalk: FakeDingtalk, app: SdkApp) -> None:
    said = dingtalk.person("po").say("物流", "@督办 待办 @张三 周五", at=["dev2"])
    assert said.seen is not None
    assert (said.seen.ok, said.seen.body) == (True, {"response": None})
    (data,) = app.heard
    message = sdk.ChatbotMessage.from_dict(data)
    assert message.text.content == " 待办 @张三 周五"
    assert message.conversation_type == "2"
    assert message.conversation_id == dingtalk.room("物流").id
    assert message.sender_staff_id == dingtalk.world.users["po"].staff
    assert message.is_admin
    people = {u.staff_id for u in message.at_users}
    assert people == {None, dingtalk.world.users["dev2"].staff}
    assert data["sessionWebhookExpiredTime"] - data["createAt"] == 90 * 60 * 1000
    assert dingtalk.gateway.faults == []


def test_what_does_not_mention_the_robot_is_not_heard(dingtalk: FakeDingtalk, app: SdkApp) -> None:
    assert dingtalk.person("po").say("物流", "大家好").seen is None
    dingtalk.person("dev").say("app", "帮助")
    assert [d["text"]["content"] for d in app.heard] == ["帮助"]
    assert app.heard[0]["conversationType"] == "1"
    assert "atUsers" not in app.heard[0]


def test_people_from_outside_have_no_user_id(dingtalk: FakeDingtalk, app: SdkApp) -> None:
    dingtalk.person("client").say("物流", "@督办 你好")
    assert "senderStaffId" not in app.heard[0]
    assert app.heard[0]["senderCorpId"] != app.heard[0]["chatbotCorpId"]


def test_nobody_writes_where_they_are_not(dingtalk: FakeDingtalk) -> None:
    dingtalk.add_group("别处", "dev")
    with pytest.raises(CannotDo):
        dingtalk.person("po").say("别处", "@督办 帮助")


def test_other_kinds_of_messages(dingtalk: FakeDingtalk, app: SdkApp) -> None:
    po = dingtalk.person("po")
    first = po.say("app", "CR-12 改一下").message
    po.say("app", "同意", reply_to=first)
    po.say("app", "第一段第二段", rich=True)
    po.speak("评审开始")
    po.send_file("方案.docx", b"docx")
    po.send_picture(b"png")
    po.send_strange()
    kinds = [d["msgtype"] for d in app.heard]
    assert kinds == ["text", "text", "richText", "audio", "file", "picture", "unknownMsgType"]
    assert app.heard[1]["text"]["repliedMsg"]["msgId"] == first.id
    assert sdk.ChatbotMessage.from_dict(app.heard[2]).get_text_list() == ["第一段", "第二段"]
    assert app.heard[3]["content"]["recognition"] == "评审开始"
    assert app.heard[4]["content"]["fileName"] == "方案.docx"


def test_a_message_that_nobody_takes_is_repeated_once(dingtalk: FakeDingtalk, app: SdkApp) -> None:
    dingtalk.outbound.patience.robot = 0.05
    app.delay = 3.0
    dingtalk.person("po").say("app", "帮助")
    until(lambda: len(app.heard) == 2, "it was not repeated")
    assert app.heard[0]["msgId"] == app.heard[1]["msgId"]
    assert app.numbers[0] != app.numbers[1]
    assert [s.late for s in dingtalk.seen] == [True, True]


def test_a_message_without_a_connection_is_lost(dingtalk: FakeDingtalk) -> None:
    seen = dingtalk.person("po").say("app", "帮助").seen
    assert seen is not None
    assert (seen.lost, seen.sent, len(dingtalk.seen)) == (True, False, 1)


def test_a_message_whose_connection_ends_comes_on_the_next(
    dingtalk: FakeDingtalk, app: SdkApp
) -> None:
    dingtalk.freeze()
    dingtalk.outbound.patience.robot = 0.1
    seen = dingtalk.person("po").say("app", "帮助").seen
    assert seen is not None
    assert (seen.lost, seen.sent, seen.retry) == (True, True, 1)
    dingtalk.break_connections()
    dingtalk.connected()
    again = dingtalk.person("po").say("app", "再来").seen
    assert again is not None
    assert again.ok
    assert [d["text"]["content"] for d in app.heard] == ["再来"]


def test_messages_come_twice_if_told(dingtalk: FakeDingtalk, app: SdkApp) -> None:
    dingtalk.outbound.twice = True
    dingtalk.person("po").say("app", "帮助")
    assert len({d["msgId"] for d in app.heard}) == 1
    assert len(app.heard) == 2


def test_events_come_until_they_are_taken(dingtalk: FakeDingtalk, app: SdkApp) -> None:
    app.later = 2
    dingtalk.add_user("new", "新人")
    dingtalk.join(dingtalk.room("物流"), "new", by="po")
    dingtalk.settle()
    kinds, numbers = zip(*app.events, strict=True)
    assert kinds == ("chat_add_member",) * 3
    assert len(set(numbers)) == 1
    assert app.event_data[0]["openConversationId"] == dingtalk.room("物流").id
    assert app.event_data[0]["userId"] == [dingtalk.world.users["new"].staff]


def test_ping_is_answered_with_the_same_word(dingtalk: FakeDingtalk, app: SdkApp) -> None:
    assert dingtalk.ping()
    assert dingtalk.gateway.faults == []


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(FakeDingtalk.disconnect, id="asked-to-go"),
        pytest.param(FakeDingtalk.close_connections, id="closed"),
        pytest.param(FakeDingtalk.break_connections, id="broken"),
    ],
)
def test_the_sdk_comes_back(dingtalk: FakeDingtalk, app: SdkApp, end: object) -> None:
    before = dingtalk.gateway.greeted
    assert callable(end)
    end(dingtalk)
    until(lambda: dingtalk.gateway.greeted > before, "it did not connect anew")
    dingtalk.connected()
    seen = dingtalk.person("po").say("app", "帮助").seen
    assert seen is not None
    assert seen.ok


def test_the_sdk_comes_back_when_somebody_listens_again(
    dingtalk: FakeDingtalk, app: SdkApp
) -> None:
    dingtalk.go_away()
    until(lambda: not dingtalk.gateway.open, "the connection stands")
    dingtalk.come_back()
    dingtalk.connected()


def test_no_frame_is_no_harm(dingtalk: FakeDingtalk, app: SdkApp) -> None:
    dingtalk.babble()
    seen = dingtalk.person("po").say("app", "帮助").seen
    assert seen is not None
    assert seen.ok


def test_of_two_processes_one_gets_it(dingtalk: FakeDingtalk, app: SdkApp) -> None:
    with SdkApp(dingtalk) as other:
        dingtalk.connected(2)
        for number in range(20):
            dingtalk.person("po").say("app", f"第{number}条")
        assert len(app.heard) + len(other.heard) == 20
        assert app.heard
        assert other.heard


def test_tickets_are_good_once_and_not_for_long(dingtalk: FakeDingtalk, time: Ticking) -> None:
    asked = {
        "clientId": dingtalk.app.client_id, "clientSecret": dingtalk.app.client_secret,
        "subscriptions": [{"type": "EVENT", "topic": "*"}],
    }  # fmt: skip
    accept = {"Accept": "application/json"}
    given = requests.post(dingtalk.url + GATEWAY, json=asked, headers=accept, timeout=60).json()
    where = given["endpoint"].replace("ws://", "http://") + "?ticket=" + given["ticket"]
    time.now += 91
    assert requests.get(where, timeout=60).status_code == 401
    assert requests.get(where, timeout=60).status_code == 401
    without = requests.post(dingtalk.url + GATEWAY, json=asked, timeout=60)
    assert without.text.startswith("<result>")


def test_wrong_secrets_and_refused_tickets(dingtalk: FakeDingtalk) -> None:
    with SdkApp(dingtalk, secret="wrong"):
        until(lambda: dingtalk.gateway.opened > 2, "it gave up")
        assert dingtalk.gateway.greeted == 0
    dingtalk.gateway.refuse_tickets = True
    before = dingtalk.gateway.opened
    with SdkApp(dingtalk):
        until(lambda: dingtalk.gateway.opened > before + 2, "it gave up")
        assert dingtalk.gateway.greeted == 0


def test_presses_change_the_card_as_the_app_answers(dingtalk: FakeDingtalk, app: SdkApp) -> None:
    def shown(values: object) -> CardScreen:
        assert isinstance(values, dict)
        offer = Offer("同意", "approve", {"command": "change approve CR-12"})
        return CardScreen(f"{values['title']} {values.get('status', '')}", (offer,), ("comment",))

    template = dingtalk.add_template(Template("0a-1.schema", shown))
    card = dingtalk.world.cards.setdefault("cr-12", _card(template, "cr-12"))
    room = dingtalk.room("物流")
    dingtalk.world.say(room, "card", "", card="cr-12", way="card")
    app.card_answer = {
        "cardUpdateOptions": {"updateCardDataByKey": True},
        "cardData": {"cardParamMap": {"status": "已批准"}},
        "userPrivateData": {"cardParamMap": {"voted": "true"}},
    }
    seen = dingtalk.person("dev").press("物流", "同意", comment="好")
    assert seen.ok
    read = sdk.CardCallbackMessage.from_dict(app.pressed[0])
    assert read.user_id == dingtalk.world.users["dev"].staff
    assert read.content["cardPrivateData"]["params"] == {
        "command": "change approve CR-12", "comment": "好",
    }  # fmt: skip
    assert card.values == {"title": "CR-12", "status": "已批准"}
    assert card.private == {"dev": {"voted": "true"}}
    assert "CR-12 已批准" in dingtalk.person("po").screen("物流")
    app.card_answer = {"cardData": {"cardParamMap": {"title": "没有了"}}}
    dingtalk.person("dev").press("物流", "同意")
    assert card.values == {"title": "没有了"}
    app.card_answer = {"cardData": {"cardParamMap": {"count": 3}}}
    assert not dingtalk.person("dev").press("物流", "同意").ok


def _card(template: Template, track: str) -> Card:
    return Card(track, template, {"title": "CR-12"}, callback="STREAM")
