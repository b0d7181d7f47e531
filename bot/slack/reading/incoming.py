"""What Slack says that a person did, as plain values; nothing is looked up here.

Shapes: docs.slack.dev, "Implementing slash commands", "Handling user interaction", "Events API".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from bot.slack.reading.text import unfenced
from domain.requests import Kind

Json = Mapping[str, Any]

MAX_FILES = 10
"""How many files of one message or field are taken."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who did it.

    :param team: the team whose installation heard of it.
    :param home: the team that the user belongs to; empty when Slack did not say.
    """

    team: str
    user: str
    home: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """Where it was done.

    :param channel: Slack's id; empty for no channel (the home tab, a global shortcut).
    :param name: the channel's name, where Slack said it.
    :param direct: whether this is surely the person's conversation with Duban.
    :param thread: ``thread_ts`` of the thread, or None.
    :param message: ``ts`` of the message that was written or pressed on, or None.
    """

    channel: str = ""
    name: str = ""
    direct: bool = False
    thread: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file that came along, still at Slack.

    :param url: where its bytes are, for who has the token.
    :param size: bytes, as Slack says.
    """

    id: str
    name: str
    url: str
    size: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """One act of one person.

    :param key: the same for every delivery of the same act.
    :param text: as Slack sent it, marks and entities included, without the mention of Duban.
    :param response_url: where answers may be posted for 30 minutes, five times; or empty.
    :param trigger: opens a form within three seconds, once; or empty.
    """

    key: str
    who: Who
    where: Where
    kind: Kind = Kind.COMMAND
    text: str = ""
    response_url: str = ""
    trigger: str = ""
    files: tuple[SharedFile, ...] = ()


def slash(body: Json, prefix: str, umbrella: str) -> Incoming:
    """A slash command: its name without the prefix begins the line; the umbrella's is left out.

    In a conversation of two people (``D…``) the command may be typed to anybody, so such a channel
    is not taken for the conversation with Duban.
    """
    team, user = text_of(body, "team_id"), text_of(body, "user_id")
    name = text_of(body, "command").lstrip("/")
    typed = unfenced(text_of(body, "text").strip())
    word = "" if name == umbrella else name.removeprefix(prefix)
    trigger = text_of(body, "trigger_id")
    channel_name = text_of(body, "channel_name")
    return Incoming(
        key=f"slack:{team}:{trigger}",
        who=Who(team, user, team),
        where=Where(
            text_of(body, "channel_id"),
            "" if channel_name in ("directmessage", "privategroup") else channel_name,
        ),
        text=f"{word} {typed}".strip(),
        response_url=text_of(body, "response_url"),
        trigger=trigger,
    )


def interaction(body: Json, text: str = "") -> Incoming:
    """A press, a shortcut or a form: who, where, and how it can be answered."""
    who = presser(body)
    trigger = text_of(body, "trigger_id")
    return Incoming(
        key=f"slack:{who.team}:{trigger}",
        who=who,
        where=pressed_at(body),
        text=text,
        response_url=text_of(body, "response_url"),
        trigger=trigger,
    )


def presser(body: Json) -> Who:
    """Who pressed or submitted."""
    user = part(body, "user")
    home = text_of(user, "team_id")
    team = text_of(part(body, "team"), "id") or home
    return Who(team, text_of(user, "id"), home or team)


def pressed_at(body: Json) -> Where:
    """The message that a button or shortcut belongs to."""
    channel, message, container = (part(body, n) for n in ("channel", "message", "container"))
    ts = text_of(message, "ts") or text_of(container, "message_ts") or text_of(body, "message_ts")
    thread = text_of(container, "thread_ts") or text_of(message, "thread_ts")
    name = text_of(channel, "name")
    return Where(
        text_of(channel, "id") or text_of(container, "channel_id"),
        "" if name in ("directmessage", "privategroup") else name,
        thread=thread if thread and thread != ts else None,
        message=ts or None,
    )


def shared_files(files: object) -> tuple[SharedFile, ...]:
    """The files of a message or a form's field, without those that Slack does not give out."""
    listed = cast("Sequence[object]", files) if isinstance(files, list) else ()
    found: list[SharedFile] = []
    for each in listed[:MAX_FILES]:
        if not isinstance(each, dict):
            continue
        file = cast("Json", each)
        url = text_of(file, "url_private_download") or text_of(file, "url_private")
        size = file.get("size")
        if text_of(file, "id") and url and text_of(file, "mode") != "tombstone":
            length = size if isinstance(size, int) else 0
            found.append(SharedFile(text_of(file, "id"), text_of(file, "name"), url, length))
    return tuple(found)


def text_of(body: Json, name: str) -> str:
    """A text of an object; empty when it is missing or something else."""
    value = body.get(name)
    return value if isinstance(value, str) else ""


def part(body: Json, name: str) -> Json:
    """An object inside an object; empty when it is missing or something else."""
    value = body.get(name)
    return cast("Json", value) if isinstance(value, dict) else {}
