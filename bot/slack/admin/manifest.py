"""The app's manifest: what an administrator pastes at api.slack.com to make the app.

Made from the registry and the settings, within the limits of Slack's own type definitions of the
manifest (``@slack/web-api``, ``manifest``): names up to 35 characters, shortcuts up to 10, unfurl
domains up to 5, events up to 100. In Socket Mode it carries no address at all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from bot.cards.words import Reader, words
from bot.settings import Settings
from bot.slack.admin.names import SlashCommand, slash_commands
from commands.registry import Command, Registry
from domain.errors import UserError
from domain.messages import Inline, T
from locales import template

EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"

SCOPES = (
    "app_mentions:read", "canvases:write", "channels:history", "channels:read", "chat:write",
    "chat:write.public", "commands", "files:read", "files:write", "groups:history", "groups:read",
    "im:history", "im:read", "im:write", "reactions:read", "reactions:write", "users:read",
    "users:read.email",
)  # fmt: skip
"""What Duban asks for. The histories are for minutes, which are kept from a review's thread."""
LINK_SCOPES = ("links:read", "links:write")
"""Asked for where there are links to unfurl."""

EVENTS = (
    "app_home_opened", "app_mention", "app_uninstalled", "channel_archive", "channel_deleted",
    "channel_id_changed", "channel_left", "channel_rename", "channel_unarchive", "group_archive",
    "group_deleted", "group_left", "group_rename", "group_unarchive", "member_joined_channel",
    "message.channels", "message.groups", "message.im", "reaction_added", "reaction_removed",
    "tokens_revoked", "user_change",
)  # fmt: skip

SHORTCUTS = (
    ("message", "log_change"),
    ("message", "add_to_pool"),
    ("message", "add_to_minutes"),
    ("global", "new_change"),
    ("global", "start_review"),
)
"""Kind and callback id of each entry in Slack's menus."""

BOT_NAME = "duban"
"""What people type behind ``@``, in every language. Slack's reference of the manifest allows small
letters, digits, ``-``, ``_`` and ``.`` in it; the app's own name, which is shown, is free."""
MOST_DOMAINS = 5
COLOUR = "#1d4ed8"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest, and what people should know about it.

    :param notes: commands and domains that are not in it, each with what to do instead.
    """

    content: Mapping[str, Any]
    notes: tuple[Inline, ...]


def chosen_way(settings: Settings, *, socket: bool, http: bool) -> bool:
    """Whether the manifest is for Socket Mode: as asked for, else as the settings connect.

    Without either, the one that needs no address; with a signing secret and an address that Slack
    can reach, the other one.
    """
    if socket or http:
        return socket
    slack = settings.slack
    reachable = bool(slack.signing_secret) and _is_public_https(settings.base_url)
    return bool(slack.app_token) or not reachable


def manifest(
    registry: Registry,
    settings: Settings,
    *,
    socket: bool,
    locale: str,
    without: Collection[str] = (),
) -> Manifest:
    """The manifest for one way of connecting.

    :param socket: Socket Mode; else Slack posts to ``DUBAN_BASE_URL``.
    :param locale: the language of the descriptions in Slack's menus.
    :param without: command names to leave out, because another app has them.
    :raises UserError: Slack could not reach the base URL, or the umbrella's name cannot be.
    """
    base = settings.base_url
    if not socket and not _is_public_https(base):
        raise UserError("slack.manifest_no_address", url=base)
    slash = slash_commands(registry, settings.slack, without)
    domains, refused = unfurl_domains(settings)
    content: dict[str, Any] = {
        "_metadata": {"major_version": 1},
        "display_information": {
            "name": template(locale, "slack.app_name"),
            "description": template(locale, "slack.app_description"),
            "background_color": COLOUR,
        },
        "features": _features(slash.commands, domains, locale, None if socket else base),
        "oauth_config": _oauth(settings),
        "settings": _settings(bool(domains), None if socket else base),
    }
    return Manifest(content, (*(each.text for each in slash.left_out), *refused))


def bot_scopes(settings: Settings) -> tuple[str, ...]:
    """What the app must be granted with these settings, in alphabetical order."""
    domains, _ = unfurl_domains(settings)
    return tuple(sorted((*SCOPES, *(LINK_SCOPES if domains else ()))))


def unfurl_domains(settings: Settings) -> tuple[tuple[str, ...], tuple[Inline, ...]]:
    """The hosts whose links Slack tells us of, and why others are left out.

    Slack takes public names only, and five of them; sub-domains are included.
    """
    zentao = urlsplit(settings.zentao.url).hostname if settings.zentao else None
    hosts = dict.fromkeys(h for h in (zentao, *settings.lanhu_hosts) if h)
    public = [h for h in hosts if is_public_name(h)]
    notes = [T("slack.domain_private", {"host": h}) for h in hosts if h not in public]
    notes += [T("slack.domain_too_many", {"host": h}) for h in public[MOST_DOMAINS:]]
    return tuple(public[:MOST_DOMAINS]), tuple(notes)


def is_public_name(host: str) -> bool:
    """Whether the host may have a name that the whole world can look up."""
    try:
        ip_address(host)
    except ValueError:
        private = (".local", ".internal", ".lan", ".localhost", ".home.arpa", ".test", ".invalid")
        return "." in host.strip(".") and not host.rstrip(".").endswith(private)
    return False


def _is_public_https(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and is_public_name(parts.hostname or "")


def _features(
    commands: tuple[SlashCommand, ...], domains: tuple[str, ...], locale: str, base: str | None
) -> dict[str, Any]:
    features: dict[str, Any] = {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": BOT_NAME, "always_online": True},
        "shortcuts": [
            {
                "type": kind,
                "name": template(locale, f"slack.shortcut.{name}"),
                "callback_id": name,
                "description": template(locale, f"slack.shortcut.{name}_help"),
            }
            for kind, name in SHORTCUTS
        ],
        "slash_commands": [_command(c, locale, base) for c in commands],
    }
    if domains:
        features["unfurl_domains"] = list(domains)
    return features


def _command(slash: SlashCommand, locale: str, base: str | None) -> dict[str, Any]:
    reader, command = Reader(locale, "UTC"), slash.command
    if command is None:
        described, hint = (
            template(locale, "slack.umbrella"),
            template(locale, "slack.umbrella_hint"),
        )
    else:
        described, hint = words(command.summary, reader), _hint(command, locale)
    made = {"command": slash.name, "description": described, "should_escape": True}
    if hint:
        made["usage_hint"] = hint
    return made if base is None else {**made, "url": base + EVENTS_PATH}


def _hint(command: Command, locale: str) -> str:
    """An example of what is written behind the command, of what changes something if possible."""
    subs = [s for s in command.subcommands if not s.hidden]
    lines = [
        e[0 if locale == "zh" else 1]
        for s in sorted(subs, key=lambda s: not s.writes)
        for e in s.examples
    ]
    return next((h for h in (line.partition(" ")[2] for line in lines) if h), "")


def _oauth(settings: Settings) -> dict[str, Any]:
    oauth: dict[str, Any] = {"scopes": {"bot": list(bot_scopes(settings))}}
    if settings.slack.oauth:
        oauth["redirect_urls"] = [settings.base_url + REDIRECT_PATH]
    return oauth


def _settings(links: bool, base: str | None) -> dict[str, Any]:
    events: dict[str, Any] = {"bot_events": sorted((*EVENTS, *(("link_shared",) if links else ())))}
    interactivity: dict[str, Any] = {"is_enabled": True}
    if base is not None:
        events["request_url"] = interactivity["request_url"] = base + EVENTS_PATH
        interactivity["message_menu_options_url"] = base + EVENTS_PATH
    return {
        "event_subscriptions": events,
        "interactivity": interactivity,
        "org_deploy_enabled": False,
        "socket_mode_enabled": base is None,
        "token_rotation_enabled": False,
    }
