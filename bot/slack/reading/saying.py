"""What is said, edited, deleted and marked in Slack: events as plain values.

A mention arrives twice, as ``app_mention`` and as ``message``, in any order. Both are read alike
and have the same key (the message they are about), so that the second one is a repeated delivery.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.slack.reading.emoji import character
from bot.slack.reading.incoming import Incoming, Json, Where, Who, part, shared_files, text_of
from bot.slack.reading.text import addressed, addressed_within, unfenced
from domain.requests import Kind

IsCommand = Callable[[str], bool]
"""Whether a line names a command."""

_PEOPLE_SAY = frozenset({"", "file_share", "thread_broadcast", "me_message"})
"""Kinds of message that people write; the others are Slack's own notes and what bots post."""


@dataclass(frozen=True, slots=True)
class Marked:
    """An emoji put on a message or taken off; its text must still be fetched.

    :param author: Slack's id of who wrote the message, or empty.
    """

    incoming: Incoming
    emoji: str
    added: bool
    author: str


def said(body: Json, bot_user: str, is_command: IsCommand) -> Incoming | None:
    """What an ``app_mention`` or ``message`` event says; None for what is none of our business.

    A line that begins with a mention of Duban is a command, so is every line in the conversation
    with Duban alone, and so is what follows a mention inside a line where it names a command.
    Everything else is said to people.
    """
    event = part(body, "event")
    if text_of(event, "subtype") not in _PEOPLE_SAY or _by_bot(event, bot_user):
        return None
    incoming = _message(body, event)
    command = _command(incoming, bot_user, is_command)
    if command is None:
        return replace(incoming, kind=Kind.MESSAGE) if incoming.text else None
    return replace(incoming, text=command, files=shared_files(event.get("files")))


def edited(body: Json, bot_user: str) -> Incoming | None:
    """What a ``message_changed`` event says was put right; None when no words changed.

    Slack also sends it when a link unfolds, a thread grows or a file is shared, for every message
    that Duban itself edits, and for a deleted message whose thread stays (``tombstone``).
    """
    event = part(body, "event")
    now, before = part(event, "message"), part(event, "previous_message")
    if text_of(now, "subtype") == "tombstone":
        return deleted(body, bot_user)
    unchanged = text_of(now, "text") == text_of(before, "text")
    if unchanged or text_of(now, "subtype") not in _PEOPLE_SAY or _by_bot(now, bot_user):
        return None
    incoming = _message(body, {**now, "channel": event.get("channel")})
    stamp = text_of(part(now, "edited"), "ts") or text_of(event, "event_ts")
    return replace(incoming, key=f"{incoming.key}:{stamp}", kind=Kind.EDIT)


def deleted(body: Json, bot_user: str) -> Incoming | None:
    """What a ``message_deleted`` event says was taken back; None for what a bot had posted."""
    event = part(body, "event")
    before = part(event, "previous_message")
    if not before or _by_bot(before, bot_user) or text_of(before, "subtype") not in _PEOPLE_SAY:
        return None
    ts = text_of(event, "deleted_ts") or text_of(before, "ts")
    incoming = _message(body, {**before, "ts": ts, "channel": event.get("channel")})
    return replace(incoming, key=f"{incoming.key}:deleted", kind=Kind.DELETE, text="")


def marked(body: Json, bot_user: str) -> Marked | None:
    """What a ``reaction_added`` or ``reaction_removed`` event says.

    None for reactions of Duban and on what Duban said (a card is nobody's decision), on things that
    are no messages, and with emoji that mean nothing.
    """
    event = part(body, "event")
    item = part(event, "item")
    emoji = character(text_of(event, "reaction"))
    user, author = text_of(event, "user"), text_of(event, "item_user")
    if emoji is None or text_of(item, "type") != "message" or not user:
        return None
    if bot_user in (user, author):
        return None
    team = text_of(body, "team_id")
    where = Where(text_of(item, "channel"), message=text_of(item, "ts"))
    incoming = Incoming(
        key=f"slack:{team}:{text_of(body, 'event_id')}",
        who=Who(team, user, text_of(event, "user_team")),
        where=where,
        kind=Kind.REACTION,
    )
    added = text_of(event, "type") == "reaction_added"
    return Marked(incoming, emoji, added, author)


def _message(body: Json, event: Json) -> Incoming:
    team = text_of(body, "team_id")
    ts, thread = text_of(event, "ts"), text_of(event, "thread_ts")
    channel = text_of(event, "channel")
    home = text_of(event, "user_team") or text_of(event, "source_team") or text_of(event, "team")
    return Incoming(
        key=f"slack:{team}:{channel}:{ts}",
        who=Who(team, text_of(event, "user"), home),
        where=Where(
            channel,
            direct=channel.startswith("D"),
            thread=thread if thread and thread != ts else None,
            message=ts,
        ),
        text=text_of(event, "text").strip(),
    )


def _command(incoming: Incoming, bot_user: str, is_command: IsCommand) -> str | None:
    rest, meant = addressed(incoming.text, bot_user)
    if meant:
        return rest
    if incoming.where.direct:
        return unfenced(rest)
    within = addressed_within(incoming.text, bot_user)
    return within if within and is_command(within) else None


def _by_bot(message: Json, bot_user: str) -> bool:
    user = text_of(message, "user")
    return not user or user == bot_user or bool(text_of(message, "bot_id"))
