"""One call to Slack from a delivery, with every failure as what the delivery has to do about it."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any, cast
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.surfaces.pacing import Pace, Strain
from domain.ports import Retry

log = logging.getLogger("duban.slack")

EVENT = "duban_delivery"
"""``event_type`` of the metadata of what a delivery posts."""

_LIMITED = frozenset({"ratelimited", "rate_limited"})
_UNSURE = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
_NEVER_ARRIVED = (ConnectionRefusedError, PermissionError)


class No(Exception):
    """Slack understood and refused.

    :ivar code: Slack's word for the reason; :ivar needed: the scopes that it misses, if that is it.
    """

    def __init__(self, code: str, needed: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.needed = needed


class Line:
    """Slack's Web API for one delivery.

    :param done: something of this delivery is out already (or may be), so that a failure from now
        on leaves it doubtful.
    """

    def __init__(
        self, client: object, workspace: str, pace: Pace, strain: Strain, *, done: bool
    ) -> None:
        self._client = cast("Any", client)
        self._workspace = workspace
        self._pace = pace
        self._strain = strain
        self.done = done

    def call(self, method: str, **values: Any) -> Mapping[str, Any]:
        """The answer to a call that changes nothing, or may be made twice.

        :param method: the SDK's name of it (``chat_update``).
        :raises No: Slack refused.
        :raises Retry: it is to be tried again.
        """
        return self._try(lambda: getattr(self._client, method)(**values), unsure=False)

    def post(self, method: str, **values: Any) -> Mapping[str, Any]:
        """The same for what must not happen twice."""
        said = self._try(lambda: getattr(self._client, method)(**values), unsure=True)
        self._pace.spend(str(values["channel"]))
        self.done = True
        return said

    def _try(self, run: Callable[[], Any], *, unsure: bool) -> Mapping[str, Any]:
        try:
            answer = run()
        except SlackApiError as error:
            raise self._refused(error, unsure=unsure) from error
        except (SlackClientError, HTTPException, OSError, ValueError) as error:
            log.warning("slack.unreachable", extra={"reason": type(error).__name__})
            raise self._away(type(error).__name__, unsure=unsure and _sent(error)) from error
        self._strain.over(self._workspace)
        return cast("Mapping[str, Any]", answer.data)

    def _refused(self, error: SlackApiError, *, unsure: bool) -> Exception:
        response = cast("Any", error.response)
        code = str(response.get("error") or "")
        status = int(getattr(response, "status_code", 200))
        if status == 429 or code in _LIMITED:
            seconds = _retry_after(cast("Mapping[str, Any]", response.headers))
            return Retry(seconds, "Slack: ratelimited", patient=True, sent=self.done)
        if status >= 500 or code in _UNSURE or not code.replace("_", "").isalnum():
            return self._away(code[:60] or str(status), unsure=unsure)
        return No(code, str(response.get("needed") or ""))

    def _away(self, reason: str, *, unsure: bool) -> Retry:
        pause = self._strain.pause(self._workspace)
        return Retry(pause, f"Slack: {reason}", patient=True, sent=self.done or unsure)


def _sent(error: Exception) -> bool:
    """Whether the request may have arrived: not when nobody took the connection."""
    reason = error.reason if isinstance(error, URLError) else error
    return not isinstance(reason, _NEVER_ARRIVED) and "getaddrinfo" not in repr(reason)


def _retry_after(headers: Mapping[str, Any]) -> float:
    """The pause that Slack asks for, spread a little; 30 seconds where it names none."""
    given = next((v for k, v in headers.items() if k.lower() == "retry-after"), 30)
    value = cast("list[Any]", given)[0] if isinstance(given, list) else given
    try:
        seconds = max(1.0, float(str(value)))
    except ValueError:
        seconds = 30.0
    return seconds + random.uniform(0.0, 0.5)  # noqa: S311


def metadata(delivery_id: str, part: str) -> dict[str, Any]:
    """What is written on a message of a delivery: by it the message is found again."""
    return {"event_type": EVENT, "event_payload": {"id": delivery_id, "part": part}}
