"""Which commands can be slash commands in Slack, and under which names.

Built-in names: Slack's help names ``/remind`` and ``/topic``; the others were seen refused ("the
slash command has an invalid name"), or are built in for people and so would never reach an app.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.cards.way import Way
from bot.settings_outside import SlackSettings
from commands.registry import Command, Registry
from domain.errors import UserError
from domain.messages import Code, T

log = logging.getLogger("duban.slack")

MOST_COMMANDS = 50
"""Of one app, by Slack's type definitions of the manifest."""

RESERVED = frozenset(
    {
        "me", "status", "join", "away", "dnd", "shrug", "remind", "msg", "feed", "who", "collapse",
        "expand", "leave", "open", "search", "topic", "mute", "pro", "shortcuts",
        "active", "dm", "invite", "kick", "remove", "archive", "unarchive", "rename", "star",
        "apps", "call", "prefs", "keys", "part", "commands",
    }
)  # fmt: skip
"""Slack's own commands: no app can have them."""

UNSURE = frozenset({"close", "feedback", "help"})
"""Commands of older Slack clients: Slack takes them from most apps, not surely from every one."""

_NAME = re.compile(r"/[a-z0-9_-]{1,31}\Z")


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """One slash command.

    :param name: with the slash and the prefix, as people type it in Slack.
    :param command: what it runs; None for the umbrella, under which every command works.
    """

    name: str
    command: Command | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A command that is no slash command of its own.

    :param name: what it would be called in Slack; :param instead: how it is typed there.
    :param why: key of the text that says so.
    """

    name: str
    instead: str
    why: str

    @property
    def text(self) -> T:
        """Why, and what to type."""
        return T(self.why, {"name": Code(self.name), "instead": Code(self.instead)})


@dataclass(frozen=True, slots=True)
class SlashCommands:
    """The slash commands of the app, the umbrella first, and the commands that are none."""

    commands: tuple[SlashCommand, ...]
    left_out: tuple[LeftOut, ...]


def slash_commands(
    registry: Registry, settings: SlackSettings, without: Collection[str] = ()
) -> SlashCommands:
    """The app's slash commands.

    :param without: names that somebody else's app has; they work under the umbrella.
    :raises UserError: the umbrella's name is one of Slack's own, or a command's.
    """
    umbrella = settings.umbrella
    if umbrella in RESERVED:
        raise UserError("slack.umbrella_reserved", name=f"/{umbrella}")
    found = [SlashCommand(f"/{umbrella}", None)]
    left_out: list[LeftOut] = []
    for command in registry.commands:
        name = f"{settings.prefix}{command.name}"
        if name == umbrella:
            raise UserError("slack.umbrella_taken", name=f"/{umbrella}")
        why = _unfit(name, command.name in without or name in without)
        if why is None and len(found) == MOST_COMMANDS:
            why = "slack.name_too_many"
        if why is None:
            found.append(SlashCommand(f"/{name}", command))
        else:
            left_out.append(LeftOut(f"/{name}", f"/{umbrella} {command.name}", why))
    return SlashCommands(tuple(found), tuple(left_out))


def way_of(names: SlashCommands, settings: SlackSettings) -> Way:
    """How this app's commands are typed: with the prefix; the ones left out by the umbrella."""
    special = tuple(
        (left.instead.rpartition(" ")[2], left.instead.rpartition(" ")[0] + " ")
        for left in names.left_out
    )
    return Way(f"/{settings.prefix}", special)


def _unfit(name: str, unwanted: bool) -> str | None:
    if unwanted:
        return "slack.name_unwanted"
    if name in RESERVED:
        return "slack.name_reserved"
    return None if _NAME.match(f"/{name}") else "slack.name_invalid"


def check_names(registry: Registry, settings: SlackSettings) -> None:
    """Refuse an umbrella that cannot be, and log the commands that only work under it.

    :raises UserError: as :func:`slash_commands`.
    """
    for each in slash_commands(registry, settings).left_out:
        log.warning("slack.command_left_out", extra={"command": each.name, "reason": each.why})
