"""What a closure still needs: evidence that is settled or waived, and the words of PO and PM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from domain.closures.state import Closure
from domain.people import Role
from domain.settings import ClosureNeeds
from domain.stories import Stage, Status, Story

TESTED_STAGES = frozenset(
    {Stage.TESTED, Stage.VERIFIED, Stage.DELIVERING, Stage.DELIVERED, Stage.RELEASED}
)
"""The stages at which the tests are done."""


class MissingKind(StrEnum):
    """What sort of evidence is missing."""

    STATUS = "status"  # the story is not agreed: a draft, under review or being changed
    STAGE = "stage"  # its tests are not done
    POINT = "point"  # an acceptance point is not ticked
    CHANGE = "change"  # a change request of it is open
    BUGS = "bugs"  # the tracker knows of open bugs


@dataclass(frozen=True, slots=True)
class Missing:
    """A piece of evidence that is missing and was not waived.

    :param key: names it in waivers: ``stage``, ``status``, ``bugs``, ``CR-3``, or ``point:`` and
        the point as it reads.
    :param word: what people type for it: the point's number from 1, else the key.
    :param text: the point as it reads; empty for the others.
    :param n: how many bugs.
    """

    kind: MissingKind
    key: str
    word: str
    text: str = ""
    n: int = 1


@runtime_checkable
class KnowsBugs(Protocol):
    """A tracker that can say how many open bugs a story has."""

    def open_bugs(self, number: int) -> int:
        """The number of bugs of the story that are not closed."""
        ...


@dataclass(frozen=True, slots=True)
class Around:
    """What others know about the story.

    :param changes: references of its open change requests (``CR-3``).
    :param bugs: how many open bugs its tracker has, 0 where it keeps none.
    """

    changes: tuple[str, ...] = ()
    bugs: int = 0


def evidence(story: Story, closure: Closure, around: Around) -> tuple[Missing, ...]:
    """Everything that could be missing and was not waived, in the order to settle it."""
    waived = {w.key for w in closure.waivers}
    return tuple(m for m in _unsettled(story, closure, around) if m.key not in waived)


def waivable(story: Story, closure: Closure, around: Around, word: str) -> Missing | None:
    """The missing evidence that people mean by a word: a point's number, or a key in any case."""
    folded = word.casefold()
    found = evidence(story, closure, around)
    return next((m for m in found if m.word.casefold() == folded), None)


def _unsettled(story: Story, closure: Closure, around: Around) -> list[Missing]:
    out: list[Missing] = []
    if story.status is not Status.ACTIVE:
        out.append(Missing(MissingKind.STATUS, "status", "status"))
    if story.stage not in TESTED_STAGES:
        out.append(Missing(MissingKind.STAGE, "stage", "stage"))
    ticked = closure.ticked(story)
    for n, point in enumerate(story.acceptance, 1):
        if point not in ticked:
            out.append(Missing(MissingKind.POINT, f"point:{point}", str(n), point))
    out += [Missing(MissingKind.CHANGE, ref, ref) for ref in around.changes]
    if around.bugs:
        out.append(Missing(MissingKind.BUGS, "bugs", "bugs", n=around.bugs))
    return out


def words_missing(
    story: Story, closure: Closure, needs: ClosureNeeds, *, same_person: bool
) -> tuple[Role, ...]:
    """Whose word is still needed: PO for the verification, PM for the agreement.

    :param same_person: whether one person who is both may give both words.
    """
    verified, agreed = closure.verification(story), closure.agreement(story)
    if needs is ClosureNeeds.ONE and (verified or agreed):
        return ()
    if verified and agreed and verified.by == agreed.by and not same_person:
        return (Role.PM,)
    said = {Role.PO: verified, Role.PM: agreed}
    return tuple(role for role, word in said.items() if word is None)


def ready_to_close(story: Story, closure: Closure, around: Around, lacking: Sequence[Role]) -> bool:
    """Whether nothing is in the way any more."""
    return not lacking and not evidence(story, closure, around)
