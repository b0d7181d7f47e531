"""Action items, open questions and blockers: what somebody has to settle, numbered per product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ItemKind(StrEnum):
    """What an item is."""

    ACTION = "action"
    QUESTION = "question"
    BLOCKER = "blocker"


@dataclass(frozen=True, slots=True)
class ActionItem:
    """Something that stays in sight until it is done.

    :param number: per product, over all kinds: 3 in ``A-3``.
    :param source: where it came from: ``review:<id>``, ``standup:<id>`` …; empty when typed by
        itself.
    :param owner: person id, or None while nobody has it.
    :param due: a calendar day of the team, or None.
    :param dropped_at: taken out of the record that it came from; it is neither open nor done.
    """

    id: str
    number: int
    product_id: str
    kind: ItemKind
    text: str
    source: str
    owner: str | None
    due: date | None
    created_at: datetime
    created_by: str | None
    done_at: datetime | None = None
    done_by: str | None = None
    dropped_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.id or not self.text.strip():
            raise ValueError("an item needs an id and a text")

    @property
    def ref(self) -> str:
        """How people write it: ``A-3``."""
        return f"A-{self.number}"

    @property
    def open(self) -> bool:
        """Whether somebody still has to settle it."""
        return self.done_at is None and self.dropped_at is None

    def overdue(self, today: date) -> bool:
        """Whether it is open and its day has passed."""
        return self.open and self.due is not None and self.due < today
