"""What DingTalk says that happened, as plain values; nothing is looked up here.

Shapes as in the facts, section 3. Much of it is only seen in payloads and not promised, so whatever
is missing or of another type is taken for empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit

Json = Mapping[str, Any]

MAX_FILES = 10
"""How many files of one message are taken."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in the company.

    :param id: the same for every delivery; :param kind: ``chat_disband``, ``user_leave_org`` …
    """

    id: str
    kind: str
    corp: str
    data: Json


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote.

    :param staff_id: userId in the company of the robot; empty for people of other companies.
    :param union_id: in newer payloads.
    :param sender_id: encrypted; the only id that an outsider may have.
    :param admin: administers the company.
    """

    staff_id: str
    union_id: str
    sender_id: str
    nick: str
    admin: bool


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file that came along, still at DingTalk.

    :param code: what the download is asked for with.
    """

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message to Duban.

    :param key: the same for every delivery of the same message.
    :param group: ``openConversationId``; of a conversation with one person of no use for sending.
    :param direct: whether it is a conversation with one person.
    :param webhook: where it is answered until ``expires_at``; None when it is no address of
        DingTalk's.
    :param text: without the mention of Duban; other mentions as ``@name``.
    :param mentioned: userIds of people of the company who were mentioned, in no known order.
    :param quoted: what the message says that this one answers, as far as it was sent along.
    :param readable: False for a kind of message that Duban cannot read.
    """

    key: str
    corp: str
    robot_code: str
    message_id: str
    sender: Sender
    group: str
    title: str
    direct: bool
    webhook: str | None = field(repr=False)
    expires_at: datetime | None
    text: str
    mentioned: tuple[str, ...] = ()
    quoted: str = ""
    files: tuple[RemoteFile, ...] = ()
    readable: bool = True


def said(data: Json, oapi_base_url: str = "") -> Said | None:
    """The data of a robot message; None for what has no id, sender or conversation.

    :param oapi_base_url: its host is trusted as DingTalk's own are (a stand-in, a proxy).
    """
    message_id, group = text_of(data, "msgId"), text_of(data, "conversationId")
    corp = text_of(data, "chatbotCorpId") or text_of(data, "senderCorpId")
    sender = _sender(data, corp)
    if not (message_id and group and corp and (sender.staff_id or sender.sender_id)):
        return None
    kind = text_of(data, "msgtype")
    text, files, readable = _content(data, kind)
    webhook = text_of(data, "sessionWebhook")
    expires = _instant(data.get("sessionWebhookExpiredTime"))
    trusted = bool(webhook) and expires is not None and is_dingtalk(webhook, oapi_base_url)
    return Said(
        key=f"dingtalk:{corp}:{message_id}",
        corp=corp,
        robot_code=text_of(data, "robotCode"),
        message_id=message_id,
        sender=sender,
        group=group,
        title=text_of(data, "conversationTitle"),
        direct=str(data.get("conversationType")) == "1",
        webhook=webhook if trusted else None,
        expires_at=expires if trusted else None,
        text=text,
        mentioned=_mentioned(data),
        quoted=_quoted(part(data, "text")),
        files=files,
        readable=readable,
    )


def is_dingtalk(url: str, own: str = "") -> bool:
    """Whether an address is DingTalk's, over TLS, or of the server that the settings name."""
    try:
        parts, ours = urlsplit(url), urlsplit(own)
    except ValueError:
        return False
    host = parts.hostname or ""
    if ours.hostname and (host, parts.port) == (ours.hostname, ours.port):
        return parts.scheme in ("http", "https")
    known = host.endswith((".dingtalk.com", ".dingtalk.io"))
    return parts.scheme == "https" and known


def text_of(data: Json, name: str) -> str:
    """A text of an object; empty when it is missing or something else."""
    value = data.get(name)
    return value if isinstance(value, str) else ""


def part(data: Json, name: str) -> Json:
    """An object inside an object; empty when it is missing or something else."""
    value = data.get(name)
    return cast("Json", value) if isinstance(value, dict) else {}


def objects(data: Json, name: str) -> Iterator[Json]:
    """The objects of a list inside an object."""
    value = data.get(name)
    for each in cast("Sequence[object]", value) if isinstance(value, list) else ():
        if isinstance(each, dict):
            yield cast("Json", each)


def _sender(data: Json, corp: str) -> Sender:
    """The sender; the staffId of another company means nothing in ours."""
    ours = text_of(data, "senderCorpId") in ("", corp)
    return Sender(
        staff_id=text_of(data, "senderStaffId").strip() if ours else "",
        union_id=text_of(data, "senderUnionId"),
        sender_id=text_of(data, "senderId"),
        nick=text_of(data, "senderNick"),
        admin=data.get("isAdmin") is True and ours,
    )


def _content(data: Json, kind: str) -> tuple[str, tuple[RemoteFile, ...], bool]:
    """Text, files, and whether this kind of message can be read at all."""
    content = part(data, "content")
    if kind == "text":
        return text_of(part(data, "text"), "content"), (), True
    if kind == "richText":
        parts = list(objects(content, "richText"))
        files = tuple(f for f in (_file(p, "") for p in parts) if f is not None)
        return "".join(text_of(p, "text") for p in parts), files[:MAX_FILES], True
    if kind == "audio":
        heard = text_of(content, "recognition")
        return heard, (), bool(heard.strip())
    if kind in ("picture", "file"):
        file = _file(content, text_of(content, "fileName"))
        return "", (file,) if file else (), file is not None
    return "", (), False


def _file(content: Json, name: str) -> RemoteFile | None:
    code = text_of(content, "downloadCode") or text_of(content, "pictureDownloadCode")
    return RemoteFile(code, name) if code else None


def _mentioned(data: Json) -> tuple[str, ...]:
    """Who was mentioned, but for the robot itself."""
    robot = text_of(data, "chatbotUserId")
    found = [
        text_of(user, "staffId")
        for user in objects(data, "atUsers")
        if text_of(user, "dingtalkId") != robot
    ]
    return tuple(dict.fromkeys(s for s in found if s))


def _quoted(text: Json) -> str:
    replied = part(text, "repliedMsg")
    return " ".join(_texts(replied.get("content"), 0)) if replied else ""


def _texts(value: object, depth: int) -> Iterator[str]:
    """All texts of a quoted message: its shape depends on what was quoted."""
    if depth > 8:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in cast("list[object]", value):
            yield from _texts(each, depth + 1)
    elif isinstance(value, dict):
        for name, each in cast("dict[str, object]", value).items():
            if name not in ("elementType", "msgType"):
                yield from _texts(each, depth + 1)


def _instant(milliseconds: object) -> datetime | None:
    if not isinstance(milliseconds, int | float) or isinstance(milliseconds, bool):
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None
