"""The minutes of a review: everything that a document shows, with names instead of ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from domain.reviews.events import Outcome
from domain.reviews.outcome import tally
from domain.reviews.state import AgendaItem, Entry, EntryKind, Review, ReviewStatus
from domain.settings import ReviewRule
from domain.stories import Verdict


@dataclass(frozen=True, slots=True)
class MinutesVote:
    """One reviewer's word.

    :param counted: False for somebody who does not vote on this story.
    """

    name: str
    verdict: Verdict
    comment: str
    at: datetime
    counted: bool = True


@dataclass(frozen=True, slots=True)
class MinutesItem:
    """A story of the agenda.

    :param outcome: None when it stayed undecided.
    :param missing: names of those who were to vote and did not.
    :param result: what came of it in the tracker: ``recorded``, ``unchanged``, ``undecided``,
        ``refused``; empty while the review has not ended.
    """

    story: int
    ref: str
    version: int
    title: str
    note: str
    votes: tuple[MinutesVote, ...]
    missing: tuple[str, ...]
    outcome: Verdict | None
    result: str = ""

    def count(self, verdict: Verdict) -> int:
        """How many counted verdicts of a kind it has."""
        return sum(v.counted and v.verdict is verdict for v in self.votes)


@dataclass(frozen=True, slots=True)
class MinutesEntry:
    """A decision, action item, question or line of the minutes.

    :param name: whose words they are.
    :param ref: ``A-3`` for action items and questions, else empty.
    :param owner: name of who is to do it, or None.
    """

    text: str
    name: str
    at: datetime
    ref: str = ""
    owner: str | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes.

    :param ref: ``R-5``; ``version`` of the record, 1 until it was reopened.
    :param started_at: UTC, like every instant here; ``zone`` is the IANA name of the meeting's
        zone.
    :param absent: names of those who were invited and neither came nor were excused.
    :param excused: name and reason.
    :param digest: SHA-256 of the sealed record; empty while the review has not ended (a draft).
    :param earlier: digests of the versions before this one, oldest first.
    """

    ref: str
    version: int
    product: str
    title: str
    status: ReviewStatus
    rule: ReviewRule
    chair: str
    started_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    zone: str
    present: tuple[str, ...]
    excused: tuple[tuple[str, str], ...]
    absent: tuple[str, ...]
    items: tuple[MinutesItem, ...]
    topics: tuple[tuple[str, str], ...]
    decisions: tuple[MinutesEntry, ...]
    actions: tuple[MinutesEntry, ...]
    questions: tuple[MinutesEntry, ...]
    notes: tuple[MinutesEntry, ...]
    digest: str = ""
    earlier: tuple[str, ...] = ()

    @property
    def undecided(self) -> tuple[MinutesItem, ...]:
        """The stories without an outcome."""
        return tuple(i for i in self.items if i.outcome is None)


def minutes_of(review: Review, *, product: str, zone: str, name: Callable[[str], str]) -> Minutes:
    """The minutes of a review as it stands.

    :param name: gives a person's name by id; it must answer for everybody, people who left
        included.
    """
    sealed = review.endings if review.status is ReviewStatus.ENDED else ()
    outcomes = {o.story: o for o in sealed[-1].outcomes} if sealed else {}
    here = set(review.joined) | {p for p, _ in review.excused}
    started = review.started_at
    if started is None:
        raise ValueError("a review that was never started has no minutes")
    return Minutes(
        ref=review.ref,
        version=review.version,
        product=product,
        title=review.title,
        status=review.status,
        rule=review.rule,
        chair=name(review.chair),
        started_at=started,
        ended_at=review.closed_at,
        ended_by=name(review.closed_by) if review.closed_by else None,
        zone=zone,
        present=tuple(map(name, review.joined)),
        excused=tuple((name(p), why) for p, why in review.excused),
        absent=tuple(name(p) for p in review.invited if p not in here),
        items=tuple(_item(review, i, outcomes.get(i.story), name) for i in review.agenda),
        topics=tuple((t.text, t.note) for t in review.topics),
        decisions=_entries(review, EntryKind.DECISION, name),
        actions=_entries(review, EntryKind.ACTION, name),
        questions=_entries(review, EntryKind.QUESTION, name),
        notes=_entries(review, EntryKind.NOTE, name),
        digest=sealed[-1].digest if sealed else "",
        earlier=tuple(x.digest for x in review.endings if not sealed or x is not sealed[-1]),
    )


def _item(
    review: Review, item: AgendaItem, outcome: Outcome | None, name: Callable[[str], str]
) -> MinutesItem:
    stand = tally(review, item)
    votes = [(v, True) for v in stand.counted] + [(v, False) for v in stand.heard]
    return MinutesItem(
        story=item.story,
        ref=item.ref,
        version=item.version,
        title=item.title,
        note=item.note,
        votes=tuple(
            MinutesVote(name(v.person), v.verdict, v.comment, v.at, counted)
            for v, counted in sorted(votes, key=lambda x: x[0].at)
        ),
        missing=tuple(map(name, stand.missing)),
        outcome=outcome.verdict if outcome else stand.outcome,
        result=outcome.result if outcome else "",
    )


def _entries(
    review: Review, kind: EntryKind, name: Callable[[str], str]
) -> tuple[MinutesEntry, ...]:
    return tuple(_minutes_entry(e, name) for e in review.of_kind(kind))


def _minutes_entry(entry: Entry, name: Callable[[str], str]) -> MinutesEntry:
    who = entry.said_by or entry.by
    return MinutesEntry(
        text=entry.text,
        name=name(who) if who else "",
        at=entry.at,
        ref=f"A-{entry.number}" if entry.number else "",
        owner=name(entry.owner) if entry.owner else None,
        due=entry.due,
    )
