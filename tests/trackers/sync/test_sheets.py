"""A sheet with many rows: one after the other, with progress, each once."""

from __future__ import annotations

from collections.abc import Sequence

from domain.stories import Story
from domain.tracking import TrackerWrite, WriteState
from storage.uow import UnitOfWork
from tests.commands.test_story_import import ZH, as_csv, send
from tests.trackers.sync.world import World


def _row(title: str, reviewer: str = "", assignee: str = "") -> tuple[object, ...]:
    return (title, "描述", "能用", 2, "功能", "", 1, reviewer, assignee)


def _import(world: World, *rows: tuple[object, ...]) -> str:
    return send(world.team, as_csv(world.team, ZH, *rows))


def test_a_sheet_is_created_in_order_with_one_message_for_progress(each_world: World) -> None:
    world = each_world
    rows = [_row(f"需求 {n}", "李雷" if n < 3 else "") for n in range(45)]
    said = _import(world, *rows)
    assert "45 行正在禅道里新建" in said
    world.delivery.drain()  # the writes; what follows waits in the outbox
    world.deliver()
    there = world.fake.stories(world.product)
    assert [s["title"] for s in there] == [f"需求 {n}" for n in range(45)]
    assert {w.state for w in world.writes()} == {WriteState.DONE}
    cards = [c for c in world.posted() if "在禅道里新建" in c]
    assert len(cards) == 1, "one message, kept up to date"
    assert "已在禅道里新建 45 条需求" in cards[0]
    assert "S1 到 S45" in cards[0]
    told = [c for c in world.told("dev") if "需求 0" in c]
    assert len(told) == 1
    assert "需求 2" in told[0]
    with world.team.read() as uow:
        entries = uow.audit_log.of(f"product:{world.team.product.id}")
    (imported,) = [e for e in entries if e.action == "story:stories:imported"]
    assert len(imported.new["numbers"]) == 45


def test_a_row_that_zentao_refuses_holds_up_no_other(world: World) -> None:
    _import(world, _row("一"), _row("二", assignee="韩梅"), _row("三"))
    world.deliver()
    assert [w.state for w in world.writes()] == [
        WriteState.DONE, WriteState.REFUSED, WriteState.DONE,
    ]  # fmt: skip
    assert [s["title"] for s in world.fake.stories(world.product)] == ["一", "三"]
    assert any("“新建”二 没有写进禅道" in c for c in world.posted())
    assert any("有 1 条没有建成" in c for c in world.posted())
    world.link("dev2", "outsider")
    world.say("po", "/story settle W2 ours")
    world.deliver()
    assert {s["title"] for s in world.fake.stories(world.product)} == {"一", "二", "三"}


def test_zentao_goes_away_in_the_middle(each_world: World) -> None:
    world = each_world
    _import(world, *(_row(f"需求 {n}") for n in range(25)))
    world.fake.lose_replies("POST .*stories", times=1, skip=7)
    fault = world.fake.reset("", times=None)
    fault.skip = 40
    for _ in range(3):
        world.deliver()
        world.clock.advance(world.pause)
    assert world.waiting() > 0
    world.fake.heal()
    for _ in range(5):
        world.clock.advance(world.pause)
        world.deliver()
    assert [s["title"] for s in world.fake.stories(world.product)] == [
        f"需求 {n}" for n in range(25)
    ]
    assert {w.state for w in world.writes()} == {WriteState.DONE}


class _Stumbling:
    """Fails once after ZenTao has done its part, as a process does that is killed there."""

    def __init__(self, world: World) -> None:
        self._real = world.bench.teller
        self.stumbled = False

    def created(self, uow: UnitOfWork, write: TrackerWrite, story: Story) -> None:
        if not self.stumbled:
            self.stumbled = True
            raise RuntimeError("killed")
        self._real.created(uow, write, story)

    def sheet_created(
        self, uow: UnitOfWork, writes: Sequence[TrackerWrite], stories: Sequence[Story]
    ) -> None:
        self._real.sheet_created(uow, writes, stories)


def test_a_crash_between_writing_and_recording_makes_no_second_story(each_world: World) -> None:
    world = each_world
    stumbling = _Stumbling(world)
    world.use_teller(stumbling)
    world.say("po", "/story new 支持微信登录 描述=扫码")
    world.deliver()
    assert stumbling.stumbled
    assert world.waiting() == 1
    assert len(world.fake.stories(world.product)) == 1
    world.keep()  # the mirror may meet it first
    world.clock.advance(world.pause)
    world.deliver()
    assert len(world.fake.stories(world.product)) == 1
    assert {w.state for w in world.writes()} == {WriteState.DONE}
    assert any(c.startswith("S1 支持微信登录") for c in world.posted())
