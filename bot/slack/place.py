"""Where a card goes in Slack, and who reads it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.cards.way import PLAIN, Way
from bot.cards.words import Reader
from bot.names import Names
from domain.errors import NotFoundError
from domain.people import Channel
from domain.ports import Destination, GiveUp
from storage.uow import Store, UnitOfWork


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation of Slack, with its reader.

    :param workspace: id of our workspace.
    :param external: Slack's id; of a person (``U…``) as long as nothing was said to them.
    :param thread: time stamp of the thread's first message, if it goes into a thread.
    :param asker: id of the person whose request this answers, if known.
    :param on: time stamp of the message on which they pressed a button, if they did.
    """

    workspace: str
    channel: Channel
    reader: Reader
    thread: str | None
    asker: str | None
    on: str | None = None

    @property
    def external(self) -> str:
        """Slack's id of the conversation (or person)."""
        return self.channel.external_id

    def at(self, external: str) -> Place:
        """The same place by another id of Slack's."""
        return replace(self, channel=replace(self.channel, external_id=external))


class Places:
    """Finds places; the workspace of a channel never changes and is remembered."""

    def __init__(self, store: Store, way: Way = PLAIN) -> None:
        self._store = store
        self._way = way
        self._homes: dict[str, str] = {}

    def of(self, destination: Destination, delivery_id: str) -> Place:
        """The place of a delivery; ``GiveUp`` when the channel is gone."""
        workspace = self._home(destination.channel)
        with self._store.read(workspace) as uow:
            channel = uow.channels.get(destination.channel)
            reader = self._reader(uow, channel)
            row = uow.outbox.get(delivery_id)
        payload: Mapping[str, Any] = row.payload if row else {}
        asker, on = (str(payload.get(key) or "") or None for key in ("person", "on"))
        return Place(workspace, channel, reader, destination.thread or None, asker, on)

    def _reader(self, uow: UnitOfWork, channel: Channel) -> Reader:
        names = Names(self._store, uow.workspace_id)
        if channel.person_id:
            person = uow.people.get(channel.person_id)
            zone = person.zone or uow.people.workspace().zone
            return Reader(person.locale, zone, person.id, names, self._way)
        zone = channel.zone or uow.people.workspace().zone
        return Reader(channel.locale, zone, "", names, self._way)

    def _home(self, channel_id: str) -> str:
        if channel_id not in self._homes:
            for workspace in self._store.workspaces():
                with self._store.read(workspace.id) as uow:
                    try:
                        uow.channels.get(channel_id)
                    except NotFoundError:
                        continue
                self._homes[channel_id] = workspace.id
                break
            else:
                raise GiveUp("the channel does not exist any more")
        return self._homes[channel_id]
