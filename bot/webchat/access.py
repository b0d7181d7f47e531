"""Which conversations a person takes part in."""

from __future__ import annotations

from bot.surfaces.rooms import direct_with
from domain.errors import ForbiddenError, NotFoundError
from domain.ids import new_id
from domain.people import Channel, Person
from storage.uow import UnitOfWork

PLATFORM = "web"
PAIR = "pair"
"""The kind of a conversation of two people, without Duban's ear."""


def active_person(uow: UnitOfWork, person_id: str) -> Person:
    """The person who acts; ``ForbiddenError`` when the account is switched off."""
    person = uow.people.get(person_id)
    if not person.active:
        raise ForbiddenError("core.inactive")
    return person


def conversations(uow: UnitOfWork, me: Person) -> tuple[Channel, ...]:
    """Channels, then the direct conversation with Duban, then those with people.

    Guests and customers see their own conversations only.
    """
    channels = () if me.external else uow.channels.all()
    direct = uow.channels.direct(PLATFORM, me.id)
    pairs = (c for c in uow.channels.all(PAIR) if other_of(c, me.id) is not None)
    mine = (*channels, *((direct,) if direct else ()), *pairs)
    return tuple(c for c in mine if c.platform == PLATFORM)


def conversation(uow: UnitOfWork, me: Person, channel_id: str) -> Channel:
    """The conversation with this id; ``NotFoundError`` when the person may not see one."""
    channel = uow.channels.get(channel_id)
    if channel.platform != PLATFORM or not _takes_part(channel, me):
        raise NotFoundError("setup.unknown_channel", channel=channel_id)
    return channel


def _takes_part(channel: Channel, me: Person) -> bool:
    if channel.kind == "channel":
        return not me.external
    if channel.kind == PAIR:
        return other_of(channel, me.id) is not None
    return channel.person_id == me.id


def other_of(channel: Channel, me: str) -> str | None:
    """The other person of a pair that ``me`` belongs to, else None."""
    _, _, both = channel.external_id.partition(":")
    people = both.split(":")
    if channel.kind != PAIR or me not in people or len(people) != 2:
        return None
    return people[1] if people[0] == me else people[0]


def ensure_direct(uow: UnitOfWork, person: Person) -> Channel:
    """The person's conversation with Duban, made when there is none yet."""
    return direct_with(uow, PLATFORM, person, f"direct:{person.id}")


def ensure_pair(uow: UnitOfWork, me: Person, other: Person) -> Channel:
    """The conversation of two people, made when there is none yet; one person alone is an error."""
    if me.id == other.id or not other.active:
        raise NotFoundError("team.unknown_person", who=other.handle)
    ids = ":".join(sorted((me.id, other.id)))
    known = uow.channels.by_external(PLATFORM, f"{PAIR}:{ids}")
    if known is not None:
        return known
    channel = Channel(
        id=new_id(),
        platform=PLATFORM,
        external_id=f"{PAIR}:{ids}",
        name="",
        kind=PAIR,
        locale=me.locale,
    )
    uow.channels.add(channel)
    return channel
