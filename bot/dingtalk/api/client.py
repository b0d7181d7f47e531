"""Calls to DingTalk: tokens, pace, the month's calls, and every failure as one of five kinds."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.dingtalk.api import answers
from bot.dingtalk.api.apis import FILE_DOWNLOAD, MEDIA_UPLOAD, USER_GET, Api, Need
from bot.dingtalk.api.budget import Budget
from bot.dingtalk.api.errors import Away, DingtalkError, Refused, TooFast, UsedUp
from bot.dingtalk.api.quiet import bare_addresses
from bot.dingtalk.api.token import AccessToken
from bot.settings_outside import DingtalkSettings
from bot.surfaces.pacing import Window
from domain.clock import Clock
from domain.errors import NotFoundError, OutsideError

log = logging.getLogger("duban.dingtalk")

TIMEOUT = 10.0
"""Seconds for an answer: the gateway gives up after three, uploads take longer."""
PER_SECOND = 20
"""Calls of one API a second (facts, section 10)."""
HEADER = "x-acs-dingtalk-access-token"
NOBODY = frozenset({"60121", "60104", "33012"})
"""``errcode`` of ``user/get`` for a person who is not there, or not in the application's sight."""

Json = Mapping[str, Any]


class DingtalkClient:
    """DingTalk's API for one application; for worker threads, any number at once.

    Every failure raises one of ``bot.dingtalk.api.errors``; nothing is tried again here, but for a
    token that has died. Nothing that is secret comes into an error or the log.

    :param transport: for tests that look at what is sent.
    """

    def __init__(
        self,
        settings: DingtalkSettings,
        budget: Budget,
        clock: Clock,
        *,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self.budget = budget
        self.robot_code = settings.robot_code
        bare_addresses()
        self._rate = Window(PER_SECOND, 1.0)
        self._http = httpx.Client(timeout=TIMEOUT, follow_redirects=False, transport=transport)
        self._new = AccessToken(self._new_token, clock)
        self._old = AccessToken(self._old_token, clock)

    def __repr__(self) -> str:
        return f"DingtalkClient({self._settings.client_id!r})"

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def call(
        self,
        workspace: str,
        api: Api,
        body: Json | None = None,
        *,
        need: Need = Need.MUST,
        query: Mapping[str, str] | None = None,
        **path: str,
    ) -> Json:
        """Make a call and answer what DingTalk does.

        :param workspace: whose calls are counted.
        :param path: values for the path's places.
        """
        base = self._settings.oapi_base_url if api.old else self._settings.api_base_url
        url = base + api.path.format_map({k: answers.quoted(v) for k, v in path.items()})
        return self._counted(workspace, api, need, {"url": url, "json": body}, query or {})

    def upload(
        self, workspace: str, kind: str, name: str, data: bytes, *, need: Need = Need.SHOULD
    ) -> str:
        """Upload a file; its ``media_id``.

        :param kind: ``image`` or ``file``.
        """
        url = self._settings.oapi_base_url + MEDIA_UPLOAD.path
        request = {"url": url, "files": {"media": (name, data)}}
        said = self._counted(workspace, MEDIA_UPLOAD, need, request, {"type": kind})
        return answers.text_of(said, "media_id")

    def say(self, webhook: str, body: Json) -> None:
        """Answer in a conversation by its webhook; this is not counted."""
        if not self._ours(webhook):
            raise Refused("foreign_webhook", urlsplit(webhook).hostname or "")
        answers.judged(self._sent("POST", url=webhook, json=body), old=True, again=False)

    def read_user(self, workspace: str, staff_id: str) -> Json:
        """What DingTalk says about a person: ``result`` of ``topapi/v2/user/get``.

        :raises NotFoundError: there is nobody with this id, or not in the application's sight.
        :raises OutsideError: it cannot be asked now.
        """
        try:
            said = self.call(workspace, USER_GET, {"userid": staff_id}, need=Need.NICE)
        except Refused as no:
            if no.code in NOBODY:
                raise NotFoundError("dingtalk.unknown_user") from no
            raise OutsideError("dingtalk.refused", code=no.code) from no
        except UsedUp as error:
            raise OutsideError("dingtalk.calls_kept") from error
        except DingtalkError as error:
            raise OutsideError("dingtalk.away") from error
        return answers.mapping_of(said, "result")

    def received_file(
        self, workspace: str, download_code: str, robot_code: str, most: int
    ) -> bytes:
        """A file that somebody sent.

        :param most: bytes; a larger one is ``Refused`` with ``too_large``.
        """
        body = {"downloadCode": download_code, "robotCode": robot_code or self.robot_code}
        said = self.call(workspace, FILE_DOWNLOAD, body)
        try:
            with self._http.stream("GET", answers.text_of(said, "downloadUrl")) as response:
                if response.status_code != 200:
                    raise Away(str(response.status_code), sent=False)
                return answers.read_at_most(response, most)
        except httpx.HTTPError as error:
            raise Away(type(error).__name__, sent=False) from error

    def _counted(
        self,
        workspace: str,
        api: Api,
        need: Need,
        request: dict[str, Any],
        query: Mapping[str, str],
    ) -> Json:
        wait = self._rate.take(api.name)
        if wait:
            raise TooFast(wait)
        self.budget.check(workspace, need)
        token = self._old if api.old else self._new
        try:
            used = token.get()
            try:
                return self._try(workspace, api, request, query, used)
            except answers.DeadToken:
                return self._try(workspace, api, request, query, token.get(not_this=used))
        except answers.DeadToken as dead:
            raise Refused(dead.code, "the token is refused") from dead
        except UsedUp:
            self.budget.refused(workspace)
            raise

    def _try(
        self,
        workspace: str,
        api: Api,
        request: dict[str, Any],
        query: Mapping[str, str],
        token: str,
    ) -> Json:
        self.budget.spend(workspace, api.name)
        if api.old:
            query, headers = {**query, "access_token": token}, {}
        else:
            headers = {HEADER: token}
        response = self._sent(api.method, params=query or None, headers=headers, **request)
        return answers.judged(response, old=api.old, again=api.again)

    def _sent(self, method: str, **request: Any) -> Callable[[], httpx.Response]:
        return lambda: self._http.request(method, **request)

    def _ours(self, webhook: str) -> bool:
        """Whether a webhook is DingTalk's: its address comes with a message."""
        host = (urlsplit(webhook).hostname or "").lower()
        own = (urlsplit(self._settings.oapi_base_url).hostname or "").lower()
        return host == own or host.endswith((".dingtalk.com", ".dingtalk.io"))

    def _new_token(self) -> tuple[str, float]:
        url = self._settings.api_base_url + "/v1.0/oauth2/accessToken"
        body = {"appKey": self._settings.client_id, "appSecret": self._settings.client_secret}
        said = answers.judged(self._sent("POST", url=url, json=body), old=False, again=True)
        return answers.text_of(said, "accessToken"), answers.number_of(said, "expireIn")

    def _old_token(self) -> tuple[str, float]:
        url = self._settings.oapi_base_url + "/gettoken"
        query = {"appkey": self._settings.client_id, "appsecret": self._settings.client_secret}
        said = answers.judged(self._sent("GET", url=url, params=query), old=True, again=True)
        return answers.text_of(said, "access_token"), answers.number_of(said, "expires_in")
