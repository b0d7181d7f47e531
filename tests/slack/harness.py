"""A company on Slack: people type, press, fill in and react, and the test reads what they see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.slack import Seen
from tests.fakes.slack.person import Person
from tests.fakes.slack.pressing import elements
from tests.fakes.slack.rooms import Channel, Message
from tests.slack.world import Company
from tests.waiting import until

ROOM = "wuliu"
FIELD = "f:"
UMBRELLA = "/po"
EMOJI = {"📌": "pushpin", "✅": "white_check_mark", "❓": "question"}

__all__ = ["ROOM", "SlackTeam"]


class SlackTeam(Company):
    """What people do in Slack, and what appears on their screens because of it.

    Everything that somebody does answers with what is new or different on their screen after
    Duban has done all that follows from it.
    """

    def person(self, who: str) -> Person:
        """Somebody with their client."""
        return self.slack.person(who, self.team)

    def say(
        self, who: str, line: str, *, channel: str = ROOM, thread: str | None = None, **more: Any
    ) -> str:
        """Type a command: as a slash command, or addressed to Duban where those do not work.

        A command that Slack does not have under this name goes by the umbrella.
        """
        if thread is not None or more:
            return self.mention(who, line, channel=channel, thread=thread, **more)
        before = self._screen(who)
        name, _, text = line.partition(" ")
        if self.slack.app.commands is not None and name not in self.slack.app.commands:
            name, text = UMBRELLA, line.removeprefix("/")
        seen = self.person(who).command(name, text, self._room(who, channel))
        self._accepted(seen)
        return self._new(who, before)

    def mention(self, who: str, line: str, *, channel: str = ROOM, **more: Any) -> str:
        """Say something to Duban in a channel (``@Duban 评审 开始``), or alone with it."""
        before = self._screen(who)
        name = self.team.user(self.slack.bot_user).shown
        text = line if channel == "app" else f"@{name} {line}"
        self.person(who).say(self._room(who, channel), text, **more)
        return self._new(who, before)

    def remark(self, who: str, text: str, *, channel: str = ROOM, **more: Any) -> Message:
        """Say something to people; the answer is the message."""
        message = self.person(who).say(self._room(who, channel), text, **more)
        self.settle()
        return message

    def press(self, who: str, label: str, *, channel: str = ROOM, **more: Any) -> str:
        """Press a button of the latest message that has it."""
        room = self._room(who, channel)
        before = self._screen(who)
        seen = self.person(who).press(room, self.with_button(who, label, room), label, **more)
        if seen is not None:
            self._accepted(seen)
        return self._new(who, before)

    def press_home(self, who: str, label: str, **more: Any) -> str:
        """Press a button on the Home tab."""
        before = self._screen(who)
        seen = self.person(who).press_home(label, **more)
        if seen is not None:
            self._accepted(seen)
        return self._new(who, before)

    def press_form(self, who: str, label: str, **more: Any) -> str:
        """Press a button inside the form that is open."""
        before = self._screen(who)
        seen = self.person(who).press_modal(label, **more)
        if seen is not None:
            self._accepted(seen)
        return self._new(who, before)

    def with_button(self, who: str, label: str, room: Channel) -> str:
        """The time stamp of the latest message with such a button."""
        found: list[str] = []
        for message in reversed(self.team.seen_by(self.user(who), room)):
            for _, element in elements(message.get("blocks", [])):
                shown = element.get("text", {}).get("text") or element.get("action_id", "")
                options = [o["text"]["text"] for o in element.get("options", ())]
                found += [shown, *options]
                if label in (shown, *options):
                    return str(message["ts"])
        raise AssertionError(f"nobody offers {label!r}: {found}")

    def submit(self, who: str, **values: Any) -> str:
        """Fill in the open form by names of fields, and submit it."""
        before = self._screen(who)
        seen = self.person(who).submit({f"{FIELD}{k}": v for k, v in values.items()})
        self._accepted(seen)
        errors: Mapping[str, str] = (seen.body or {}).get("errors", {})
        return "\n".join([*errors.values(), self._new(who, before)])

    def react(self, who: str, emoji: str, message: Message, *, channel: str = ROOM) -> str:
        """Put an emoji on a message."""
        return self._reacted(who, emoji, message, channel, added=True)

    def unreact(self, who: str, emoji: str, message: Message, *, channel: str = ROOM) -> str:
        """Take it off."""
        return self._reacted(who, emoji, message, channel, added=False)

    def _reacted(self, who: str, emoji: str, message: Message, channel: str, *, added: bool) -> str:
        before = self._screen(who)
        room = self._room(who, channel)
        self.person(who).react(room, message["ts"], EMOJI.get(emoji, emoji), added=added)
        return self._new(who, before)

    def edit(self, who: str, message: Message, text: str, *, channel: str = ROOM) -> str:
        """Edit what they said; the answer is without the message itself."""
        room = self._room(who, channel)
        self.person(who).edit(room, message["ts"], text)
        before = self._screen(who)
        return self._new(who, before)

    def delete(self, who: str, message: Message, *, channel: str = ROOM) -> str:
        """Delete what they said."""
        before = self._screen(who)
        self.person(who).delete(self._room(who, channel), message["ts"])
        return self._new(who, before)

    def shortcut(
        self, who: str, callback_id: str, message: Message | None = None, *, channel: str = ROOM
    ) -> str:
        """Choose a shortcut: of a message, or a global one while looking at a channel."""
        before = self._screen(who)
        person, room = self.person(who), self._room(who, channel)
        person.look_at(room)
        if message is None:
            seen = person.shortcut(callback_id)
        else:
            seen = person.message_shortcut(room, message["ts"], callback_id)
        self._accepted(seen)
        return self._new(who, before)

    def home(self, who: str) -> str:
        """Look at the Home tab."""
        self.person(who).open_home()
        self.settle()
        return self.slack.screen(who, self.team).view(self.team.homes[self.user(who)])

    def form(self, who: str) -> str:
        """The form that is open."""
        return self.slack.screen(who, self.team).view(self.person(who).modal)

    def screen(self, who: str, channel: str = ROOM) -> str:
        """All that somebody sees in a conversation, the latest last."""
        room = self._room(who, channel)
        screen = self.slack.screen(who, self.team)
        return "\n\n".join(screen.message(m) for m in self.team.seen_by(self.user(who), room))

    def thread_of(self, words: str, channel: str = ROOM) -> str:
        """The time stamp of the latest message outside of threads with these words."""
        screen = self.slack.screen("po", self.team)
        for message in reversed(self.team.channel(channel).top()):
            if words in screen.message(message):
                return str(message["ts"])
        raise AssertionError(f"no message says {words!r}")

    def settle(self) -> None:
        """Wait until Duban has done everything that follows from what people did."""
        for _ in range(50):
            self.slack.settle()
            until(lambda: not self.program.busy, "Duban is still at it")
            if not self.sent_something() and not self.program.busy and not self.slack.outbound.busy:
                return
        raise AssertionError("it does not come to rest")

    def sent_something(self) -> bool:
        """Send what is due in this workspace; whether there was anything."""
        with self.read() as uow:
            lanes = dict.fromkeys(i.lane for i in uow.outbox.pending(self.clock.now(), 10_000))
        for lane in lanes:
            self.program.duban.delivery.run_lane({"workspace": self.workspace.id, "lane": lane})
        return bool(lanes)

    def _room(self, who: str, channel: str) -> Channel:
        return self.person(who).room(channel)

    def _accepted(self, seen: Seen) -> None:
        assert seen.ok, seen
        assert not seen.error, seen

    def _screen(self, who: str) -> dict[str, str]:
        """Everything on somebody's screen, by place."""
        user, team, screen = self.user(who), self.team, self.slack.screen(who, self.team)
        found: dict[str, str] = {}
        for room in team.channels.values():
            if user in room.members:
                for message in team.seen_by(user, room):
                    found[f"{room.id}:{message['ts']}"] = screen.message(message)
        for view in team.modals(user):
            found[view.id] = screen.view(view)
        return found

    def _new(self, who: str, before: Mapping[str, str]) -> str:
        self.settle()
        now = self._screen(who)
        return "\n\n".join(text for key, text in now.items() if before.get(key) != text)
