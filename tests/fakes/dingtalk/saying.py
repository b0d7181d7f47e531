"""What a person writes to the robot, and what the app gets of it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.fakes.dingtalk.outbound import Outbound, Seen
from tests.fakes.dingtalk.people import User
from tests.fakes.dingtalk.refusal import CannotDo
from tests.fakes.dingtalk.rooms import DIRECT, Message, Room
from tests.fakes.dingtalk.world import Media, World

Made = TypeVar("Made")
Run = Callable[[Coroutine[Any, Any, Made]], Made]
ALONE = "app"
"""The name of the conversation with the robot, for tests."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said; how the app answered, if it heard of it."""

    message: Message
    seen: Seen | None


class Saying:
    """One person with their client.

    :param run: runs a coroutine on the platform's loop and waits for it.
    """

    def __init__(self, world: World, outbound: Outbound, run: Run[Any], user: User) -> None:
        self.world = world
        self.outbound = outbound
        self.run = run
        self.user = user

    def room(self, name: str | Room) -> Room:
        """A group by title or id that they are in; ``app``: the conversation with the robot."""
        if name == ALONE:
            return self.world.direct(self.user.handle)
        room = name if isinstance(name, Room) else self.world.room(name)
        if self.user.handle not in room.members:
            raise CannotDo(f"{self.user.name} is not in {room.title}")
        return room

    def say(
        self,
        room: str | Room,
        text: str,
        *,
        at: Sequence[str] = (),
        reply_to: Message | None = None,
        rich: bool = False,
    ) -> Said:
        """Write something; in a group the robot hears it only where ``@督办`` stands in it.

        :param at: handles of those mentioned, where names alone do not tell (two of one name).
        :param rich: pasted text, which comes in parts.
        """
        where = self.room(room)
        robot = f"@{self.world.app.robot_name}"
        with self.world.lock:
            people = self._mentioned(where, text, at)
            kept = self.world.say(
                where, "text", text, author=self.user.handle,
                mentions=tuple(u.handle for u in people), content={"reply": reply_to},
            )  # fmt: skip
            called = where.kind == DIRECT or (where.robot and robot in text)
            if not called:
                return Said(kept, None)
            said = text.replace(robot, "", 1)
            payload = self.payload(where, kept, people)
            payload |= _parts(said) if rich else {"msgtype": "text", "text": {"content": said}}
            if reply_to is not None and not rich:
                payload["text"] |= self._quoted(reply_to)
        return Said(kept, self.run(self.outbound.robot(payload)))

    def send_file(self, name: str, data: bytes) -> Said:
        """Send a file to the robot; groups do not pass files on."""
        return self._send("file", name, data, {"fileName": name})

    def send_picture(self, data: bytes) -> Said:
        """Send a picture to the robot."""
        return self._send("picture", "", data, {})

    def speak(self, recognized: str, milliseconds: int = 3000) -> Said:
        """Say something by voice; the platform writes down what it understood."""
        more = {"duration": milliseconds, "recognition": recognized}
        return self._send("audio", recognized, b"amr", more)

    def send_strange(self, kind: str = "unknownMsgType") -> Said:
        """Send something of a kind that robots do not get to see."""
        with self.world.lock:
            room = self.room(ALONE)
            kept = self.world.say(room, kind, "", author=self.user.handle)
            payload = self.payload(room, kept, ()) | {"msgtype": kind, "content": {}}
        return Said(kept, self.run(self.outbound.robot(payload)))

    def _send(self, kind: str, text: str, data: bytes, more: dict[str, Any]) -> Said:
        with self.world.lock:
            room = self.room(ALONE)
            kept = self.world.say(room, kind, text, author=self.user.handle)
            media, code = self.world.marks.word("file"), self.world.marks.word("code")
            self.world.media[media] = Media(kind, text, data)
            self.world.downloads[code] = media
            payload = self.payload(room, kept, ())
            payload |= {"msgtype": kind, "content": {"downloadCode": code, **more}}
        return Said(kept, self.run(self.outbound.robot(payload)))

    def payload(self, room: Room, message: Message, people: Sequence[User]) -> dict[str, Any]:
        """What all messages to the robot carry."""
        user, world = self.user, self.world
        hook, until = world.session(room)
        found: dict[str, Any] = {
            "conversationId": room.id, "conversationType": room.kind, "openThreadId": room.id,
            "chatbotCorpId": world.corp, "chatbotUserId": world.robot_id,
            "robotCode": world.app.robot_code, "msgId": message.id, "senderNick": user.name,
            "senderId": user.sender, "senderCorpId": user.corp, "senderPlatform": "Win",
            "isAdmin": user.admin, "createAt": world.millis, "sessionWebhook": hook,
            "sessionWebhookExpiredTime": until,
        }  # fmt: skip
        if user.staff:
            found["senderStaffId"] = user.staff
        if room.kind == DIRECT:
            return found
        listed = [{"dingtalkId": u.sender} | _staff(u) for u in people]
        listed.append({"dingtalkId": world.robot_id})
        random.shuffle(listed)
        return found | {
            "conversationTitle": room.title, "atUsers": listed, "isInAtList": True,
        }  # fmt: skip

    def _mentioned(self, room: Room, text: str, at: Sequence[str]) -> list[User]:
        found = [self.world.users[h] for h in at]
        for handle in room.members:
            user = self.world.users[handle]
            taken = {u.name for u in found}
            if user.name not in taken and re.search(rf"@{re.escape(user.name)}(?!\w)", text):
                found.append(user)
        return found

    def _quoted(self, message: Message) -> dict[str, Any]:
        author = self.world.users.get(message.author)
        content: dict[str, Any] = {}
        if not message.card:
            content = {"text": message.text} if author else {"content": message.text}
        sender = author.sender if author else self.world.robot_id
        replied = {
            "msgType": "interactiveCard" if message.card else message.kind,
            "msgId": message.id, "createdAt": int(message.at * 1000), "senderId": sender,
            "content": content,
        }  # fmt: skip
        return {"isReplyMsg": True, "repliedMsg": replied}


def _staff(user: User) -> dict[str, str]:
    return {"staffId": user.staff} if user.staff else {}


def _parts(text: str) -> dict[str, Any]:
    half = len(text) // 2
    parts = [{"text": text[:half]}, {"text": text[half:]}]
    return {"msgtype": "richText", "content": {"richText": [p for p in parts if p["text"]]}}
