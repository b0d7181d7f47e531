"""From the log to the state. Pure, and total: no list of events makes it fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from domain.event_log import undone
from domain.reviews import events as e
from domain.reviews.events import Event
from domain.reviews.state import (
    AgendaItem,
    Ending,
    Entry,
    EntryKind,
    Review,
    ReviewStatus,
    Topic,
    Vote,
)

UNDOABLE = (
    e.AgendaAdded, e.TopicAdded, e.AgendaRemoved, e.VerdictGiven, e.Decided, e.ActionAdded,
    e.QuestionRaised, e.Noted, e.Edited, e.Removed,
)  # fmt: skip
"""What ``/review undo`` takes back. Starting is taken back by cancelling, ending by reopening,
joining by excusing oneself and the other way round."""


def fold(review_id: str, log: Iterable[Event]) -> Review:
    """The review after these events.

    An event that was undone counts as if it had never been written. An event that does not fit (a
    verdict on a story that is not on the agenda, an entry after the end) changes nothing.
    """
    lines = tuple(log)
    gone = undone(lines, UNDOABLE, sealed_by=e.Ended)
    review = Review(review_id)
    for event in lines:
        if event.seq not in gone and not isinstance(event.body, e.Undone):
            review = _apply(review, event)
    return replace(review, seq=max((x.seq for x in lines), default=0))


def advance(review: Review, new: Sequence[Event]) -> Review | None:
    """The state after further events, without the log before them.

    None where that cannot be told from the state alone: something was undone.
    """
    if any(isinstance(event.body, e.Undone) for event in new):
        return None
    for event in new:
        review = _apply(review, event)
    return replace(review, seq=max((review.seq, *(x.seq for x in new))))


def last_entry(log: Iterable[Event]) -> Event | None:
    """What ``/review undo`` would take back, or None.

    It is the last undoable event since the last ending that still counts. Lines of the minutes that
    came from the chat are passed over: they are what was said.
    """
    lines = tuple(log)
    gone = undone(lines, UNDOABLE, sealed_by=e.Ended)
    for event in reversed(lines):
        if isinstance(event.body, e.Ended):
            return None
        overheard = isinstance(event.body, e.Noted) and event.body.source is not None
        if isinstance(event.body, UNDOABLE) and event.seq not in gone and not overheard:
            return event
    return None


def _apply(review: Review, event: Event) -> Review:
    handler = _HANDLERS.get(type(event.body))
    if handler is None or (review.number == 0 and not isinstance(event.body, e.Started)):
        return review
    if not review.running and not isinstance(event.body, e.Reopened):
        return review
    return handler(review, event, event.body)


def _started(review: Review, event: Event, body: e.Started) -> Review:
    if review.number:
        return review
    return replace(
        review,
        number=body.number,
        product_id=body.product_id,
        title=body.title,
        chair=body.chair,
        rule=body.rule,
        channel=body.channel,
        thread=body.thread,
        plan_id=body.plan_id,
        started_at=event.at,
        joined=(body.chair,),
    )


def _invited(review: Review, _event: Event, body: e.Invited) -> Review:
    return replace(review, invited=tuple(dict.fromkeys((*review.invited, *body.people))))


def _joined(review: Review, _event: Event, body: e.Joined) -> Review:
    return replace(
        review,
        joined=tuple(dict.fromkeys((*review.joined, body.person))),
        excused=tuple(x for x in review.excused if x[0] != body.person),
    )


def _excused(review: Review, _event: Event, body: e.Excused) -> Review:
    others = tuple(x for x in review.excused if x[0] != body.person)
    return replace(
        review,
        excused=(*others, (body.person, body.reason)),
        joined=tuple(p for p in review.joined if p != body.person),
    )


def _agenda_added(review: Review, _event: Event, body: e.AgendaAdded) -> Review:
    old = review.item(body.story)
    new = AgendaItem(
        body.story,
        body.version,
        body.title,
        body.reviewers,
        body.note or (old.note if old else ""),
        old.votes if old else (),
    )
    if old is None:
        return replace(review, agenda=(*review.agenda, new))
    return replace(review, agenda=tuple(new if i is old else i for i in review.agenda))


def _topic_added(review: Review, event: Event, body: e.TopicAdded) -> Review:
    return replace(review, topics=(*review.topics, Topic(event.seq, body.text, body.note)))


def _agenda_removed(review: Review, _event: Event, body: e.AgendaRemoved) -> Review:
    return replace(review, agenda=tuple(i for i in review.agenda if i.story != body.story))


def _verdict_given(review: Review, event: Event, body: e.VerdictGiven) -> Review:
    item = review.item(body.story)
    if item is None:
        return review
    vote = Vote(body.person, body.verdict, body.comment, body.version, event.at)
    others = tuple(v for v in item.votes if (v.person, v.version) != (body.person, body.version))
    voted = replace(item, votes=(*others, vote))
    return replace(review, agenda=tuple(voted if i is item else i for i in review.agenda))


def _entry(review: Review, entry: Entry) -> Review:
    return replace(review, entries=(*review.entries, entry))


def _decided(review: Review, event: Event, body: e.Decided) -> Review:
    kind = EntryKind.DECISION
    return _entry(
        review,
        Entry(event.seq, kind, body.text, event.actor, event.at, body.said_by, source=body.source),
    )


def _action_added(review: Review, event: Event, body: e.ActionAdded) -> Review:
    return _entry(
        review,
        Entry(
            event.seq,
            EntryKind.ACTION,
            body.text,
            event.actor,
            event.at,
            number=body.number,
            owner=body.owner,
            due=body.due,
            source=body.source,
        ),
    )


def _question_raised(review: Review, event: Event, body: e.QuestionRaised) -> Review:
    return _entry(
        review,
        Entry(
            event.seq,
            EntryKind.QUESTION,
            body.text,
            event.actor,
            event.at,
            body.said_by,
            number=body.number,
            source=body.source,
        ),
    )


def _noted(review: Review, event: Event, body: e.Noted) -> Review:
    entry = Entry(event.seq, EntryKind.NOTE, body.text, event.actor, event.at, source=body.source)
    return _entry(review, entry)


def _edited(review: Review, _event: Event, body: e.Edited) -> Review:
    return replace(
        review,
        entries=tuple(
            replace(x, text=body.text) if x.seq == body.target else x for x in review.entries
        ),
    )


def _removed(review: Review, _event: Event, body: e.Removed) -> Review:
    return replace(
        review,
        entries=tuple(x for x in review.entries if x.seq != body.target),
        topics=tuple(x for x in review.topics if x.seq != body.target),
    )


def _ended(review: Review, event: Event, body: e.Ended) -> Review:
    ending = Ending(review.version, event.at, event.actor, body.digest, body.outcomes)
    return replace(
        review,
        status=ReviewStatus.ENDED,
        closed_at=event.at,
        closed_by=event.actor,
        endings=(*review.endings, ending),
    )


def _reopened(review: Review, _event: Event, body: e.Reopened) -> Review:
    if review.status is ReviewStatus.OPEN:
        return review
    sealed = review.status is ReviewStatus.ENDED
    return replace(
        review,
        status=ReviewStatus.OPEN,
        version=review.version + 1 if sealed else review.version,
        closed_at=None,
        closed_by=None,
        reason=body.reason,
    )


def _cancelled(review: Review, event: Event, body: e.Cancelled) -> Review:
    return replace(
        review,
        status=ReviewStatus.CANCELLED,
        closed_at=event.at,
        closed_by=event.actor,
        reason=body.reason,
    )


def _nudged(review: Review, event: Event, _body: e.Nudged) -> Review:
    return replace(review, nudged_at=event.at)


def _shelved(review: Review, _event: Event, _body: e.Shelved) -> Review:
    return replace(review, status=ReviewStatus.DRAFT)


_HANDLERS: dict[type[Any], Callable[[Review, Event, Any], Review]] = {
    e.Started: _started,
    e.Invited: _invited,
    e.Joined: _joined,
    e.Excused: _excused,
    e.AgendaAdded: _agenda_added,
    e.TopicAdded: _topic_added,
    e.AgendaRemoved: _agenda_removed,
    e.VerdictGiven: _verdict_given,
    e.Decided: _decided,
    e.ActionAdded: _action_added,
    e.QuestionRaised: _question_raised,
    e.Noted: _noted,
    e.Edited: _edited,
    e.Removed: _removed,
    e.Ended: _ended,
    e.Reopened: _reopened,
    e.Cancelled: _cancelled,
    e.Nudged: _nudged,
    e.Shelved: _shelved,
}
