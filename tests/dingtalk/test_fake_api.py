"""The stand-in's APIs and webhooks refuse what the platform refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.dingtalk.ticking import Ticking
from tests.fakes.dingtalk import CardScreen, FakeDingtalk, Room, Template, User
from tests.fakes.dingtalk.crypto import decrypt, sign, signature

HEADER = "x-acs-dingtalk-access-token"
CARD = "/v1.0/card/instances"


class Api:
    """A caller with tokens."""

    def __init__(self, dingtalk: FakeDingtalk) -> None:
        self.dingtalk = dingtalk
        self.http = httpx.Client(base_url=dingtalk.url, timeout=60, trust_env=False)
        self.renew()

    def renew(self) -> None:
        app = self.dingtalk.app
        asked = {"appKey": app.client_id, "appSecret": app.client_secret}
        self.token = self.http.post("/v1.0/oauth2/accessToken", json=asked).json()["accessToken"]
        asked = {"appkey": app.client_id, "appsecret": app.client_secret}
        self.old_token = self.http.get("/gettoken", params=asked).json()["access_token"]

    def call(self, path: str, verb: str = "POST", **body: Any) -> httpx.Response:
        return self.http.request(verb, path, json=body, headers={HEADER: self.token})

    def old(self, path: str, **body: Any) -> dict[str, Any]:
        return self.http.post(path, params={"access_token": self.old_token}, json=body).json()

    def group(self, room: Room, key: str = "sampleText", **param: Any) -> httpx.Response:
        said = json.dumps(param or {"content": "你好"})
        return self.call(
            "/v1.0/robot/groupMessages/send", robotCode=self.dingtalk.app.robot_code,
            openConversationId=room.id, msgKey=key, msgParam=said,
        )  # fmt: skip


@pytest.fixture
def time() -> Ticking:
    return Ticking()


@pytest.fixture
def dingtalk(time: Ticking) -> Iterator[FakeDingtalk]:
    with FakeDingtalk(time) as running:
        running.outbound.muted = True
        running.add_user("po", "陈敏", mobile="13800000001", admin=True)
        running.add_user("dev", "张三")
        running.add_group("物流", "po", "dev")
        running.add_template(Template("0a-1.schema", lambda v: CardScreen(v["title"])))
        yield running


@pytest.fixture
def api(dingtalk: FakeDingtalk) -> Iterator[Api]:
    made = Api(dingtalk)
    yield made
    made.http.close()


@pytest.fixture
def room(dingtalk: FakeDingtalk) -> Room:
    return dingtalk.room("物流")


@pytest.fixture
def po(dingtalk: FakeDingtalk) -> User:
    return dingtalk.world.users["po"]


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def test_tokens_stay_the_same_while_they_live(api: Api, time: Ticking, room: Room) -> None:
    first = api.token
    api.renew()
    assert api.token == first
    time.now += 7200
    assert code(api.group(room)) == (401, "InvalidAuthentication")
    assert api.old("/topapi/v2/user/get", userid="x")["errcode"] == 42001
    api.renew()
    assert api.token != first
    assert api.group(room).status_code == 200
    api.dingtalk.expire_tokens()
    assert code(api.group(room)) == (401, "InvalidAuthentication")


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        pytest.param({"msgParam": {"content": "x"}}, "invalidParameter.msgParam.invalid",
                     id="param-no-text"),
        pytest.param({"msgParam": "你好"}, "invalidParameter.msgParam.invalid", id="no-json"),
        pytest.param({"msgParam": '{"text": "x"}'}, "invalidParameter.msgParam.invalid",
                     id="wrong-names"),
        pytest.param({"msgParam": '{"content": 3}'}, "invalidParameter.msgParam.invalid",
                     id="number"),
        pytest.param({"msgKey": "sampleMagic"}, "invalidParameter.msgKey.invalid", id="key"),
        pytest.param({"robotCode": ""}, "invalidParameter.robotCode.empty", id="no-robot"),
        pytest.param({"robotCode": "other"}, "invalidParameter.robotCode.invalid", id="robot"),
        pytest.param({"openConversationId": "cid"}, "invalidParameter.openConversationId.invalid",
                     id="group"),
        pytest.param({"conversationId": "x"}, "invalidParameter.conversationId.unknown",
                     id="unknown-field"),
        pytest.param({"msgParam": json.dumps({"content": "汉" * 5001})},
                     "invalidParameter.msgParam.tooLong", id="too-many-characters"),
        pytest.param({"msgParam": json.dumps({"content": "汉" * 4999}) + " " * 15000},
                     "invalidParameter.msgParam.tooLong", id="too-many-bytes"),
    ],
)  # fmt: skip
def test_bodies_are_looked_at(api: Api, room: Room, change: dict[str, Any], wanted: str) -> None:
    body = {
        "robotCode": api.dingtalk.app.robot_code, "openConversationId": room.id,
        "msgKey": "sampleText", "msgParam": '{"content": "你好"}',
    }  # fmt: skip
    assert code(api.call("/v1.0/robot/groupMessages/send", **(body | change))) == (400, wanted)
    assert room.messages == []


def test_a_group_without_the_robot_takes_nothing(api: Api) -> None:
    assert api.group(api.dingtalk.add_group("别处", "po", robot=False)).status_code == 400


def test_messages_are_seen_and_recalled(api: Api, room: Room) -> None:
    key = api.group(room, "sampleMarkdown", title="评审", text="#### 评审\n\n- 好").json()
    assert api.dingtalk.person("po").screen("物流") == "督办: 评审\n\n- 好"
    recalled = api.call(
        "/v1.0/robot/groupMessages/recall", robotCode=api.dingtalk.app.robot_code,
        openConversationId=room.id, processQueryKeys=[key["processQueryKey"], "other"],
    ).json()  # fmt: skip
    assert recalled["successResult"] == [key["processQueryKey"]]
    assert list(recalled["failedResult"]) == ["other"]
    assert api.dingtalk.person("po").screen("物流") == ""


def test_one_to_one_tells_who_did_not_get_it(api: Api, po: User) -> None:
    dingtalk = api.dingtalk
    slow, far = dingtalk.add_user("slow"), dingtalk.add_user("far", visible=False)
    dingtalk.world.trouble.slowed.add("slow")
    body = {
        "robotCode": dingtalk.app.robot_code, "msgKey": "sampleText",
        "msgParam": '{"content": "到期了"}',
    }  # fmt: skip
    send = "/v1.0/robot/oToMessages/batchSend"
    answer = api.call(send, userIds=[po.staff, slow.staff, far.staff, "x"], **body).json()
    assert answer["invalidStaffIdList"] == ["x"]
    assert answer["flowControlledStaffIdList"] == [slow.staff]
    assert answer["filteredStaffIdList"] == [far.staff]
    assert dingtalk.person("po").screen("app") == "督办: 到期了"
    many = api.call(send, userIds=[str(n) for n in range(21)], **body)
    assert code(many) == (400, "invalidParameter.userIds.overMax")


def hook(api: Api, where: str | Room, **body: Any) -> dict[str, Any]:
    url = where
    if isinstance(where, Room):
        url, _ = api.dingtalk.world.session(where)
    answer = api.http.post(str(url), json=body)
    assert answer.status_code == 200
    return answer.json()


def test_a_session_webhook_ends(api: Api, room: Room, time: Ticking) -> None:
    url, until = api.dingtalk.world.session(room)
    text = {"msgtype": "text", "text": {"content": "好"}}
    assert hook(api, url, **text) == {"errcode": 0, "errmsg": "ok"}
    time.now += 90 * 60
    assert until == time.now * 1000
    assert hook(api, url, **text)["errcode"] != 0
    assert len(room.messages) == 1


@pytest.mark.parametrize(
    ("body", "called"),
    [
        pytest.param({"msgtype": "text", "text": {"content": "好"}}, ("po",), id="text"),
        pytest.param({"msgtype": "markdown", "markdown": {"title": "t", "text": "好"}}, (),
                     id="markdown-without-the-id"),
        pytest.param({"msgtype": "markdown", "markdown": {"title": "t", "text": "好 @{po}"}},
                     ("po",), id="markdown-with-the-id"),
    ],
)  # fmt: skip
def test_mentions(
    api: Api, room: Room, po: User, body: dict[str, Any], called: tuple[str, ...]
) -> None:
    filled = json.loads(json.dumps(body).replace("{po}", po.staff))
    assert hook(api, room, **filled, at={"atUserIds": [po.staff]})["errcode"] == 0
    assert room.messages[-1].mentions == called
    assert po.staff not in api.dingtalk.person("dev").screen("物流")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"msgtype": "card"}, id="kind"),
        pytest.param({"msgtype": "text", "markdown": {"title": "t", "text": "x"}}, id="other"),
        pytest.param({"msgtype": "markdown", "markdown": {"text": "x"}}, id="no-title"),
        pytest.param({"msgtype": "text", "text": {"content": "x"}, "threadId": "1"}, id="unknown"),
        pytest.param({"msgtype": "text", "text": {"content": "x" * 5001}}, id="long"),
        pytest.param({"msgtype": "text", "text": {"content": "x"}, "at": {"users": []}}, id="at"),
    ],
)
def test_webhooks_refuse_with_200(api: Api, room: Room, body: dict[str, Any]) -> None:
    assert hook(api, room, **body)["errcode"] != 0
    assert room.messages == []


def test_twenty_messages_a_minute(api: Api, room: Room, time: Ticking) -> None:
    text = {"msgtype": "text", "text": {"content": "好"}}
    codes = [hook(api, room, **text)["errcode"] for _ in range(22)]
    assert codes == [0] * 20 + [130101] * 2
    time.now += 61
    assert hook(api, room, **text)["errcode"] == 130101, "it is muted for ten minutes"
    time.now += 600
    assert hook(api, room, **text)["errcode"] == 0


def test_custom_robots_are_secured(api: Api, room: Room, time: Ticking) -> None:
    text = {"msgtype": "text", "text": {"content": "好"}}
    url = api.dingtalk.add_custom_robot(room, secret="SEC1")
    assert hook(api, url, **text)["errcode"] == 310000
    stamp = str(int(time.now * 1000))
    signed = httpx.URL(url).copy_merge_params({"timestamp": stamp, "sign": sign("SEC1", stamp)})
    assert hook(api, str(signed), **text)["errcode"] == 0
    word = api.dingtalk.add_custom_robot(room, keyword="督办")
    assert hook(api, word, **text)["errcode"] == 310000


def test_calls_a_second_and_a_month(api: Api, room: Room, time: Ticking) -> None:
    api.dingtalk.limits.per_second = 3
    answers = [code(api.group(room)) for _ in range(5)]
    limited = (403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi")
    assert answers[:3] == [(200, "")] * 3
    assert limited in answers[3:]
    api.dingtalk.limits.per_second = 1000
    api.dingtalk.limits.used = 10_000
    assert code(api.group(room)) == (403, "Forbidden.AccessDenied.ApiCountLimitForOrg")
    assert api.old("/topapi/v2/user/get", userid="x")["errcode"] == 90020
    assert hook(api, room, msgtype="text", text={"content": "好"})["errcode"] == 0
    time.now += 31 * 86400
    api.renew()
    assert code(api.group(room)) == (200, "")


def test_permissions_are_named(api: Api, room: Room) -> None:
    api.dingtalk.app.scopes -= {"qyapi_robot_sendmsg"}
    answer = api.group(room)
    assert code(answer)[1].endswith("AccessTokenPermissionDenied")
    assert answer.json()["accessdenieddetail"] == {"requiredScopes": ["qyapi_robot_sendmsg"]}


def made_card(api: Api, room: Room, **more: Any) -> httpx.Response:
    robot = {"robotCode": api.dingtalk.app.robot_code}
    body = {
        "cardTemplateId": "0a-1.schema", "outTrackId": "cr-1", "callbackType": "STREAM",
        "cardData": {"cardParamMap": {"title": "CR-1"}},
        "openSpaceId": f"dtv1.card//IM_GROUP.{room.id}", "imGroupOpenDeliverModel": robot,
    }  # fmt: skip
    return api.call(f"{CARD}/createAndDeliver", **(body | more))


def test_cards_are_made_and_changed(api: Api, room: Room, po: User) -> None:
    result = made_card(api, room).json()["result"]
    assert [r["success"] for r in result["deliverResults"]] == [True]
    assert api.dingtalk.person("po").screen("物流") == "督办: CR-1"
    update = {"outTrackId": "cr-1", "cardData": {"cardParamMap": {"title": "CR-1 已批准"}}}
    assert api.call(CARD, "PUT", **update).json() == {"success": True, "result": True}
    assert api.dingtalk.person("po").screen("物流") == "督办: CR-1 已批准"
    update["privateData"] = {po.staff: {"cardParamMap": {"title": "你的"}}}
    api.call(CARD, "PUT", **update)
    assert api.dingtalk.person("po").screen("物流") == "督办: 你的"
    assert api.dingtalk.person("dev").screen("物流") == "督办: CR-1 已批准"
    assert code(made_card(api, room))[0] == 400, "the own id is taken"


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"cardTemplateId": "other.schema"}, id="no-template"),
        pytest.param({"cardData": {"cardParamMap": {"title": 3}}}, id="value-no-text"),
        pytest.param({"openSpaceId": "cid"}, id="space"),
        pytest.param({"imGroupOpenDeliverModel": {"robotCode": "x"}}, id="robot"),
        pytest.param({"callbackType": "WEB"}, id="callback"),
        pytest.param({"buttons": []}, id="unknown"),
    ],
)
def test_cards_that_cannot_be(api: Api, room: Room, more: dict[str, Any]) -> None:
    assert made_card(api, room, **more).status_code == 400
    assert api.dingtalk.world.cards == {}


def test_a_delivery_fails_inside_of_a_200(api: Api, room: Room) -> None:
    api.dingtalk.world.trouble.undelivered = 1
    answer = made_card(api, room)
    (delivered,) = answer.json()["result"]["deliverResults"]
    assert (answer.status_code, answer.json()["success"]) == (200, True)
    assert (delivered["success"], room.messages) == (False, [])


def test_a_card_for_some_only(api: Api, room: Room, po: User) -> None:
    model = {"robotCode": api.dingtalk.app.robot_code, "recipients": [po.staff]}
    made_card(api, room, imGroupOpenDeliverModel=model)
    assert api.dingtalk.person("po").screen("物流") == "督办: CR-1"
    assert api.dingtalk.person("dev").screen("物流") == ""


def test_to_dos_go_by_union_ids(api: Api, po: User) -> None:
    dev = api.dingtalk.world.users["dev"]
    path = f"/v1.0/todo/users/{po.union}/tasks"
    body = {"sourceId": "A-1", "subject": "补原型", "executorIds": [dev.union]}
    made = api.call(f"{path}?operatorId={po.union}", **body).json()
    again = api.call(path, **body).json()
    assert made["id"] == again["id"]
    wrong = api.call(path, sourceId="A-2", subject="x", executorIds=[dev.staff])
    assert wrong.status_code == 400
    assert api.dingtalk.person("dev").tick("补原型").done
    found = api.http.get(f"{path}/sources/A-1", headers={HEADER: api.token}).json()
    assert (found["done"], found["id"]) == (True, made["id"])
    status = [{"id": dev.union, "isDone": False}]
    api.call(f"{path}/{made['id']}/executorStatus", "PUT", executorStatusList=status)
    assert [t.subject for t in api.dingtalk.person("dev").todos] == ["补原型"]
    open_ones = api.call(f"/v1.0/todo/users/{dev.union}/org/tasks/query", isDone=False).json()
    assert [c["taskId"] for c in open_ones["todoCards"]] == [made["id"]]
    api.http.delete(f"{path}/{made['id']}", headers={HEADER: api.token})
    assert api.dingtalk.world.todos == {}


def test_people_are_found(api: Api, po: User) -> None:
    found = api.old("/topapi/v2/user/get", userid=po.staff)["result"]
    assert (found["unionid"], found["union_id"], found["name"]) == (po.union, "", "陈敏")
    by_union = api.old("/topapi/user/getbyunionid", unionid=po.union)
    assert by_union["result"]["userid"] == po.staff
    by_mobile = api.old("/topapi/v2/user/getbymobile", mobile=po.mobile)
    assert by_mobile["result"]["userid"] == po.staff
    assert api.old("/topapi/v2/user/get", userid="nobody")["errcode"] == 60121
    assert api.old("/topapi/v2/department/get", dept_id=1)["result"]["name"] == "公司"


def test_media_and_files(api: Api, room: Room) -> None:
    answer = api.http.post(
        "/media/upload", params={"access_token": api.old_token, "type": "file"},
        files={"media": ("纪要.docx", b"docx")},
    ).json()  # fmt: skip
    sent = api.group(
        room, "sampleFile", mediaId=answer["media_id"], fileName="纪要.docx", fileType="docx"
    )
    assert sent.status_code == 200
    assert api.dingtalk.person("po").screen("物流") == "督办: [file] 纪要.docx"
    unknown = api.group(room, "sampleFile", mediaId="x", fileName="a", fileType="docx")
    assert unknown.status_code == 400


def test_ding(api: Api, po: User) -> None:
    body = {
        "robotCode": api.dingtalk.app.robot_code, "remindType": 1, "content": "逾期",
        "receiverUserIdList": [po.staff, "x"],
    }  # fmt: skip
    assert list(api.call("/v1.0/robot/ding/send", **body).json()["failedList"]) == ["x"]
    assert api.dingtalk.person("po").notices == ["逾期"]


def test_the_gateway_may_give_up_after_the_work(api: Api, room: Room) -> None:
    api.dingtalk.faults.gateway_timeout("group.send")
    assert api.group(room).status_code == 504
    assert len(room.messages) == 1
    api.dingtalk.faults.refuse("group.*", "ServiceUnavailable", status=503)
    assert code(api.group(room)) == (503, "ServiceUnavailable")
    api.dingtalk.faults.drop("group.send")
    with pytest.raises(httpx.RemoteProtocolError):
        api.group(room)
    assert len(room.messages) == 1


def test_the_published_vectors_of_signature_and_encryption() -> None:
    wanted = "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="
    assert sign("this is secret", "1577262236757") == wanted
    sealed = (
        "0vJiX6vliEpwG3U45CtXqi+m8PXbQRARJ8p8BbDuD1EMTDf0jKpQ79QS93qEk7XHpP6u+oTTrd15NRPvNvmBKyDC"
        "YxxOK+HZeKju4yhELOFchzNukR+t8SB/qk4ROMu3"
    )
    signed = signature("mryue", "1608001896814", "WL4PK6yA", sealed)
    assert signed == "03044561471240d4a14bb09372dfcfd4fd0e40cb"
    text, owner = decrypt("Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7", sealed)
    assert (json.loads(text), owner) == ({"EventType": "check_url"}, "ding6ccabc44d2c8d38b")
