"""Where a card goes in DingTalk, by which way, and who reads it there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.cards.words import Reader
from bot.dingtalk import ways
from bot.dingtalk.api.apis import Need
from bot.surfaces.homes import Homes, reader_of
from domain.clock import Clock
from domain.people import Channel
from domain.ports import Destination
from storage.dingtalk import PLATFORM, USER
from storage.messaging import OutboxItem
from storage.uow import Store, UnitOfWork

MARGIN = 30.0
"""Seconds before its end from which a webhook is not used any more."""


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation of DingTalk, with its reader.

    :param workspace: id of our workspace.
    :param webhook: where it can be answered without an API call; empty when that is over.
    :param staff: for one person, their userId; empty for an outsider.
    :param item: the outbox row; None for what is sent without one.
    :param asker: id of the person whose request in a group this answers, if it does.
    :param on: the own id of the interactive card on which they pressed a button, if they did.
    :param beside: it stands below a line that says what was done; nobody asked for it.
    :param calls: whether people are called by what names them.
    """

    workspace: str
    channel: Channel
    reader: Reader
    webhook: str = field(repr=False)
    robot_code: str
    staff: str
    item: OutboxItem | None
    asker: str | None
    on: str | None = None
    beside: bool = False
    calls: bool = True

    @property
    def direct(self) -> bool:
        """Whether it is a conversation with one person."""
        return self.channel.person_id is not None

    @property
    def asked(self) -> bool:
        """Whether somebody wants to see just this, in the group."""
        return self.asker is not None and not self.beside

    def called(self, people: Sequence[str], before: Iterable[object]) -> tuple[str, ...]:
        """Who of those whom a card names is called by it.

        Nobody is told of their own act, or twice of the same card; an error calls nobody.

        :param people: ids; :param before: those whom the earlier card called.
        """
        by = self.item.payload.get("by") if self.item else None
        known = {*before, self.asker, by}
        return tuple(p for p in people if p not in known) if self.calls else ()

    @property
    def need(self) -> Need:
        """How much it matters that this goes even when the month's calls run out."""
        return Need.MUST if self.direct or self.asker is not None else Need.SHOULD


class Places:
    """Finds places."""

    def __init__(self, store: Store, robot_code: str, clock: Clock) -> None:
        self._store = store
        self._robot = robot_code
        self._clock = clock
        self._homes = Homes(store)

    def of(self, destination: Destination, delivery_id: str) -> Place:
        """The place of a delivery; ``GiveUp`` when the channel is gone."""
        workspace = self._homes.of(destination.channel)
        with self._store.read(workspace) as uow:
            channel = uow.channels.get(destination.channel)
            group = ways.group(uow.people.workspace().locale)
            way = ways.DIRECT if channel.person_id else group
            reader = reader_of(self._store, uow, channel, way)
            item = uow.outbox.get(delivery_id)
            known = uow.dingtalk.conversation(channel.id)
            staff = _staff(uow, channel)
        payload: Mapping[str, Any] = item.payload if item else {}
        asker = str(payload.get("person") or "") if payload.get("channel") else ""
        webhook = ""
        if known is not None:
            webhook = known.open_at(self._clock.now()) or ""
            if known.expires_at is not None and webhook:
                left = (known.expires_at - self._clock.now()).total_seconds()
                webhook = webhook if left > MARGIN else ""
        on = str(payload.get("on") or "") or None
        beside, calls = bool(payload.get("beside")), not payload.get("uncalled")
        robot, by = self._robot, asker or None
        return Place(
            workspace, channel, reader, webhook, robot, staff, item, by, on, beside, calls
        )  # fmt: skip


def _staff(uow: UnitOfWork, channel: Channel) -> str:
    """The userId of a conversation's person; empty for an outsider, who has none."""
    if channel.person_id is None:
        return ""
    found = uow.people.addresses(channel.person_id, PLATFORM)
    own = [external for _, kind, external in found if kind == USER]
    return channel.external_id if channel.external_id in own else next(iter(own), "")
