"""Where a card goes in Slack, and who reads it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.cards.way import PLAIN, Way
from bot.cards.words import Reader
from bot.surfaces.homes import Homes, reader_of
from domain.people import Channel
from domain.ports import Destination
from storage.uow import Store


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation of Slack, with its reader.

    :param workspace: id of our workspace.
    :param external: Slack's id; of a person (``U…``) as long as nothing was said to them.
    :param thread: time stamp of the thread's first message, if it goes into a thread.
    :param asker: id of the person whose request this answers, if known.
    :param on: time stamp of the message on which they pressed a button, if they did.
    :param wanted: it is the card itself that somebody asked for in this conversation.
    """

    workspace: str
    channel: Channel
    reader: Reader
    thread: str | None
    asker: str | None
    on: str | None = None
    wanted: bool = False

    @property
    def external(self) -> str:
        """Slack's id of the conversation (or person)."""
        return self.channel.external_id

    def at(self, external: str) -> Place:
        """The same place by another id of Slack's."""
        return replace(self, channel=replace(self.channel, external_id=external))


class Places:
    """Finds places."""

    def __init__(self, store: Store, way: Way = PLAIN) -> None:
        self._store = store
        self._way = way
        self._homes = Homes(store)

    def of(self, destination: Destination, delivery_id: str) -> Place:
        """The place of a delivery; ``GiveUp`` when the channel is gone."""
        workspace = self._homes.of(destination.channel)
        with self._store.read(workspace) as uow:
            channel = uow.channels.get(destination.channel)
            reader = reader_of(self._store, uow, channel, self._way)
            row = uow.outbox.get(delivery_id)
        payload: Mapping[str, Any] = row.payload if row else {}
        asker, on = (str(payload.get(key) or "") or None for key in ("person", "on"))
        wanted = asker is not None and bool(payload.get("channel")) and not payload.get("beside")
        return Place(workspace, channel, reader, destination.thread or None, asker, on, wanted)
