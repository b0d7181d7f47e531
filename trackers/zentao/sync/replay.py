"""The mirror between what ZenTao has and what still waits to be written there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from domain import story_machine as machine
from domain.errors import UserError
from domain.stories import ClosedReason, Stage, Story, Verdict
from domain.story_store import StoryState, StoryText
from domain.tracking import TrackerWrite, WriteAct
from storage.uow import UnitOfWork


def replayed(
    uow: UnitOfWork, state: StoryState, writes: Iterable[TrackerWrite], now: datetime
) -> StoryState:
    """The story as it will be once the writes that wait have been taken.

    One that the story no longer allows is passed over: ZenTao will refuse it, and then it is told.
    """
    for write in writes:
        try:
            state = _after(uow, state, write, now)
        except UserError:
            continue
    return state


def _after(uow: UnitOfWork, state: StoryState, write: TrackerWrite, now: datetime) -> StoryState:
    step = _STEPS.get(write.act)
    if step is None:  # a comment moves nothing, and what is to be created is not here yet
        return state
    return step(state, write.args, _text_before(uow, state.story), now)


def _text_before(uow: UnitOfWork, story: Story) -> StoryText | None:
    """The version before, if the mirror has seen it."""
    if story.version < 2:
        return None
    try:
        return uow.stories.text(story.number, story.version - 1)
    except UserError:
        return None


_Step = Callable[[StoryState, Mapping[str, Any], StoryText | None, datetime], StoryState]
_STEPS: Mapping[WriteAct, _Step] = {
    WriteAct.EDIT: lambda s, a, _, now: machine.edited(s, a["fields"], now),
    WriteAct.SUBMIT: lambda s, a, _, now: machine.submitted(s, a["reviewers"], now),
    WriteAct.RECALL: lambda s, _, text, now: machine.recalled(s, text, now),
    WriteAct.VERDICT: lambda s, a, text, now: machine.judged(s, Verdict(a["verdict"]), text, now),
    WriteAct.CHANGE: lambda s, a, _, now: machine.changed(
        s, StoryText(0, a["title"], a["spec"], a["verify"]), a["reviewers"], now
    ),
    WriteAct.STAGE: lambda s, a, _, now: machine.staged(s, Stage(a["stage"]), now),
    WriteAct.ASSIGN: lambda s, a, _, now: machine.assigned(s, a["person"], now),
    WriteAct.CLOSE: lambda s, a, _, now: machine.closed(s, ClosedReason(a["reason"]), now),
    WriteAct.ACTIVATE: lambda s, _, __, now: machine.activated(s, now),
    WriteAct.PLAN: lambda s, a, _, now: machine.planned(s, a["plan"], now),
}
