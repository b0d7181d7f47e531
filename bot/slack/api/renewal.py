"""Tokens that expire: a new one is got in time, by one process."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.settings_outside import SlackSettings
from bot.slack.api.asking import GONE, Refused, ask, client_for
from bot.vault import Vault
from domain.clock import Clock
from domain.errors import OutsideError
from storage.slack import Installation
from storage.uow import Store

log = logging.getLogger("duban.slack")

RENEW_BEFORE = timedelta(minutes=60)
"""How long before its end a token is renewed; Slack gives it for twelve hours."""
LEASE = timedelta(seconds=60)
"""How long one process keeps others from using the same refresh token."""
_USED_UP = GONE | {"invalid_refresh_token", "refresh_token_expired", "bad_client_secret"}


class Renewal:
    """Renews tokens with their refresh tokens, each of which works once.

    The right to use one is taken in the database first, so that of many processes one asks Slack,
    outside any transaction. A process that dies between Slack's answer and storing it has used the
    refresh token up: the old token works until its end, and then the app must be installed again.
    """

    def __init__(self, store: Store, settings: SlackSettings, vault: Vault, clock: Clock) -> None:
        self._store = store
        self._settings = settings
        self._vault = vault
        self._clock = clock

    def fresh(self, workspace_id: str, installation: Installation) -> Installation:
        """The installation with a token that works for a while longer, where that can be had."""
        now = self._clock.now()
        ends, refresh = installation.expires_at, installation.refresh
        if ends is None or refresh is None or ends - now > RENEW_BEFORE:
            return installation
        with self._store.write(workspace_id) as uow:
            mine = uow.slack.begin_refresh(refresh, now, now + LEASE)
        if mine:
            self._renew(workspace_id, installation, refresh, ends)
        with self._store.read(workspace_id) as uow:
            return uow.slack.installation() or installation

    def _renew(
        self, workspace_id: str, installation: Installation, refresh: str, ends: datetime
    ) -> None:
        """Ask Slack for the next token; what was installed meanwhile is not replaced by it."""
        client, settings = client_for(None, self._settings.api_base_url), self._settings
        try:
            said = ask(
                client,
                "oauth.v2.access",
                auth={"client_id": settings.client_id, "client_secret": settings.client_secret},
                grant_type="refresh_token",
                refresh_token=self._vault.open(refresh),
            ).data
        except Refused as no:
            log.error("slack.renewal_refused", extra={"reason": no.code})  # noqa: TRY400 (no bug)
            if no.code in _USED_UP and ends <= self._clock.now():
                with self._store.write(workspace_id) as uow:
                    uow.slack.end(self._clock.now(), installation.installed_at)
            return
        except OutsideError:
            return  # Slack is away: the lease runs out, and the next one tries
        token, renewal = str(said["access_token"]), str(said["refresh_token"])
        until = self._clock.now() + timedelta(seconds=int(said["expires_in"]))
        with self._store.write(workspace_id) as uow:
            kept = uow.slack.renew(
                self._vault.seal(token),
                self._vault.seal(renewal),
                until,
                installed_at=installation.installed_at,
            )
        event = "slack.token_renewed" if kept else "slack.renewed_too_late"
        log.info(event, extra={"workspace": workspace_id})
