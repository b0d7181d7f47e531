"""Presses on interactive cards: each is the typed command that its button stands for."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from bot.dingtalk.card_posting import BY_KEY
from bot.dingtalk.cards import ASK, ASK_OF, CANCEL, CONFIRM, button_of
from bot.dingtalk.directory import Directory
from bot.dingtalk.homes import Homes
from domain.clock import Clock
from domain.people import Channel
from domain.requests import Request
from locales import template
from storage.dingtalk import PLATFORM
from storage.dingtalk_sent import SentCard
from storage.uow import Store

log = logging.getLogger("duban.dingtalk")

Json = Mapping[str, Any]
Act = Callable[[Request], Awaitable[None]]
DOUBLE = 10
"""Seconds in which the same press on the same card is a double one, or is delivered again: DingTalk
gives presses no id of their own."""


@dataclass(frozen=True, slots=True)
class Press:
    """What the callback says (facts, section 4).

    :param track: the card's own id; :param user: userId of the presser.
    :param name: of the button; :param of: the button that a question was about.
    """

    track: str
    corp: str
    user: str
    name: str
    of: str


def press_of(data: Json) -> Press | None:
    """The press, or None when the callback is none that a card of ours makes."""
    try:
        content = json.loads(str(data.get("content") or data.get("value") or ""))
    except ValueError:
        return None
    private = _object(_object(content).get("cardPrivateData"))
    params = _object(private.get("params"))
    ids = private.get("actionIds")
    first = str(cast("list[Any]", ids)[0]) if isinstance(ids, list) and ids else ""
    name = str(params.get("action") or first)
    found = [str(data.get(key) or "") for key in ("outTrackId", "corpId", "userId")]
    if not all(found) or not name or data.get("userIdType") not in (1, "1", None):
        return None
    return Press(found[0], found[1], found[2], name, str(params.get(ASK_OF) or ""))


class Presses:
    """Does what buttons say; the card is drawn anew by the delivery of what became of it.

    :param act: does a request and shows its answer, or keeps it durably.
    """

    def __init__(
        self, store: Store, clock: Clock, homes: Homes, directory: Directory, act: Act
    ) -> None:
        self._store = store
        self._clock = clock
        self._homes = homes
        self._directory = directory
        self._act = act

    async def pressed(self, data: Json) -> Json:
        """The content of the answer: what the card shows the presser now; empty: as it was."""
        press = press_of(data)
        if press is None:
            log.warning("dingtalk.unreadable_press")
            return {}
        return await self._known(press)

    async def _known(self, press: Press) -> Json:
        workspace = await asyncio.to_thread(self._homes.workspace, press.corp)
        if workspace is None:
            return {}
        found = await asyncio.to_thread(self._card, workspace, press.track)
        if found is None:
            log.warning("dingtalk.unknown_card", extra={"track": press.track[:80]})
            return {}
        card, channel = found
        if press.name == CANCEL:
            return _ask("", "")
        asked = press.name == CONFIRM
        name = press.of if asked else press.name
        button = button_of(card.content, name)
        if button is None:
            return _ask(template(channel.locale, "dingtalk.card_over"), "")
        if button.confirm and not asked:
            return _ask(button.confirm, name)
        request = await asyncio.to_thread(
            self._request, workspace, press, card, channel, button.command
        )
        await self._act(request)
        return _ask("", "") if asked else {}

    def _card(self, workspace: str, track: str) -> tuple[SentCard, Channel] | None:
        with self._store.read(workspace) as uow:
            card = uow.dingtalk_sent.card(track)
            return (card, uow.channels.get(card.channel_id)) if card else None

    def _request(
        self, workspace: str, press: Press, card: SentCard, channel: Channel, command: str
    ) -> Request:
        person = self._directory.person(workspace, press.corp, press.user)
        now = self._clock.now()
        serial, slot = card.content.get("serial"), int(now.timestamp()) // DOUBLE
        what = json.dumps([press.track, serial, press.user, press.name, press.of, slot])
        event = "press:" + hashlib.sha256(what.encode()).hexdigest()[:32]
        return Request(
            event_id=event,
            platform=PLATFORM,
            workspace=workspace,
            channel=channel.id,
            person=person.id,
            received_at=now,
            text=command,
            message_id=press.track,
        )


def _ask(question: str, of: str) -> Json:
    """Show the presser alone a question, or take it away."""
    private = {"cardParamMap": {ASK: question, ASK_OF: of}}
    return {"cardUpdateOptions": BY_KEY, "userPrivateData": private}


def _object(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
