"""Every kind of write, asked for in the transaction of a use case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from domain.stories import ClosedReason, Stage, StoryDraft, Verdict
from domain.tracking import Origin, TrackerWrite, WriteAct
from tests.trackers.sync.world import World
from trackers.mirrored import MirroredTracker
from trackers.zentao.sync.placing import refresh
from trackers.zentao.sync.queue import OutboxQueue

Tracker = MirroredTracker
Asked = Callable[[World, Tracker, int], object]
BEFORE = {"spec": "<p>原文</p>", "verify": "v", "pri": 3, "estimate": 2}


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of write.

    :param columns: the story in ZenTao before; None: the write creates one.
    :param arrange: what happened to it in ZenTao before, once the mirror had it.
    """

    ask: Asked
    columns: Mapping[str, Any] | None = field(default_factory=dict[str, Any])
    arrange: Callable[[World, int], None] | None = None


def po(world: World) -> str:
    return world.team.id("po")


def dev(world: World) -> str:
    return world.team.id("dev")


def _change(world: World, tracker: Tracker, number: int) -> object:
    return tracker.change(
        number, title="新 <标题> & “x” 😀", spec="新描述", verify="新验收",
        reviewers=(dev(world),), comment="客户要的", actor=po(world),
    )  # fmt: skip


def _create(world: World, tracker: Tracker, _: int) -> object:
    fields = {"spec": "扫码", "reviewers": (dev(world),)}
    return tracker.create(StoryDraft(world.team.product.id, "支持微信登录", **fields), po(world))


def _changed_there(world: World, number: int) -> None:
    world.fake.person("chenmin").change(number, reviewers=["lilei"], spec="<p>二</p>")


def _closed_there(world: World, number: int) -> None:
    world.fake.person("chenmin").close(number, "done")


UNDER_REVIEW = {"status": "reviewing", "reviewers": ["lilei"]}

ACTS: dict[str, Act] = {
    "create": Act(_create, columns=None),
    "edit": Act(
        lambda w, t, n: t.edit(n, {"priority": 1, "category": "performance"}, po(w), "调整"),
    ),
    "rewrite": Act(
        lambda w, t, n: t.edit(n, {"title": "新 <标题> 😀", "spec": "新的"}, po(w), "改写"),
        columns={"status": "draft"},
    ),
    "assign": Act(lambda w, t, n: t.assign(n, dev(w), po(w), "请接手")),
    "stage": Act(lambda w, t, n: t.set_stage(n, Stage.TESTED, po(w), "测过了")),
    "comment": Act(lambda w, t, n: t.comment(n, "有一个备注", po(w))),
    "submit": Act(
        lambda w, t, n: t.submit_for_review(n, (dev(w),), po(w)), columns={"status": "draft"}
    ),
    "pass": Act(
        lambda w, t, n: t.record_verdict(n, Verdict.PASS, "通过", po(w)), columns=UNDER_REVIEW
    ),
    "reject": Act(
        lambda w, t, n: t.record_verdict(n, Verdict.REJECT, "不做", po(w)), columns=UNDER_REVIEW
    ),
    "revert": Act(
        lambda w, t, n: t.record_verdict(n, Verdict.REVERT, "退回", po(w)), arrange=_changed_there
    ),
    "change": Act(_change),
    "recall": Act(lambda w, t, n: t.recall(n, po(w)), arrange=_changed_there),
    "close": Act(lambda w, t, n: t.close(n, ClosedReason.DONE, "完成", po(w))),
    "activate": Act(lambda w, t, n: t.activate(n, "又有问题", po(w)), arrange=_closed_there),
}


def set_up(world: World, act: Act) -> int:
    """The story in ZenTao and in the mirror; 0 when the act makes one."""
    if act.columns is None:
        return 0
    number = world.fake.add_story(world.product, "导出运单", **BEFORE, **act.columns)
    mirror(world, number)
    if act.arrange is not None:
        act.arrange(world, number)
        refresh(world.bench, number)
    return number


def mirror(world: World, number: int) -> None:
    """Read one story into the mirror, as the look would."""
    world.bench.renew_book()
    refresh(world.bench, number)


def ask(world: World, act: Act, number: int) -> TrackerWrite:
    """Queue the write; it is the only one that waits."""
    world.clock.advance(timedelta(seconds=1))
    with world.team.write() as uow:
        product, now = uow.products.get(world.team.product.id), world.clock.now()
        queue = OutboxQueue(uow, product, now, Origin(world.team.channel.id))
        act.ask(world, MirroredTracker(uow.stories, queue, now), number)
    write = world.writes()[-1]
    assert world.waiting() == 1
    return write


def wait_out(world: World, most: int = 30) -> None:
    """Deliver, with the pauses asked for, until nothing waits."""
    for _ in range(most):
        world.deliver()
        if not world.waiting():
            return
        world.clock.advance(timedelta(seconds=61))
    raise AssertionError(f"still waiting: {world.writes()[-1]}")


def traces(world: World, write: TrackerWrite, since: int) -> object:
    """What the write has left: the story here, the story in ZenTao, and the words of its history.

    18.x leaves a changed story active beside its open votes, which is a review there: whether
    somebody has also set its status makes no difference.
    """
    fake = world.fake
    numbers = [s["id"] for s in fake.stories(world.product) if s["id"] > since]
    if write.number:
        numbers = [write.number]
    loose = fake.state.version.old and write.act is WriteAct.CHANGE
    return [
        (world.story(number).status, *_story(fake.story(number), fake.actions(number), loose=loose))
        for number in numbers
    ]


def _story(story: dict[str, Any], actions: list[Any], *, loose: bool) -> tuple[object, object]:
    shown = ("title", "status", "stage", "version", "pri", "spec", "verify", "assignedTo",
             "closedReason", "reviewers", "votes")  # fmt: skip
    hidden = {"status"} if loose else frozenset[str]()
    told = [(a.action, a.comment, a.extra) for a in actions if not (loose and a.action == "edited")]
    return {name: story[name] for name in shown if name not in hidden}, told
