"""What a failure of DingTalk means for a delivery, in words that say what to do."""

from __future__ import annotations

import logging
import random

from bot.cards.words import Reader, words
from bot.dingtalk.api.errors import Away, DingtalkError, Refused, TooFast
from bot.dingtalk.outbound.errand import FILTERED, NO_WAY
from bot.dingtalk.place import Place
from bot.surfaces.pacing import Strain
from domain.clock import Clock
from domain.errors import ConflictError
from domain.message_json import to_json
from domain.messages import Card, Inline, Para, T, Tone
from domain.ports import GiveUp, Retry
from storage.uow import Store

log = logging.getLogger("duban.dingtalk")

KEPT = 300.0
"""Seconds until it is looked again whether there are calls: when somebody speaks where something
waits for them, it goes at once (``rooms.hear``)."""
BROKEN = 300.0
"""Seconds until credentials that DingTalk refuses are tried again."""
_NO_ROOM = ("openConversationId", "notInConversation", "conversation")
_CREDENTIALS = ("InvalidAuthentication", "invalidClientIdOrSecret", "40089", "40014", "42001")


class Refusals:
    """Turns failures into what the delivery does, and tells the people whom it concerns."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._strain = Strain(lambda: clock.now().timestamp())

    def fine(self, workspace: str) -> None:
        """Something went well."""
        self._strain.over(workspace)

    def of(self, place: Place, error: DingtalkError, delivery_id: str, *, done: bool) -> Exception:
        """``Retry`` or ``GiveUp``.

        :param done: a part of the delivery is out already.
        """
        match error:
            case Away():
                log.warning("dingtalk.away", extra={"reason": error.reason})
                pause = self._strain.pause(place.workspace)
                reason = f"DingTalk: {error.reason}"
                return Retry(pause, reason, patient=True, sent=done or error.sent)
            case TooFast():
                # Those whom it refused at one moment do not come back at one moment.
                spread = random.uniform(1.0, 1.5) if error.code else 1.0  # noqa: S311 (no secret)
                return Retry(error.seconds * spread, f"DingTalk: {error}", patient=True, sent=done)
            case Refused():
                return self._refused(place, error, delivery_id, done=done)
            case _:
                text = self._said(place, T("dingtalk.waits_for_calls"))
                return Retry(KEPT, text, patient=True, sent=done)

    def _refused(self, place: Place, no: Refused, delivery_id: str, *, done: bool) -> Exception:
        text = reason(place, no)
        if no.code in _CREDENTIALS or no.code.startswith("Forbidden.AccessDenied"):
            return Retry(BROKEN, self._said(place, text), patient=True, sent=done)
        if not place.direct and place.asker is not None:
            self._tell_asker(place, place.asker, text, delivery_id)
        return GiveUp(self._said(place, text))

    def _said(self, place: Place, text: Inline) -> str:
        """For the list of what was not delivered, in the workspace's language."""
        with self._store.read(place.workspace) as uow:
            workspace = uow.people.workspace()
        return words(text, Reader(workspace.locale, workspace.zone))

    def _tell_asker(self, place: Place, person: str, text: Inline, delivery_id: str) -> None:
        title = T("dingtalk.not_posted", {"name": place.channel.name})
        payload = {"person": person, "card": to_json(Card(title, (Para(text),), tone=Tone.WARN))}
        dedupe = f"dingtalk-unsent:{delivery_id}"
        try:
            with self._store.write(place.workspace) as uow:
                uow.queue(f"person:{person}", "post", payload, self._clock.now(), dedupe=dedupe)
        except ConflictError:
            log.info("dingtalk.told_before", extra={"dedupe": dedupe})


def reason(place: Place, no: Refused) -> Inline:
    """A refusal in words, with the exact step to take."""
    name = place.channel.name
    if no.code in _CREDENTIALS:
        return T("dingtalk.refused_credentials", {"code": no.code})
    if no.needed:
        return T("dingtalk.refused_scope", {"scope": no.needed})
    if no.code == NO_WAY:
        return T("dingtalk.refused_outsider", {"name": name})
    if no.code == FILTERED:
        return T("dingtalk.refused_person", {"name": name})
    if not place.direct and any(word in no.code for word in _NO_ROOM):
        return T("dingtalk.refused_group", {"name": name})
    return T("dingtalk.refused", {"code": no.code})
