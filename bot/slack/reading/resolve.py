"""From Slack's ids to ours: an incoming act becomes a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.slack.api.tokens import Access
from bot.slack.people.directory import Directory
from bot.slack.reading.incoming import Incoming, Where, Who
from bot.slack.reading.text import plain, unescape
from domain.clock import Clock
from domain.messages import FileRef
from domain.people import Channel, Person
from domain.requests import Reaction, Request
from storage.slack import PLATFORM
from storage.uow import Store

KEPT = timedelta(seconds=30)
"""How long it is remembered which of our ids a Slack id is; what the ids stand for is not kept."""

_MOST = 20_000


@dataclass(frozen=True, slots=True)
class _Ids:
    person: str
    channel: str | None
    until: datetime


class Resolver:
    """Makes requests. Safe to share between threads."""

    def __init__(self, store: Store, directory: Directory, clock: Clock) -> None:
        self._store = store
        self._directory = directory
        self._clock = clock
        self._kept: dict[tuple[Who, str, bool], _Ids] = {}

    def remembered(self, access: Access, incoming: Incoming) -> Request | None:
        """The request, if everything about it is known already; never waits."""
        ids = self._kept.get(_key(incoming))
        if ids is None or self._clock.now() >= ids.until or "<" in incoming.text:
            return None
        return self._request(access, incoming, ids, unescape(incoming.text).replace("\u00a0", " "))

    def request(
        self,
        access: Access,
        incoming: Incoming,
        *,
        typed: str | None = None,
        values: Mapping[str, str] | None = None,
        files: tuple[FileRef, ...] = (),
        reaction: Reaction | None = None,
    ) -> Request:
        """The request; may ask Slack and the database, and raises what they raise.

        :param typed: the text in our own form (of a button), instead of what Slack sent.
        """
        ids = self._ids(access, incoming)
        text = self.words(access, incoming.text) if typed is None else typed
        return self._request(
            access, incoming, ids, text, values=values, files=files, reaction=reaction
        )

    def words(self, access: Access, text: str) -> str:
        """Slack's text as ours: mentions by our ids, entities as the characters they stand for."""
        return plain(
            text,
            lambda user: self.person(access, user).id,
            lambda channel: self._channel_name(access, channel),
        )

    def person(self, access: Access, user: str, home: str = "") -> Person:
        """Our person for a Slack user id."""
        return self._directory.person(access.workspace_id, home or access.team, user)

    def forget(self, incoming: Incoming) -> None:
        """Look the ids up again next time: something was wrong with them, perhaps."""
        self._kept.pop(_key(incoming), None)

    def _ids(self, access: Access, incoming: Incoming) -> _Ids:
        person = self.person(access, incoming.who.user, incoming.who.home)
        channel = self.channel(access, incoming.where, incoming.who.user, person)
        ids = _Ids(person.id, channel.id if channel else None, self._clock.now() + KEPT)
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[_key(incoming)] = ids
        return ids

    def channel(self, access: Access, where: Where, user: str, person: Person) -> Channel | None:
        """Our channel; None for no channel and for a conversation of two people without Duban."""
        if not where.channel:
            return None
        direct = where.channel.startswith("D")
        if (
            direct
            and not where.direct
            and not self._with_duban(access, where.channel, user, person)
        ):
            return None
        return self._directory.channel(
            access.workspace_id,
            access.team,
            where.channel,
            name=where.name,
            kind="im" if direct else "",
            user=user if direct else "",
        )

    def _with_duban(self, access: Access, channel_id: str, user: str, person: Person) -> bool:
        """Whether a conversation of two is this person's with Duban: Slack shows us no other."""
        with self._store.read(access.workspace_id) as uow:
            known = uow.channels.by_external(PLATFORM, channel_id)
        if known is not None:
            return known.person_id == person.id
        room = self._directory.room(access.workspace_id, channel_id)
        return room is not None and room.direct and room.user == user

    def _request(
        self,
        access: Access,
        incoming: Incoming,
        ids: _Ids,
        text: str,
        *,
        values: Mapping[str, str] | None = None,
        files: tuple[FileRef, ...] = (),
        reaction: Reaction | None = None,
    ) -> Request:
        return Request(
            event_id=incoming.key,
            platform=PLATFORM,
            workspace=access.workspace_id,
            channel=ids.channel,
            person=ids.person,
            received_at=self._clock.now(),
            kind=incoming.kind,
            text=text,
            thread=incoming.where.thread,
            values=values or {},
            files=files,
            reaction=reaction,
            message_id=incoming.where.message,
        )

    def _channel_name(self, access: Access, channel_id: str) -> str | None:
        with self._store.read(access.workspace_id) as uow:
            known = uow.channels.by_external(PLATFORM, channel_id)
        return known.name if known else None


def _key(incoming: Incoming) -> tuple[Who, str, bool]:
    return incoming.who, incoming.where.channel, incoming.where.direct
