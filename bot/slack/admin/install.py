"""A Slack team takes Duban in, or removes it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from bot.settings import Settings
from bot.slack.admin.manifest import REDIRECT_PATH
from bot.slack.api.asking import GONE, Refused, ask, client_for
from bot.slack.api.tokens import Tokens
from bot.slack.people.arrivals import known, welcome
from bot.slack.people.profiles import profile_of
from bot.slack.people.rooms import close_directs, reopen_directs
from bot.surfaces.accounts import make_admin
from bot.vault import Vault
from domain.clock import Clock
from domain.errors import ConflictError, UserError
from domain.message_json import to_json
from domain.messages import Action, Card, Code, Para, Strong, T, Tone
from domain.people import Role, Workspace
from storage.audit import AuditEntry
from storage.platforms import Tenant
from storage.slack import PLATFORM, Installation, Profile
from storage.uow import Store, UnitOfWork

log = logging.getLogger("duban.slack")


@dataclass(frozen=True, slots=True)
class _Granted:
    """What Slack granted, in the clear: nothing of it is ever logged."""

    team: Tenant
    installation: Installation
    user: str
    profile: Profile


class Installer:
    """Stores what a team grants, and forgets it when the team takes it back.

    One Slack team per workspace: the first team takes the first workspace if that has none, every
    further team gets a workspace of its own. Who installs the app for the first time administers
    the workspace; who installs it again does so only where nobody else does.
    """

    def __init__(
        self, store: Store, settings: Settings, vault: Vault, clock: Clock, tokens: Tokens
    ) -> None:
        self._store = store
        self._settings = settings
        self._vault = vault
        self._clock = clock
        self._tokens = tokens

    def use_state(self, name: str) -> None:
        """Note that a state was used.

        :raises UserError: it was used before (``slack.install_state``).
        """
        home, now = self._store.workspaces()[0], self._clock.now()
        try:
            with self._store.write(home.id) as uow:
                uow.inbox.add(f"slack-state:{name}", now, {})
        except ConflictError as error:
            raise UserError("slack.install_state") from error

    def complete(self, code: str) -> str:
        """Exchange the code of an installation, store what it grants; the team's name.

        :raises UserError: Slack refused the code, or the app was installed for a whole enterprise.
        :raises OutsideError: Slack could not be reached.
        """
        granted = self._exchange(code)
        try:
            workspace = self._take_in(granted)
        except ConflictError:  # another team took the workspace, or the same one came twice
            workspace = self._take_in(granted)
        self._tokens.forget(workspace.id)
        log.info("slack.installed", extra={"workspace": workspace.id})
        return granted.team.name

    def ended(self, team: str) -> bool:
        """Slack says that the team removed the app or revoked its token; whether that is so.

        The token is tried first: the message may be an old one that comes after a new
        installation.

        :raises OutsideError: Slack could not be reached; the delivery should be repeated.
        """
        workspace = self._store.workspace_of(PLATFORM, team)
        if workspace is None:
            return False
        with self._store.read(workspace.id) as uow:
            found = uow.slack.installation()
        self._tokens.forget(workspace.id)  # what is tried is not older than what is ended
        access = self._tokens.for_team(team)
        if access is not None:
            try:
                ask(client_for(access.token, self._settings.slack.api_base_url), "auth.test")
            except Refused as no:
                if no.code not in GONE:
                    return False
            else:
                return False
        now = self._clock.now()
        with self._store.write(workspace.id) as uow:
            ended = found is not None and uow.slack.end(now, found.installed_at)
            if ended:
                close_directs(uow)
                uow.audit(AuditEntry(now, None, PLATFORM, "slack:app:removed", f"slack:{team}"))
                card = _gone_card(uow, self._settings)
                for admin in uow.people.with_role(Role.ADMIN, None):
                    payload = {"person": admin.id, "card": to_json(card)}
                    uow.queue(f"person:{admin.id}", "post", payload, now)
        self._tokens.forget(workspace.id)
        return ended

    def _exchange(self, code: str) -> _Granted:
        slack = self._settings.slack
        auth = {"client_id": slack.client_id, "client_secret": slack.client_secret}
        try:
            said = ask(
                client_for(None, slack.api_base_url),
                "oauth.v2.access",
                auth=auth,
                code=code,
                redirect_uri=self._settings.base_url + REDIRECT_PATH,
            ).data
            team = cast("Mapping[str, Any] | None", said.get("team"))
            if said.get("is_enterprise_install") or not team:
                raise UserError("slack.install_enterprise")
            client = client_for(str(said["access_token"]), slack.api_base_url)
            bot = ask(client, "auth.test").data
            user = str(said["authed_user"]["id"])
            info = ask(client, "users.info", user=user, include_locale=True).data
        except Refused as no:
            raise UserError("slack.install_refused", reason=no.code) from no
        found = Tenant(PLATFORM, str(team["id"]), str(team.get("name") or team["id"]))
        installation = self._sealed(said, bot, found.tenant, user)
        return _Granted(found, installation, user, profile_of(info["user"], found.tenant))

    def _sealed(
        self, said: Mapping[str, Any], bot: Mapping[str, Any], team: str, user: str
    ) -> Installation:
        now, refresh = self._clock.now(), said.get("refresh_token")
        ends = now + timedelta(seconds=int(said["expires_in"])) if said.get("expires_in") else None
        scopes = sorted(s for s in str(said.get("scope") or "").split(",") if s)
        return Installation(
            team=team,
            app=str(said.get("app_id") or ""),
            bot_user=str(said.get("bot_user_id") or bot["user_id"]),
            bot=str(bot.get("bot_id") or ""),
            scopes=tuple(scopes),
            installed_by=user,
            installed_at=now,
            token=self._vault.seal(str(said["access_token"])),
            refresh=self._vault.seal(str(refresh)) if refresh else None,
            expires_at=ends,
        )

    def _take_in(self, granted: _Granted) -> Workspace:
        team, now = granted.team, self._clock.now()
        bound = self._store.workspace_of(PLATFORM, team.tenant)
        workspace = bound or self._vacant() or self._make(granted)
        with self._store.write(workspace.id) as uow:
            uow.tenants.bind(team)
            uow.slack.install(granted.installation)
            reopen_directs(uow)
            person = known(uow, team.tenant, granted.user)
            if person is None:
                person = welcome(uow, team, granted.user, granted.profile, now)
            if bound is None or not uow.people.with_role(Role.ADMIN, None):
                make_admin(uow, PLATFORM, person, now, why="installed the app in Slack")
            subject, said = f"slack:{team.tenant}", {"scopes": list(granted.installation.scopes)}
            audit = AuditEntry(now, person.id, PLATFORM, "slack:app:installed", subject, new=said)
            uow.audit(audit)
            payload = {"person": person.id, "card": to_json(_installed_card(team))}
            uow.queue(f"person:{person.id}", "post", payload, now)
        return workspace

    def _vacant(self) -> Workspace | None:
        """The first workspace, when it has no Slack team."""
        first = next(iter(self._store.workspaces()), None)
        if first is None:
            return None
        with self._store.read(first.id) as uow:
            return first if uow.tenants.of(PLATFORM) is None else None

    def _make(self, granted: _Granted) -> Workspace:
        """A workspace for a further team, with the installer's language and zone."""
        first, profile = self._store.workspaces()[0], granted.profile
        return self._store.create_workspace(
            granted.team.name,
            locale=profile.locale or first.locale,
            zone=profile.zone or first.zone,
            country=first.country,
            now=self._clock.now(),
        )


def _installed_card(team: Tenant) -> Card:
    return Card(
        T("slack.installed", {"team": Strong(team.name)}),
        (Para(T("slack.installed_next")),),
        (Action(T("slack.help_button"), "help"),),
        tone=Tone.GOOD,
    )


def _gone_card(uow: UnitOfWork, settings: Settings) -> Card:
    home = uow.tenants.of(PLATFORM)
    name = Strong(home.name if home else "Slack")
    if settings.slack.oauth:
        back = T("slack.gone_install", {"url": Code(f"{settings.base_url}/slack/install")})
    else:
        back = T("slack.gone_token")
    return Card(T("slack.gone", {"team": name}), (Para(back),), tone=Tone.BAD)
