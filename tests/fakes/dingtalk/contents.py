"""What messages say, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.dingtalk.refusal import Refusal
from tests.fakes.dingtalk.shapes import json_object
from tests.fakes.dingtalk.world import World

PARAM_BYTES = 15_000
TEXT_CHARACTERS = 5_000
HOOK_BYTES = 20_000
TOO_LONG = 460101

_CARD = ("title", "text")
_KEYS: Mapping[str, tuple[str, ...]] = {
    "sampleText": ("content",),
    "sampleMarkdown": _CARD,
    "sampleActionCard": (*_CARD, "singleTitle", "singleURL"),
    **{
        f"sampleActionCard{n}": (
            *_CARD, *(f"action{part}{i}" for i in range(1, n + 1) for part in ("Title", "URL")),
        )
        for n in range(2, 6)
    },
    "sampleActionCard6": (*_CARD, "buttonTitle1", "buttonUrl1", "buttonTitle2", "buttonUrl2"),
    "sampleLink": ("title", "text", "messageUrl", "picUrl"),
    "sampleImageMsg": ("photoURL",),
    "sampleAudio": ("mediaId", "duration"),
    "sampleFile": ("mediaId", "fileName", "fileType"),
    "sampleVideo": ("duration", "videoMediaId", "videoType", "picMediaId", "height", "width"),
}  # fmt: skip
_MAY_BE_EMPTY = {"picUrl"}
_KINDS = {
    "sampleText": "text", "sampleMarkdown": "markdown", "sampleLink": "link",
    "sampleImageMsg": "image", "sampleAudio": "audio", "sampleFile": "file", "sampleVideo": "video",
}  # fmt: skip
_HOOKS: Mapping[str, tuple[str, ...]] = {
    "text": ("content",),
    "markdown": _CARD,
    "actionCard": _CARD,
    "link": ("title", "text", "messageUrl"),
    "feedCard": ("links",),
}
_HOOK_MORE = {
    "actionCard": {"singleTitle", "singleURL", "btnOrientation", "btns", "hideAvatar"},
    "link": {"picUrl"},
}


@dataclass(frozen=True, slots=True)
class Content:
    """What a message of the robot says, whatever way it came."""

    kind: str
    text: str
    title: str
    raw: dict[str, Any]


def by_key(world: World, key: str, param: str) -> Content:
    """The content of ``msgKey`` and ``msgParam``; else ``Refusal``."""
    if key not in _KEYS:
        raise Refusal("invalidParameter.msgKey.invalid")
    if len(param.encode()) > PARAM_BYTES:
        raise Refusal("invalidParameter.msgParam.tooLong", "msgParam exceeds 15000 bytes")
    values = json_object(param, "msgParam")
    wanted = set(_KEYS[key])
    empty = {n for n in wanted - _MAY_BE_EMPTY if not values.get(n)}
    strange = set(values) - wanted
    if empty or strange or not all(isinstance(v, str) for v in values.values()):
        raise Refusal("invalidParameter.msgParam.invalid", f"{sorted(empty)} {sorted(strange)}")
    _short(values.get("content", "") or values.get("text", ""))
    if "mediaId" in wanted and values["mediaId"] not in world.media:
        raise Refusal("invalidParameter.mediaId.invalid")
    kind = _KINDS.get(key, "actionCard")
    text = values.get("content") or values.get("text") or values.get("fileName") or ""
    return Content(kind, text, values.get("title", ""), values)


def by_hook(body: Any, size: int) -> Content:
    """The content of what is posted to a webhook; else ``Refusal``."""
    if size > HOOK_BYTES:
        raise Refusal("tooLong", "message too long", errcode=TOO_LONG)
    if not isinstance(body, dict) or body.get("msgtype") not in _HOOKS:
        raise Refusal("invalid", "不支持的消息类型")
    kind = body["msgtype"]
    said = body.get(kind)
    if set(body) - {"msgtype", "at", kind} or not isinstance(said, dict):
        raise Refusal("invalid", f"参数错误: {sorted(body)}")
    wanted = set(_HOOKS[kind])
    strange = set(said) - wanted - _HOOK_MORE.get(kind, set())
    if strange or not all(said.get(n) for n in wanted):
        raise Refusal("invalid", f"缺少参数或参数错误: {sorted(said)}")
    text = str(said.get("content") or said.get("text") or "")
    _short(text)
    return Content(kind, text, str(said.get("title", "")), said)


def mentions(world: World, kind: str, text: str, at: Any) -> tuple[str, ...]:
    """Whom a message by webhook notifies.

    In markdown only those whose id stands in the text after ``@``, too; in plain text all of them.
    """
    if at is None:
        return ()
    if not isinstance(at, dict) or set(at) - {"atUserIds", "atMobiles", "isAtAll"}:
        raise Refusal("invalid", "at 参数错误")
    found: list[str] = ["@all"] if at.get("isAtAll") else []
    for user in world.users.values():
        for name, known in (("atUserIds", user.staff), ("atMobiles", user.mobile)):
            listed = known and known in (at.get(name) or ())
            if listed and (kind == "text" or re.search(rf"@{re.escape(known)}(?!\w)", text)):
                found.append(user.handle)
    return tuple(dict.fromkeys(found))


def _short(text: str) -> None:
    if len(text) > TEXT_CHARACTERS:
        raise Refusal("invalidParameter.msgParam.tooLong", "text too long", errcode=TOO_LONG)
