"""Modals: filling in, submitting, closing, searching."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.desk import Desk
from tests.fakes.slack.filling import is_empty, state_of, untouched
from tests.fakes.slack.methods.views import as_json, change, put
from tests.fakes.slack.refusal import CannotDo, Refusal
from tests.fakes.slack.signing import Signature
from tests.fakes.slack.team import View
from tests.fakes.slack.world import Seen


class Submitting(Desk):
    """What a person does with forms."""

    @property
    def modal(self) -> View:
        """The uppermost open modal."""
        stack = self.team.modals(self.user.id)
        if not stack:
            raise CannotDo("no modal is open")
        return stack[-1]

    def submit(self, values: dict[str, Any] | None = None, **more: Any) -> Seen:
        """Fill in the uppermost modal by labels or block ids, and submit it.

        Fields that are not named keep what stands in them. ``seen.body`` has the app's answer;
        field errors are in ``seen.body["errors"]``.
        """
        return self.run(self.submitting(values or {}, **more))

    async def submitting(self, values: dict[str, Any], how: Signature = Signature.GOOD) -> Seen:
        """The same, on the platform's loop."""
        values = await self._looked_up(self.modal, values)
        with self.world.lock:
            view = self.modal
            if view.body.get("submit") is None:
                raise CannotDo("the modal has no button to submit it")
            state = self._filled(view, dict(values))
            payload = {
                "type": "view_submission",
                **self.frame,
                "view": as_json(self.world, self.team, view) | {"state": {"values": state}},
                "response_urls": self._addresses(view, state),
            }
        seen = await self.outbound.interaction(payload, view.body.get("callback_id", ""), how)
        with self.world.lock:
            self._answered(view, seen)
        return seen

    async def _looked_up(self, view: View, values: dict[str, Any]) -> dict[str, Any]:
        """What is typed into menus with external options is one of the lines that they offer."""
        found = dict(values)
        for block in view.body["blocks"]:
            if not str(block.get("element", {}).get("type", "")).endswith("external_select"):
                continue
            for key in {block["label"]["text"], block["block_id"]} & found.keys():
                given = found[key]
                if isinstance(given, str) and given:
                    found[key] = await self._line(view, block, given)
                elif isinstance(given, list):
                    found[key] = [await self._line(view, block, each) for each in given]
        return found

    async def _line(self, view: View, block: dict[str, Any], wanted: str) -> dict[str, Any]:
        """Type something, then choose the line of that value or label."""
        offered = await self._suggested(view, block, wanted.partition(" ")[0])
        for option in offered:
            if wanted in {option["value"], option["text"]["text"]}:
                return option
        raise CannotDo(f"the menu offers no {wanted!r} among {offered}")

    def _filled(self, view: View, values: dict[str, Any]) -> dict[str, Any]:
        state: dict[str, Any] = {}
        for block in view.body["blocks"]:
            if block["type"] != "input":
                continue
            element, label = block["element"], block["label"]["text"]
            key = next((k for k in (label, block["block_id"]) if k in values), None)
            if key is None and element.get("default_to_current_conversation"):
                held = {"type": element["type"], "selected_conversation": self.looking_at}
            elif key is None:
                held = untouched(element)
            else:
                held = state_of(self.team, self.world, self.user, element, values.pop(key))
            if is_empty(held) and not block.get("optional"):
                raise CannotDo(f"please complete the required field {label!r}")
            state[block["block_id"]] = {element["action_id"]: held}
        if values:
            labels = [b["label"]["text"] for b in view.body["blocks"] if b["type"] == "input"]
            raise CannotDo(f"no such fields: {list(values)} among {labels}")
        return state

    def _addresses(self, view: View, state: dict[str, Any]) -> list[dict[str, Any]]:
        """Reply addresses for the conversations that were chosen, where the form asks for them."""
        found: list[dict[str, Any]] = []
        for block in view.body["blocks"]:
            element = block.get("element", {})
            if not element.get("response_url_enabled"):
                continue
            held = state[block["block_id"]][element["action_id"]]
            chosen = held.get("selected_conversation") or held.get("selected_channel")
            if chosen:
                room = self.team.channels[chosen]
                address = self.world.hook("app", room, self.user.id, None, None)
                found.append(
                    {
                        "block_id": block["block_id"],
                        "action_id": element["action_id"],
                        "channel_id": chosen,
                        "response_url": address,
                    }
                )
        return found

    def _answered(self, view: View, seen: Seen) -> None:
        """Follow what the app said should happen with the modal."""
        if not seen.ok:
            return
        body: dict[str, Any] = seen.body or {}
        action = body.get("response_action")
        try:
            self._act(view, action, body)
        except Refusal as refusal:
            seen.error = f"{refusal.code} {refusal.body.get('response_metadata', '')}"

    def _act(self, view: View, action: Any, body: dict[str, Any]) -> None:
        if action is None:
            view.is_open = False
        elif action == "clear":
            for each in self.team.modals(self.user.id):
                each.is_open = False
        elif action == "update":
            change(self.world, view, body["view"])
        elif action == "push":
            put(self.world, self.team, self.user.id, body["view"], view)
        elif action == "errors":
            inputs = {b["block_id"] for b in view.body["blocks"] if b["type"] == "input"}
            errors = body.get("errors") or {}
            if not errors or not set(errors) <= inputs:
                raise Refusal("invalid_errors", messages=[f"{errors} for {sorted(inputs)}"])
        else:
            raise Refusal("invalid_response_action")

    def close(self) -> Seen | None:
        """Close the uppermost modal; the app is told if it asked to be."""
        view = self.modal
        view.is_open = False
        if not view.body.get("notify_on_close"):
            return None
        payload = {
            "type": "view_closed",
            **{k: v for k, v in self.frame.items() if k != "trigger_id"},
            "view": as_json(self.world, self.team, view),
            "is_cleared": False,
        }
        return self.run(self.outbound.interaction(payload, "closed"))

    def search(self, label: str, query: str) -> list[dict[str, Any]]:
        """What a menu with external options offers for a query."""
        view = self.modal
        block = next(
            (
                b
                for b in view.body["blocks"]
                if b["type"] == "input" and label in {b["label"]["text"], b["block_id"]}
            ),
            None,
        )
        if block is None:
            raise CannotDo(f"there is no field {label!r}")
        return self.run(self._suggested(view, block, query))

    async def _suggested(
        self, view: View, block: dict[str, Any], query: str
    ) -> list[dict[str, Any]]:
        payload = {
            "type": "block_suggestion",
            **{k: v for k, v in self.frame.items() if k != "trigger_id"},
            "container": {"type": "view", "view_id": view.id},
            "action_id": block["element"]["action_id"],
            "block_id": block["block_id"],
            "value": query,
            "view": as_json(self.world, self.team, view),
        }
        label = block["label"]["text"]
        seen = await self.outbound.interaction(payload, label)
        if not seen.ok:
            raise CannotDo(f"the menu could not be loaded: {seen}")
        body: dict[str, Any] = seen.body or {}
        groups = body.get("option_groups")
        return [o for g in groups for o in g["options"]] if groups else body.get("options", [])
