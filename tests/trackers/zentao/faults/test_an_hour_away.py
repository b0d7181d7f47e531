"""ZenTao is gone for an hour while the team writes 200 things and others work in its pages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.stories import Stage
from domain.tracking import WriteState
from tests.trackers.sync.world import World
from tests.trackers.zentao.faults.acts import BEFORE, wait_out

STORIES = 20
ROUNDS = 9
NEW = 20


def _said(world: World) -> list[str]:
    """The words that our writes left in ZenTao, in the order of its log."""
    return [
        action.comment
        for action in world.fake.state.actions
        if action.kind == "story" and "第" in action.comment
    ]


def _work(world: World, numbers: list[int]) -> list[str]:
    """An hour of work: 180 writes to 20 stories and 20 new ones, each with a mark of its own."""
    marks: list[str] = []
    for turn in range(ROUNDS):
        for number in numbers:
            mark = f"第{len(marks) + 1}句"
            whom = "@dev" if turn % 2 == 0 else "@tester"
            world.say("po", f"/story assign S{number} {whom} {mark}")
            marks.append(mark)
        for n in range(2):
            world.say("po", f"/story new 新需求{turn}-{n} 描述=离线时提的")
        world.clock.advance(timedelta(minutes=5))
        world.deliver()
    for n in range(NEW - 2 * ROUNDS):
        world.say("po", f"/story new 新需求最后-{n} 描述=离线时提的")
    return marks


@pytest.mark.slow
def test_two_hundred_writes_wait_and_each_is_done_once_and_in_order(new_world: World) -> None:
    world = new_world
    numbers = [world.fake.add_story(world.product, f"运单 {n}", **BEFORE) for n in range(STORIES)]
    world.keep()
    world.fake.down()
    marks = _work(world, numbers)
    assert world.waiting() == 200
    assert {w.state for w in world.writes()} == {WriteState.WAITING}
    assert "还有 9 项修改等着写入禅道" in world.say("po", f"/story show S{numbers[0]}")
    world.fake.up()
    wait_out(world)
    assert {w.state for w in world.writes()} == {WriteState.DONE}
    told = _said(world)
    assert len(told) == len(marks), "each once"
    assert all(mark in words for mark, words in zip(marks, told, strict=True)), "in order"
    made = [s["title"] for s in world.fake.stories(world.product) if "新需求" in s["title"]]
    wanted = [w.args["draft"]["title"] for w in world.writes() if "draft" in w.args]
    assert made == wanted, "each new story once, and in order"
    for number in numbers:
        assert world.fake.story(number)["assignedTo"] == "lilei"
        assert world.story(number).assigned_to == world.team.id("dev")


def test_what_others_did_meanwhile_stands_and_only_clashes_are_asked_about(world: World) -> None:
    fields = dict(BEFORE, stage="developing")
    kept, both, beside, gone, moved = (
        world.fake.add_story(world.product, f"运单 {n}", **fields) for n in range(5)
    )
    elsewhere = world.fake.add_product("不在这里的产品")
    world.keep()
    world.sweep()
    world.fake.down()
    for number in (kept, both, beside, gone, moved):
        world.say("po", f"/story edit S{number} priority=1")
        world.say("po", f"/story stage S{number} developed")
    zhang = world.fake.person("outsider")
    zhang.edit(both, pri=4)
    zhang.edit(beside, keywords="别的", source="customer")
    zhang.delete(gone)
    zhang.move(moved, elsewhere)
    world.clock.advance(timedelta(hours=1))
    world.fake.up()
    wait_out(world)
    states = {
        number: [w.state for w in world.writes() if w.number == number]
        for number in (kept, both, beside, gone, moved)
    }
    done, asked, refused = WriteState.DONE, WriteState.CONFLICT, WriteState.REFUSED
    assert states == {
        kept: [done, done],
        both: [asked, done],
        beside: [done, done],
        gone: [refused, refused],
        moved: [refused, refused],
    }
    assert world.fake.story(both)["pri"] == 4, "nothing of theirs is overwritten"
    assert world.fake.story(beside)["keywords"] == "别的"
    assert world.fake.story(gone)["pri"] == world.fake.story(moved)["pri"] == 3
    assert [world.fake.story(n)["stage"] for n in (kept, both, beside)] == ["developed"] * 3
    cards = "\n".join(world.posted())
    assert "没有写入，因为禅道里也改了同一处" in cards
    assert f"S{gone} 运单 3 已经不在了" in cards
    assert f"S{moved} 属于禅道产品 {elsewhere}，它没有关联到这里的任何产品" in cards
    write = next(w for w in world.writes() if w.state is asked)
    world.say("po", f"/story settle {write.ref} ours")
    wait_out(world)
    assert world.fake.story(both)["pri"] == 1
    assert world.story(both).stage is Stage.DEVELOPED
