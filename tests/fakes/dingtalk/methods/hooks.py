"""Webhooks and uploads. Failures come with HTTP 200."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from tests.fakes.dingtalk.call import Call
from tests.fakes.dingtalk.contents import Content, by_hook, mentions
from tests.fakes.dingtalk.refusal import Refusal
from tests.fakes.dingtalk.rooms import Room
from tests.fakes.dingtalk.world import CustomRobot

SESSION_OVER, REFUSED, NO_MEDIA = 300001, 310000, 40004
LARGEST = {
    "image": 20 * 1024 * 1024, "file": 20 * 1024 * 1024, "voice": 2 * 1024 * 1024,
    "video": 20 * 1024 * 1024,
}  # fmt: skip


def session_send(call: Call) -> dict[str, Any]:
    """``POST <sessionWebhook>``. The code for one that has ended is not published."""
    session = call.world.sessions.get(call.params.get("session", ""))
    if session is None or call.world.clock() >= session.until:
        raise Refusal("sessionExpired", "session is not exist or expired", errcode=SESSION_OVER)
    room = call.world.rooms[session.room]
    if room.group and not room.robot:
        raise Refusal("notInGroup", "机器人不在群内", errcode=SESSION_OVER)
    content = _content(call)
    call.world.limits.talk(room.id)
    return _say(call, room, content, "session")


def custom_send(call: Call) -> dict[str, Any]:
    """``POST /robot/send``: the custom robot of a group."""
    robot = call.world.custom.get(call.params.get("access_token", ""))
    if robot is None:
        raise Refusal("token", "token is not exist", errcode=REFUSED)
    content = _content(call)
    _secure(call, robot, content)
    call.world.limits.talk(robot.room)
    return _say(call, call.world.rooms[robot.room], content, "custom")


def upload(call: Call) -> dict[str, Any]:
    """``POST /media/upload``."""
    file, kind = call.file, call.params.get("type") or call.body.get("type", "")
    if file is None or kind not in LARGEST or not file.data:
        raise Refusal("media", "缺少媒体文件", errcode=NO_MEDIA)
    if len(file.data) > LARGEST[kind]:
        raise Refusal("media", "文件过大", errcode=40006)
    number = call.world.marks.word("@lADPmedia")
    call.world.media[number] = file
    return {
        "errcode": 0, "errmsg": "ok", "type": kind, "media_id": number,
        "created_at": call.world.millis,
    }  # fmt: skip


def _content(call: Call) -> Content:
    return by_hook(call.body, len(json.dumps(call.body, ensure_ascii=False).encode()))


def _say(call: Call, room: Room, content: Content, way: str) -> dict[str, Any]:
    called = mentions(call.world, content.kind, content.text, call.body.get("at"))
    call.world.say(
        room, content.kind, content.text, title=content.title, way=way, mentions=called,
        content=content.raw,
    )  # fmt: skip
    return {"errcode": 0, "errmsg": "ok"}


def _secure(call: Call, robot: CustomRobot, content: Content) -> None:
    if robot.keyword and robot.keyword not in content.text + content.title:
        raise Refusal("keyword", "keywords not in content", errcode=REFUSED)
    if not robot.secret:
        return
    stamp = call.params.get("timestamp", "")
    made = hmac.new(robot.secret.encode(), f"{stamp}\n{robot.secret}".encode(), hashlib.sha256)
    wanted = base64.b64encode(made.digest()).decode()
    if not hmac.compare_digest(wanted, call.params.get("sign", "")):
        raise Refusal("sign", "sign not match", errcode=REFUSED)
    if abs(call.world.millis - int(stamp or 0)) > 3_600_000:
        raise Refusal("sign", "invalid timestamp", errcode=REFUSED)
