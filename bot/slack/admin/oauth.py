"""The pages on which an administrator installs Duban in a Slack team."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode, urljoin

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.cards.words import Reader, words
from bot.settings import Settings
from bot.slack.admin.install import Installer
from bot.slack.admin.manifest import INSTALL_PATH, REDIRECT_PATH, bot_scopes
from bot.slack.admin.oauth_state import GOOD_FOR, States
from domain.clock import Clock
from domain.errors import DubanError, OutsideError, UserError
from domain.messages import Inline, T
from web.errors import language

COOKIE = "duban_slack_install"

_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title></head>
<body><main><h1>{title}</h1><p>{text}</p>{more}</main></body></html>
"""


class OAuthPages:
    """``/slack/install`` sends the browser to Slack, ``/slack/oauth_redirect`` takes it back."""

    def __init__(self, installer: Installer, settings: Settings, clock: Clock) -> None:
        self._installer = installer
        self._settings = settings
        self._clock = clock
        self._states = States(settings.secret_keys)

    def routes(self) -> Sequence[BaseRoute]:
        """Both pages; none where no client id is set, because then nobody can install."""
        if not self._settings.slack.oauth:
            return ()
        return (
            Route(INSTALL_PATH, self._install, methods=["GET"]),
            Route(REDIRECT_PATH, self._back, methods=["GET"]),
        )

    async def _install(self, request: Request) -> Response:
        del request
        slack, begun = self._settings.slack, self._states.begin(self._clock.now())
        query = urlencode(
            {
                "client_id": slack.client_id,
                "scope": ",".join(bot_scopes(self._settings)),
                "user_scope": "",
                "redirect_uri": self._settings.base_url + REDIRECT_PATH,
                "state": begun.state,
            }
        )
        # Slack asks on its own site, which stands beside its API ("https://slack.com/api/").
        asking = urljoin(slack.api_base_url, "../oauth/v2/authorize")
        answer = RedirectResponse(f"{asking}?{query}", 302, {"cache-control": "no-store"})
        answer.set_cookie(
            COOKIE,
            begun.browser,
            max_age=int(GOOD_FOR.total_seconds()),
            path="/slack",
            secure=self._settings.base_url.startswith("https"),
            httponly=True,
            samesite="lax",
        )
        return answer

    async def _back(self, request: Request) -> Response:
        try:
            team = await self._complete(request)
        except DubanError as error:
            status = 503 if isinstance(error, OutsideError) else 400
            return _page(request, T("slack.install_failed"), error.text, status, again=True)
        title = T("slack.install_done", {"team": team})
        answer = _page(request, title, T("slack.install_done_next"), 200, again=False)
        answer.delete_cookie(COOKIE, path="/slack")
        return answer

    async def _complete(self, request: Request) -> str:
        given, cookie = request.query_params, request.cookies.get(COOKIE, "")
        name = self._states.check(given.get("state", ""), cookie, self._clock.now())
        await asyncio.to_thread(self._installer.use_state, name)
        if given.get("error") or not given.get("code"):
            raise UserError("slack.install_denied")
        return await asyncio.to_thread(self._installer.complete, given["code"])


def _page(
    request: Request, title: Inline, text: Inline, status: int, *, again: bool
) -> HTMLResponse:
    lang = language(request)
    reader = Reader(lang, "UTC")
    more = ""
    if again:
        label = escape(words(T("slack.install_again"), reader))
        more = f'<p><a href="{INSTALL_PATH}">{label}</a></p>'
    page = _PAGE.format(
        lang=lang, title=escape(words(title, reader)), text=escape(words(text, reader)), more=more
    )
    return HTMLResponse(page, status, {"cache-control": "no-store"})
