"""What a database holds after the fault, read from outside of the processes."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime

from bot.cards.text import render_text
from bot.cards.words import Reader
from domain.message_json import from_json
from domain.messages import Reply
from storage.database import Database
from storage.messaging import OutboxItem
from storage.uow import Store, UnitOfWork

READER = Reader("zh", "Asia/Shanghai")
LATER = datetime(2100, 1, 1, tzinfo=UTC)


class Witness:
    """Reads the one workspace of a database."""

    def __init__(self, database: Database) -> None:
        self.store = Store(database)

    @contextmanager
    def read(self) -> Generator[UnitOfWork]:
        """What is stored now."""
        (workspace,) = self.store.workspaces()
        with self.store.read(workspace.id) as uow:
            yield uow

    def waiting(self) -> tuple[OutboxItem, ...]:
        """What is not sent yet."""
        with self.read() as uow:
            return uow.outbox.pending(LATER, 100_000)

    def items(self) -> list[str]:
        """The texts of all open action items."""
        with self.read() as uow:
            return [i.text for p in uow.products.all() for i in uow.actions.open_of(p.id)]

    def said(self, name: str) -> list[str]:
        """Everything in a channel, or in the direct conversation of a person, oldest first."""
        with self.read() as uow:
            channels = (*uow.channels.all(), *uow.channels.all("direct"))
            found = [c for c in channels if c.name == name]
            reader = next(p.id for p in uow.people.all())
            pages = [uow.chat.page(c.id, c.person_id or reader, limit=100_000) for c in found]
        return [
            m.text if m.card is None else render_text(Reply((from_json(m.card),)), READER)
            for page in pages
            for m in page
        ]


@contextmanager
def witness(url: str) -> Generator[Witness]:
    """Look into the database at this address."""
    database = Database(url)
    try:
        yield Witness(database)
    finally:
        database.close()
