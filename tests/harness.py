"""A small company over the real dispatcher: people say things, and the test reads what they see."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, time
from pathlib import Path

from bot.cards.text import render_text
from bot.cards.words import Reader
from bot.files import FolderStore
from bot.services import build_services
from bot.surfaces.names import Names
from commands.catalog import build_registry
from commands.dispatcher import Answer, Dispatcher
from domain.clock import ManualClock
from domain.ids import new_id
from domain.message_json import from_json
from domain.messages import FileRef
from domain.people import Channel, Person, Product, Role, RoleGrant
from domain.requests import Kind, Reaction, Request
from storage.database import Database
from storage.uow import Store
from tests.stored import Stored

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""A Monday, nine in the morning in Shanghai: where every test starts."""

PEOPLE = (
    ("po", "陈敏", (Role.PO,)),
    ("pm", "王强", (Role.PM,)),
    ("dev", "李雷", (Role.DEVELOPER,)),
    ("dev2", "韩梅", (Role.DEVELOPER,)),
    ("tester", "赵倩", (Role.TESTER,)),
    ("sales", "孙俪", (Role.SALES,)),
    ("customer", "周客户", (Role.CUSTOMER,)),
    ("admin", "吴管理", (Role.ADMIN,)),
)


class Team(Stored):
    """One workspace in Shanghai with a product, its channel ``物流`` and people with every role.

    :param locale: the language that everybody reads.
    :param start: the instant at which the team is set up.
    """

    def __init__(
        self, database: Database, folder: Path, locale: str = "zh", start: datetime = MONDAY
    ) -> None:
        self.clock = ManualClock(start)
        self.store = Store(database, clock=self.clock)
        self.files = FolderStore(folder)
        self.services = build_services(self.files, "http://127.0.0.1:8000", folder / "templates")
        self.registry = build_registry()
        self.dispatcher = Dispatcher(self.store, self.registry, self.services, self.clock)
        self.workspace = self.store.create_workspace(
            "测试公司", locale="zh", zone="Asia/Shanghai", country="CN", now=MONDAY
        )
        self._events = itertools.count(1)
        self.people: dict[str, Person] = {}
        with self.write() as uow:
            self.product = Product(new_id(), "tms", "物流运输管理系统")
            uow.products.add(self.product)
            self.channel = Channel(
                new_id(), "web", "wuliu", "物流",
                product_id=self.product.id, locale=locale, digest_at=time(9, 0),
            )  # fmt: skip
            uow.channels.add(self.channel)
            for handle, name, roles in PEOPLE:
                person = Person(new_id(), handle, name, locale, external=handle == "customer")
                uow.people.add(person)
                self.people[handle] = person
                for role in roles:
                    product = None if role is Role.ADMIN else self.product.id
                    uow.people.grant(RoleGrant(person.id, role, product), new_id())

    def id(self, handle: str) -> str:
        """The person id of a handle."""
        return self.people[handle].id

    def reader(self, handle: str) -> Reader:
        """How this person reads."""
        person = self.people[handle]
        zone, names = person.zone or self.workspace.zone, Names(self.store, self.workspace.id)
        return Reader(person.locale, zone, person.id, names)

    def request(
        self,
        handle: str,
        text: str = "",
        *,
        kind: Kind = Kind.COMMAND,
        event_id: str | None = None,
        thread: str | None = None,
        values: dict[str, str] | None = None,
        files: tuple[FileRef, ...] = (),
        reaction: Reaction | None = None,
        message_id: str | None = None,
        channel: str | None = "",
    ) -> Request:
        """A request of this person in the team's channel (``channel=None``: nowhere)."""
        return Request(
            event_id=event_id or f"test-{next(self._events)}",
            platform="web",
            workspace=self.workspace.id,
            channel=self.channel.id if channel == "" else channel,
            person=self.id(handle),
            received_at=self.clock.now(),
            kind=kind,
            text=text,
            thread=thread,
            values=values or {},
            files=files,
            reaction=reaction,
            message_id=message_id,
        )

    def ask(self, request: Request) -> Answer:
        """The answer to a request."""
        return self.dispatcher.dispatch(request)

    def say(
        self,
        handle: str,
        text: str,
        *,
        thread: str | None = None,
        files: tuple[FileRef, ...] = (),
        event_id: str | None = None,
    ) -> str:
        """Type a command (or press its button) and read the reply."""
        request = self.request(handle, text, thread=thread, files=files, event_id=event_id)
        return self.shown(handle, self.ask(request))

    def submit(self, handle: str, command: str, **values: str) -> str:
        """Submit a form and read the reply."""
        request = self.request(handle, command, kind=Kind.FORM, values=values)
        return self.shown(handle, self.ask(request))

    def remark(
        self, handle: str, text: str, *, thread: str | None = None, message_id: str | None = None
    ) -> str:
        """Say something that is no command."""
        request = self.request(
            handle, text, kind=Kind.MESSAGE, thread=thread, message_id=message_id or new_id()
        )
        return self.shown(handle, self.ask(request))

    def edit(
        self, handle: str, text: str | None, *, message_id: str, thread: str | None = None
    ) -> str:
        """Change what one's own message says, or delete it (None)."""
        kind = Kind.DELETE if text is None else Kind.EDIT
        request = self.request(handle, text or "", kind=kind, thread=thread, message_id=message_id)
        return self.shown(handle, self.ask(request))

    def react(
        self,
        handle: str,
        emoji: str,
        text: str,
        *,
        author: str,
        message_id: str,
        added: bool = True,
        thread: str | None = None,
    ) -> str:
        """Put an emoji on a message (or take it off)."""
        reaction = Reaction(message_id, emoji, added, text, self.id(author))
        request = self.request(handle, kind=Kind.REACTION, reaction=reaction, thread=thread)
        return self.shown(handle, self.ask(request))

    def upload(self, name: str, data: bytes, mime: str = "application/octet-stream") -> FileRef:
        """Store a file to send along."""
        file_id = new_id()
        self.files.put(file_id, data)
        return FileRef(file_id, name, mime, len(data))

    def shown(self, handle: str, answer: Answer) -> str:
        """The reply as this person reads it."""
        return render_text(answer.reply, self.reader(handle))

    def sent(self, handle: str | None = None) -> list[str]:
        """What waits in the outbox, oldest first, as text: all, or what goes to one person."""
        with self.read() as uow:
            items = uow.outbox.pending(self.clock.now(), limit=10_000)
        lane = f"person:{self.id(handle)}" if handle else None
        reader = self.reader(handle or "po")
        return [
            render_text(from_json(i.payload["card"]), reader)
            for i in items
            if i.kind == "post" and (lane is None or i.lane == lane)
        ]
