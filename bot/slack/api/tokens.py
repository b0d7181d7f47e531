"""Which token speaks for Duban in which Slack team."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from slack_sdk import WebClient

from bot.settings_outside import SlackSettings
from bot.slack.api.asking import client_for
from bot.slack.api.own_token import OwnToken
from bot.slack.api.renewal import Renewal
from bot.vault import Vault
from domain.clock import Clock
from domain.errors import DubanError, OutsideError
from storage.slack import PLATFORM
from storage.uow import Store

log = logging.getLogger("duban.slack")

KEPT = timedelta(seconds=30)
"""How long an answer is kept: so soon a revocation that another process heard of is known here."""


class NotConnectedError(OutsideError):
    """The workspace has no Slack app, or no longer (``slack.not_connected``)."""

    def __init__(self) -> None:
        super().__init__("slack.not_connected")


@dataclass(frozen=True, slots=True)
class Access:
    """Duban's access to one Slack team.

    :param bot_user: the user id of the bot (``U…``); :param bot: its bot id (``B…``).
    """

    team: str
    token: str = field(repr=False)
    bot_user: str
    bot_id: str
    workspace_id: str


@dataclass(frozen=True, slots=True)
class _Kept:
    access: Access | None
    client: WebClient | None
    until: datetime


class Tokens:
    """Finds the access of a team or workspace; safe to share between threads.

    Most calls answer from memory. Others read the database, and once in a while ask Slack (whose
    token the settings have, or for a new token): call it from a worker thread, or ask
    :meth:`remembered` first where an event loop runs.
    """

    def __init__(self, store: Store, settings: SlackSettings, vault: Vault, clock: Clock) -> None:
        self._store = store
        self._settings = settings
        self._vault = vault
        self._clock = clock
        self._own = OwnToken(store, settings, clock)
        self._renewal = Renewal(store, settings, vault, clock)
        self._kept: dict[str, _Kept] = {}
        self._workspaces: dict[str, str] = {}
        self._locks: dict[str, threading.Lock] = {}

    def remembered(self, team: str) -> Access | None:
        """As :meth:`for_team`, from memory alone: never waits, and None may mean "not known"."""
        workspace = self._workspaces.get(team)
        kept = self._fresh(workspace) if workspace else None
        return kept.access if kept else None

    def for_team(self, team: str) -> Access | None:
        """The access to a Slack team; None where Duban is not installed (any more)."""
        workspace = self._workspaces.get(team)
        if workspace is None:
            self._own.learn()
            found = self._store.workspace_of(PLATFORM, team)
            if found is None:
                return None
            workspace = self._workspaces.setdefault(team, found.id)
        return self.for_workspace(workspace)

    def for_workspace(self, workspace_id: str) -> Access | None:
        """The access to the Slack team of a workspace; None where there is none (any more)."""
        return self._of(workspace_id).access

    def client(self, workspace_id: str) -> WebClient:
        """A client of the workspace's Slack team, which tries once and never sleeps.

        :raises NotConnectedError: there is no access.
        """
        client = self._of(workspace_id).client
        if client is None:
            raise NotConnectedError
        return client

    def forget(self, workspace_id: str) -> None:
        """Look again at the next call: something changed, or Slack refused the token."""
        self._kept.pop(workspace_id, None)

    def reseal(self) -> None:
        """Seal every token with the first of the secret keys; what no key opens is logged."""
        for workspace in self._store.workspaces():
            with self._store.read(workspace.id) as uow:
                found = uow.slack.installation()
            if found is None or found.token is None:
                continue
            try:
                token = self._vault.reseal(found.token)
                refresh = self._vault.reseal(found.refresh) if found.refresh else None
            except DubanError:
                log.error("slack.no_key_fits", extra={"workspace": workspace.id})  # noqa: TRY400
                continue
            with self._store.write(workspace.id) as uow:
                uow.slack.reseal(token, refresh, instead_of=found.token)

    def _fresh(self, workspace_id: str) -> _Kept | None:
        kept = self._kept.get(workspace_id)
        return kept if kept is not None and self._clock.now() < kept.until else None

    def _of(self, workspace_id: str) -> _Kept:
        kept = self._fresh(workspace_id)
        if kept is not None:
            return kept
        with self._locks.setdefault(workspace_id, threading.Lock()):
            kept = self._fresh(workspace_id)
            if kept is None:
                access = self._load(workspace_id)
                client = client_for(access.token, self._settings.api_base_url) if access else None
                kept = _Kept(access, client, self._clock.now() + KEPT)
                self._kept[workspace_id] = kept
        return kept

    def _load(self, workspace_id: str) -> Access | None:
        self._own.learn()
        with self._store.read(workspace_id) as uow:
            found = uow.slack.installation()
        if found is None:
            return None
        if found.ended_at is not None:
            self._own.ask_again()
            return None
        found = self._renewal.fresh(workspace_id, found)
        if found.ended_at is not None:
            return None
        token = self._settings.bot_token
        if found.token is not None:
            token = self._vault.open(found.token)
        if not token:
            return None
        return Access(found.team, token, found.bot_user, found.bot, workspace_id)
