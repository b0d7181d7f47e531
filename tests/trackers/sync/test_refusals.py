"""What ZenTao does not take comes back; what both sides changed is asked about."""

from __future__ import annotations

from typing import Any

import pytest

from domain.stories import Status
from domain.tracking import WriteState
from tests.fakes.zentao import BOT
from tests.trackers.sync.world import World


def _story(world: World, **columns: Any) -> int:
    number = world.fake.add_story(world.product, "导出运单", **columns)
    world.keep()
    return number


def _states(world: World) -> list[WriteState]:
    return [w.state for w in world.writes()]


@pytest.fixture
def refused(each_world: World) -> tuple[World, int]:
    """A closing that the account may not do."""
    world = each_world
    number = _story(world, stage="verified")
    world.fake.revoke(BOT, "story-close")
    world.say("po", f"/verify S{number} all")
    world.say("pm", f"/close agree S{number}")
    assert world.story(number).status is Status.CLOSED
    world.deliver()
    return world, number


def test_a_refusal_comes_back_with_the_reason_and_the_mirror_is_set_right(
    refused: tuple[World, int],
) -> None:
    world, number = refused
    assert world.writes()[-1].state is WriteState.REFUSED
    assert world.story(number).status is Status.ACTIVE
    card = world.posted()[-1]
    assert "王强" in card
    assert f"“关闭”S{number}" in card
    assert "story-close" in card
    assert "这里已恢复成禅道里的样子" in card
    assert f"/story settle {world.writes()[-1].ref} ours" in card


def test_once_the_cause_is_gone_it_is_tried_again(refused: tuple[World, int]) -> None:
    world, number = refused
    world.fake.grant(BOT, "story-close")
    ref = world.writes()[-1].ref
    assert "已重新排队" in world.say("pm", f"/story settle {ref} ours")
    world.deliver()
    assert world.fake.story(number)["status"] == "closed"
    assert world.story(number).status is Status.CLOSED
    assert any("已写入禅道" in card for card in world.posted())
    assert "不用再处理" in world.say("pm", f"/story settle {ref} ours")


def test_a_story_that_was_made_before_its_refusal_is_not_made_again(each_world: World) -> None:
    """ZenTao makes the story and then refuses to assign it; the cause is put right."""
    world = each_world
    world.fake.revoke(BOT, "story-assignTo")
    world.say("po", "/story new 批量导出 assignee=@dev")
    world.deliver()
    assert _states(world) == [WriteState.REFUSED]
    assert len(world.fake.stories(world.product)) == 1
    world.fake.grant(BOT, "story-assignTo")
    world.say("po", "/story settle W1 ours")
    world.deliver()
    assert _states(world) == [WriteState.DONE]
    (story,) = world.fake.stories(world.product)
    assert story["assignedTo"] == "lilei"


def test_a_refusal_can_be_let_go(refused: tuple[World, int]) -> None:
    world, number = refused
    ref = world.writes()[-1].ref
    assert "已放弃" in world.say("pm", f"/story settle {ref} theirs")
    world.deliver()
    assert world.writes()[-1].state is WriteState.DROPPED
    assert world.fake.story(number)["status"] == "active"


def test_others_may_not_decide(refused: tuple[World, int]) -> None:
    world, _ = refused
    assert "产品经理" in world.say("tester", f"/story settle {world.writes()[-1].ref} ours")
    assert world.writes()[-1].state is WriteState.REFUSED


def test_what_stands_on_a_refusal_is_held_and_the_rest_goes_on(each_world: World) -> None:
    world = each_world
    number = _story(world)
    world.fake.revoke(BOT, "story-edit")
    world.say("po", f"/story stage S{number} tested")
    world.say("po", f"/story stage S{number} developing")
    world.say("po", f"/story assign S{number} @dev")
    world.deliver()
    assert _states(world) == [WriteState.REFUSED, WriteState.HELD, WriteState.DONE]
    assert world.fake.story(number)["assignedTo"] == "lilei"
    card = world.posted()[-1]
    assert "后面这些依赖它" in card
    assert "/story settle W2 ours" in card
    world.fake.grant(BOT, "story-edit")
    world.say("po", "/story settle W2 ours")
    world.deliver()
    assert world.fake.story(number)["stage"] == "developing"
    assert world.story(number).stage.value == "developing"


@pytest.fixture
def clash(world: World) -> tuple[World, int]:
    """The priority changed here and there."""
    number = _story(world)
    world.say("po", f"/story edit S{number} priority=1")
    world.fake.person("outsider").edit(number, pri=4)
    world.deliver()
    return world, number


def test_a_clash_shows_both_sides_and_asks(clash: tuple[World, int]) -> None:
    world, number = clash
    assert _states(world) == [WriteState.CONFLICT]
    assert world.fake.story(number)["pri"] == 4, "nothing was overwritten"
    assert world.story(number).priority == 4
    card = next(c for c in reversed(world.posted()) if "也改了同一处" in c)
    assert "优先级" in card
    assert "我们的: 1" in card
    assert "禅道的: 4" in card
    assert "原来: 3" in card


def test_a_clash_is_told_as_it_was_there(clash: tuple[World, int]) -> None:
    world, _ = clash
    assert "优先级：3 → 4（外部同事）" in world.say("po", "/digest")


@pytest.mark.parametrize(
    ("side", "priority"),
    [pytest.param("ours", 1, id="ours"), pytest.param("theirs", 4, id="theirs")],
)
def test_a_clash_is_settled_by_a_word(clash: tuple[World, int], side: str, priority: int) -> None:
    world, number = clash
    world.say("po", f"/story settle W1 {side}")
    world.deliver()
    assert world.fake.story(number)["pri"] == priority
    assert world.story(number).priority == priority
    assert _states(world) == [WriteState.DONE if side == "ours" else WriteState.DROPPED]


def test_different_things_do_not_clash(world: World) -> None:
    number = _story(world)
    world.say("po", f"/story edit S{number} priority=1")
    world.fake.person("outsider").assign(number, "zhaoqian")
    world.deliver()
    assert _states(world) == [WriteState.DONE]
    story = world.story(number)
    assert (story.priority, story.assigned_to) == (1, world.team.id("tester"))


def test_the_same_done_there_is_done(world: World) -> None:
    number = _story(world)
    world.say("po", f"/story assign S{number} @dev 请接手")
    world.fake.person("outsider").assign(number, "lilei")
    world.deliver()
    assert _states(world) == [WriteState.DONE]
    assert any("请接手" in a.comment for a in world.fake.actions(number)), "no word is lost"


def test_a_clash_behind_ones_own_write_is_seen(world: World) -> None:
    """Writing the first must not make the second believe that ZenTao is as it was left."""
    number = _story(world)
    world.say("po", f"/story assign S{number} @dev")
    world.say("po", f"/story edit S{number} priority=1")
    world.fake.person("outsider").edit(number, pri=4)
    world.deliver()
    assert _states(world) == [WriteState.DONE, WriteState.CONFLICT]
    assert world.fake.story(number)["pri"] == 4


def test_a_change_here_and_there(each_world: World) -> None:
    world = each_world
    number = _story(world, spec="<p>一版</p>", reviewers=["lilei"])
    world.say("po", f"/change log S{number} 导出要带司机 原因=客户要求")
    world.say("po", "/change submit CR-1 effort=1 days=0")
    world.say("pm", "/change approve CR-1")
    world.say("po", "/change apply CR-1")
    assert world.waiting() == 1, world.writes()
    world.fake.person("outsider").change(number, reviewers=["lilei"], spec="<p>外部同事的二版</p>")
    world.deliver()
    assert _states(world) == [WriteState.CONFLICT]
    assert "外部同事的二版" in world.fake.story(number)["spec"]
    assert "外部同事的二版" in world.story(number).spec


def test_a_story_that_was_deleted_meanwhile(each_world: World) -> None:
    world = each_world
    number = _story(world)
    world.say("po", f"/story assign S{number} @dev")
    world.say("po", f"/story stage S{number} tested")
    world.fake.person("outsider").delete(number)
    world.deliver()
    assert set(_states(world)) == {WriteState.REFUSED}
    with world.team.read() as uow:
        assert uow.stories.find(number) is None
    told = [c for c in world.posted() if "已经不在了" in c]
    assert len(told) == 1, "one message for everything that fell with it"
    assert "指派" in told[0]
    assert "把阶段改为测试完毕" in told[0]


def test_a_story_that_was_moved_out_of_sight_meanwhile(each_world: World) -> None:
    world = each_world
    number = _story(world)
    other = world.fake.add_product("别的产品")
    world.say("po", f"/story assign S{number} @dev")
    world.fake.person("outsider").move(number, other)
    world.deliver()
    assert _states(world) == [WriteState.REFUSED]
    assert world.fake.story(number)["assignedTo"] != "lilei", "hands off what is not ours"
    world.keep()
    world.sweep()
    with world.team.read() as uow:
        assert uow.stories.find(number) is None
