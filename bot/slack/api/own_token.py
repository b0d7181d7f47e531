"""The token of the settings: which Slack team it is for, learned once from Slack."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from bot.settings_outside import SlackSettings
from bot.slack.api.asking import Refused, ask, client_for
from bot.slack.people.rooms import reopen_directs
from domain.clock import Clock
from domain.errors import OutsideError
from domain.people import Workspace
from storage.platforms import Tenant
from storage.slack import PLATFORM, Installation
from storage.uow import Store

log = logging.getLogger("duban.slack")

ASK_AGAIN = timedelta(seconds=5)
"""After Slack could not be reached."""
REFUSED_AGAIN = timedelta(seconds=60)
"""After Slack refused the token: somebody may install the app again."""


class OwnToken:
    """``SLACK_BOT_TOKEN``: its team is tied to the first workspace.

    A team that is tied to a workspace already keeps it. A first workspace that has another Slack
    team keeps that one: then the token is not used, and the log and ``duban doctor`` say why.
    """

    def __init__(self, store: Store, settings: SlackSettings, clock: Clock) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._known = not settings.bot_token
        self._again = clock.now()

    def learn(self) -> None:
        """Ask Slack whose token it is, unless that is known; failures are logged and put off."""
        if self._known:
            return
        with self._lock:
            if self._known or self._clock.now() < self._again:
                return
            try:
                self._known = self._learn()
                self._again = self._clock.now() + REFUSED_AGAIN
            except Refused as no:
                log.error("slack.token_refused", extra={"reason": no.code})  # noqa: TRY400 (no bug of ours)
                self._again = self._clock.now() + REFUSED_AGAIN
            except OutsideError:
                self._again = self._clock.now() + ASK_AGAIN

    def ask_again(self) -> None:
        """The token has ended or may work again: ask Slack once more, after a while."""
        if self._settings.bot_token and self._known:
            self._known, self._again = False, self._clock.now() + REFUSED_AGAIN

    def _learn(self) -> bool:
        client = client_for(self._settings.bot_token, self._settings.api_base_url)
        answer = ask(client, "auth.test")
        said = answer.data
        team, name = str(said["team_id"]), str(said.get("team") or said["team_id"])
        workspace = self._workspace(team)
        if workspace is None:
            log.error("slack.other_team", extra={"team": team})
            return False
        found = Installation(
            team=team,
            app=str(said.get("app_id") or ""),
            bot_user=str(said["user_id"]),
            bot=str(said.get("bot_id") or ""),
            scopes=answer.scopes,
            installed_by="",
            installed_at=self._clock.now(),
        )
        with self._store.write(workspace.id) as uow:
            uow.tenants.bind(Tenant(PLATFORM, team, name))
            known = uow.slack.installation()
            if known is None or known.token is None or known.team != team:
                uow.slack.install(found)
                reopen_directs(uow)
        return True

    def _workspace(self, team: str) -> Workspace | None:
        """Where the team belongs, or None when the first workspace has another one."""
        bound = self._store.workspace_of(PLATFORM, team)
        workspaces = self._store.workspaces()
        if bound is not None or not workspaces:
            return bound
        with self._store.read(workspaces[0].id) as uow:
            return workspaces[0] if uow.tenants.of(PLATFORM) is None else None
