"""Which workspace a channel is of and who reads there; the same on every platform."""

from __future__ import annotations

from bot.cards.way import Way
from bot.cards.words import Reader
from bot.surfaces.names import Names
from domain.errors import NotFoundError
from domain.people import Channel
from domain.ports import GiveUp
from storage.uow import Store, UnitOfWork


class Homes:
    """Finds the workspace of a channel; it never changes and is remembered."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, str] = {}

    def of(self, channel_id: str) -> str:
        """The id of the workspace; ``GiveUp`` when the channel is gone."""
        if channel_id not in self._known:
            self._known[channel_id] = self._found(channel_id)
        return self._known[channel_id]

    def _found(self, channel_id: str) -> str:
        for workspace in self._store.workspaces():
            with self._store.read(workspace.id) as uow:
                try:
                    uow.channels.get(channel_id)
                except NotFoundError:
                    continue
            return workspace.id
        raise GiveUp("the channel does not exist any more")


def reader_of(store: Store, uow: UnitOfWork, channel: Channel, way: Way) -> Reader:
    """How a channel reads: as its person in a direct conversation, else as the channel is set.

    Where neither has a time zone, the workspace's. Names are read only when a text wants them.
    """
    names = Names(store, uow.workspace_id)
    if channel.person_id:
        person = uow.people.get(channel.person_id)
        zone = person.zone or uow.people.workspace().zone
        return Reader(person.locale, zone, person.id, names, way)
    zone = channel.zone or uow.people.workspace().zone
    return Reader(channel.locale, zone, "", names, way)
