"""What ``duban doctor`` looks at in Slack. It asks Slack and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.core import Core
from bot.doctor import Finding, Level
from bot.settings import Settings
from bot.slack.admin.manifest import bot_scopes, is_public_name, unfurl_domains
from bot.slack.admin.names import UNSURE, slash_commands
from bot.slack.api.asking import Refused, Said, ask, client_for
from bot.slack.api.renewal import RENEW_BEFORE
from bot.vault import Vault
from commands.registry import Registry
from domain.errors import DubanError, OutsideError
from domain.messages import Code, Inline, Join, Moment, T
from storage.slack import PLATFORM, Installation

SOON = timedelta(minutes=10)
"""A token that ends sooner should have been renewed long ago (see ``bot.slack.api.renewal``)."""


def slack_findings(core: Core) -> Iterator[Finding]:
    """Connection, names, links, and each team's token and scopes."""
    settings = core.settings
    yield from _connection(settings)
    yield from _names(core.dispatcher.registry, settings)
    for note in unfurl_domains(settings)[1]:
        yield Finding(Level.WARN, note)
    if settings.slack.bot_token:
        yield from _token(core, settings.slack.bot_token, T("doctor.slack_own_token"))
    teams = 0
    for workspace in core.store.workspaces():
        with core.store.read(workspace.id) as uow:
            installation, home = uow.slack.installation(), uow.tenants.of(PLATFORM)
        if installation is not None and home is not None:
            teams += 1
            yield from _team(core, installation, home.name)
    if not teams and not settings.slack.bot_token:
        yield Finding(Level.BAD, T("doctor.slack_no_team"), _install(settings))


def _connection(settings: Settings) -> Iterator[Finding]:
    slack, base = settings.slack, settings.base_url
    if slack.socket:
        try:
            client = client_for(slack.app_token, slack.api_base_url)
            ask(client, "apps.connections.open")
        except Refused as no:
            said = T("doctor.slack_socket_refused", {"reason": no.code})
            yield Finding(Level.BAD, said, T("doctor.slack_socket_token"))
        else:
            yield Finding(Level.GOOD, T("doctor.slack_socket"))
    if slack.http:
        address = Code(f"{base}/slack/events")
        reachable = base.startswith("https://") and is_public_name(_host(base))
        level = Level.GOOD if reachable else Level.BAD
        advice = None if reachable else T("doctor.slack_needs_https")
        yield Finding(level, T("doctor.slack_http", {"url": address}), advice)


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].partition(":")[0]


def _names(registry: Registry, settings: Settings) -> Iterator[Finding]:
    slash = slash_commands(registry, settings.slack)
    for each in slash.left_out:
        yield Finding(Level.WARN, each.text)
    unsure = [c.name for c in slash.commands if c.name.removeprefix("/") in UNSURE]
    if unsure:
        names = Join(tuple(Code(n) for n in unsure), ", ")
        instead = Code(f"/{settings.slack.umbrella}")
        said = T("doctor.slack_unsure", {"names": names, "umbrella": instead})
        yield Finding(Level.GOOD, said)


def _team(core: Core, installation: Installation, name: str) -> Iterator[Finding]:
    if installation.ended_at is not None:
        at = Moment(installation.ended_at)
        said = T("doctor.slack_ended", {"team": name, "at": at})
        yield Finding(Level.BAD, said, _install(core.settings))
        return
    if installation.token is None:
        if not core.settings.slack.bot_token:
            said = T("doctor.slack_token_missing", {"team": name})
            yield Finding(Level.BAD, said, _install(core.settings))
        return  # it was looked at by itself
    try:
        token = Vault(core.settings.secret_keys).open(installation.token)
    except DubanError as error:
        yield Finding(Level.BAD, T("doctor.slack_sealed", {"team": name}), error.text)
        return
    yield from _expiry(core, installation, name)
    yield from _token(core, token, T("doctor.slack_team", {"team": name}))


def _expiry(core: Core, installation: Installation, name: str) -> Iterator[Finding]:
    ends = installation.expires_at
    if ends is not None and ends - core.clock.now() < RENEW_BEFORE - SOON:
        said = T("doctor.slack_not_renewed", {"team": name, "at": Moment(ends)})
        yield Finding(Level.WARN, said, T("doctor.slack_renew"))


def _token(core: Core, token: str, whose: Inline) -> Iterator[Finding]:
    """Whether Slack takes the token, and whether it may do what the manifest asks for."""
    settings = core.settings
    try:
        said = ask(client_for(token, settings.slack.api_base_url), "auth.test")
    except Refused as no:
        problem = T("doctor.slack_token_refused", {"whose": whose, "reason": no.code})
        yield Finding(Level.BAD, problem, _install(settings))
        return
    except OutsideError as error:
        yield Finding(Level.BAD, error.text, T("doctor.slack_reach"))
        return
    team = str(said.data.get("team") or said.data.get("team_id"))
    yield Finding(Level.GOOD, T("doctor.slack_token", {"whose": whose, "team": team}))
    yield _bound(core, str(said.data["team_id"]), team)
    yield _scopes(said, settings)


def _bound(core: Core, team_id: str, team: str) -> Finding:
    """Which workspace the team is; the settings' token is bound when Duban first uses it."""
    workspace = core.store.workspace_of(PLATFORM, team_id)
    if workspace is not None:
        shown: dict[str, Inline | int] = {"team": team, "workspace": workspace.name}
        return Finding(Level.GOOD, T("doctor.slack_bound", shown))
    first = next(iter(core.store.workspaces()), None)
    if first is not None:
        with core.store.read(first.id) as uow:
            other = uow.tenants.of(PLATFORM)
        if other is not None:
            shown = {"team": team, "workspace": first.name, "other": other.name}
            return Finding(Level.BAD, T("doctor.slack_other", shown), T("doctor.slack_rebind"))
    return Finding(Level.GOOD, T("doctor.slack_unbound", {"team": team}))


def _scopes(said: Said, settings: Settings) -> Finding:
    if not said.scopes:
        return Finding(Level.WARN, T("doctor.slack_scopes_unknown"))
    missing = [s for s in bot_scopes(settings) if s not in said.scopes]
    if missing:
        names = Join(tuple(Code(s) for s in missing), ", ")
        return Finding(
            Level.BAD,
            T("doctor.slack_scopes_missing", {"scopes": names}),
            T("doctor.slack_rescope"),
        )
    return Finding(Level.GOOD, T("doctor.slack_scopes", {"n": len(said.scopes)}))


def _install(settings: Settings) -> Inline:
    if settings.slack.oauth:
        return T("doctor.slack_install", {"url": Code(f"{settings.base_url}/slack/install")})
    return T("doctor.slack_install_token")
