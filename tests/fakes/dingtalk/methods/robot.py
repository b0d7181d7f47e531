"""What the robot says by the API."""

from __future__ import annotations

from typing import Any

from tests.fakes.dingtalk.call import Call
from tests.fakes.dingtalk.contents import by_key
from tests.fakes.dingtalk.refusal import Refusal
from tests.fakes.dingtalk.rooms import Message, Room
from tests.fakes.dingtalk.world import Ding

MOST_USERS = 20


def group_send(call: Call) -> dict[str, Any]:
    """``POST /v1.0/robot/groupMessages/send``."""
    body = call.checked()
    room = call.world.open_group(body["openConversationId"])
    content = by_key(call.world, body["msgKey"], body["msgParam"])
    key = call.world.marks.base64("key")
    call.world.say(
        room, content.kind, content.text, title=content.title, way="api", key=key,
        content=content.raw,
    )  # fmt: skip
    return {"processQueryKey": key}


def oto_send(call: Call) -> dict[str, Any]:
    """``POST /v1.0/robot/oToMessages/batchSend``: who does not get it stands in three lists."""
    body, world = call.checked(), call.world
    if len(body["userIds"]) > MOST_USERS:
        raise Refusal("invalidParameter.userIds.overMax")
    content = by_key(world, body["msgKey"], body["msgParam"])
    key = world.marks.base64("key")
    invalid: list[str] = []
    slowed: list[str] = []
    filtered: list[str] = []
    for staff in dict.fromkeys(body["userIds"]):
        user = world.by_staff(staff)
        if user is None or not user.active:
            invalid.append(staff)
        elif user.handle in world.trouble.slowed:
            slowed.append(staff)
        elif not user.visible or user.handle in world.trouble.unreachable:
            filtered.append(staff)
        else:
            world.say(
                world.direct(user.handle), content.kind, content.text, title=content.title,
                way="api", key=key, content=content.raw,
            )  # fmt: skip
    return {
        "processQueryKey": key, "invalidStaffIdList": invalid,
        "flowControlledStaffIdList": slowed, "filteredStaffIdList": filtered,
    }  # fmt: skip


def group_recall(call: Call) -> dict[str, Any]:
    """``POST /v1.0/robot/groupMessages/recall``."""
    body = call.checked()
    room = call.world.open_group(body["openConversationId"])
    return _recall([room], body["processQueryKeys"])


def oto_recall(call: Call) -> dict[str, Any]:
    """``POST /v1.0/robot/otoMessages/batchRecall``."""
    rooms = [r for r in call.world.rooms.values() if not r.group]
    return _recall(rooms, call.checked()["processQueryKeys"])


def group_query(call: Call) -> dict[str, Any]:
    """``POST /v1.0/robot/groupMessages/query``: who has read it (nobody does here)."""
    body = call.checked()
    room = call.world.open_group(body["openConversationId"])
    if not _of_key([room], body["processQueryKey"]):
        raise Refusal("invalidParameter.processQueryKey.invalid")
    return {"sendStatus": "SUCCESS", "readUserIds": [], "readUsers": [], "hasMore": False}


def oto_read(call: Call) -> dict[str, Any]:
    """``GET /v1.0/robot/oToMessages/readStatus``."""
    rooms = [r for r in call.world.rooms.values() if not r.group]
    found = [
        call.world.users[r.members[0]] for r in rooms
        if _of_key([r], call.params.get("processQueryKey", ""))
    ]  # fmt: skip
    if not found:
        raise Refusal("invalidParameter.processQueryKey.invalid")
    lines = [{"userId": u.staff, "name": u.name, "readStatus": "UNREAD"} for u in found]
    return {"sendStatus": "SUCCESS", "messageReadInfoList": lines}


def ding_send(call: Call) -> dict[str, Any]:
    """``POST /v1.0/robot/ding/send``."""
    body, world = call.checked(), call.world
    if body["remindType"] not in {1, 2, 3}:
        raise Refusal("invalidParameter.remindType.invalid")
    failed: dict[str, str] = {}
    ding = Ding(world.marks.word("ding"), body["remindType"], body["content"], [])
    for staff in body["receiverUserIdList"]:
        user = world.by_staff(staff)
        if user is None or user.handle in world.trouble.unreachable:
            failed[staff] = "用户不存在或不可见"
        else:
            ding.receivers.append(user.handle)
            user.dings.append(body["content"])
    world.dings.append(ding)
    return {"openDingId": ding.id, "failedList": failed}


def ding_recall(call: Call) -> dict[str, Any]:
    """``POST /v1.0/robot/ding/recall``."""
    number = call.checked()["openDingId"]
    ding = next((d for d in call.world.dings if d.id == number), None)
    if ding is None:
        raise Refusal("invalidParameter.openDingId.invalid")
    ding.recalled = True
    return {"openDingId": number}


def emotion_reply(call: Call) -> dict[str, Any]:
    """``POST /v1.0/robot/emotion/reply``."""
    body = call.checked()
    room = call.world.rooms.get(body["openConversationId"])
    found = [m for m in room.messages if m.id == body["openMsgId"]] if room else []
    if not found:
        raise Refusal("invalidParameter.openMsgId.invalid")
    found[0].reactions.append(body.get("emotionName", ""))
    return {"success": True}


def file_download(call: Call) -> dict[str, Any]:
    """``POST /v1.0/robot/messageFiles/download``."""
    code = call.checked()["downloadCode"]
    if code not in call.world.downloads:
        raise Refusal("invalidParameter.downloadCode.invalid")
    return {"downloadUrl": f"{call.world.base}/files/{call.world.downloads[code]}"}


def _of_key(rooms: list[Room], key: str) -> list[Message]:
    return [m for r in rooms for m in r.messages if key and m.key == key and not m.recalled]


def _recall(rooms: list[Room], keys: list[str]) -> dict[str, Any]:
    done: list[str] = []
    failed: dict[str, str] = {}
    for key in keys:
        found = _of_key(rooms, key)
        for message in found:
            message.recalled = True
        if found:
            done.append(key)
        else:
            failed[key] = "processQueryKey not exist"
    return {"successResult": done, "failedResult": failed}
