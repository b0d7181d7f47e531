"""ZenTao away, slow or vague: work goes on, writes wait in order, each is done once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.stories import Status
from domain.tracking import WriteState
from tests.trackers.impatience import give_up_soon
from tests.trackers.sync.world import World


def _story(world: World, **columns: Any) -> int:
    number = world.fake.add_story(world.product, "导出运单", **columns)
    world.keep()
    return number


def _wait_out(world: World) -> None:
    """Until nothing waits, with the pauses that ZenTao's answers ask for."""
    for _ in range(40):
        world.deliver()
        if not world.waiting():
            return
        world.clock.advance(timedelta(seconds=61))
    raise AssertionError(world.writes())


def test_work_goes_on_while_zentao_is_away(each_world: World) -> None:
    world = each_world
    number = _story(world)
    world.fake.down()
    world.say("po", f"/story assign S{number} @dev")
    world.say("po", f"/story stage S{number} developing")
    world.deliver()
    world.keep(after=timedelta(minutes=30))
    shown = world.say("po", f"/story show S{number}")
    assert "研发中" in shown
    assert "禅道已经 30 分钟没有对上" in shown
    assert "还有 2 项修改等着写入禅道" in shown
    assert "分钟没有对上" in world.say("po", "/story list")
    waiting = world.say("po", "/story waiting")
    assert "起连不上禅道" in waiting
    assert waiting.index("指派") < waiting.index("把阶段改为研发中"), "in their order"
    world.fake.up()
    world.clock.advance(timedelta(minutes=2))
    _wait_out(world)
    world.keep()
    there = world.fake.story(number)
    assert (there["assignedTo"], there["stage"]) == ("lilei", "developing")
    shown = world.say("po", f"/story show S{number}")
    assert "没有对上" not in shown
    assert "等着写入" not in shown
    assert "没有等着写入" in world.say("po", "/story waiting")


def test_every_card_with_a_story_says_how_old_it_is(world: World) -> None:
    number = _story(world, spec="<p>一版</p>", reviewers=["lilei"])
    world.say("po", f"/review start S{number}")
    world.fake.down()
    world.keep(after=timedelta(minutes=30))
    for line in (f"/story show S{number}", "/review show", f"/change log S{number} 加一列 原因=x",
                 f"/close S{number}"):  # fmt: skip
        assert "禅道已经 30 分钟没有对上" in world.say("po", line), line


def test_many_writes_wait_in_order_and_none_is_lost_or_doubled(world: World) -> None:
    number = _story(world)
    world.fake.down()
    for n in range(30):
        world.say("po", f"/story edit S{number} estimate={n}" if n % 2 else
                  f"/story assign S{number} {'@dev' if n % 4 else '@tester'}")  # fmt: skip
        if n % 10 == 0:
            world.deliver()
    made = len(world.writes())
    for _ in range(6):
        world.clock.advance(timedelta(minutes=10))
        world.deliver()
    assert world.waiting() == made
    world.fake.up()
    world.clock.advance(timedelta(minutes=2))
    world.deliver()
    assert [w.state for w in world.writes()] == [WriteState.DONE] * made
    done = [a.action for a in world.fake.actions(number)]
    assert done.count("assigned") == sum(w.act.value == "assign" for w in world.writes())


ACTS = [
    pytest.param("/story assign {s} @dev 请接手", {}, "assigned", id="assign"),
    pytest.param("/story edit {s} priority=1", {}, "edited", id="edit"),
    pytest.param("/story stage {s} developing", {}, "edited", id="stage"),
    pytest.param("/story submit {s} @dev", {"status": "draft"}, "submitreview", id="submit"),
    pytest.param("/close reopen {s} 还要改", {"status": "closed"}, "activated", id="activate"),
]


@pytest.mark.parametrize(("line", "columns", "action"), ACTS)
def test_an_answer_that_is_lost_does_not_repeat_the_write(
    each_world: World, line: str, columns: dict[str, object], action: str
) -> None:
    world = each_world
    number = _story(world, **columns)
    world.say("po", line.format(s=f"S{number}"))
    world.fake.lose_replies("(POST|PUT) .*stories/", times=1)
    _wait_out(world)
    done = [a.action for a in world.fake.actions(number)]
    if action == "submitreview" and not world.fake.state.version.v2:
        action = "edited"  # it knows no such step: the reviewers are set by an edit
    assert done.count(action) == 1, done
    assert {w.state for w in world.writes()} == {WriteState.DONE}


def test_a_story_is_created_once_though_the_answer_was_lost(each_world: World) -> None:
    world = each_world
    world.say("po", "/story new 支持微信登录 描述=扫码 评审人=@dev")
    world.fake.lose_replies("POST .*stories", times=1)
    _wait_out(world)
    (story,) = world.fake.stories(world.product)
    assert story["title"] == "支持微信登录"
    assert world.story(story["id"]).status is Status.REVIEWING


def test_two_stories_of_one_title_are_two_though_answers_were_lost(world: World) -> None:
    world.say("po", "/story new 登录 描述=扫码 评审人=@dev")
    world.say("po", "/story new 登录 描述=扫码 评审人=@dev")
    world.fake.lose_replies("POST .*stories", times=2)
    _wait_out(world)
    assert len(world.fake.stories(world.product)) == 2
    assert len({w.number for w in world.writes()}) == 2


def test_a_server_error_that_stays_is_a_refusal_of_that_write_alone(world: World) -> None:
    number = _story(world)
    world.fake.crash("(POST|PUT) .*assign", times=None)
    world.say("po", f"/story assign S{number} @dev")
    world.say("po", f"/story edit S{number} priority=1")
    for _ in range(10):
        world.deliver()
        world.clock.advance(timedelta(minutes=10))
    assert [w.state for w in world.writes()] == [WriteState.REFUSED, WriteState.DONE]
    assert world.story(number).assigned_to is None
    assert world.fake.story(number)["pri"] == 1


def test_a_login_that_stops_working_makes_writes_wait(world: World) -> None:
    number = _story(world)
    world.fake.kill_tokens()
    world.fake.refuse_logins()
    world.say("po", f"/story assign S{number} @dev")
    for _ in range(12):
        world.deliver()
        world.clock.advance(timedelta(minutes=2))
    assert world.waiting() == 1
    assert world.fake.logins <= 5, "the account is not locked by trying"
    world.fake.refuse_logins(False)
    for _ in range(40):
        world.clock.advance(timedelta(minutes=10))
        world.deliver()
        if not world.waiting():
            break
    assert world.fake.story(number)["assignedTo"] == "lilei"


def test_a_server_that_hangs_is_away(world: World) -> None:
    give_up_soon(world.client._http, world.fake.faults)
    number = _story(world)
    world.fake.hang(30.0)
    world.say("po", f"/story assign S{number} @dev")
    world.deliver()
    assert world.waiting() == 1
    world.fake.heal()
    world.clock.advance(timedelta(minutes=2))
    world.deliver()
    assert world.fake.story(number)["assignedTo"] == "lilei"
