"""How a review meeting stands: the value that its events fold to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.reviews.events import Outcome
from domain.settings import ReviewRule
from domain.stories import Verdict


class ReviewStatus(StrEnum):
    """Where a review is."""

    OPEN = "open"
    DRAFT = "draft"  # nobody ended it; it waits for the chair and blocks no channel
    ENDED = "ended"
    CANCELLED = "cancelled"


class EntryKind(StrEnum):
    """What a line of the record is."""

    DECISION = "decision"
    ACTION = "action"
    QUESTION = "question"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person last said about a story.

    :param version: the version that it was said of; it counts for that one only.
    """

    person: str
    verdict: Verdict
    comment: str
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A story on the agenda at its version, with everybody's latest word."""

    story: int
    version: int
    title: str
    reviewers: tuple[str, ...] = ()
    note: str = ""
    votes: tuple[Vote, ...] = ()

    @property
    def ref(self) -> str:
        """How people write it: ``S12``."""
        return f"S{self.story}"

    def vote_of(self, person: str) -> Vote | None:
        """The person's word on the present version."""
        return next(
            (v for v in self.votes if v.person == person and v.version == self.version), None
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision, an action item, an open question or a line of the minutes.

    :param seq: the number of the event that made it: its id within the review.
    :param by: who entered it; ``said_by``: whose words they are, when they were marked in the chat.
    :param number: of action items and questions, per product.
    :param source: the surface's id of the message that it came from.
    """

    seq: int
    kind: EntryKind
    text: str
    by: str | None
    at: datetime
    said_by: str | None = None
    number: int | None = None
    owner: str | None = None
    due: date | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """Something on the agenda that is no story."""

    seq: int
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """A sealed version of the record."""

    version: int
    at: datetime
    by: str | None
    digest: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """A review meeting.

    :param version: of the record: 1 until it is reopened the first time.
    :param seq: the number of the last event that was folded in.
    :param joined: who is here, in the order in which they came; ``invited`` who was asked.
    """

    id: str
    number: int = 0
    product_id: str = ""
    title: str = ""
    chair: str = ""
    rule: ReviewRule = ReviewRule.ALL
    channel: str | None = None
    thread: str | None = None
    plan_id: str | None = None
    status: ReviewStatus = ReviewStatus.OPEN
    version: int = 1
    seq: int = 0
    started_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    reason: str = ""
    invited: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    excused: tuple[tuple[str, str], ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    topics: tuple[Topic, ...] = ()
    entries: tuple[Entry, ...] = ()
    endings: tuple[Ending, ...] = ()
    nudged_at: datetime | None = None

    @property
    def ref(self) -> str:
        """How people write it: ``R-5``."""
        return f"R-{self.number}"

    @property
    def running(self) -> bool:
        """Whether entries may still be made: open, or a draft that waits for the chair."""
        return self.status in (ReviewStatus.OPEN, ReviewStatus.DRAFT)

    def of_kind(self, kind: EntryKind) -> tuple[Entry, ...]:
        """The entries of one kind, in order."""
        return tuple(e for e in self.entries if e.kind is kind)

    def item(self, story: int) -> AgendaItem | None:
        """The story on the agenda."""
        return next((i for i in self.agenda if i.story == story), None)

    def is_excused(self, person: str) -> bool:
        """Whether the person is not waited for."""
        return any(p == person for p, _ in self.excused)
