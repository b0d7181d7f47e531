"""Who may vote on a story, how the votes stand, and what follows by the team's rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from domain.reviews.state import AgendaItem, Review, Vote
from domain.settings import ReviewRule
from domain.stories import Verdict


@dataclass(frozen=True, slots=True)
class Tally:
    """How the votes on a story stand.

    :param voters: whose verdict counts.
    :param counted: the verdicts that count, one per voter at the story's version.
    :param heard: verdicts of people who do not vote on this story; kept, not counted.
    :param missing: voters who have not said anything about this version.
    :param outcome: None while it is undecided.
    """

    voters: tuple[str, ...]
    counted: tuple[Vote, ...]
    heard: tuple[Vote, ...]
    missing: tuple[str, ...]
    outcome: Verdict | None

    def count(self, verdict: Verdict) -> int:
        """How many voters said this."""
        return sum(v.verdict is verdict for v in self.counted)


def voters(review: Review, item: AgendaItem) -> tuple[str, ...]:
    """Whose verdict counts.

    Under the chair's rule the chair's; else the story's reviewers', and where none are named that
    of everybody who is here. Who is excused is not waited for.
    """
    if review.rule is ReviewRule.CHAIR:
        return (review.chair,)
    named = item.reviewers or review.joined
    return tuple(p for p in named if not review.is_excused(p))


def tally(review: Review, item: AgendaItem) -> Tally:
    """How the votes on one story stand."""
    who = voters(review, item)
    present = tuple(v for v in item.votes if v.version == item.version)
    counted = tuple(v for v in present if v.person in who)
    heard = tuple(v for v in present if v.person not in who)
    missing = tuple(p for p in who if item.vote_of(p) is None)
    return Tally(who, counted, heard, missing, _outcome(review.rule, len(who), counted))


def _outcome(rule: ReviewRule, size: int, counted: tuple[Vote, ...]) -> Verdict | None:
    """The outcome, or None while it can still go either way.

    ``all``: pass when everybody passed; once all have spoken and somebody did not, the other
    verdict that more than half gave, else clarify (the mildest: nothing is lost by it).
    ``majority``: the verdict that more than half of the voters gave, as soon as they have; all have
    spoken without one: clarify.
    """
    if not size:
        return None
    counts = Counter(v.verdict for v in counted)
    leader = next((v for v in Verdict if counts[v] * 2 > size), None)
    complete = len(counted) == size
    if rule is ReviewRule.ALL:
        if not complete:
            return None
        if counts[Verdict.PASS] == size:
            return Verdict.PASS
        return leader if leader and leader is not Verdict.PASS else Verdict.CLARIFY
    if leader is not None:
        return leader
    return Verdict.CLARIFY if complete else None


def undecided(review: Review) -> tuple[AgendaItem, ...]:
    """The stories on the agenda without an outcome."""
    return tuple(i for i in review.agenda if tally(review, i).outcome is None)
