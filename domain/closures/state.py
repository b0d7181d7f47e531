"""How a closure stands: the value that its events fold to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.closures.events import (
    Agreed,
    Closed,
    Event,
    Refused,
    Reopened,
    Requested,
    Ticked,
    Undone,
    Unknown,
    Verified,
    Waived,
)
from domain.stories import Stage, Story

ACCEPTED_STAGES = frozenset(
    {Stage.VERIFIED, Stage.DELIVERING, Stage.DELIVERED, Stage.RELEASED, Stage.CLOSED}
)
"""The stages of a story that the product owner has accepted."""


class Step(StrEnum):
    """How far a closure is."""

    OPEN = "open"
    REQUESTED = "requested"
    VERIFIED = "verified"
    AGREED = "agreed"
    REFUSED = "refused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Word:
    """One person's word: who, when, on which version of the story, and what was said."""

    by: str | None
    at: datetime
    version: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Waiver:
    """Something missing that somebody took upon themselves.

    :param key: see :class:`domain.closures.evidence.Missing`.
    """

    key: str
    by: str | None
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Closure:
    """The closure of one story, since it was last refused or reopened.

    :param seq: number of the last event; 0 when nothing has happened.
    :param version: the story's version that the ticks are about.
    :param points: acceptance points that hold, as they read.
    :param rounds: how often the story was refused or reopened.
    """

    product_id: str
    number: int
    seq: int = 0
    step: Step = Step.OPEN
    version: int = 0
    points: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    rounds: int = 0
    requested: Word | None = None
    verified: Word | None = None
    agreed: Word | None = None
    refused: Word | None = None
    closed: Word | None = None
    reopened: Word | None = None

    def ticked(self, story: Story) -> tuple[str, ...]:
        """The story's acceptance points that hold; ticks on another version count for nothing."""
        if self.version != story.version:
            return ()
        return tuple(p for p in story.acceptance if p in self.points)

    def waiver(self, key: str) -> Waiver | None:
        """The waiver of something missing."""
        return next((w for w in reversed(self.waivers) if w.key == key), None)

    def verification(self, story: Story) -> Word | None:
        """The product owner's word, if it is about the story as it now is.

        A story that went back to an earlier stage since must be verified again.
        """
        said = self.verified
        valid = said and said.version == story.version and story.stage in ACCEPTED_STAGES
        return said if valid else None

    def agreement(self, story: Story) -> Word | None:
        """The project manager's word, if it is about the story as it now is."""
        said = self.agreed
        return said if said and said.version == story.version else None


def fold(product_id: str, number: int, events: Iterable[Event]) -> Closure:
    """The closure after these events, oldest first. What was undone counts as never said."""
    log = tuple(events)
    undone = {e.body.seq for e in log if isinstance(e.body, Undone)}
    closure = Closure(product_id, number)
    for event in log:
        if event.seq not in undone:
            closure = _after(closure, event)
        closure = replace(closure, seq=event.seq)
    return closure


def last_undoable(events: Iterable[Event]) -> Event | None:
    """The event that ``undo`` takes back: the last one that still counts.

    None when nothing counts, or when it has moved the story (refused, closed, reopened).
    """
    log = tuple(events)
    undone = {e.body.seq for e in log if isinstance(e.body, Undone)}
    counts = [e for e in log if e.seq not in undone and not isinstance(e.body, Undone | Unknown)]
    if not counts or isinstance(counts[-1].body, Refused | Closed | Reopened):
        return None
    return counts[-1]


def _after(closure: Closure, event: Event) -> Closure:
    by, at = event.actor, event.at
    match event.body:
        case Requested(note):
            step = Step.REQUESTED if closure.step in (Step.OPEN, Step.REFUSED) else closure.step
            after = replace(closure, step=step, requested=Word(by, at, text=note))
        case Ticked(version, points):
            after = replace(closure, version=version, points=points)
        case Waived(key, reason):
            after = replace(closure, waivers=(*closure.waivers, Waiver(key, by, at, reason)))
        case Verified(version, note):
            said = Word(by, at, version, note)
            after = replace(closure, step=Step.VERIFIED, verified=said, refused=None)
        case Agreed(version):
            after = replace(closure, step=Step.AGREED, agreed=Word(by, at, version))
        case Refused(reason):
            said = Word(by, at, text=reason)
            after = replace(_fresh(closure), step=Step.REFUSED, refused=said)
        case Closed(version):
            after = replace(closure, step=Step.CLOSED, closed=Word(by, at, version))
        case Reopened(reason):
            after = replace(_fresh(closure), reopened=Word(by, at, text=reason))
        case Undone() | Unknown():
            after = closure
    return after


def _fresh(closure: Closure) -> Closure:
    return Closure(closure.product_id, closure.number, rounds=closure.rounds + 1)
