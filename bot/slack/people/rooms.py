"""Slack's conversations as our channels. Runs in a transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.surfaces.rooms import DIRECT, add_channel, direct_with
from domain.people import ARCHIVED, Channel, Person
from storage.slack import PLATFORM, USER
from storage.uow import UnitOfWork

UNNAMED = frozenset({"", "directmessage", "privategroup"})
"""What stands in a command for the name of a conversation whose name Slack does not tell."""
_DIRECT_KINDS = frozenset({"im", "directmessage", DIRECT})


@dataclass(frozen=True, slots=True)
class Room:
    """A conversation as Slack describes it.

    :param user: for a direct conversation, the Slack id of the person.
    :param open: Duban can post there: it is a member, and the channel is not archived.
    """

    id: str
    name: str
    direct: bool
    user: str = ""
    open: bool = True


def is_direct(channel_id: str, kind: str) -> bool:
    """Whether this is somebody's conversation with Duban.

    :param kind: Slack's ``channel_type``, the channel's name in a command, or empty.
    """
    return kind in _DIRECT_KINDS or channel_id.startswith("D")


def room_of(channel: Mapping[str, Any]) -> Room:
    """The ``channel`` of ``conversations.info``."""
    direct = bool(channel.get("is_im"))
    member = direct or channel.get("is_member") is not False
    return Room(
        id=str(channel["id"]),
        name=str(channel.get("name") or ""),
        direct=direct,
        user=str(channel.get("user") or ""),
        open=member and not channel.get("is_archived"),
    )


def add_room(uow: UnitOfWork, room: Room) -> Channel:
    """A channel that was not known: bound to nothing, with the workspace's language and zone."""
    return add_channel(uow, PLATFORM, room.id, room.name or room.id)


def add_direct(uow: UnitOfWork, person: Person, channel_id: str) -> Channel:
    """The person's conversation with Duban: made, or given the id that Slack uses for it."""
    channel = direct_with(uow, PLATFORM, person, channel_id)
    if channel.external_id != channel_id:
        channel = replace(channel, external_id=channel_id)
        uow.channels.save(channel)
    return channel


def open_direct(uow: UnitOfWork, person: Person) -> Channel | None:
    """The person's conversation with Duban, or None when they cannot be reached in Slack.

    Before Slack has told the conversation's id it goes by the person's own: a message to that
    opens it, and Slack's answer names it (see :meth:`bot.slack.people.directory.Directory.adopt`).
    """
    found = uow.channels.direct(PLATFORM, person.id)
    if found is not None:
        return found
    ids = [i for _, kind, i in uow.people.addresses(person.id, PLATFORM) if kind == USER]
    installation = uow.slack.installation()
    if not ids or not person.active or installation is None or installation.ended_at is not None:
        return None
    return add_direct(uow, person, ids[0])


def close_directs(uow: UnitOfWork) -> None:
    """The app is gone: nobody can be reached in Slack, so other platforms are used instead."""
    for channel in uow.channels.all(DIRECT):
        if channel.platform == PLATFORM:
            uow.channels.save(replace(channel, kind=ARCHIVED))


def reopen_directs(uow: UnitOfWork) -> None:
    """The app is back: people's conversations with it are what they were."""
    for channel in uow.channels.all(ARCHIVED):
        if channel.platform == PLATFORM and channel.person_id is not None:
            uow.channels.save(replace(channel, kind=DIRECT))
