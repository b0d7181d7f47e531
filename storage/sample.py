"""Taking the sample product away again, with everything that was made in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, or_, select

from storage.repository import Repository
from storage.tables import chat, core, designs, plans, records, reminders, stories


@dataclass(frozen=True, slots=True)
class SampleParts:
    """What came with the sample product, by id."""

    products: tuple[str, ...]
    channels: tuple[str, ...]
    people: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.products or self.channels or self.people)


class Sample(Repository):
    """The sample product as a whole."""

    def parts(self) -> SampleParts:
        """What there is of it: also after a loading that was broken off."""
        people = self._ids(core.people, core.people.c.sample)
        direct = core.channels.c.person_id.in_(people)
        return SampleParts(
            products=self._ids(core.products, core.products.c.sample),
            channels=self._ids(core.channels, core.channels.c.sample | direct),
            people=people,
        )

    def remove(self) -> bool:
        """Remove it all: nothing but the audit remembers it. False when there was none.

        Numbers that the workspace has given out (stories, messages) are not given again.
        """
        parts = self.parts()
        if not parts:
            return False
        self._forget_files(parts)
        self._forget_loose(parts)
        for table, ids in (
            (core.products, parts.products),
            (core.channels, parts.channels),
            (core.people, parts.people),
        ):
            self._delete(table, table.c.id.in_(ids))
        return True

    def _forget_loose(self, parts: SampleParts) -> None:
        """Rows that name the sample's things without a reference that the database follows."""
        lanes = [f"channel:{i}" for i in parts.channels] + [f"person:{i}" for i in parts.people]
        keys = self._card_keys(parts.products)
        c, s, ledger = core.cards.c, reminders.schedule, reminders.ledger
        self._delete(core.cards, c.destination.in_(lanes) | c.key.in_(keys))
        self._delete(core.outbox, core.outbox.c.lane.in_(lanes))
        self._delete(s, s.c.product_id.in_(parts.products))
        self._delete(ledger, ledger.c.recipient_id.in_((*parts.channels, *parts.people)))
        names = [core.counters.c.name.endswith(f":{p}") for p in parts.products]
        if names:
            self._delete(core.counters, or_(*names))
        self._delete(core.inbox, core.inbox.c.event_id.like("sample:%"))
        self._delete(chat.messages, chat.messages.c.author_id.in_(parts.people))

    def _forget_files(self, parts: SampleParts) -> None:
        """The descriptions of files posted in the sample's conversations or made by its people."""
        attached = (
            select(chat.attachments.c.file_id)
            .join(chat.messages, chat.messages.c.id == chat.attachments.c.message_id)
            .where(chat.messages.c.channel_id.in_(parts.channels))
        )
        f = core.files.c
        self._delete(core.files, f.id.in_(attached) | f.created_by.in_(parts.people))

    def _card_keys(self, products: tuple[str, ...]) -> list[str]:
        kinds = (
            ("review", records.reviews, records.reviews.c.id),
            ("change", records.changes, records.changes.c.id),
            ("action", records.action_items, records.action_items.c.id),
            ("plan", plans.plans, plans.plans.c.id),
            ("design", designs.designs, designs.designs.c.id),
            ("story", stories.stories, stories.stories.c.number),
            ("closure", stories.closures, stories.closures.c.number),
        )
        keys: list[str] = []
        for kind, table, column in kinds:
            query = select(column).where(self._mine(table, table.c.product_id.in_(products)))
            sign = "S" if kind == "closure" else ""
            keys += [f"{kind}:{sign}{row[0]}" for row in self._all(query)]
        return keys

    def _ids(self, table: Table, where: Any) -> tuple[str, ...]:
        return tuple(
            row.id for row in self._all(select(table.c.id).where(self._mine(table, where)))
        )
