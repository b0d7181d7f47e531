"""App manifests, as the type definitions of the platform limit them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.fakes.slack.refusal import Refusal
from tests.fakes.slack.rules.checking import Check

BUILT_IN = frozenset(
    [
        "/me",
        "/status",
        "/join",
        "/away",
        "/dnd",
        "/shrug",
        "/remind",
        "/msg",
        "/feed",
        "/who",
        "/collapse",
        "/expand",
        "/leave",
        "/open",
        "/search",
        "/topic",
        "/mute",
        "/pro",
        "/shortcuts",
        "/active",
        "/dm",
        "/invite",
        "/kick",
        "/remove",
        "/archive",
        "/unarchive",
        "/rename",
        "/star",
        "/apps",
        "/call",
        "/prefs",
        "/keys",
        "/part",
        "/commands",
    ]
)
SHORTCUT_NAME = 24
"""What the menu shows; the platform cuts or refuses longer ones, depending on where it is told."""
_BOT_NAME = re.compile(r"[a-z0-9._-]+")
_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")


def require_manifest(manifest: Mapping[str, Any]) -> None:
    """Refuse with ``invalid_manifest`` and the reasons."""
    check = Check("manifest")
    shown = manifest.get("display_information", {})
    check.string(shown.get("name"), 35, "/display_information/name", optional=False)
    check.string(shown.get("description"), 140, "/display_information/description")
    check.string(shown.get("long_description"), 4000, "/display_information/long", least=174)
    features, settings = manifest.get("features", {}), manifest.get("settings", {})
    socket = bool(settings.get("socket_mode_enabled"))
    bot = features.get("bot_user", {})
    check.string(bot.get("display_name"), 80, "/features/bot_user/display_name")
    if not _BOT_NAME.fullmatch(str(bot.get("display_name", "x"))):
        check.wrong("a-z, 0-9, -, _ and . only", "/features/bot_user/display_name")
    _commands(check, features.get("slash_commands", []), socket)
    _shortcuts(check, features.get("shortcuts", []))
    check.count(features.get("unfurl_domains", []), 5, "/features/unfurl_domains", least=0)
    events = settings.get("event_subscriptions", {})
    check.count(events.get("bot_events", []), 100, "/settings/bot_events", least=0)
    for name in ("event_subscriptions", "interactivity"):
        part = settings.get(name)
        if part is not None and socket == ("request_url" in part):
            check.wrong("request_url exactly without socket mode", f"/settings/{name}")
    if check.problems:
        raise Refusal("invalid_manifest", messages=check.problems)


def _commands(check: Check, commands: Any, socket: bool) -> None:
    names: set[str] = set()
    for number, command in enumerate(check.count(commands, 50, "/slash_commands", least=0)):
        path = f"/features/slash_commands/{number}"
        name = str(command.get("command"))
        if not _COMMAND.fullmatch(name) or name in BUILT_IN:
            check.wrong(f"the slash command has an invalid name: {name}", path)
        if name in names:
            check.wrong(f"the slash command is there twice: {name}", path)
        names.add(name)
        check.string(command.get("description"), 2000, f"{path}/description", optional=False)
        check.string(command.get("usage_hint"), 1000, f"{path}/usage_hint")
        if socket == ("url" in command):
            check.wrong("url exactly without socket mode", path)


def _shortcuts(check: Check, shortcuts: Any) -> None:
    for number, shortcut in enumerate(check.count(shortcuts, 10, "/shortcuts", least=0)):
        path = f"/features/shortcuts/{number}"
        check.one_of(shortcut.get("type"), {"message", "global"}, f"{path}/type")
        check.string(shortcut.get("name"), SHORTCUT_NAME, f"{path}/name", optional=False)
        check.string(shortcut.get("description"), 150, f"{path}/description", optional=False)
        check.string(shortcut.get("callback_id"), 255, f"{path}/callback_id", optional=False)
