"""What nobody foresaw comes back to who asked, too; a write never waits for nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain.stories import Stage, Status, Story
from domain.tracking import TrackerWrite, WriteState
from storage.messaging import OutboxItem, OutboxStatus
from storage.tracker_lane import KIND
from storage.uow import UnitOfWork
from tests.trackers.sync.world import World
from trackers.zentao.gateway import ZentaoGateway
from trackers.zentao.sync.delivering import Delivering


class _Clumsy(ZentaoGateway):
    """A gateway with a mistake in it: ``broken`` says after what it falls down."""

    broken = "before"

    def looking_first(self) -> ZentaoGateway:
        return type(self)(self._client, self._book, memory=self._memory, look_first=True)

    def assign(self, number: int, person_id: str | None, actor: str, comment: str = "") -> Story:
        if self.broken == "before":
            raise ValueError("nobody thought of this")
        done = super().assign(number, person_id, actor, comment)
        if self.broken == "after":
            raise ValueError("nobody thought of this")
        return done


class _Exhausted(Delivering):
    """Fails before it comes to any write."""

    def run(self, item: OutboxItem) -> None:
        raise MemoryError(item.id)


class _Mute:
    """Tells nobody of new stories, because it cannot."""

    def created(self, uow: UnitOfWork, write: TrackerWrite, story: Story) -> None:
        raise RuntimeError("no words")

    def sheet_created(
        self, uow: UnitOfWork, writes: Sequence[TrackerWrite], stories: Sequence[Story]
    ) -> None:
        raise RuntimeError("no words")


def _story(world: World, **columns: Any) -> int:
    number = world.fake.add_story(world.product, "导出运单", **columns)
    world.keep()
    return number


def _use(world: World, broken: str) -> None:
    """Deliver with a clumsy gateway from now on."""
    kind = type("Clumsy", (_Clumsy,), {"broken": broken})
    bench = replace(world.bench, zentao=kind(world.client, world.bench.book))
    world.delivering = Delivering(bench)


def _wait_out(world: World) -> None:
    for _ in range(40):
        world.deliver()
        if not world.waiting():
            return
        world.clock.advance(timedelta(minutes=10))
    raise AssertionError(world.writes())


def _rows(world: World) -> Mapping[str, OutboxStatus]:
    with world.team.read() as uow:
        return {i.id: i.status for i in uow.outbox.failed()}


def test_it_comes_back_with_a_reference_and_what_to_do(each_world: World) -> None:
    world = each_world
    number = _story(world)
    _use(world, "before")
    world.say("po", f"/story assign S{number} @dev")
    world.say("po", f"/story stage S{number} developing")
    _wait_out(world)
    assert [w.state for w in world.writes()] == [WriteState.REFUSED, WriteState.DONE]
    card = next(c for c in world.posted() if "没有写进禅道" in c)
    assert "陈敏" in card
    assert "意外错误，编号 " in card
    assert "/story settle W1 ours" in card
    assert "ValueError" not in card
    assert world.story(number).assigned_to is None, "the mirror shows what ZenTao has"
    assert world.story(number).stage is Stage.DEVELOPING, "the next in the lane went on"
    assert not _rows(world)


def test_tried_again_it_finds_what_is_there_already(each_world: World) -> None:
    world = each_world
    number = _story(world)
    _use(world, "after")
    world.say("po", f"/story assign S{number} @dev 请接手")
    _wait_out(world)
    done = [a.action for a in world.fake.actions(number)]
    assert done.count("assigned") == 1, done
    assert [w.state for w in world.writes()] in ([WriteState.REFUSED], [WriteState.DONE])
    _use(world, "never")
    if world.writes()[0].state is WriteState.REFUSED:
        world.say("po", "/story settle W1 ours")
        _wait_out(world)
    done = [a.action for a in world.fake.actions(number)]
    assert done.count("assigned") == 1, done
    assert [w.state for w in world.writes()] == [WriteState.DONE]
    assert world.story(number).assigned_to == world.team.id("dev")


def test_what_zentao_has_and_we_cannot_record_is_no_refusal(world: World) -> None:
    world.use_teller(_Mute())
    world.say("po", "/story new 支持微信登录 描述=扫码")
    _wait_out(world)
    assert [w.state for w in world.writes()] == [WriteState.DONE]
    assert len(world.fake.stories(world.product)) == 1
    card = world.posted()[-1]
    assert "已写进禅道，但这里还没有更新" in card
    world.keep()
    (there,) = world.fake.stories(world.product)
    assert world.story(there["id"]).title == "支持微信登录", "the next look brings it here"


def test_a_row_that_is_given_up_leaves_nothing_waiting(world: World) -> None:
    """Whatever fails outside the single write: nobody waits for a row that nobody tries."""
    number = _story(world, status="active")
    world.say("po", f"/story assign S{number} @dev")

    world.delivering = _Exhausted(world.bench)
    for _ in range(40):
        world.clock.advance(timedelta(minutes=20))
        world.deliver()
    assert list(_rows(world).values()) == [OutboxStatus.FAILED]
    assert [w.state for w in world.writes()] == [WriteState.REFUSED]
    card = world.posted()[-1]
    assert "已不再重试" in card
    assert "几分钟后与禅道核对时会改正" in card
    assert "/story settle W1 ours" in card
    assert world.story(number).assigned_to == world.team.id("dev")
    world.keep()
    assert world.story(number).assigned_to is None, "compared at once, not in an hour"
    assert world.story(number).status is Status.ACTIVE


def test_the_lane_goes_on_though_settling_fails(world: World) -> None:
    """A row that names a write that is gone: it is given up, and the next one is delivered."""
    number = _story(world)
    with world.team.write() as uow:
        lane = f"tracker:{world.team.product.id}"
        uow.queue(lane, KIND, {"writes": ["gone"], "person": "x"}, world.clock.now())
    world.say("po", f"/story assign S{number} @dev")
    for _ in range(40):
        world.clock.advance(timedelta(minutes=20))
        world.deliver()
    assert [w.state for w in world.writes()] == [WriteState.DONE]
