"""A write that waited, as a call to ZenTao."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from domain.event_json import decode
from domain.stories import ClosedReason, Stage, Story, StoryDraft, Verdict
from domain.tracking import TrackerWrite, WriteAct, remote_number
from trackers.zentao.port import Zentao


def perform(zentao: Zentao, write: TrackerWrite) -> None:
    """Do it, read back by the gateway; what ZenTao does not take raises."""
    _CALLS[write.act](zentao, remote_number(write.number), write)


def draft_of(write: TrackerWrite, *, plan_there: bool) -> StoryDraft:
    """What a write is to create.

    :param plan_there: ZenTao has the plan too; else the story is put on it here alone.
    """
    draft: StoryDraft = decode(StoryDraft, write.args["draft"])
    return draft if plan_there else replace(draft, plan_id=None)


def _change(zentao: Zentao, number: int, write: TrackerWrite) -> None:
    args = write.args
    zentao.change(
        number,
        title=args["title"],
        spec=args["spec"],
        verify=args["verify"],
        reviewers=tuple(args["reviewers"]),
        comment=args["comment"],
        actor=write.actor,
    )


def _verdict(zentao: Zentao, number: int, write: TrackerWrite) -> Story:
    verdict = Verdict(write.args["verdict"])
    return zentao.record_verdict(number, verdict, write.args["comment"], write.actor)


def _no_call(zentao: Zentao, number: int, write: TrackerWrite) -> None:
    raise ValueError(f"{write.ref} of {zentao}, story {number}: creating is not done here")


_Call = Callable[[Zentao, int, TrackerWrite], object]
_CALLS: Mapping[WriteAct, _Call] = {
    WriteAct.CREATE: _no_call,
    WriteAct.EDIT: lambda z, n, w: z.edit(n, w.args["fields"], w.actor, w.args["comment"]),
    WriteAct.SUBMIT: lambda z, n, w: z.submit_for_review(n, w.args["reviewers"], w.actor),
    WriteAct.RECALL: lambda z, n, w: z.recall(n, w.actor),
    WriteAct.VERDICT: _verdict,
    WriteAct.CHANGE: _change,
    WriteAct.STAGE: lambda z, n, w: z.set_stage(
        n, Stage(w.args["stage"]), w.actor, w.args["comment"]
    ),
    WriteAct.ASSIGN: lambda z, n, w: z.assign(n, w.args["person"], w.actor, w.args["comment"]),
    WriteAct.CLOSE: lambda z, n, w: z.close(
        n, ClosedReason(w.args["reason"]), w.args["comment"], w.actor
    ),
    WriteAct.ACTIVATE: lambda z, n, w: z.activate(n, w.args["comment"], w.actor),
    WriteAct.PLAN: lambda z, n, w: z.link_plan(n, w.args["plan"], w.actor),
    WriteAct.COMMENT: lambda z, n, w: z.comment(n, w.args["comment"], w.actor),
}
