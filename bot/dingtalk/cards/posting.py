"""Interactive cards: delivered once, then updated in place."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.dingtalk.again import write_again
from bot.dingtalk.api import answers
from bot.dingtalk.api.apis import CARD_SEND, CARD_UPDATE, Need
from bot.dingtalk.api.client import DingtalkClient
from bot.dingtalk.api.errors import Refused
from bot.dingtalk.cards import variables as v
from bot.dingtalk.cards.answering import Answering
from bot.dingtalk.cards.drawing import Filled, asked_of, ended, serial_of, to_content
from bot.dingtalk.cards.views import BY_KEY
from bot.dingtalk.place import Place
from domain.clock import Clock
from storage.dingtalk_sent import SentCard
from storage.uow import Store, UnitOfWork

log = logging.getLogger("duban.dingtalk")

UNDELIVERED = "card_undelivered"

MOST_ASKED = 50
"""People whose own view of a card is remembered; a newer question displaces the oldest."""

Handler = Callable[[str], Mapping[str, str]]
"""For a workspace, who hears of presses: the part of a card's body that says so; raises when they
could not be heard."""


def by_stream(workspace: str) -> Mapping[str, str]:
    """Presses come through the stream."""
    del workspace
    return {"callbackType": "STREAM"}


@dataclass(frozen=True, slots=True)
class Drawing:
    """One state of a card.

    :param values: its variables; :param asked: whose own values must give way to it (userIds).
    """

    values: Mapping[str, str]
    asked: tuple[str, ...]


class CardPosting:
    """Creates, delivers and updates cards of one template.

    :param template: its id in the company (``….schema``).
    :param heard: who hears of presses.
    :param answering: which cards are being answered: they are updated afterwards.
    """

    def __init__(
        self,
        client: DingtalkClient,
        store: Store,
        clock: Clock,
        template: str,
        heard: Handler = by_stream,
        answering: Answering | None = None,
    ) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._template = template
        self._heard = heard
        self._answering = answering or Answering()

    def post(
        self,
        place: Place,
        shown: Filled,
        track: str,
        at: Mapping[str, str],
        *,
        doubtful: bool,
        only: Sequence[str] = (),
    ) -> None:
        """Deliver a new card.

        :param track: its own id; the same on every try of a delivery.
        :param at: names by userId of the people whom it mentions in a group.
        :param doubtful: it may be there already: then only its variables are set.
        :param only: userIds of those who see it in a group; empty: everybody.

        Raises ``Refused`` also where an earlier try made the card and DingTalk could not show it.
        """
        if doubtful:
            self._must_be_shown(place, track)
        drawing = self._keep(place, track, shown)
        if doubtful and self._there(place, track, drawing):
            return
        body = self._body(place, track, drawing) | self._target(place, shown, at, only)
        said = self._client.call(place.workspace, CARD_SEND, body, need=Need.NICE)
        for result in answers.list_of(answers.mapping_of(said, "result"), "deliverResults"):
            told = answers.object_of(result)
            if not told.get("success"):
                self._save(place, track, {UNDELIVERED: True})
                raise Refused(UNDELIVERED, str(told.get("errorMsg"))[:200])

    def update(self, place: Place, shown: Filled, track: str) -> None:
        """Draw a delivered card anew; who presses it from now on presses the new buttons."""
        self._put(place, track, self._keep(place, track, shown))

    def retire(self, place: Place, track: str, title: str, text: str) -> None:
        """Take the buttons off a card that has been replaced by another one."""
        self.update(place, ended(title, text), track)

    def _must_be_shown(self, place: Place, track: str) -> None:
        """Such a card can be drawn like any other, but nobody sees it."""
        with self._store.read(place.workspace) as uow:
            known = uow.dingtalk_sent.card(track)
        if known is not None and known.content.get(UNDELIVERED):
            raise Refused(UNDELIVERED, "by an earlier try")

    def _save(self, place: Place, track: str, content: Mapping[str, Any]) -> None:
        card = SentCard(track, place.channel.id, track, content, self._clock.now())
        with self._store.write(place.workspace) as uow:
            uow.dingtalk_sent.save_card(card)

    def _there(self, place: Place, track: str, drawing: Drawing) -> bool:
        """Whether an earlier try brought the card: setting its variables says so."""
        try:
            self._put(place, track, drawing)
        except Refused as no:
            log.info("dingtalk.card_not_there", extra={"reason": no.code})
            return False
        return True

    def _put(self, place: Place, track: str, drawing: Drawing) -> None:
        own = {staff: {"cardParamMap": dict(v.NOTHING_OWN)} for staff in drawing.asked}
        body: dict[str, Any] = {
            "outTrackId": track,
            "cardData": {"cardParamMap": dict(drawing.values)},
            "cardUpdateOptions": BY_KEY,
        }
        if own:
            body |= {"privateData": own, "userIdType": 1}
        self._answering.wait(track)
        self._client.call(place.workspace, CARD_UPDATE, body, need=Need.SHOULD)

    def _body(self, place: Place, track: str, drawing: Drawing) -> dict[str, Any]:
        return {
            "cardTemplateId": self._template,
            "outTrackId": track,
            **self._heard(place.workspace),
            "userIdType": 1,
            "cardData": {"cardParamMap": dict(drawing.values)},
        }

    def _target(
        self, place: Place, shown: Filled, at: Mapping[str, str], only: Sequence[str]
    ) -> dict[str, Any]:
        space = {
            "supportForward": not only,
            "lastMessageI18n": {"ZH_CN": shown.title, "EN_US": shown.title},
            "notification": {"alertContent": shown.title, "notificationOff": False},
        }
        if place.direct:
            return {
                "openSpaceId": f"dtv1.card//IM_ROBOT.{place.staff}",
                "imRobotOpenSpaceModel": space,
                "imRobotOpenDeliverModel": {
                    "spaceType": "IM_ROBOT",
                    "robotCode": place.robot_code,
                },
            }
        model: dict[str, Any] = {"robotCode": place.robot_code}
        if at:
            model["atUserIds"] = dict(at)
        if only:
            model["recipients"] = list(only)
        return {
            "openSpaceId": f"dtv1.card//IM_GROUP.{place.channel.external_id}",
            "imGroupOpenSpaceModel": space,
            "imGroupOpenDeliverModel": model,
        }

    def _keep(self, place: Place, track: str, shown: Filled) -> Drawing:
        """Write down what the buttons stand for, before anybody can press them."""

        def keep(uow: UnitOfWork) -> Drawing:
            known = uow.dingtalk_sent.card(track)
            serial = serial_of(known.content) + 1 if known else 1
            asked = (*(asked_of(known.content) if known else ()), *shown.asked)
            asked = tuple(dict.fromkeys(asked))[-MOST_ASKED:]
            content, at = to_content(shown, serial, asked), self._clock.now()
            uow.dingtalk_sent.save_card(SentCard(track, place.channel.id, track, content, at))
            return Drawing(shown.drawn(serial), asked)

        return write_again(self._store, place.workspace, keep)
