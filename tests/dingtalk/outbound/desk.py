"""Presses on the cards of a mail room, and the requests that they become."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from bot.dingtalk.inbound.presses import Presses
from domain.requests import Request
from tests.dingtalk.outbound.mailroom import MailRoom
from tests.fakes.dingtalk import Offer


class Desk:
    """Takes presses; what is to be done is only noted, as done."""

    def __init__(self, mail: MailRoom) -> None:
        self.mail = mail
        self.requests: list[Request] = []
        team = mail.team
        self.presses = Presses(team.store, team.clock, mail.homes, mail.directory, self._act)

    async def _act(self, request: Request) -> None:
        with self.mail.team.write() as uow:
            if uow.inbox.answer(request.event_id) is None:
                uow.inbox.add(request.event_id, request.received_at, {})
                self.requests.append(request)

    @property
    def track(self) -> str:
        """The latest card's own id."""
        return [m.card for m in self.mail.said if m.card][-1]

    def offer(self, label: str, handle: str = "po") -> Offer:
        """A button that somebody sees on the latest card."""
        shown = self.mail.dingtalk.card(self.track).seen_by(handle)
        return next(o for o in shown.offers if o.label == label)

    def press(self, label: str, handle: str = "po", **inputs: str) -> dict[str, Any]:
        """Press what the person sees, and show them the answer."""
        return self.send(self.offer(label, handle), handle, **inputs)

    def send(self, offer: Offer, handle: str = "po", **inputs: str) -> dict[str, Any]:
        """Press a button that somebody saw, even if it has gone since."""
        card = self.mail.dingtalk.card(self.track)
        answer = self.raw(card.track, handle, offer.action, offer.pressed(inputs))
        own = answer.get("userPrivateData", {}).get("cardParamMap")
        all_ = answer.get("cardData", {}).get("cardParamMap")
        private = {handle: own} if own is not None else {}
        card.update(all_, private, answer.get("cardUpdateOptions", {}))
        return answer

    def raw(self, track: str, handle: str, action: str, params: dict[str, Any]) -> dict[str, Any]:
        """A callback as DingTalk makes it; the answer."""
        content = {"cardPrivateData": {"actionIds": [action], "params": params}}
        data = {
            "type": "actionCallback",
            "outTrackId": track,
            "corpId": self.mail.dingtalk.world.corp,
            "userId": self.mail.dingtalk.world.users[handle].staff,
            "userIdType": 1,
            "content": json.dumps(content),
        }
        return dict(asyncio.run(self.presses.pressed(data)))

    def screen(self, handle: str = "po") -> str:
        """The group as somebody sees it."""
        return self.mail.dingtalk.person(handle).screen("物流")

    def offers(self, handle: str = "po") -> list[str]:
        """The buttons that somebody sees in the group."""
        return self.mail.dingtalk.person(handle).offers("物流")
