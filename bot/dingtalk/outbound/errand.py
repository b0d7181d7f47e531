"""The way out of one delivery: the conversation's webhook while it lives, else the API."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.dingtalk.api import answers
from bot.dingtalk.api.apis import (
    DIRECT_RECALL,
    DIRECT_SEND,
    GROUP_RECALL,
    GROUP_SEND,
    Need,
)
from bot.dingtalk.api.client import DingtalkClient
from bot.dingtalk.api.errors import DingtalkError, Refused, TooFast
from bot.dingtalk.outbound.speaking import Speaking
from bot.dingtalk.place import Place
from bot.dingtalk.text.pages import Page

log = logging.getLogger("duban.dingtalk")

FILTERED, FLOW = "person_out_of_sight", "person_flow_controlled"
NO_WAY = "outsider"
SESSION, API = "session", "api"
FLOW_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent.

    :param key: by which the API takes it back; empty for what went by a webhook.
    """

    way: str
    key: str = ""


class Errand:
    """Sends messages to one place, for one delivery.

    :param speaking: what the conversation still takes.
    :ivar done: something went out, so that a failure from now on leaves the delivery doubtful.
    :ivar hooked: what is sent next goes by the webhook and costs no call.
    """

    def __init__(self, client: DingtalkClient, place: Place, speaking: Speaking) -> None:
        self._client = client
        self._place = place
        self._speaking = speaking
        self.done = False
        self.hooked = bool(place.webhook) and not speaking.muted(place)

    @property
    def mentions(self) -> bool:
        """Whether what is sent next can mention people: only webhooks (and cards) can."""
        return self.hooked and not self._place.direct

    def page(self, page: Page, staff: Sequence[str], without: Page | None = None) -> Sent:
        """Send markdown.

        :param staff: userIds whom the text mentions; they count only where it has them, too.
        :param without: the same without mentions, for the API, which would show bare ids.
        """
        if self.hooked:
            at = {"at": {"atUserIds": list(staff), "isAtAll": False}} if staff else {}
            said = {"title": page.title, "text": page.text}
            if sent := self._hook({"msgtype": "markdown", "markdown": said, **at}):
                return sent
        shown = without or page
        return self.message("sampleMarkdown", {"title": shown.title, "text": shown.text})

    def message(self, key: str, param: Mapping[str, str], *, need: Need | None = None) -> Sent:
        """Send a message of any kind by the API.

        :param key: ``msgKey`` (facts, section 7.2); ``param`` becomes its ``msgParam``.
        """
        place = self._place
        robot = {"robotCode": place.robot_code}
        what = {"msgKey": key, "msgParam": json.dumps(param, ensure_ascii=False)}
        need = need or place.need
        if not place.direct:
            body = {**robot, **what, "openConversationId": place.channel.external_id}
            self._wait_turn()
            said = self._client.call(place.workspace, GROUP_SEND, body, need=need)
        elif place.staff:
            body = {**robot, **what, "userIds": [place.staff]}
            self._wait_turn()
            said = self._client.call(place.workspace, DIRECT_SEND, body, need=need)
            self._reached(said)
        else:
            raise Refused(NO_WAY)
        self.done = True
        return Sent(API, str(said.get("processQueryKey") or ""))

    def recall(self, keys: Sequence[str]) -> None:
        """Take messages back, as far as DingTalk lets it; what stays is only out of date."""
        place = self._place
        if not keys or (place.direct and not place.staff):
            return
        body: dict[str, Any] = {"robotCode": place.robot_code, "processQueryKeys": list(keys)}
        api = DIRECT_RECALL
        if not place.direct:
            api = GROUP_RECALL
            body["openConversationId"] = place.channel.external_id
        try:
            self._client.call(place.workspace, api, body, need=Need.NICE)
        except DingtalkError as error:
            log.info("dingtalk.not_recalled", extra={"reason": str(error)})

    def _hook(self, body: Mapping[str, Any]) -> Sent | None:
        """By the webhook; None when it does not take it."""
        self._wait_turn()
        try:
            self._client.say(self._place.webhook, body)
        except (Refused, TooFast) as no:
            self._unhook(no)
            return None
        self.done = True
        return Sent(SESSION)

    def _unhook(self, no: Refused | TooFast) -> None:
        """The webhook has ended before its time, or is muted: by the API from here."""
        log.info("dingtalk.webhook_refused", extra={"reason": str(no)})
        if isinstance(no, TooFast):
            self._speaking.mute(self._place)
        else:
            self._speaking.over(self._place)
        self.hooked = False
        if self._place.direct and not self._place.staff:
            raise no

    def _wait_turn(self) -> None:
        """``TooFast`` unless this conversation has room for one more message in this minute."""
        wait = self._speaking.take(self._place)
        if wait:
            raise TooFast(wait)

    def _reached(self, said: Mapping[str, Any]) -> None:
        """A good answer may say that the person did not get it."""
        staff = self._place.staff
        if staff in answers.list_of(said, "flowControlledStaffIdList"):
            raise TooFast(FLOW_PAUSE, FLOW)
        for name in ("invalidStaffIdList", "filteredStaffIdList"):
            if staff in answers.list_of(said, name):
                raise Refused(FILTERED, name)
