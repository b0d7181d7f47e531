"""ZenTao's status machine as a client must guard it: ZenTao itself refuses no transition.

Pure functions from one state to the next. What is not allowed raises ``UserError``
(``story.cannot.<act>``) that names the status in the way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.errors import UserError
from domain.messages import T
from domain.stories import ClosedReason, Stage, Status, Story, StoryDraft, Verdict
from domain.story_fields import EDITABLE, checked_fields
from domain.story_store import StoryState, StoryText


class Act(StrEnum):
    """What can be done to a story."""

    SUBMIT = "submit"
    RECALL = "recall"
    VERDICT = "verdict"
    CHANGE = "change"
    EDIT = "edit"
    REWRITE = "rewrite"
    ASSIGN = "assign"
    STAGE = "stage"
    PLAN = "plan"
    CLOSE = "close"
    ACTIVATE = "activate"


_OPEN = frozenset({Status.DRAFT, Status.REVIEWING, Status.ACTIVE, Status.CHANGING})
_ALLOWED: Mapping[Act, frozenset[Status]] = {
    Act.SUBMIT: frozenset({Status.DRAFT, Status.CHANGING}),
    Act.RECALL: frozenset({Status.REVIEWING, Status.CHANGING}),
    Act.VERDICT: frozenset({Status.REVIEWING}),
    Act.CHANGE: frozenset({Status.ACTIVE, Status.CHANGING}),
    Act.EDIT: _OPEN,
    # What a story says is agreed or being voted on: only a change may alter it then.
    Act.REWRITE: frozenset({Status.DRAFT, Status.CHANGING}),
    Act.ASSIGN: _OPEN,
    Act.STAGE: _OPEN,
    Act.PLAN: _OPEN,
    Act.CLOSE: _OPEN,
    Act.ACTIVATE: frozenset({Status.CLOSED}),
}
_COMPUTED = frozenset({Stage.WAIT, Stage.PLANNED})


def may(act: Act, story: Story) -> bool:
    """Whether the story's status allows the act."""
    return story.status in _ALLOWED[act]


def check(act: Act, story: Story) -> None:
    """Refuse what the status does not allow."""
    if not may(act, story):
        status = T(f"story.status.{story.status.value}")
        raise UserError(f"story.cannot.{act.value}", ref=story.ref, status=status)


def opened(draft: StoryDraft, number: int, actor: str, now: datetime) -> StoryState:
    """A new story: under review when it has reviewers, else a draft."""
    given = {name: getattr(draft, name) for name in EDITABLE}
    story = Story(
        number=number,
        product_id=draft.product_id,
        status=Status.REVIEWING if draft.reviewers else Status.DRAFT,
        stage=Stage.PLANNED if draft.plan_id else Stage.WAIT,
        version=1,
        plan_id=draft.plan_id,
        assigned_to=draft.assigned_to,
        opened_by=actor,
        reviewers=_unique(draft.reviewers),
        opened_at=now,
        changed_at=now,
        stage_at=now,
        **checked_fields(given),
    )
    return StoryState(story)


def edited(state: StoryState, fields: Mapping[str, Any], now: datetime) -> StoryState:
    """Fields set in place; the version stays."""
    check(Act.EDIT, state.story)
    return _with(state, now, **checked_fields(fields))


def submitted(state: StoryState, reviewers: Sequence[str], now: datetime) -> StoryState:
    """Under review by these people."""
    check(Act.SUBMIT, state.story)
    if not reviewers:
        raise UserError("story.needs_reviewers", ref=state.story.ref)
    return _with(state, now, status=Status.REVIEWING, reviewers=_unique(reviewers))


def recalled(state: StoryState, before: StoryText | None, now: datetime) -> StoryState:
    """Taken back from review; or, while changing, the change withdrawn.

    :param before: what the version before says; needed while changing.
    """
    check(Act.RECALL, state.story)
    if state.story.status is Status.REVIEWING:
        return _with(state, now, status=_unagreed(state.story), reviewers=())
    return _restored(state, before, now)


def judged(
    state: StoryState, verdict: Verdict, before: StoryText | None, now: datetime
) -> StoryState:
    """The outcome of a review.

    :param before: what the version before says; needed for :attr:`Verdict.REVERT`, which is
        refused on version 1 because nothing stands before it (ZenTao would empty the story).
    """
    check(Act.VERDICT, state.story)
    match verdict:
        case Verdict.PASS:
            return _with(state, now, status=Status.ACTIVE)
        case Verdict.CLARIFY:
            return _with(state, now, status=_unagreed(state.story))
        case Verdict.REJECT:
            return closed(state, ClosedReason.WILLNOTDO, now)
        case Verdict.REVERT:
            return _restored(state, before, now)


def changed(
    state: StoryState, text: StoryText, reviewers: Sequence[str], now: datetime
) -> StoryState:
    """A new version with this text (its ``version`` is not asked).

    With reviewers it goes to review. Without, it takes effect at once; a story that was
    ``changing`` already stays so until it is submitted. The same text without reviewers is no
    change.
    """
    check(Act.CHANGE, state.story)
    story = state.story
    given = checked_fields({"title": text.title, "spec": text.spec, "verify": text.verify})
    same = all(getattr(story, name) == value for name, value in given.items())
    if same and not reviewers:
        return state
    status = Status.REVIEWING if reviewers else story.status
    return _with(
        state, now, version=story.version + 1, status=status, reviewers=_unique(reviewers), **given
    )


def staged(state: StoryState, stage: Stage, now: datetime) -> StoryState:
    """The stage set by hand; ``closed`` comes from closing alone."""
    check(Act.STAGE, state.story)
    if stage is Stage.CLOSED:
        raise UserError("story.stage_closed", ref=state.story.ref)
    return replace(_with(state, now, stage=stage), stage_by_hand=True)


def assigned(state: StoryState, person_id: str | None, now: datetime) -> StoryState:
    """Given to somebody, or to nobody."""
    check(Act.ASSIGN, state.story)
    return _with(state, now, assigned_to=person_id)


def planned(state: StoryState, plan_id: str | None, now: datetime) -> StoryState:
    """On a plan or off it; a stage that nobody set and no work has moved follows."""
    check(Act.PLAN, state.story)
    stage = state.story.stage
    if not state.stage_by_hand and stage in _COMPUTED:
        stage = Stage.PLANNED if plan_id else Stage.WAIT
    return _with(state, now, plan_id=plan_id, stage=stage)


def closed(state: StoryState, reason: ClosedReason, now: datetime) -> StoryState:
    """Closed; what it was is remembered."""
    check(Act.CLOSE, state.story)
    story = state.story
    before = _unagreed(story) if story.status is Status.REVIEWING else story.status
    moved = _with(state, now, status=Status.CLOSED, stage=Stage.CLOSED, closed_reason=reason)
    return replace(moved, reopens_to=before, reopens_at=story.stage)


def activated(state: StoryState, now: datetime) -> StoryState:
    """Open again at the status and stage before closing; a review is not resumed."""
    check(Act.ACTIVATE, state.story)
    status = state.reopens_to or Status.ACTIVE
    stage = state.reopens_at or (Stage.PLANNED if state.story.plan_id else Stage.WAIT)
    moved = _with(state, now, status=status, stage=stage, closed_reason=None)
    return replace(moved, reopens_to=None, reopens_at=None)


def _unagreed(story: Story) -> Status:
    """Where a story falls back to when its review ends without agreement."""
    return Status.DRAFT if story.version == 1 else Status.CHANGING


def _restored(state: StoryState, before: StoryText | None, now: datetime) -> StoryState:
    """The change taken back: the version before is agreed and stands."""
    if before is None or state.story.version == 1:
        raise UserError("story.cannot.revert", ref=state.story.ref)
    return _with(
        state,
        now,
        status=Status.ACTIVE,
        version=before.version,
        title=before.title,
        spec=before.spec,
        verify=before.verify,
        reviewers=(),
    )


def _with(state: StoryState, now: datetime, **fields: Any) -> StoryState:
    """The story with some fields set; its times follow, and stay when nothing is different."""
    story = replace(state.story, **fields)
    if story == state.story:
        return state
    stage_at = now if story.stage is not state.story.stage else story.stage_at
    return replace(state, story=replace(story, changed_at=now, stage_at=stage_at))


def _unique(ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))
