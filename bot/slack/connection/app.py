"""Bolt's application: one listener for each kind of delivery, with our own authorisation."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.api.tokens import Access, Tokens
from bot.slack.api.webapi import WebApi
from bot.slack.connection.events import Events
from bot.slack.listeners.presses import Presses
from bot.slack.listeners.searches import Searches
from bot.slack.listeners.shortcuts import Shortcuts
from bot.slack.listeners.slashes import Slashes
from bot.slack.listeners.submissions import Submissions
from bot.slack.listeners.where import CALLBACK as WHERE
from bot.slack.listeners.where import Chosen
from bot.slack.reading.incoming import part, text_of
from locales import LOCALES, template

_ANY = re.compile(r".*", re.DOTALL)
_ACCESS = "duban_access"


@dataclass(frozen=True, slots=True)
class Handlers:
    """Who takes what."""

    slashes: Slashes
    presses: Presses
    submissions: Submissions
    chosen: Chosen
    searches: Searches
    shortcuts: Shortcuts
    events: Events


class Authorize(AsyncAuthorize):
    """Finds the access of a team without asking Slack, mostly from memory."""

    def __init__(self, tokens: Tokens, api: WebApi) -> None:
        self._tokens = tokens
        self._api = api

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        **who: str | None,
    ) -> AuthorizeResult | None:
        """The access as Bolt wants it; None where Duban is not installed."""
        del who  # a token speaks for a team, whoever asks
        if not team_id:
            return None
        access = self._tokens.remembered(team_id)
        if access is None:
            access = await self._api.run(lambda: self._tokens.for_team(team_id))
        if access is None:
            return None
        context[_ACCESS] = access
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=access.token,
            bot_id=access.bot_id,
            bot_user_id=access.bot_user,
        )


def build_app(handlers: Handlers, authorize: Authorize, api_base_url: str) -> AsyncApp:
    """The application. It checks no signatures: ``bot.slack.connection.http`` has done so.

    One listener a kind, since Bolt tries one after another. ``process_before_response``: without it
    every acknowledgment is waited for in steps of 10 ms.
    """
    logger = logging.getLogger("duban.slack.bolt")
    logger.setLevel(logging.ERROR)  # below that Bolt logs whole bodies: tokens, what people typed
    app = AsyncApp(
        logger=logger,
        name=logger.name,  # Bolt gives the logger of this name the level of the one above
        process_before_response=True,
        client=AsyncWebClient(base_url=api_base_url, logger=logger),
        authorize=cast("Any", authorize),  # the SDK's own type leaves out that it may be None
        user_facing_authorize_error_message="\n".join(
            template(locale, "slack.not_connected") for locale in LOCALES
        ),
        request_verification_enabled=False,
        ssl_check_enabled=False,
        ignoring_self_events_enabled=False,  # told apart where each event is read
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    _listen(app, handlers)
    return app


def _listen(app: AsyncApp, handlers: Handlers) -> None:
    async def command(body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        return await handlers.slashes.run(body, _access(context))

    async def event(body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        return await handlers.events.run(body, cast("dict[str, Any]", context).get(_ACCESS))

    async def action(body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        return await handlers.presses.run(body, _access(context))

    async def submission(body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        asked = text_of(part(body, "view"), "callback_id") == WHERE
        handler = handlers.chosen if asked else handlers.submissions
        return await handler.run(body, _access(context))

    async def shortcut(body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        return await handlers.shortcuts.run(body, _access(context))

    async def closed(body: dict[str, Any]) -> BoltResponse:
        del body  # nothing was submitted, and nothing is kept of what was typed
        return BoltResponse(status=200, body="")

    async def options(body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        return await handlers.searches.run(body, _access(context))

    bolt = cast("Any", app)  # its decorators have open types
    bolt.command(_ANY)(command)
    bolt.event(_ANY)(event)
    bolt.action(_ANY)(action)
    bolt.view_submission(_ANY)(submission)
    bolt.shortcut(_ANY)(shortcut)
    bolt.view_closed(_ANY)(closed)
    bolt.options(_ANY)(options)


def _access(context: Mapping[str, Any]) -> Access:
    found: Access = context[_ACCESS]
    return found
