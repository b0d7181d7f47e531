"""What commands ask of the reminders: a port, because the two do not know each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.messages import Card, Inline
from domain.reminder_views import Coming, RuleState, Told
from domain.reminders import LedgerRow, Rule, Slot
from storage.uow import UnitOfWork


class ReminderService(Protocol):
    """Reads only; what people do about reminders is stored by the commands themselves."""

    def tell(
        self, uow: UnitOfWork, rows: Sequence[LedgerRow], reader: str, now: datetime
    ) -> tuple[Told, ...]:
        """Rows of the ledger in words, in their order.

        :param reader: id of the person who reads, in whose zone days are counted.
        """
        ...

    def why(self, uow: UnitOfWork, slot: Slot) -> tuple[tuple[Inline, Inline], ...]:
        """The rule and the computation behind a slot, as label and value pairs."""
        ...

    def preview(
        self, uow: UnitOfWork, product_id: str, now: datetime, until: datetime
    ) -> tuple[Coming, ...]:
        """Everything that would be sent of a product until an instant, earliest first."""
        ...

    def rules(self, uow: UnitOfWork, product_id: str) -> tuple[RuleState, ...]:
        """Every rule of a product that is set here (a channel's round has commands of its own)."""
        ...

    def find_rule(self, word: str) -> Rule | None:
        """The rule of this name in either language, those of a channel's round left out."""
        ...

    def digest(self, uow: UnitOfWork, channel_id: str, now: datetime) -> Card | None:
        """The digest of a channel as of now; None when there is nothing to tell."""
        ...
