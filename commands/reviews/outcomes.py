"""What a review decided about its stories, brought to the tracker."""

from __future__ import annotations

from commands.context import Context
from commands.reviews.spoken import outcome_comment
from domain.errors import ConflictError, DubanError, ErrorKind
from domain.reviews.events import Outcome
from domain.reviews.outcome import Tally, tally
from domain.reviews.state import AgendaItem, Review
from domain.stories import Ballot, Status, Verdict

RECORDED, UNCHANGED, UNDECIDED, REFUSED = "recorded", "unchanged", "undecided", "refused"

_UNSUBMITTED = frozenset({Status.DRAFT, Status.CHANGING})


def to_tracker(ctx: Context, review: Review, minutes_url: str) -> tuple[Outcome, ...]:
    """Record every outcome on its story, in the order of the agenda.

    :param minutes_url: where the minutes can be read, for the story's history.

    A story that cannot take it (closed meanwhile, already active) is reported and holds up no
    other. What an earlier version of this record has brought to the tracker is not brought there
    again.
    """
    earlier = {
        (o.story, o.version, o.verdict)
        for ending in review.endings
        for o in ending.outcomes
        if o.result in (RECORDED, UNCHANGED)
    }
    return tuple(_outcome(ctx, review, item, earlier, minutes_url) for item in review.agenda)


def _outcome(
    ctx: Context,
    review: Review,
    item: AgendaItem,
    earlier: set[tuple[int, int, Verdict | None]],
    minutes_url: str,
) -> Outcome:
    stand = tally(review, item)
    verdict = stand.outcome
    if verdict is None:
        return Outcome(item.story, item.version, None, UNDECIDED)
    if (item.story, item.version, verdict) in earlier:
        return Outcome(item.story, item.version, verdict, UNCHANGED)
    try:
        with ctx.uow.savepoint():
            comment = outcome_comment(ctx, review, stand, verdict, minutes_url)
            refused = _record(ctx, item, stand, verdict, comment)
    except ConflictError:
        raise
    except DubanError as error:
        if error.kind is ErrorKind.OUTSIDE:
            raise
        refused = error.key
    result = REFUSED if refused else RECORDED
    return Outcome(item.story, item.version, verdict, result, refused)


def _record(ctx: Context, item: AgendaItem, stand: Tally, verdict: Verdict, comment: str) -> str:
    """Why the story cannot take the outcome, as a message key; empty when it took it."""
    tracker = ctx.tracker
    story = tracker.story(item.story)
    if story.version != item.version:
        return "review.refused.version"
    if story.status in _UNSUBMITTED:
        tracker.submit_for_review(item.story, item.reviewers or stand.voters, ctx.me.id)
    elif story.status is not Status.REVIEWING:
        return f"review.refused.{story.status.value}"
    ballots = tuple(Ballot(v.person, v.verdict, v.comment) for v in stand.counted)
    tracker.record_verdict(item.story, verdict, comment, ctx.me.id, ballots=ballots)
    return ""
