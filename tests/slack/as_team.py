"""The company of ``tests.harness``, living on Slack: the same dialogs through the real platform.

What people say goes as slash commands, mentions, button presses and modals through the stand-in,
the real SDK and Duban; what a test reads is what appears on the person's screen.
"""

from __future__ import annotations

from typing import Any

from domain.messages import FileRef
from locales import template
from tests.fakes.slack.pressing import elements
from tests.fakes.slack.rooms import Message
from tests.on_platform import TeamOnPlatform
from tests.slack.harness import FIELD, ROOM, SlackTeam


class Readable(SlackTeam):
    """Answers with the blocks and with the text beside them, which some clients show instead."""

    def _screen(self, who: str) -> dict[str, str]:
        found = super()._screen(who)
        user, screen = self.user(who), self.slack.screen(who, self.team)
        for room in self.team.channels.values():
            if user in room.members:
                for message in self.team.seen_by(user, room):
                    key = f"{room.id}:{message['ts']}"
                    found[key] += "\n\n" + screen.mrkdwn(message.get("text", ""))
        for view in self.team.modals(user):
            required = template(self.locale, "web.required")
            found[view.id] = found[view.id].replace(" *:", f" ({required}):")
        return found


class TeamOnSlack(TeamOnPlatform):
    """The same methods, by way of Slack."""

    def __init__(self, company: Readable) -> None:
        super().__init__(company)
        self.company = company
        self._said: dict[str, Message] = {}

    def say(
        self,
        handle: str,
        text: str,
        *,
        thread: str | None = None,
        files: tuple[FileRef, ...] = (),
        event_id: str | None = None,
    ) -> str:
        """A slash command; by a mention what is none, and with files."""
        assert event_id is None, "Slack numbers deliveries itself"
        sent = [(f.name, self.files.get(f.file_id)) for f in files]
        if text.startswith("/") and not sent and thread is None:
            return self.company.say(handle, text)
        return self.company.mention(handle, text, thread=thread, files=sent)

    def submit(self, handle: str, command: str, **values: str) -> str:
        """Open the form by its command, fill it in and submit it."""
        opened = self.company.say(handle, f"/{command}")
        fields = self._fields(handle)
        asked = next((n for n in values if n not in fields), None)
        if asked is not None:  # it asks for the object first; with that it asks for the rest
            first = next(n for n in values if n in fields)
            opened = self.company.say(handle, f"/{command} {values[first]}")
            fields = self._fields(handle)
            values = {n: v for n, v in values.items() if n in fields or n != first}
        assert fields, opened
        filled = {name: self._filled(fields.get(name, ""), v) for name, v in values.items()}
        return self.company.submit(handle, **filled)

    def _fields(self, handle: str) -> dict[str, str]:
        """The kind of each field of the open form, by name."""
        if not self.company.team.modals(self.company.user(handle)):
            return {}
        return {
            block["block_id"].removeprefix(FIELD): element["type"]
            for block, element in elements(self.company.person(handle).modal.body["blocks"])
        }

    def _filled(self, kind: str, value: str) -> Any:
        users = self.company.directory.users(self.workspace.id)
        if kind.startswith("multi_") or kind == "checkboxes":
            return [users.get(v, v) for v in value.split(",") if v]
        return users.get(value, value)

    def remark(
        self, handle: str, text: str, *, thread: str | None = None, message_id: str | None = None
    ) -> str:
        """Something that is no command, said in the thread of the review."""
        where = thread if thread is not None else self._review_thread()
        message = self.company.remark(handle, text, thread=where)
        if message_id is not None:
            self._said[message_id] = message
        return ""

    def edit(
        self, handle: str, text: str | None, *, message_id: str, thread: str | None = None
    ) -> str:
        """Change what one's own message says, or delete it (None)."""
        message = self._said[message_id]
        if text is None:
            return self.company.delete(handle, message)
        return self.company.edit(handle, message, text)

    def react(
        self,
        handle: str,
        emoji: str,
        text: str,
        *,
        author: str,
        message_id: str,
        added: bool = True,
        thread: str | None = None,
    ) -> str:
        """An emoji on a message, which is said first if it was not yet."""
        if message_id not in self._said:
            self.remark(author, text, message_id=message_id, thread=thread)
        act = self.company.react if added else self.company.unreact
        return act(handle, emoji.rstrip("\ufe0f"), self._said[message_id])

    def _review_thread(self) -> str | None:
        for message in reversed(self.company.team.channel(ROOM).top()):
            texts = str(message.get("blocks", ""))
            if "review verdict" in texts or "review join" in texts or "review end" in texts:
                return str(message["ts"])
        return None

    def sent(self, handle: str | None = None) -> list[str]:
        """What Duban told one person alone, oldest first; or what it told anybody."""
        team, bot = self.company.team, self.company.slack.bot_user
        rooms = (
            [self.company.person(handle).room("app")] if handle else list(team.channels.values())
        )
        screen = self.company.slack.screen(handle or "po", team)
        return [
            screen.mrkdwn(message["text"])
            for room in rooms
            for message in room.messages
            if message.get("user") == bot
        ]
