"""Who reads an answer, and how Slack draws it for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.cards.way import PLAIN, Way
from bot.cards.words import Reader, words
from bot.slack.blocks.message import Message, card_message, card_response
from bot.slack.people.directory import Directory
from bot.surfaces.names import Names
from domain.clock import Clock
from domain.messages import Card, Inline
from domain.requests import Request
from storage.uow import Store

KEPT = timedelta(seconds=5)
"""How long it is remembered how somebody reads, where they did not change it here."""
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws for one reader.

    :param users: Slack user ids by person id, for mentions and people pickers.
    """

    reader: Reader
    users: Mapping[str, str]
    base_url: str

    def messages(self, cards: Sequence[Card]) -> list[Message]:
        """Each card as one message; what does not fit is cut and says so."""
        return [card_message(c, self.reader, self.users, base_url=self.base_url) for c in cards]

    def response(self, card: Card, response_type: str) -> str:
        """A card as the JSON text of an acknowledgment."""
        return card_response(card, self.reader, self.users, response_type, base_url=self.base_url)

    def blocks(self, card: Card) -> list[dict[str, Any]]:
        """A card's blocks."""
        return self.messages((card,))[0].blocks

    def words(self, text: Inline) -> str:
        """A text without marks: for titles and the errors of fields."""
        return words(text, self.reader)


class Pens:
    """Finds out how somebody reads; reads the database, so for worker threads.

    :param way: how commands are typed in this Slack.
    """

    def __init__(
        self, store: Store, directory: Directory, clock: Clock, base_url: str, way: Way = PLAIN
    ) -> None:
        self._store = store
        self._directory = directory
        self._clock = clock
        self._base_url = base_url
        self._way = way
        self._kept: dict[tuple[str, str], tuple[datetime, Reader]] = {}

    def of(self, workspace_id: str, person_id: str) -> Pen:
        """For what one person alone sees."""
        return self._pen(workspace_id, self._reader(workspace_id, person_id))

    def forget(self, request: Request) -> None:
        """Look again how the asker reads: they may have just changed it."""
        self._kept.pop((request.workspace, request.person), None)

    def _reader(self, workspace_id: str, person_id: str) -> Reader:
        now, key = self._clock.now(), (workspace_id, person_id)
        kept = self._kept.get(key)
        if kept is not None and now < kept[0]:
            return kept[1]
        with self._store.read(workspace_id) as uow:
            person = uow.people.get(person_id)
            zone = person.zone or uow.people.workspace().zone
        reader = Reader(person.locale, zone, person.id)
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[key] = (now + KEPT, reader)
        return reader

    def asker(self, request: Request) -> Pen:
        """For what only the asker sees."""
        return self.of(request.workspace, request.person)

    def everybody(self, request: Request) -> Pen:
        """For what is said in the request's channel; the asker's own way where there is none."""
        return self.in_channel(request.workspace, request.channel, request.person)

    def in_channel(self, workspace_id: str, channel_id: str | None, person_id: str) -> Pen:
        """For what is said in a channel; the person's own way where there is none."""
        if channel_id is None:
            return self.of(workspace_id, person_id)
        with self._store.read(workspace_id) as uow:
            channel = uow.channels.get(channel_id)
            zone = channel.zone or uow.people.workspace().zone
        if channel.person_id is not None:
            return self.of(workspace_id, channel.person_id)
        return self._pen(workspace_id, Reader(channel.locale, zone))

    def anybody(self, workspace_id: str) -> Pen:
        """For somebody of whom nothing is known yet: the workspace's language and zone."""
        with self._store.read(workspace_id) as uow:
            workspace = uow.people.workspace()
        return self._pen(workspace_id, Reader(workspace.locale, workspace.zone))

    def _pen(self, workspace_id: str, reader: Reader) -> Pen:
        names = Names(self._store, workspace_id)
        known = Reader(reader.locale, reader.zone, reader.person_id, names, self._way)
        return Pen(known, self._directory.users(workspace_id), self._base_url)
