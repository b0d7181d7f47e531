"""DingTalk's conversations as our channels. Runs in a transaction."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.surfaces.rooms import CHANNEL, DIRECT, add_channel, direct_with
from domain.people import ARCHIVED, Channel, Person
from storage.dingtalk import PLATFORM, USER, Conversation
from storage.uow import UnitOfWork

FRESH = timedelta(minutes=10)
"""A webhook is written down when it lives so much longer than the one that is known: every message
brings one, and not every message is worth a transaction."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How the conversation in which something was said can be answered.

    :param id: ``openConversationId`` of a group; for one person their userId (of an outsider the
        conversation's id, which only the webhook leads to).
    :param name: the group's title.
    """

    id: str
    name: str
    direct: bool
    robot_code: str
    webhook: str | None = field(repr=False)
    expires_at: datetime | None
    at: datetime


def find(uow: UnitOfWork, heard: Heard) -> Channel | None:
    """The channel, if it is known and nothing about it is news."""
    channel = uow.channels.by_external(PLATFORM, heard.id)
    if channel is None or channel.kind == ARCHIVED or _renamed(channel, heard):
        return None
    known = uow.dingtalk.conversation(channel.id)
    return None if known is None or _better(known, heard) else channel


def hear(uow: UnitOfWork, heard: Heard, person: Person) -> Channel:
    """The channel of a conversation, made at first sight, with the way by which it is answered.

    What waits there may go by that way, whatever it waited for, and before what answers this.
    """
    channel = uow.channels.by_external(PLATFORM, heard.id)
    if channel is None:
        channel = add_direct(uow, person, heard.id) if heard.direct else add_group(uow, heard)
    elif channel.kind == ARCHIVED or _renamed(channel, heard):
        kind = DIRECT if channel.person_id else CHANNEL
        name = heard.name if _renamed(channel, heard) else channel.name
        channel = replace(channel, kind=kind, name=name)
        uow.channels.save(channel)
    known = uow.dingtalk.conversation(channel.id)
    if known is None or _better(known, heard):
        fresh = Conversation(
            channel.id, heard.robot_code, heard.webhook, heard.expires_at, heard.at
        )
        uow.dingtalk.save_conversation(fresh)
        uow.outbox.hurry(_lanes(channel), heard.at)
    return channel


def add_group(uow: UnitOfWork, heard: Heard) -> Channel:
    """A group that was not known: bound to nothing, with the workspace's language and zone."""
    return add_channel(uow, PLATFORM, heard.id, heard.name or heard.id[-8:])


def add_direct(uow: UnitOfWork, person: Person, external_id: str) -> Channel:
    """The person's conversation with Duban, made or found."""
    return direct_with(uow, PLATFORM, person, external_id)


def open_direct(uow: UnitOfWork, person: Person) -> Channel | None:
    """The person's conversation with Duban, or None when they cannot be reached in DingTalk.

    Duban may write first to everybody of the company who has the application in sight.
    """
    found = uow.channels.direct(PLATFORM, person.id)
    if found is not None:
        return found
    ids = [i for _, kind, i in uow.people.addresses(person.id, PLATFORM) if kind == USER]
    if not ids or not person.active:
        return None
    return add_direct(uow, person, ids[0])


def _lanes(channel: Channel) -> list[str]:
    """The lanes of the outbox that lead to a conversation."""
    direct = [f"person:{channel.person_id}"] if channel.person_id else []
    return [f"channel:{channel.id}", *direct]


def _renamed(channel: Channel, heard: Heard) -> bool:
    return bool(heard.name) and channel.person_id is None and channel.name != heard.name


def _better(known: Conversation, heard: Heard) -> bool:
    if heard.webhook is None or heard.expires_at is None:
        return known.robot_code != heard.robot_code
    later = known.expires_at is None or heard.expires_at - known.expires_at >= FRESH
    return later or known.robot_code != heard.robot_code
