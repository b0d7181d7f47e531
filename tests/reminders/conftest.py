"""A team over the real database whose ticks are driven by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.cards.text import render_text
from domain.actions import ActionItem, ItemKind
from domain.ids import new_id
from domain.message_json import from_json
from reminders.tick import Services, TickReport, tick
from storage.database import Database
from tests.harness import MONDAY, Team

HALF_PAST_NINE = MONDAY + timedelta(minutes=30)


@dataclass
class Ticking:
    """A team, and what reminders it gets."""

    team: Team

    def tick(self, at: datetime | None = None) -> TickReport:
        """One tick now, or at another instant, which the clock is set to."""
        if at is not None:
            self.team.clock.set(at)
        services = Services(self.team.services.holidays)
        return tick(self.team.store, self.team.workspace.id, services, self.team.clock.now())

    def item(
        self,
        text: str,
        due: str | None,
        owner: str | None = "dev",
        kind: ItemKind = ItemKind.ACTION,
    ) -> ActionItem:
        """An open action item."""
        with self.team.write() as uow:
            item = ActionItem(
                new_id(), uow.actions.next_number(self.team.product.id), self.team.product.id,
                kind, text, "", self.team.id(owner) if owner else None,
                date.fromisoformat(due) if due else None, self.team.clock.now(), None,
            )  # fmt: skip
            uow.actions.save(item)
        return item

    def states(self) -> list[str]:
        """The ledger as ``rule recipient occurrence state``, sorted."""
        names = {p.id: handle for handle, p in self.team.people.items()}
        names[self.team.channel.id] = "物流"
        with self.team.read() as uow:
            rows = uow.ledger.all()
        return sorted(
            f"{r.slot.rule} {names[r.slot.recipient.id]} {r.slot.occurrence} {r.state.value}"
            for r in rows
        )

    def messages(self, who: str) -> list[str]:
        """The messages to a person or (``物流``) the channel, oldest first."""
        lane = f"channel:{self.team.channel.id}" if who == "物流" else f"person:{self.team.id(who)}"
        with self.team.read() as uow:
            items = uow.outbox.pending(self.team.clock.now() + timedelta(days=1), limit=10_000)
        reader = self.team.reader("po" if who == "物流" else who)
        return [
            render_text(from_json(i.payload["card"]), reader)
            for i in items
            if i.kind == "post" and i.lane == lane
        ]


@pytest.fixture
def ticking(db: Database, tmp_path: Path) -> Ticking:
    """The team on both kinds of database, at half past nine on a Monday."""
    return Ticking(Team(db, tmp_path / "files", start=HALF_PAST_NINE))


@pytest.fixture
def english(sqlite_db: Database, tmp_path: Path) -> Ticking:
    """The same team, reading English."""
    return Ticking(Team(sqlite_db, tmp_path / "files", locale="en", start=HALF_PAST_NINE))
