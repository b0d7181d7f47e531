"""The app as the platform knows it: its keys and what its manifest asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.refusal import CannotDo
from tests.fakes.slack.rules.manifest import require_manifest
from tests.fakes.slack.tokens import ALL_SCOPES

ALL_EVENTS = frozenset(
    [
        "app_mention",
        "message.channels",
        "message.groups",
        "message.im",
        "message.mpim",
        "reaction_added",
        "reaction_removed",
        "link_shared",
        "app_home_opened",
        "member_joined_channel",
        "member_left_channel",
        "team_join",
        "user_change",
        "channel_archive",
        "channel_unarchive",
        "channel_rename",
        "channel_deleted",
        "channel_created",
        "channel_left",
        "group_left",
        "group_archive",
        "group_rename",
        "channel_id_changed",
        "app_uninstalled",
        "tokens_revoked",
        "im_created",
    ]
)


@dataclass(slots=True)
class AppConfig:
    """One app. Without a manifest it may do everything and has every command.

    :param request_url: where commands, events and interactivity go without Socket Mode.
    :param commands: name → whether mentions in its text are escaped; None: any name, escaped.
    """

    id: str = "A0000001"
    name: str = "Duban"
    signing_secret: str = "8f742231b10e8888abcd99yyyzzz85a5"
    client_id: str = "111111111111.222222222222"
    client_secret: str = "client-secret-of-the-tests"
    verification_token: str = "verification-token"
    request_url: str = ""
    socket_mode: bool = False
    token_rotation: bool = False
    distributed: bool = False
    scopes: frozenset[str] = ALL_SCOPES
    events: frozenset[str] = ALL_EVENTS
    commands: dict[str, bool] | None = None
    shortcuts: dict[str, str] | None = None
    unfurl_domains: tuple[str, ...] = ("zentao.example.com", "lanhuapp.com")
    manifest: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def apply(self, manifest: Mapping[str, Any]) -> None:
        """Take over a manifest; ``invalid_manifest`` with reasons."""
        require_manifest(manifest)
        self.manifest = manifest
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        self.name = manifest["display_information"]["name"]
        self.socket_mode = bool(settings.get("socket_mode_enabled"))
        self.token_rotation = bool(settings.get("token_rotation_enabled"))
        self.scopes = frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ()))
        events = settings.get("event_subscriptions", {})
        self.events = frozenset(events.get("bot_events", ()))
        self.commands = {
            c["command"]: bool(c.get("should_escape")) for c in features.get("slash_commands", ())
        }
        self.shortcuts = {s["callback_id"]: s["type"] for s in features.get("shortcuts", ())}
        self.unfurl_domains = tuple(features.get("unfurl_domains", ()))
        if not self.socket_mode and "request_url" in events:
            self.request_url = str(events["request_url"])

    def escapes(self, command: str) -> bool:
        """Whether mentions in the text of a command are escaped."""
        if self.commands is None:
            return True
        if command not in self.commands:
            raise CannotDo(f"{command} is not a valid command")
        return self.commands[command]

    def has_shortcut(self, callback_id: str, kind: str) -> None:
        """Refuse a shortcut that the menu does not have."""
        if self.shortcuts is not None and self.shortcuts.get(callback_id) != kind:
            raise CannotDo(f"there is no {kind} shortcut {callback_id}")

    def unfurls(self, host: str) -> bool:
        """Whether links to this host are told to the app."""
        return any(host == d or host.endswith(f".{d}") for d in self.unfurl_domains)
