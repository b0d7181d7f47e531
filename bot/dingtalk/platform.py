"""DingTalk, put together: what comes in, what goes out, and what is looked after."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from starlette.routing import BaseRoute, Route

from bot.core import Core
from bot.delivery import Effect
from bot.dingtalk.api.budget import Budget
from bot.dingtalk.api.client import DingtalkClient
from bot.dingtalk.cards.answering import Answering
from bot.dingtalk.connection.callback import PATH, CallbackPage
from bot.dingtalk.connection.stream import Takers
from bot.dingtalk.connection.supervisor import Stream
from bot.dingtalk.inbound.files_in import FilesIn
from bot.dingtalk.inbound.incoming import Event
from bot.dingtalk.inbound.membership import Membership
from bot.dingtalk.inbound.presses import Presses
from bot.dingtalk.inbound.talk import Talk
from bot.dingtalk.outbound.surface import DingtalkSurface
from bot.dingtalk.people.arrivals import READ
from bot.dingtalk.people.directory import Directory
from bot.dingtalk.people.homes import Homes
from bot.dingtalk.todos import ASK, PUT, Todos
from bot.vault import Vault
from domain.messages import Card
from domain.people import Channel, Person
from domain.ports import Surface
from storage.dingtalk import PLATFORM
from storage.messaging import OutboxItem
from storage.uow import UnitOfWork

log = logging.getLogger("duban.dingtalk")

DIALOGS_LIVE = timedelta(days=7)
"""How long a form that nobody goes on with is kept."""
CARDS_LIVE = timedelta(days=180)
"""How long the buttons of an interactive card are understood."""
CLEAN_EVERY = timedelta(hours=1)


class DingtalkPlatform:
    """Duban in DingTalk. Making it connects to nothing."""

    def __init__(self, core: Core, vault: Vault) -> None:
        del vault  # everything secret comes from the settings
        settings, store, clock = core.settings.dingtalk, core.store, core.clock
        self._core = core
        self._cleaned: datetime | None = None
        self.client = DingtalkClient(settings, Budget(store, clock, settings.monthly_calls), clock)
        self.homes = Homes(store)
        self.directory = Directory(store, self.homes, self.client.read_user, clock)
        answering = Answering()
        self._surface = DingtalkSurface(
            store, self.client, self.directory, core.files, clock, core.settings.base_url,
            template=settings.card_template, answering=answering, ding=settings.ding,
        )  # fmt: skip
        self._todos = Todos(core, self.client, self.directory)
        self._membership = Membership(store, self.homes, clock)
        files = FilesIn(store, core.files, self.client.received_file, clock)
        self.talk = Talk(core, self.homes, self.directory, files, settings.oapi_base_url)
        presses = Presses(store, clock, self.homes, self.directory, self.talk.command, answering)
        self._takers = Takers(self.talk.message, presses.pressed, self._event)
        self.stream = Stream(settings, self._takers)

    @property
    def name(self) -> str:
        """As in ``Channel.platform``."""
        return PLATFORM

    @property
    def surface(self) -> Surface:
        """Sends cards to DingTalk."""
        return self._surface

    def direct(self, uow: UnitOfWork, person: Person) -> Channel | None:
        """The person's conversation with Duban in DingTalk; None where they have no account."""
        return self.directory.direct(uow, person)

    def routes(self) -> Sequence[BaseRoute]:
        """Where DingTalk posts to, for companies that want HTTP instead of the stream."""
        page = CallbackPage(self._core.settings.dingtalk, self._takers, self._core.clock)
        return (Route(PATH, page, methods=["POST"]),)

    def effects(self) -> Mapping[str, Effect]:
        """What DingTalk is asked about people, and told about to-dos."""
        return {READ: self._read, PUT: self._todos.put, ASK: self._todos.ask}

    def start(self) -> None:
        """Connect to the stream; whether DingTalk can be reached does not matter yet."""
        self.stream.start()

    def stop(self) -> None:
        """Finish what was taken, and close the connections."""
        self.stream.stop()
        self.talk.close()
        self.client.close()

    def tick(self, now: datetime) -> None:
        """Compare to-dos; forget forms that nobody went on with, and cards of long ago."""
        for workspace in self._core.store.workspaces():
            if self.homes.corp(workspace.id):
                self._todos.tick(workspace.id, now)
        if self._cleaned is not None and now - self._cleaned < CLEAN_EVERY:
            return
        self._cleaned = now
        for workspace in self._core.store.workspaces():
            with self._core.store.write(workspace.id) as uow:
                uow.dingtalk.forget_dialogs(now - DIALOGS_LIVE)
                uow.dingtalk_sent.forget_cards(now - CARDS_LIVE)

    def _read(self, workspace: str, item: OutboxItem) -> Card | None:
        self.directory.read_person(workspace, item)
        return None

    async def _event(self, event: Event) -> bool:
        """Take an event; what is none of ours is taken, too: it need not come again."""
        if not await asyncio.to_thread(self._membership.handle, event):
            log.debug("dingtalk.other_event", extra={"kind": event.kind[:40]})
        return True
