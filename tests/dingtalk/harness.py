"""A company on DingTalk: people write, answer and press, and the test reads what they see."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from domain.messages import FieldKind, FormField
from storage.dingtalk import Dialog
from tests.dingtalk.world import ROOM, Company
from tests.fakes.dingtalk import Message, Room
from tests.fakes.dingtalk.person import Person
from tests.fakes.dingtalk.reading import Screen, blemishes
from tests.fakes.dingtalk.saying import ALONE
from tests.waiting import until

_OFFER = re.compile(r"› (?P<label>[^：:]+)(?:：|: )(?P<line>.+)")
_CHOICES = re.compile(r"› [^：:]+(?:：|: )(?P<head>.+?) (?P<last>\S+(?: / \S+)+)")
"""One line for several buttons, whose last words are to be chosen from."""
SKIP = {"zh": "跳过", "en": "skip"}
MOST_QUESTIONS = 40

__all__ = ["ALONE", "ROOM", "DingtalkTeam"]


class DingtalkTeam(Company):
    """What people do in DingTalk, and what appears on their screens because of it.

    Everything that somebody does answers with what is new or different on their screen, in the
    group and alone with Duban, after Duban has done all that follows from it.
    """

    def person(self, who: str) -> Person:
        """Somebody with their client."""
        return self.dingtalk.person(who)

    def _where(self, channel: str | Room) -> str | Room:
        """The group of the product for ``ROOM``, which has another title in English."""
        return self.room if channel == ROOM else channel

    def say(
        self, who: str, line: str, *, channel: str | Room = ROOM, at: Sequence[str] = ()
    ) -> str:
        """Write a command: with ``@督办`` in front of it in a group, plainly alone with Duban.

        :param at: handles of those mentioned, where the names in the line do not tell.
        """
        before = self._screen(who)
        robot = f"@{self.dingtalk.app.robot_name}"
        text = line if channel == ALONE else f"{robot} {line}".rstrip()
        self._heard(who, channel, text, at)
        return self._new(who, before)

    def alone(self, who: str, line: str) -> str:
        """The same, alone with Duban."""
        return self.say(who, line, channel=ALONE)

    def remark(self, who: str, text: str, *, channel: str | Room = ROOM) -> Message:
        """Say something to people only; the answer is the message."""
        said = self.person(who).say(self._where(channel), text)
        assert said.seen is None, "Duban heard it"
        return said.message

    def reply(self, who: str, message: Message, text: str, *, channel: str | Room = ROOM) -> str:
        """Answer somebody's message, so that Duban hears it."""
        before = self._screen(who)
        robot = f"@{self.dingtalk.app.robot_name}"
        said = self.person(who).say(self._where(channel), f"{robot} {text}", reply_to=message)
        assert said.seen is not None
        assert said.seen.ok, said.seen
        return self._new(who, before)

    def send_file(self, who: str, name: str, data: bytes) -> str:
        """Send a file to Duban."""
        before = self._screen(who)
        seen = self.person(who).send_file(name, data).seen
        assert seen is not None
        assert seen.ok, seen
        return self._new(who, before)

    def press(self, who: str, label: str, *, channel: str | Room = ROOM, **inputs: str) -> str:
        """Press a button of an interactive card."""
        before = self._screen(who)
        seen = self.person(who).press(self._where(channel), label, **inputs)
        assert seen.ok, seen
        return self._new(who, before)

    def follow(self, who: str, label: str, *, of: str = "", channel: str | Room = ROOM) -> str:
        """Type what stands behind an action of the latest message that offers it.

        :param of: a word of what is to be typed, where several are called the same.
        """
        robot = f"@{self.dingtalk.app.robot_name}"
        lines = self.screen(who, channel).splitlines()
        for line in reversed(lines):
            typed = _offered(line.strip(), label)
            if typed and of in typed:
                return self.say(who, typed.removeprefix(robot).strip(), channel=channel)
        raise AssertionError(f"nobody offers {label!r}: {[x for x in lines if '›' in x]}")

    def submit(self, who: str, *, channel: str | Room = ALONE, **values: str) -> str:
        """Answer the questions of the open form by names of fields; others are passed over."""
        before = self._screen(who)
        unasked = set(values)
        for _ in range(MOST_QUESTIONS):
            dialog = self.asked(who, channel)
            if dialog is None:
                break
            field = dialog.form.fields[dialog.at]
            answer = values.get(field.name)
            unasked.discard(field.name)
            assert answer is not None or not field.required or dialog.answers.get(field.name), (
                f"{field.name} has to be answered"
            )
            text = SKIP[self.locale] if answer is None else self._typed(field, answer)
            robot = f"@{self.dingtalk.app.robot_name} "
            self._heard(who, channel, text if channel == ALONE else robot + text, ())
            self.settle()
            assert self.asked(who, channel) != dialog, self._new(who, before)
        assert not unasked, f"it did not ask for {sorted(unasked)}"
        return self._new(who, before)

    def asked(self, who: str, channel: str | Room = ALONE) -> Dialog | None:
        """What somebody is asked there now."""
        room = self.person(who).room(self._where(channel))
        external = room.id if room.group else self.staff(who)
        with self.read() as uow:
            known = uow.channels.by_external("dingtalk", external)
            return uow.dingtalk.dialog(known.id, self._id(who)) if known else None

    def _id(self, who: str) -> str:
        found = self.directory.known(self.workspace.id, self.dingtalk.world.corp, self.staff(who))
        assert found is not None, f"Duban does not know {who}"
        return found.id

    def _typed(self, field: FormField, value: str) -> str:
        if field.kind in (FieldKind.PERSON, FieldKind.PEOPLE):
            return " ".join(self._name(each) for each in value.split(","))
        return value

    def _name(self, value: str) -> str:
        names = {self.people[h].id: u.name for h, u in self.dingtalk.world.users.items()
                 if h in self.people}  # fmt: skip
        return names.get(value, value)

    def screen(self, who: str, channel: str | Room = ROOM) -> str:
        """All that somebody sees in a conversation, the latest last."""
        return self.person(who).screen(self._where(channel))

    def transcript(self, who: str = "po") -> str:
        """The group as a reader of it sees it."""
        return self.screen(who)

    def untidy(self) -> dict[str, list[str]]:
        """What Duban wrote that would look bad on a phone, with what is wrong."""
        found: dict[str, list[str]] = {}
        for room in self.dingtalk.world.rooms.values():
            for message in room.said_by_robot():
                wrong = blemishes(message.text) if message.kind == "markdown" else []
                if wrong:
                    found[message.text] = wrong
        return found

    def later(self, **time: float) -> None:
        """So much time passes (as for ``timedelta``); then Duban does what is due."""
        self.clock.advance(timedelta(**time))
        self.program.duban.tick(self.clock.now())
        self.settle()

    def settle(self) -> None:
        """Wait until Duban has done everything that follows from what people did."""
        for _ in range(50):
            self.dingtalk.settle()
            until(lambda: not self.program.busy, "Duban is still at it")
            if not (self.sent_something() or self.program.busy or self.dingtalk.outbound.busy):
                return
        raise AssertionError("it does not come to rest")

    def sent_something(self) -> bool:
        """Send what is due; whether that changed anything (what waits blocks what is behind it)."""
        before = self._waiting()
        for lane in dict.fromkeys(lane for lane, _, _ in before):
            self.program.duban.delivery.run_lane({"workspace": self.workspace.id, "lane": lane})
        return bool(before) and self._waiting() != before

    def _waiting(self) -> list[tuple[str, str, datetime]]:
        with self.read() as uow:
            due = uow.outbox.pending(self.clock.now(), 10_000)
            return [(i.lane, i.id, i.due_at) for i in due]

    def _heard(self, who: str, channel: str | Room, text: str, at: Sequence[str]) -> None:
        seen = self.person(who).say(self._where(channel), text, at=at).seen
        assert seen is not None, "Duban did not hear it"
        assert seen.ok, seen

    def _screen(self, who: str) -> dict[str, str]:
        """Everything of Duban's on somebody's screen, by message."""
        screen = Screen(self.dingtalk.world, who)
        rooms = [r for r in self.dingtalk.world.rooms.values() if who in r.members]
        return {
            m.id: screen.message(m) for r in rooms for m in r.seen_by(who) if not m.author
        }  # fmt: skip

    def _new(self, who: str, before: Mapping[str, str]) -> str:
        self.settle()
        now = self._screen(who)
        return "\n\n".join(text for key, text in now.items() if before.get(key) != text)


def _offered(line: str, label: str) -> str | None:
    """What a person types who reads this line and wants what is called so."""
    found = _OFFER.fullmatch(line)
    if found and found["label"] == label:
        return found["line"]
    choices = _CHOICES.fullmatch(line)
    words = choices["last"].split(" / ") if choices else []
    word = next((w for w in words if w.casefold() in label.casefold()), None)
    return f"{choices['head']} {word}" if choices and word else None
