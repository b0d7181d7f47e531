"""Every card and form that the commands make: all their examples, over the sample product."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.cards.words import Reader
from bot.documents import DocumentProducer
from bot.effects import document_effect
from bot.files import FolderStore
from bot.first_run import ensure_workspace
from bot.sample import load
from bot.services import build_services
from bot.surfaces.names import Names
from commands.catalog import build_registry
from commands.dispatcher import Dispatcher
from domain.clock import ManualClock
from domain.message_json import from_json
from domain.messages import Card, Form
from domain.people import Person
from domain.requests import Kind, Request
from reminders.tick import Services as TickServices
from reminders.tick import tick
from storage.database import Database
from storage.migrate import upgrade
from storage.uow import Store

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody got to see.

    :param of: the line that was typed, or where it came from.
    """

    of: str
    shown: Card | Form


class SampleCompany:
    """The sample product with its people, and everything that was said to them.

    :param locale: the language of the sample and of everybody in it.
    """

    def __init__(self, url: str, folder: Path, locale: str) -> None:
        self.clock = ManualClock(MONDAY)
        self._database = Database(url)
        self.store = Store(self._database, clock=self.clock)
        self.files = FolderStore(folder)
        self.services = build_services(self.files, "http://127.0.0.1:8000", folder / "templates")
        self.registry = build_registry()
        self.dispatcher = Dispatcher(self.store, self.registry, self.services, self.clock)
        self.workspace = ensure_workspace(self.store, locale, MONDAY).id
        load(self.dispatcher, self.store, self.services, self.workspace, self.clock)
        self.folder, self.locale = folder, locale
        self._events = itertools.count(1)
        with self.store.read(self.workspace) as uow:
            self.people = {p.handle: p for p in uow.people.all()}
            self.channel = next(c for c in uow.channels.all() if c.product_id)

    def close(self) -> None:
        """Let the database go."""
        self._database.close()

    @property
    def reader(self) -> Reader:
        """The product owner."""
        names = Names(self.store, self.workspace)
        return Reader(self.locale, "Asia/Shanghai", self.people["po"].id, names)

    @property
    def users(self) -> dict[str, str]:
        """A Slack account for everybody but the customer."""
        return {
            p.id: f"U0{handle.upper()}" for handle, p in self.people.items() if handle != "customer"
        }

    def ask(self, person: Person, line: str, kind: Kind = Kind.COMMAND) -> Iterator[Seen]:
        """What a line is answered with."""
        request = Request(
            f"all-{next(self._events)}", "slack", self.workspace, self.channel.id, person.id,
            self.clock.now(), kind, line,
        )  # fmt: skip
        reply = self.dispatcher.dispatch(request).reply
        for card in reply.cards:
            yield Seen(line, card)
        if reply.form is not None:
            yield Seen(line, reply.form)

    def everything(self) -> list[Seen]:
        """Every example, every bare subcommand and empty form, the reminders, the documents."""
        seen, po = list(self._posted()), self.people["po"]
        for command in self.registry.commands:
            for sub in command.subcommands:
                bare = f"{command.name} {sub.name}"
                seen += self.ask(self.people["admin"], bare)
                seen += self.ask(po, bare, Kind.FORM)
                for line in dict.fromkeys((bare, *(example for example, _ in sub.examples))):
                    seen += self.ask(po, line)
        tick(self.store, self.workspace, TickServices(self.services.holidays), self.clock.now())
        return [*seen, *self._posted()]

    def _posted(self) -> Iterator[Seen]:
        producer = DocumentProducer(self.services.holidays, self.folder / "templates", self.clock)
        make = document_effect(self.store, self.files, producer, self.clock)
        with self.store.read(self.workspace) as uow:
            items = uow.outbox.pending(datetime(2100, 1, 1, tzinfo=UTC), limit=10_000)
        for item in items:
            if item.kind == "post":
                yield Seen("post", from_json(item.payload["card"]))
            elif item.kind == "document":
                yield Seen(str(item.payload["document"]), make(self.workspace, item))
            with self.store.write(self.workspace) as uow:
                uow.outbox.done(item.id, self.clock.now(), None)


def in_english(company: SampleCompany) -> Reader:
    """The same reader in English."""
    return replace(company.reader, locale="en")


@contextmanager
def sample_company(folder: Path, locale: str = "zh") -> Generator[SampleCompany]:
    """The sample product on a database of its own in this folder; loading it takes seconds."""
    url = f"sqlite:///{folder / 'duban.sqlite'}"
    upgrade(url)
    made = SampleCompany(url, folder / "files", locale)
    try:
        yield made
    finally:
        made.close()
