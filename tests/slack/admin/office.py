"""The parts of Duban that these tests look at, made as the composition root makes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.cards.text import render_text
from bot.cards.words import Reader
from bot.first_run import ensure_workspace
from bot.settings import Settings, load_settings
from bot.slack.admin.install import Installer
from bot.slack.api.tokens import Tokens
from bot.slack.people.directory import Directory
from bot.slack.people.membership import Membership
from bot.vault import Vault
from domain.clock import ManualClock
from domain.ids import new_id
from domain.message_json import from_json
from domain.people import Person, Product, Role, RoleGrant, Workspace
from storage.database import Database
from storage.uow import Store
from tests.fakes.slack import FakeSlack
from tests.stored import Stored

KEYS = "key-of-today,key-of-yesterday"


class Office(Stored):
    """Duban with one workspace, beside a Slack team.

    :param more: further variables of the environment.
    """

    def __init__(
        self,
        database: Database,
        folder: Path,
        slack: FakeSlack,
        clock: ManualClock,
        **more: str,
    ) -> None:
        self.slack = slack
        self.clock = clock
        self.folder = folder
        self.store = Store(database, clock=clock)
        self.settings = self.settings_with(**more)
        self.vault = Vault(self.settings.secret_keys)
        self.workspace: Workspace = ensure_workspace(self.store, "zh", clock.now())
        self.tokens = Tokens(self.store, self.settings.slack, self.vault, clock)
        self.directory = Directory(self.store, self.tokens, clock)
        self.installer = Installer(self.store, self.settings, self.vault, clock, self.tokens)
        self.membership = Membership(self.store, self.directory, clock)

    @staticmethod
    @contextmanager
    def clocked(start: datetime) -> Iterator[ManualClock]:
        """A clock that Duban and Slack share."""
        yield ManualClock(start)

    def settings_with(self, **more: str) -> Settings:
        """The settings of an administrator who connected this Slack team."""
        variables = {
            **self.slack.environment,
            "DUBAN_DATA_DIR": str(self.folder),
            "DUBAN_SECRET_KEYS": KEYS,
            "DUBAN_BASE_URL": "https://duban.example.com",
            **more,
        }
        return load_settings(variables)

    def another_process(self, **more: str) -> Office:
        """A second process on the same database."""
        return Office(self.store.database, self.folder, self.slack, self.clock, **more)

    def user(self, name: str) -> str:
        """Slack's id of a person."""
        return self.slack.team.user(name).id

    def meet(self, name: str) -> Person:
        """Somebody does something for the first time."""
        return self.directory.person(self.workspace.id, self.slack.team.id, self.user(name))

    def tell(self, event_id: str = "", **event: Any) -> bool:
        """Slack delivers an event about channels or people."""
        bot = self.slack.bot_user
        found = event_id or new_id()
        return self.membership.handle(self.workspace.id, self.slack.team.id, bot, found, event)

    def product(self, owner: Person) -> Product:
        """A product bound to the channel ``wuliu``, with an owner."""
        channel = self.directory.channel(
            self.workspace.id, self.slack.team.id, self.slack.channel("wuliu").id
        )
        made = Product(new_id(), "tms", "物流运输管理系统")
        with self.write() as uow:
            uow.products.add(made)
            uow.people.grant(RoleGrant(owner.id, Role.PO, made.id), new_id())
            uow.channels.save(replace(channel, product_id=made.id))
        return made

    def told(self, person: Person) -> list[str]:
        """What waits to be sent to a person alone, in Chinese."""
        return self._waiting(f"person:{person.id}")

    def posted(self, channel_id: str) -> list[str]:
        """What waits to be posted in a channel."""
        return self._waiting(f"channel:{channel_id}")

    def _waiting(self, lane: str) -> list[str]:
        with self.read() as uow:
            items = uow.outbox.pending(self.clock.now(), 1000)
        reader = Reader("zh", "Asia/Shanghai")
        return [render_text(from_json(i.payload["card"]), reader) for i in items if i.lane == lane]
