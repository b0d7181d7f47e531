"""DING: pressing an escalation on somebody, where the company has switched that on.

Facts, section 7.4. SMS and calls are charged, so a DING is never sent twice: one whose answer was
lost counts as sent, since the message itself is there anyway.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from bot.cards.words import Reader, words
from bot.dingtalk.api.apis import DING_SEND, Need
from bot.dingtalk.api.client import DingtalkClient
from bot.dingtalk.api.errors import Away, DingtalkError
from bot.dingtalk.place import Place
from bot.settings_outside import Ding
from domain.messages import Bullets, Card, Inline, Join, T

log = logging.getLogger("duban.dingtalk")

ESCALATED = "reminder.escalated"
"""The text that stands on a reminder which was passed on, because nothing happened."""
LONGEST = 300
"""Characters; an SMS or a call says no more."""
MOST_LINES = 3
_KINDS = {Ding.APP: 1, Ding.SMS: 2, Ding.PHONE: 3}


class Dings:
    """Sends DINGs for escalations.

    :param kind: how they reach people; ``OFF``: not at all.
    """

    def __init__(self, client: DingtalkClient, kind: Ding) -> None:
        self._client = client
        self._kind = kind

    def wanted(self, place: Place, card: Card) -> bool:
        """Whether a delivery is an escalation to one person who can get a DING."""
        on = self._kind is not Ding.OFF and bool(place.staff)
        return on and place.direct and any(_says(text) for text in (card.title, *_rows(card)))

    def send(self, place: Place, card: Card) -> None:
        """Send it; whatever goes wrong is only logged: the message itself has been delivered."""
        body = {
            "robotCode": place.robot_code,
            "remindType": _KINDS[self._kind],
            "receiverUserIdList": [place.staff],
            "content": content(card, place.reader),
        }
        try:
            said = self._client.call(place.workspace, DING_SEND, body, need=Need.SHOULD)
        except Away as error:
            log.warning("dingtalk.ding_unsure", extra={"reason": error.reason})
        except DingtalkError as error:
            log.warning("dingtalk.no_ding", extra={"reason": str(error)[:200]})
        else:
            if said.get("failedList"):
                log.error("dingtalk.ding_failed", extra={"reason": str(said["failedList"])[:200]})


def content(card: Card, reader: Reader) -> str:
    """What the DING says: the title, and what was passed on."""
    lines = [words(text, reader) for text in _rows(card) if _says(text)]
    said = " ".join("；".join([words(card.title, reader), *lines[:MOST_LINES]]).split())
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def _rows(card: Card) -> Iterator[Inline]:
    """The rows of a list of reminders; one reminder alone is the title."""
    for block in card.blocks:
        if isinstance(block, Bullets):
            yield from (item.text for item in block.items)


def _says(text: Inline) -> bool:
    match text:
        case T():
            return text.key == ESCALATED
        case Join():
            return any(_says(part) for part in text.parts)
        case _:
            return False
