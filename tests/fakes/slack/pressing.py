"""Buttons, menus and shortcuts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fakes.slack.desk import Desk
from tests.fakes.slack.filling import state_of
from tests.fakes.slack.methods.views import as_json
from tests.fakes.slack.refusal import CannotDo
from tests.fakes.slack.rooms import Channel, Message
from tests.fakes.slack.signing import Signature
from tests.fakes.slack.team import View
from tests.fakes.slack.world import Seen

Found = tuple[dict[str, Any], dict[str, Any], dict[str, Any] | None]
"""Block, element, and the option of an overflow menu."""


class Pressing(Desk):
    """What a person does with buttons."""

    def press(
        self, channel: str | Channel, ts: str, label: str, *, sure: bool = True, **more: Any
    ) -> Seen | None:
        """Press a button of a message by its label or action id.

        :param sure: how the question before it is answered; no: nothing is sent.
        """
        return self.run(self.pressing(channel, ts, label, sure=sure, **more))

    async def pressing(
        self,
        channel: str | Channel,
        ts: str,
        label: str,
        *,
        sure: bool = True,
        value: Any = None,
        how: Signature = Signature.GOOD,
    ) -> Seen | None:
        """The same, on the platform's loop.

        :param value: what is chosen in a menu.
        """
        with self.world.lock:
            room = self.room(channel)
            message = self.visible(room, ts)
            block, element, option = _find(message.get("blocks", []), label)
            if element.get("confirm") and not sure:
                return None
            payload = self._in_message(room, message)
            payload["actions"] = [self._action(block, element, option, value)]
        return await self.outbound.interaction(payload, label, how)

    def visible(self, room: Channel, ts: str) -> Message:
        """A message that this person sees."""
        for message in self.team.seen_by(self.user.id, room):
            if message["ts"] == ts:
                return message
        raise CannotDo("they do not see this message")

    def _in_message(self, room: Channel, message: Message) -> dict[str, Any]:
        hidden = bool(message.get("is_ephemeral"))
        thread = message.get("thread_ts")
        container: dict[str, Any] = {
            "type": "message", "message_ts": message["ts"], "channel_id": room.id,
            "is_ephemeral": hidden,
        }  # fmt: skip
        if thread:
            container["thread_ts"] = thread
        payload = {
            "type": "block_actions",
            **self.frame,
            "container": container,
            "channel": {"id": room.id, "name": room.command_name},
            "state": {"values": {}},
            "response_url": self.world.hook("actions", room, self.user.id, message["ts"], thread),
        }
        if not hidden:
            payload["message"] = {k: v for k, v in message.items() if k != "metadata"}
        return payload

    def _action(
        self, block: dict[str, Any], element: dict[str, Any], option: Any, value: Any
    ) -> dict[str, Any]:
        action = {
            "type": element["type"],
            "action_id": element.get("action_id", ""),
            "block_id": block["block_id"],
            "action_ts": self.world.marks.ts(),
        }
        if element["type"] == "button":
            action["text"] = {**element["text"]}
            action |= {"value": element["value"]} if "value" in element else {}
        elif option is not None:
            action["selected_option"] = option
        else:
            action |= state_of(self.team, self.world, self.user, element, value)
        return action

    def press_home(self, label: str, *, sure: bool = True, value: Any = None) -> Seen | None:
        """Press a button on the Home tab."""
        view = self.team.homes.get(self.user.id)
        if view is None:
            raise CannotDo("there is nothing on the Home tab")
        return self.run(self._pressing_in_view(view, label, sure, value))

    def press_modal(self, label: str, *, sure: bool = True, value: Any = None) -> Seen | None:
        """Press a button in the uppermost modal."""
        stack = self.team.modals(self.user.id)
        if not stack:
            raise CannotDo("no modal is open")
        return self.run(self._pressing_in_view(stack[-1], label, sure, value))

    async def _pressing_in_view(
        self, view: View, label: str, sure: bool, value: Any
    ) -> Seen | None:
        with self.world.lock:
            block, element, option = _find(view.body["blocks"], label)
            if element.get("confirm") and not sure:
                return None
            payload = {
                "type": "block_actions",
                **self.frame,
                "container": {"type": "view", "view_id": view.id},
                "view": as_json(self.world, self.team, view),
                "actions": [self._action(block, element, option, value)],
            }
        return await self.outbound.interaction(payload, label)

    def message_shortcut(self, channel: str | Channel, ts: str, callback_id: str) -> Seen:
        """Choose a shortcut from a message's menu."""
        self.world.app.has_shortcut(callback_id, "message")
        with self.world.lock:
            room = self.room(channel)
            message = self.visible(room, ts)
            payload = {
                "type": "message_action",
                **self.frame,
                "callback_id": callback_id,
                "action_ts": self.world.marks.ts(),
                "channel": {"id": room.id, "name": room.command_name},
                "message_ts": ts,
                "message": {k: v for k, v in message.items() if k != "metadata"},
                "response_url": self.world.hook(
                    "app", room, self.user.id, None, message.get("thread_ts")
                ),
            }
        return self.run(self.outbound.interaction(payload, callback_id))

    def shortcut(self, callback_id: str) -> Seen:
        """Choose a global shortcut."""
        self.world.app.has_shortcut(callback_id, "global")
        with self.world.lock:
            payload = {
                "type": "shortcut",
                **self.frame,
                "callback_id": callback_id,
                "action_ts": self.world.marks.ts(),
            }
        return self.run(self.outbound.interaction(payload, callback_id))

    def open_home(self, tab: str = "home") -> None:
        """Look at the app's Home tab (or its ``messages`` tab)."""
        with self.world.lock:
            bot = self.world.bot(self.team.id)
            told: dict[str, Any] = {
                "type": "app_home_opened", "user": self.user.id, "tab": tab,
                "channel": self.team.direct(bot.bot_user, self.user.id).id,
                "event_ts": self.world.marks.ts(),
            }  # fmt: skip
            view = self.team.homes.get(self.user.id)
            if tab == "home" and view is not None:
                told["view"] = as_json(self.world, self.team, view)
            self.world.emit(self.team.id, told)


def elements(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every element that can be used, with its block."""
    for block in blocks:
        if block["type"] == "actions":
            yield from ((block, element) for element in block["elements"])
        elif block["type"] == "section" and "accessory" in block:
            yield block, block["accessory"]
        elif block["type"] == "input":
            yield block, block["element"]


def _find(blocks: list[dict[str, Any]], label: str) -> Found:
    seen: list[str] = []
    for block, element in elements(blocks):
        shown = element.get("text", {}).get("text") or element.get("action_id", "")
        seen.append(shown)
        if label in {shown, element.get("action_id")}:
            return block, element, None
        if element["type"] == "overflow":
            for option in element["options"]:
                seen.append(option["text"]["text"])
                if option["text"]["text"] == label:
                    return block, element, option
    raise CannotDo(f"there is no {label!r} among {seen}")
