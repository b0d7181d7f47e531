"""Stories in the words of ZenTao: status, stage, version, review outcome.

The values are ZenTao's own, so that the built-in tracker and ZenTao mean the same by them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """A story's ZenTao status."""

    DRAFT = "draft"
    REVIEWING = "reviewing"
    ACTIVE = "active"
    CHANGING = "changing"
    CLOSED = "closed"


class Stage(StrEnum):
    """A story's ZenTao stage."""

    WAIT = "wait"
    PLANNED = "planned"
    PROJECTED = "projected"
    DESIGNING = "designing"
    DESIGNED = "designed"
    DEVELOPING = "developing"
    DEVELOPED = "developed"
    TESTING = "testing"
    TESTED = "tested"
    VERIFIED = "verified"
    REJECTED = "rejected"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    RELEASED = "released"
    CLOSED = "closed"


class Verdict(StrEnum):
    """One reviewer's word on one story; also the outcome of a review."""

    PASS = "pass"  # noqa: S105 (a verdict, no password)
    CLARIFY = "clarify"
    REJECT = "reject"
    REVERT = "revert"


class ClosedReason(StrEnum):
    """Why a story was closed."""

    DONE = "done"
    SUBDIVIDED = "subdivided"
    DUPLICATE = "duplicate"
    POSTPONED = "postponed"
    WILLNOTDO = "willnotdo"
    CANCEL = "cancel"
    BYDESIGN = "bydesign"


@dataclass(frozen=True, slots=True)
class Story:
    """A story at its current version.

    :param number: what people call it: 12 in ``S12``. Unique in the workspace; 0 for a story that
        still has to be created in a tracker elsewhere, which gives the number (``pending``).
    :param version: 1 at first; each change makes a new one.
    :param assigned_to: person id; ``reviewers``: person ids who are to vote on this version.
    :param acceptance: the points that are ticked at verification.
    :param stage_at: when the stage last changed (UTC): "tested, not verified" counts from here.
    """

    number: int
    product_id: str
    title: str
    status: Status
    stage: Stage
    version: int
    spec: str = ""
    verify: str = ""
    priority: int = 3
    category: str = "feature"
    module: str = ""
    estimate: float = 0.0
    plan_id: str | None = None
    assigned_to: str | None = None
    opened_by: str | None = None
    reviewers: tuple[str, ...] = ()
    closed_reason: ClosedReason | None = None
    opened_at: datetime | None = None
    changed_at: datetime | None = None
    stage_at: datetime | None = None
    url: str | None = None

    @property
    def ref(self) -> str:
        """How people write it: ``S12``."""
        return f"S{self.number}"

    @property
    def pending(self) -> bool:
        """Whether it is still to be created in a tracker elsewhere and has no number yet."""
        return self.number == 0

    @property
    def acceptance(self) -> tuple[str, ...]:
        """The acceptance points: the non-empty lines of ``verify`` without their list marks."""
        lines = (re.sub(r"^\s*(?:[-*•]|\d+[.、)）])\s*", "", x) for x in self.verify.splitlines())
        return tuple(x.strip() for x in lines if x.strip())


@dataclass(frozen=True, slots=True)
class StoryDraft:
    """What is needed to create a story. Without reviewers it stays a draft."""

    product_id: str
    title: str
    spec: str = ""
    verify: str = ""
    priority: int = 3
    category: str = "feature"
    module: str = ""
    estimate: float = 0.0
    plan_id: str | None = None
    assigned_to: str | None = None
    reviewers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one reviewer said in a review, for a tracker in which each has a vote of their own."""

    person_id: str
    verdict: Verdict
    comment: str = ""


@dataclass(frozen=True, slots=True)
class StoryAction:
    """One line of a story's history.

    :param actor: person id, or None; then ``actor_name`` is what the tracker calls whoever did it,
        empty for the tracker itself.
    :param action: ZenTao's word (``opened``, ``changed``, ``reviewed``, ``closed`` …).
    :param extra: ZenTao's addition (``Pass``, the reason …).
    :param changes: field → (old, new).
    """

    id: int
    number: int
    action: str
    actor: str | None
    at: datetime
    comment: str = ""
    extra: str = ""
    changes: Mapping[str, tuple[str, str]] | None = None
    actor_name: str = ""


_REF = re.compile(r"(?:[sS#＃]|[sS]tory-?)(\d{1,9})\Z")
_LINK = re.compile(r"https?://\S*?(?:story-view-|m=story&f=view&(?:id|storyID)=)(\d{1,9})")


def story_number(word: str) -> int | None:
    """The number in ``S12``, ``#12`` or a pasted ZenTao link; None when it is no story."""
    match = _REF.match(word) or _LINK.match(word)
    return int(match.group(1)) if match else None
