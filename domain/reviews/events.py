"""What can happen in a review meeting. Each event is one line of its log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain import event_log
from domain.event_log import Undone, Unknown, Vocabulary
from domain.settings import ReviewRule
from domain.stories import Verdict


@dataclass(frozen=True, slots=True)
class Started:
    """The meeting was opened.

    :param number: per product, 5 in ``R-5``.
    :param channel: id of our channel, or None.
    :param thread: the surface's id of the thread that it was started in, or None.
    """

    number: int
    product_id: str
    title: str
    chair: str
    rule: ReviewRule
    channel: str | None = None
    thread: str | None = None
    plan_id: str | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """People were asked to come."""

    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody is here."""

    person: str


@dataclass(frozen=True, slots=True)
class Excused:
    """Somebody cannot come, and is not waited for."""

    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AgendaAdded:
    """A story was put on the agenda, or its newer version took the place of the older.

    :param reviewers: who is to vote on this version; nobody named: everybody who is here.
    :param note: why it is there (left undecided by an earlier review).
    """

    story: int
    version: int
    title: str
    reviewers: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class TopicAdded:
    """Something that is no story was put on the agenda (an open question of an earlier review)."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class AgendaRemoved:
    """A story was taken off the agenda."""

    story: int


@dataclass(frozen=True, slots=True)
class VerdictGiven:
    """One person's word on one version of a story; a later one replaces the earlier."""

    story: int
    version: int
    person: str
    verdict: Verdict
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision was taken.

    :param source: the surface's id of the message that was marked, or None when it was typed as a
        command.
    :param said_by: who wrote that message.
    """

    text: str
    source: str | None = None
    said_by: str | None = None


@dataclass(frozen=True, slots=True)
class ActionAdded:
    """Somebody is to do something.

    :param number: per product, 3 in ``A-3``.
    """

    number: int
    text: str
    owner: str | None
    due: date | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionRaised:
    """Something stayed open.

    :param number: per product, shared with action items.
    """

    number: int
    text: str
    source: str | None = None
    said_by: str | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of the minutes: what somebody said.

    :param source: the surface's id of the message, so that no line is kept twice.
    """

    text: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Edited:
    """The words of an entry were put right (the message that it came from was edited)."""

    target: int
    text: str


@dataclass(frozen=True, slots=True)
class Removed:
    """An entry was taken out (the reaction that made it was taken off)."""

    target: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a review said of a story when it ended, and what came of it in the tracker.

    :param verdict: None when it stayed undecided.
    :param result: ``recorded``, ``unchanged`` (an earlier version of the record had said so
        already), ``undecided`` or ``refused``.
    :param detail: for ``refused``, what the tracker said (a message key).
    """

    story: int
    version: int
    verdict: Verdict | None
    result: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """The meeting was closed and its record sealed.

    :param digest: SHA-256 of the canonical record.
    """

    digest: str
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Reopened:
    """The record is being corrected: a new version of it begins."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The meeting does not count."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Nudged:
    """The chair was reminded that the meeting is still open."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """Nobody ended it by the day's end: a draft that waits for the chair and blocks no channel."""


Body = (
    Started | Invited | Joined | Excused | AgendaAdded | TopicAdded | AgendaRemoved | VerdictGiven
    | Decided | ActionAdded | QuestionRaised | Noted | Edited | Removed | Undone | Ended | Reopened
    | Cancelled | Nudged | Shelved | Unknown
)  # fmt: skip

WORDS = Vocabulary[Body](
    {
        "started": Started,
        "invited": Invited,
        "joined": Joined,
        "excused": Excused,
        "agenda_added": AgendaAdded,
        "topic_added": TopicAdded,
        "agenda_removed": AgendaRemoved,
        "verdict_given": VerdictGiven,
        "decided": Decided,
        "action_added": ActionAdded,
        "question_raised": QuestionRaised,
        "noted": Noted,
        "edited": Edited,
        "removed": Removed,
        "undone": Undone,
        "ended": Ended,
        "reopened": Reopened,
        "cancelled": Cancelled,
        "nudged": Nudged,
        "shelved": Shelved,
    }
)

Event = event_log.Event[Body]
