"""What a digest tells of a product, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Section(StrEnum):
    """The lists of a digest, in the order in which they stand in it."""

    REVIEWS = "reviews"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    CHANGES = "changes"
    TO_REVIEW = "to_review"
    TO_VERIFY = "to_verify"
    TO_CLOSE = "to_close"
    BLOCKERS = "blockers"


class Thing(StrEnum):
    """What a line is about."""

    PHASE = "phase"
    MILESTONE = "milestone"
    DELIVERABLE = "deliverable"
    ACTION = "action"
    STORY = "story"
    CHANGE = "change"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    :param number: the number by which people name it (12 in ``S12``), 0 where it has none.
    :param name: as typed; for a deliverable empty, its number says what it is.
    :param day: when it is or was due.
    :param since: since when it waits (aware).
    :param who: id of the person who has it.
    """

    thing: Thing
    number: int
    name: str
    day: date | None = None
    since: datetime | None = None
    who: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """The first lines of a section and how many there are in all."""

    lines: tuple[Line, ...] = ()
    total: int = 0

    def with_lines(self, more: tuple[Line, ...], most: int) -> Listed:
        """With further lines, the earliest days first, cut at ``most``."""
        lines = sorted((*self.lines, *more), key=lambda x: x.day or date.max)
        return Listed(tuple(lines[:most]), self.total + len(more))


@dataclass(frozen=True, slots=True)
class ProductLists:
    """The lists of one product."""

    sections: Mapping[Section, Listed] = field(default_factory=dict[Section, Listed])

    def of(self, section: Section) -> Listed:
        """A section; empty when there is nothing."""
        return self.sections.get(section, Listed())
