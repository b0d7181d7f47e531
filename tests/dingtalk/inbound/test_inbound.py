"""Robot messages are read as the facts show them, and anything odd is taken for empty."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.dingtalk.inbound.incoming import RemoteFile, is_dingtalk, said

GROUP: dict[str, Any] = {
    "conversationId": "cidYJF4==", "conversationType": "2", "conversationTitle": "供应链产品组",
    "atUsers": [
        {"dingtalkId": "$:robot"}, {"dingtalkId": "$:a", "staffId": "manager4220"},
        {"dingtalkId": "$:b"}, {"dingtalkId": "$:c", "staffId": "553710"},
    ],
    "chatbotCorpId": "ding774a", "chatbotUserId": "$:robot", "robotCode": "dingzt0",
    "msgId": "msgyo4==", "msgtype": "text", "text": {"content": " 评审 开始 登录改版"},
    "senderNick": "张三", "senderStaffId": "553710003026104420", "senderId": "$:s",
    "senderCorpId": "ding774a", "isAdmin": True, "createAt": 1766799865832,
    "sessionWebhook": "https://oapi.dingtalk.com/robot/sendBySession?session=5f93",
    "sessionWebhookExpiredTime": 1766805266081,
}  # fmt: skip


def test_a_group_message() -> None:
    heard = said(GROUP)
    assert heard is not None
    assert heard.key == "dingtalk:ding774a:msgyo4=="
    assert (heard.group, heard.title, heard.direct) == ("cidYJF4==", "供应链产品组", False)
    assert heard.sender.staff_id == "553710003026104420"
    assert heard.sender.admin
    assert heard.mentioned == ("manager4220", "553710")
    assert heard.text == " 评审 开始 登录改版"
    assert heard.expires_at == datetime(2025, 12, 27, 3, 14, 26, 81000, tzinfo=UTC)
    assert "5f93" not in repr(heard)


@pytest.mark.parametrize(
    ("change", "text", "files", "readable"),
    [
        pytest.param(
            {"msgtype": "richText", "content": {"richText": [
                {"text": "评审 "}, {"type": "picture", "downloadCode": "c1"}, {"text": "开始"},
            ]}},
            "评审 开始", (RemoteFile("c1", ""),), True, id="rich-text",
        ),
        pytest.param(
            {"msgtype": "audio", "content": {"downloadCode": "c", "recognition": "计划查看"}},
            "计划查看", (), True, id="spoken",
        ),
        pytest.param(
            {"msgtype": "audio", "content": {"downloadCode": "c", "recognition": ""}},
            "", (), False, id="not-understood",
        ),
        pytest.param(
            {"msgtype": "file", "content": {"downloadCode": "c2", "fileName": "计划.xlsx"}},
            "", (RemoteFile("c2", "计划.xlsx"),), True, id="file",
        ),
        pytest.param(
            {"msgtype": "picture", "content": {"pictureDownloadCode": "c3"}},
            "", (RemoteFile("c3", ""),), True, id="picture",
        ),
        pytest.param({"msgtype": "chatRecord"}, "", (), False, id="forwarded"),
        pytest.param({"text": "no object"}, "", (), True, id="odd-text"),
        pytest.param({"msgtype": "richText", "content": {"richText": [1, None]}},
                     "", (), True, id="odd-parts"),
    ],
)  # fmt: skip
def test_contents(
    change: dict[str, Any], text: str, files: tuple[RemoteFile, ...], readable: bool
) -> None:
    heard = said(GROUP | change)
    assert heard is not None
    assert (heard.text, heard.files, heard.readable) == (text, files, readable)


@pytest.mark.parametrize(
    ("replied", "quoted"),
    [
        pytest.param({"content": {"content": "变更 CR-12"}}, "变更 CR-12", id="content"),
        pytest.param({"content": {"text": "变更 CR-12"}}, "变更 CR-12", id="text"),
        pytest.param(
            {"content": {"richText": [{"msgType": "text", "content": "CR-12"}]}}, "CR-12", id="rich"
        ),
        pytest.param(
            {"content": {"cardContent": {"elementType": "div", "children": [{"value": "CR-12"}]}}},
            "CR-12", id="card",
        ),
        pytest.param({"msgId": "x"}, "", id="nothing-but-an-id"),
    ],
)  # fmt: skip
def test_quoted_messages(replied: dict[str, Any], quoted: str) -> None:
    heard = said(GROUP | {"text": {"content": "批准", "isReplyMsg": True, "repliedMsg": replied}})
    assert heard is not None
    assert heard.quoted == quoted


def test_a_staff_id_of_another_company_means_nothing_here() -> None:
    heard = said(GROUP | {"senderCorpId": "ding999", "senderUnionId": "u1"})
    assert heard is not None
    assert (heard.sender.staff_id, heard.sender.union_id) == ("", "u1")
    assert not heard.sender.admin


@pytest.mark.parametrize(
    "missing", ["msgId", "conversationId", pytest.param("sender", id="everything-of-the-sender")]
)
def test_what_cannot_be_answered_is_no_message(missing: str) -> None:
    left = {k: v for k, v in GROUP.items() if not k.startswith(missing)}
    assert said(left) is None


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        pytest.param("https://oapi.dingtalk.com/robot/sendBySession?session=1", True, id="theirs"),
        pytest.param("https://oapi.dingtalk.io/x", True, id="international"),
        pytest.param("http://oapi.dingtalk.com/x", False, id="not-encrypted"),
        pytest.param("https://oapi.dingtalk.com.evil.example/x", False, id="looks-like-it"),
        pytest.param("https://dingtalk.com@evil.example/x", False, id="name-in-front"),
        pytest.param("http://127.0.0.1:8001/x", True, id="of-the-settings"),
        pytest.param("http://127.0.0.1:8002/x", False, id="another-port"),
        pytest.param("http://[", False, id="no-address"),
    ],
)
def test_answers_go_to_dingtalk_only(url: str, ours: bool) -> None:
    assert is_dingtalk(url, "http://127.0.0.1:8001") is ours
    heard = said(GROUP | {"sessionWebhook": url}, "http://127.0.0.1:8001")
    assert heard is not None
    assert (heard.webhook == url) is ours
