"""Calls to Slack from an event loop: each in a worker thread, tried once."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Any, TypeVar
from urllib.parse import urlsplit

from slack_sdk.webhook import WebhookClient

from bot.slack.api.asking import TIMEOUT, ask
from bot.slack.api.tokens import Tokens

log = logging.getLogger("duban.slack")

Got = TypeVar("Got")


class WebApi:
    """Slack's Web API and response URLs.

    :param api_base_url: its host is trusted as Slack's own are (a stand-in, a proxy).
    :param threads: how many calls may be under way at once.
    """

    def __init__(self, tokens: Tokens, api_base_url: str, threads: int = 16) -> None:
        self._tokens = tokens
        self._own_host = urlsplit(api_base_url).hostname or ""
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="duban-slack")

    async def run(self, work: Callable[[], Got]) -> Got:
        """Run something that waits for Slack or the database."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def call(self, workspace_id: str, method: str, **values: Any) -> Mapping[str, Any]:
        """The answer's JSON; raises as ``bot.slack.api.asking.ask`` and ``Tokens.client`` do."""
        return await self.run(lambda: self.call_now(workspace_id, method, **values))

    def call_now(self, workspace_id: str, method: str, **values: Any) -> Mapping[str, Any]:
        """The same from a worker thread."""
        given = {k: encoded(v) for k, v in values.items() if v is not None}
        return ask(self._tokens.client(workspace_id), method, **given).data

    async def respond(self, url: str, body: Mapping[str, Any]) -> bool:
        """Post to a response URL; whether Slack took it (they end after 30 minutes or 5 posts)."""
        if not self.is_slack(url):
            return False
        return await self.run(lambda: _post(url, dict(body)))

    def is_slack(self, url: str) -> bool:
        """Whether an address is Slack's, over TLS, or of the server that the settings name."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        host = parts.hostname or ""
        if host == self._own_host:
            return parts.scheme in ("http", "https")
        return parts.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))

    def close(self) -> None:
        """Take no more calls; those under way end by themselves."""
        self._threads.shutdown(wait=False)


def encoded(value: Any) -> Any:
    """A value as a form field: objects, lists and truths as JSON, as Slack asks for them."""
    return json.dumps(value) if isinstance(value, dict | list | tuple | bool) else value


def _post(url: str, body: dict[str, Any]) -> bool:
    try:
        answer = WebhookClient(url, timeout=TIMEOUT, retry_handlers=[]).send_dict(body)
    except (HTTPException, OSError, ValueError) as error:
        log.warning("slack.response_url", extra={"reason": type(error).__name__})
        return False
    if answer.status_code != 200:
        log.warning("slack.response_url", extra={"status": answer.status_code})
    return answer.status_code == 200
