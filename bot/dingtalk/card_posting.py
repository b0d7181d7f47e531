"""Interactive cards: delivered once, then updated in place."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from bot.dingtalk import answers
from bot.dingtalk.apis import CARD_SEND, CARD_UPDATE, Need
from bot.dingtalk.cards import Filled, bare, to_content
from bot.dingtalk.client import DingtalkClient
from bot.dingtalk.errors import Refused
from bot.dingtalk.place import Place
from domain.clock import Clock
from storage.dingtalk_sent import SentCard
from storage.uow import Store

log = logging.getLogger("duban.dingtalk")

UNDELIVERED = "card_undelivered"
BY_KEY = {"updateCardDataByKey": True, "updatePrivateDataByKey": True}
"""Without it the variables that are given would replace all others (facts, section 4)."""


class CardPosting:
    """Creates, delivers and updates cards of one template.

    :param template: its id in the company (``….schema``).
    """

    def __init__(self, client: DingtalkClient, store: Store, clock: Clock, template: str) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._template = template

    def post(
        self, place: Place, shown: Filled, track: str, at: Mapping[str, str], *, doubtful: bool
    ) -> None:
        """Deliver a new card.

        :param track: its own id; the same on every try of a delivery.
        :param at: names by userId of the people whom it mentions in a group.
        :param doubtful: it may be there already: then only its variables are set.
        """
        self._keep(place, track, shown)
        if doubtful and self._there(place, track, shown):
            return
        body = self._body(place, shown, track, at)
        said = self._client.call(place.workspace, CARD_SEND, body, need=Need.NICE)
        for result in answers.list_of(answers.mapping_of(said, "result"), "deliverResults"):
            told = answers.object_of(result)
            if not told.get("success"):
                raise Refused(UNDELIVERED, str(told.get("errorMsg"))[:200])

    def update(self, place: Place, shown: Filled, track: str) -> None:
        """Draw a delivered card anew; who presses it from now on presses the new buttons."""
        self._keep(place, track, shown)
        self._put(place, track, shown.values)

    def retire(self, place: Place, track: str, title: str, text: str) -> None:
        """Take the buttons off a card that has been replaced by another one."""
        with self._store.read(place.workspace) as uow:
            known = uow.dingtalk_sent.card(track)
        if known is not None:
            self._save(place, track, {"buttons": {}, "serial": _serial(known) + 1})
        self._put(place, track, bare(title, text))

    def _there(self, place: Place, track: str, shown: Filled) -> bool:
        try:
            self._put(place, track, shown.values)
        except Refused as no:
            log.info("dingtalk.card_not_there", extra={"reason": no.code})
            return False
        return True

    def _put(self, place: Place, track: str, values: Mapping[str, str]) -> None:
        body = {
            "outTrackId": track,
            "cardData": {"cardParamMap": dict(values)},
            "cardUpdateOptions": BY_KEY,
        }
        self._client.call(place.workspace, CARD_UPDATE, body, need=Need.SHOULD)

    def _body(
        self, place: Place, shown: Filled, track: str, at: Mapping[str, str]
    ) -> dict[str, Any]:
        body: dict[str, Any] = {
            "cardTemplateId": self._template,
            "outTrackId": track,
            "callbackType": "STREAM",
            "userIdType": 1,
            "cardData": {"cardParamMap": dict(shown.values)},
        }
        space = {
            "supportForward": True,
            "lastMessageI18n": {"ZH_CN": shown.title, "EN_US": shown.title},
            "notification": {"alertContent": shown.title, "notificationOff": False},
        }
        if place.direct:
            return body | {
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
        return body | {
            "openSpaceId": f"dtv1.card//IM_GROUP.{place.channel.external_id}",
            "imGroupOpenSpaceModel": space,
            "imGroupOpenDeliverModel": model,
        }

    def _keep(self, place: Place, track: str, shown: Filled) -> None:
        """Write down what the buttons stand for, before anybody can press them."""
        with self._store.read(place.workspace) as uow:
            known = uow.dingtalk_sent.card(track)
        content = to_content(shown, _serial(known) + 1 if known else 1)
        self._save(place, track, content)

    def _save(self, place: Place, track: str, content: Mapping[str, Any]) -> None:
        card = SentCard(track, place.channel.id, track, content, self._clock.now())
        with self._store.write(place.workspace) as uow:
            uow.dingtalk_sent.save_card(card)


def _serial(card: SentCard) -> int:
    return int(card.content.get("serial") or 0)
