"""A person with their client: writing, pressing on cards, ticking off."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.fakes.dingtalk.cards import Card, Offer
from tests.fakes.dingtalk.outbound import Seen
from tests.fakes.dingtalk.reading import Screen
from tests.fakes.dingtalk.refusal import CannotDo, Refusal
from tests.fakes.dingtalk.rooms import Message, Room
from tests.fakes.dingtalk.saying import Saying
from tests.fakes.dingtalk.shapes import Kind, check, shape
from tests.fakes.dingtalk.todos import Todo

_VALUES = shape("cardParamMap", cardParamMap=Kind.WORDS)
_ANSWER = shape(
    cardUpdateOptions=shape(updateCardDataByKey=Kind.FLAG, updatePrivateDataByKey=Kind.FLAG),
    cardData=_VALUES,
    userPrivateData=_VALUES,
)


class Person(Saying):
    """Everything that one person does. Calls wait for the app's acknowledgement.

    What their client would not let them do raises ``CannotDo``.
    """

    def screen(self, room: str | Room) -> str:
        """A conversation as they see it, the latest last."""
        return Screen(self.world, self.user.handle).room(self.room(room))

    def sees(self, message: Message) -> str:
        """One message as they see it."""
        return Screen(self.world, self.user.handle).message(message)

    def offers(self, room: str | Room) -> list[str]:
        """The buttons of all cards that they see in a conversation."""
        return [o.label for _, o in self._offered(self.room(room))]

    def press(
        self, room: str | Room, label: str, *, card: str = "", **inputs: str
    ) -> Seen:  # fmt: skip
        """Press a button of the latest card that has it, with what is filled in on the card.

        :param card: its own id (``outTrackId``), if it must be this one.
        """
        found = [
            (c, o) for c, o in self._offered(self.room(room))
            if o.label == label and card in ("", c.track)
        ]  # fmt: skip
        if not found:
            raise CannotDo(f"nothing offers {label!r}: {self.offers(room)}")
        pressed, offer = found[-1]
        return self.act(pressed, offer, self.room(room), inputs)

    def act(self, card: Card, offer: Offer, room: Room, inputs: Mapping[str, str]) -> Seen:
        """Press this button of this card (even one that is not shown any more)."""
        fields = offer.form.names if offer.form else card.seen_by(self.user.handle).inputs
        unknown = set(inputs) - set(fields)
        if unknown:
            raise CannotDo(f"no such fields on the card: {sorted(unknown)}")
        if not card.callback:
            raise CannotDo("the card was made without callbackType")
        if card.route and card.route not in self.world.app.routes:
            raise CannotDo(f"nothing is registered under the route {card.route!r}")
        private = {"actionIds": [offer.action], "params": offer.pressed(inputs)}
        payload = {
            "type": "actionCallback", "outTrackId": card.track, "corpId": self.world.corp,
            "userId": self.user.union if card.by_union else self.user.staff,
            "userIdType": 2 if card.by_union else 1, "spaceType": "im",
            "spaceId": room.id, "extension": "{}",
            "content": json.dumps({"cardPrivateData": private}, ensure_ascii=False),
        }  # fmt: skip
        seen = self.run(self.outbound.card(payload, card.route))
        with self.world.lock:
            self._answered(card, seen)
        return seen

    def _answered(self, card: Card, seen: Seen) -> None:
        answer: Any = seen.body if isinstance(seen.body, dict) else {}
        answer = answer.get("response", answer) or {}
        if not seen.ok or not answer:
            return
        try:
            check(answer, _ANSWER)
        except Refusal:
            seen.code = 400  # the client says that it did not work
            return
        own = answer.get("userPrivateData", {}).get("cardParamMap")
        private = {self.user.handle: own} if own is not None else {}
        values = answer.get("cardData", {}).get("cardParamMap")
        card.update(values, private, answer.get("cardUpdateOptions", {}))

    def _offered(self, room: Room) -> list[tuple[Card, Offer]]:
        shown = [m.card for m in room.seen_by(self.user.handle) if m.card]
        cards = [self.world.cards[c] for c in shown]
        return [(c, o) for c in cards for o in c.seen_by(self.user.handle).offers]

    def link(self, message: Message, label: str) -> str:
        """The address behind a button of a plain card."""
        found = {b["title"]: b["actionURL"] for b in message.content.get("btns", ())}
        for title, url in (("singleTitle", "singleURL"), ("buttonTitle1", "buttonUrl1")):
            found[message.content.get(title)] = message.content.get(url, "")
        for i in range(1, 6):
            found[message.content.get(f"actionTitle{i}")] = message.content.get(f"actionURL{i}")
        if label not in found:
            raise CannotDo(f"no button {label!r}")
        return str(found[label])

    @property
    def todos(self) -> list[Todo]:
        """What they have to do and did not yet."""
        mine = self.user.union
        return [t for t in self.world.todos.values() if t.executors.get(mine) is False]

    def tick(self, subject: str, *, done: bool = True) -> Todo:
        """Tick off a to-do by words of its subject (or take the tick away)."""
        for todo in self.world.todos.values():
            if subject in todo.subject and self.user.union in todo.executors:
                with self.world.lock:
                    todo.mark(self.user.union, done, self.world.millis)
                return todo
        raise CannotDo(f"no to-do {subject!r}")

    @property
    def notices(self) -> list[str]:
        """What the DINGs said that they got."""
        return self.user.dings
