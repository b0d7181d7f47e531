"""Conversations of a chat platform as our channels. Runs in a transaction."""

from __future__ import annotations

from domain.ids import new_id
from domain.people import Channel, Person
from storage.uow import UnitOfWork

DIRECT = "direct"
CHANNEL = "channel"


def add_channel(uow: UnitOfWork, platform: str, external_id: str, name: str) -> Channel:
    """A channel that was not known: bound to nothing, with the workspace's language and zone."""
    workspace = uow.people.workspace()
    channel = Channel(
        id=new_id(),
        platform=platform,
        external_id=external_id,
        name=name,
        locale=workspace.locale,
        zone=workspace.zone,
    )
    uow.channels.add(channel)
    return channel


def direct_with(uow: UnitOfWork, platform: str, person: Person, external_id: str) -> Channel:
    """The person's conversation with Duban: found, or made under the platform's id for it."""
    known = uow.channels.direct(platform, person.id)
    if known is not None:
        return known
    channel = Channel(
        id=new_id(),
        platform=platform,
        external_id=external_id,
        name=person.name,
        kind=DIRECT,
        person_id=person.id,
        locale=person.locale,
        zone=person.zone,
    )
    uow.channels.add(channel)
    return channel
