"""Commands and messages: typing, editing, deleting, reacting."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.slack.desk import Desk
from tests.fakes.slack.hooks import say_by_hook
from tests.fakes.slack.methods.files import as_json
from tests.fakes.slack.methods.reactions import event, put, take
from tests.fakes.slack.refusal import CannotDo, Refusal
from tests.fakes.slack.rooms import Channel, Message
from tests.fakes.slack.signing import Signature
from tests.fakes.slack.team import StoredFile
from tests.fakes.slack.world import Hook, Seen

_LINK = re.compile(r"<(https?://[^|>]+)(?:\|[^>]*)?>")
FAILED = {0: "operation_timeout", 404: "dispatch_failed"}


class Saying(Desk):
    """What a person does with words."""

    def command(
        self, command: str, text: str = "", channel: str | Channel = "app", **more: Any
    ) -> Seen:
        """Type a slash command. It cannot be typed in a thread."""
        return self.run(self.commanding(command, text, channel, **more))

    async def commanding(
        self,
        command: str,
        text: str = "",
        channel: str | Channel = "app",
        how: Signature = Signature.GOOD,
    ) -> Seen:
        """The same, on the platform's loop."""
        with self.world.lock:
            fields, hook = self._command(command, text, channel)
        seen = await self.outbound.command(fields, how)
        with self.world.lock:
            self._acknowledged(seen, hook, command)
        return seen

    def _command(
        self, command: str, text: str, channel: str | Channel
    ) -> tuple[dict[str, str], Hook]:
        escapes = self.world.app.escapes(command)
        room = self.inside(channel)
        address = self.world.hook("commands", room, self.user.id, None, None)
        fields = {
            "token": self.world.app.verification_token,
            "team_id": self.team.id,
            "team_domain": self.team.domain,
            "channel_id": room.id,
            "channel_name": room.command_name,
            "user_id": self.user.id,
            "user_name": self.user.name,
            "command": command,
            "text": self.typed(text, mentions=escapes, named=True),
            "api_app_id": self.world.app.id,
            "is_enterprise_install": "false",
            "response_url": address,
            "trigger_id": self.world.trigger(self.team.id, self.user.id),
        }
        return fields, self.world.hooks[address.rpartition("/")[2]]

    def _acknowledged(self, seen: Seen, hook: Hook, command: str) -> None:
        """What the person sees of the acknowledgement."""
        if not seen.ok:
            why = FAILED.get(seen.status, "dispatch_failed")
            text = f"{command} failed with the error “{why}”"
            self._notice(self.team.channels[hook.channel], text)
        elif isinstance(seen.body, dict) and (seen.body.get("text") or seen.body.get("blocks")):
            try:
                say_by_hook(self.world, hook, seen.body)
            except Refusal as refusal:
                seen.error = refusal.code

    def _notice(self, room: Channel, text: str) -> None:
        """Words of the platform to one person."""
        room.whispers.append(
            {
                "type": "message",
                "user": "USLACKBOT",
                "text": text,
                "viewer": self.user.id,
                "ts": self.world.marks.ts(),
                "is_ephemeral": True,
            }
        )

    def say(
        self,
        channel: str | Channel,
        text: str,
        *,
        thread: str | None = None,
        broadcast: bool = False,
        files: Sequence[tuple[str, bytes]] = (),
    ) -> Message:
        """Say something; the answer is the message as it stands."""
        with self.world.lock:
            room = self.inside(channel)
            body = self.typed(text, mentions=True, named=False)
            message: Message = {
                "type": "message", "user": self.user.id, "text": body,
                "ts": self.world.marks.ts(), "team": self.team.id,
                "client_msg_id": self.world.marks.word("m"),
                "blocks": _rich(self.world.marks.word("b"), body),
            }  # fmt: skip
            if self.user.is_stranger:
                message["user_team"] = message["source_team"] = self.user.home_team
            if thread is not None:
                message["thread_ts"] = thread
            if broadcast:
                message["subtype"] = "thread_broadcast"
            if files:
                message["subtype"] = "file_share"
                message["files"] = [self._file(room, name, data) for name, data in files]
            room.add(message)
            self._tell(room, message)
        return message

    def _file(self, room: Channel, name: str, data: bytes) -> dict[str, Any]:
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = StoredFile(self.world.marks.id("F"), name, data, name, self.user.id, mime)
        file.shared, file.channels = True, [room.id]
        self.team.files[file.id] = file
        return as_json(self.world, self.team.id, file)

    def _tell(self, room: Channel, message: Message) -> None:
        self.world.emit_message(room, dict(message))
        bot = self.world.installations.get(self.team.id)
        if bot is None:
            return
        if f"<@{bot.bot_user}>" in message["text"] and room.kind != "im":
            if bot.bot_user in room.members:
                told = {k: v for k, v in message.items() if k != "subtype"}
                told |= {"type": "app_mention", "channel": room.id, "event_ts": message["ts"]}
                self.world.emit(self.team.id, told)
            else:
                self._notice(room, f"{self.world.app.name} is not in this channel. Invite them?")
        self._share_links(room, message, bot.bot_user in room.members)

    def _share_links(self, room: Channel, message: Message, inside: bool) -> None:
        found = [m.group(1) for m in _LINK.finditer(message["text"])]  # ``&amp;`` and all
        links = [
            {"domain": urlsplit(url).hostname, "url": url}
            for url in dict.fromkeys(found)
            if self.world.app.unfurls(urlsplit(url).hostname or "")
        ]
        if not links:
            return
        unfurl = self.world.marks.word("Uxxx")
        shared = Hook(unfurl, self.team.id, room.id, self.user.id, 0, origin=message["ts"])
        self.world.hooks[f"unfurl:{unfurl}"] = shared
        told = {
            "type": "link_shared", "channel": room.id, "is_bot_user_member": inside,
            "user": self.user.id, "message_ts": message["ts"], "links": links,
            "unfurl_id": unfurl, "source": "conversations_history", "event_ts": message["ts"],
        }  # fmt: skip
        if message.get("thread_ts"):
            told["thread_ts"] = message["thread_ts"]
        self.world.emit(self.team.id, told)

    def edit(self, channel: str | Channel, ts: str, text: str) -> Message:
        """Edit what they said."""
        with self.world.lock:
            room = self.room(channel)
            message = self._own(room, ts)
            before = dict(message)
            body = self.typed(text, mentions=True, named=False)
            message["text"], message["blocks"] = body, _rich(self.world.marks.word("b"), body)
            now = self.world.marks.ts()
            message["edited"] = {"user": self.user.id, "ts": now}
            changed = {
                "subtype": "message_changed", "hidden": True, "message": dict(message),
                "previous_message": before, "ts": now,
            }  # fmt: skip
            self.world.emit_message(room, changed)
        return message

    def delete(self, channel: str | Channel, ts: str) -> None:
        """Delete what they said."""
        with self.world.lock:
            room = self.room(channel)
            message = self._own(room, ts)
            room.messages.remove(message)
            gone = {
                "subtype": "message_deleted", "hidden": True, "deleted_ts": ts,
                "previous_message": dict(message), "ts": self.world.marks.ts(),
            }  # fmt: skip
            self.world.emit_message(room, gone)

    def _own(self, room: Channel, ts: str) -> Message:
        message = room.get(ts)
        if message.get("user") != self.user.id:
            raise CannotDo("not their message")
        return message

    def react(self, channel: str | Channel, ts: str, name: str, *, added: bool = True) -> None:
        """Put an emoji (by its name: ``pushpin``) on a message, or take it off."""
        with self.world.lock:
            room = self.inside(channel)
            message = room.get(ts)
            (put if added else take)(message, name, self.user.id)
            kind = "reaction_added" if added else "reaction_removed"
            told = event(kind, self.user.id, name, room.id, message, self.world.marks.ts())
            bot = self.world.installations.get(self.team.id)
            if bot is not None and bot.bot_user in room.members:
                self.world.emit(self.team.id, told)

    def join(self, channel: str | Channel) -> None:
        """Join a channel."""
        with self.world.lock:
            room = self.inside(channel)
            self.world.emit(
                self.team.id,
                {
                    "type": "member_joined_channel", "user": self.user.id, "channel": room.id,
                    "channel_type": room.id[0], "team": self.team.id,
                    "event_ts": self.world.marks.ts(),
                },
            )  # fmt: skip


def _rich(block_id: str, text: str) -> list[dict[str, Any]]:
    """The block that a client sends along with what is typed."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [{"type": "rich_text", "block_id": block_id, "elements": [section]}]
