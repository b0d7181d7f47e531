"""What a person did, in the one normal form that every surface makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.messages import FileRef


class Kind(StrEnum):
    """What sort of thing was done."""

    COMMAND = "command"  # a typed command or a pressed button
    FORM = "form"  # a submitted form
    MESSAGE = (
        "message"  # something said that is no command (kept as minutes while a review is open)
    )
    EDIT = "edit"  # the author changed what a message (``message_id``) says to ``text``
    DELETE = "delete"  # a message (``message_id``) was deleted
    REACTION = "reaction"  # an emoji put on a message, or taken off


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji on somebody's message.

    :param emoji: the emoji itself (``📌``), whatever the platform calls it.
    :param text: what the message says.
    :param author: person id of who wrote it, if known.
    """

    message_id: str
    emoji: str
    added: bool
    text: str
    author: str | None


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that one person did.

    :param event_id: the platform's id of the delivery; the same id twice has one effect and one
        answer.
    :param platform: ``web``, ``terminal``, ``api``, ``slack``, ``dingtalk``: written to the audit,
        never
        asked by a use case.
    :param channel: id of our channel (a direct conversation is a channel too), or None.
    :param thread: the surface's id of the thread, or None.
    :param person: id of our person.
    :param text: the command as typed, mentions replaced by ``<@person-id>``.
    :param values: what was filled in, for a form: texts as typed, ids for choices.
    :param message_id: the surface's id of the message that was typed or pressed on, or None.
    """

    event_id: str
    platform: str
    workspace: str
    channel: str | None
    person: str
    received_at: datetime
    kind: Kind = Kind.COMMAND
    text: str = ""
    thread: str | None = None
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    files: tuple[FileRef, ...] = ()
    reaction: Reaction | None = None
    message_id: str | None = None
