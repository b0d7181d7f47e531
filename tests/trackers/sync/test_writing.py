"""What is agreed in chat stands in ZenTao a moment later, in both versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.stories import Stage, Status
from domain.tracking import WriteState
from tests.trackers.sync.world import World

Acts = Callable[[World, str], None]


def _story(world: World, **columns: Any) -> int:
    number = world.fake.add_story(world.product, "导出运单", spec="<p>导出 Excel</p>", **columns)
    world.keep()
    return number


def test_a_new_story_gets_its_number_from_zentao(each_world: World) -> None:
    world = each_world
    said = world.say("po", "/story new 支持微信登录 描述=扫码登录 评审人=@dev,@tester 指派给=@dev")
    assert "正在禅道里新建“支持微信登录”" in said
    with world.team.read() as uow:
        assert uow.stories.of_product(world.team.product.id) == (), "no number, no story yet"
    world.deliver()
    (write,) = world.writes()
    assert write.state is WriteState.DONE
    story = world.story(write.number)
    assert (story.title, story.spec, story.status) == ("支持微信登录", "扫码登录", Status.REVIEWING)
    assert set(story.reviewers) == {world.team.id("dev"), world.team.id("tester")}
    assert world.fake.story(write.number)["title"] == "支持微信登录"
    assert any(card.startswith(f"S{write.number} 支持微信登录") for card in world.posted())
    with world.team.read() as uow:
        entries = uow.audit_log.of(f"story:{write.number}")
    (created,) = [e for e in entries if e.action == "story:story:created"]
    assert created.actor == world.team.id("po")


def test_reviewers_hear_of_a_new_story_once(world: World) -> None:
    world.say("po", "/story new 支持微信登录 评审人=@dev")
    world.deliver()
    world.keep()
    world.deliver()
    told = [c for c in world.told("dev") if "支持微信登录" in c]
    assert len(told) == 1


@pytest.mark.parametrize(
    ("line", "there"),
    [
        pytest.param("/story assign {s} @dev 请接手", {"assignedTo": "lilei"}, id="assign"),
        pytest.param("/story stage {s} tested", {"stage": "tested"}, id="stage"),
        pytest.param("/story edit {s} priority=1", {"pri": 1, "title": "导出运单"}, id="edit"),
        pytest.param("/verify {s} all", {"stage": "verified"}, id="verify"),
    ],
)
def test_what_is_agreed_stands_there(
    each_world: World, line: str, there: dict[str, object]
) -> None:
    world = each_world
    number = _story(world, stage="tested" if "verify" in line else "planned")
    world.say("po", line.format(s=f"S{number}"))
    before = world.story(number)
    assert world.waiting() == 1, "the mirror has moved, ZenTao has not yet"
    world.deliver()
    assert world.waiting() == 0
    now = world.fake.story(number)
    assert {name: now[name] for name in there} == there
    assert world.story(number).stage is before.stage
    assert now["spec"] == "<p>导出 Excel</p>", "what was not touched is not wiped"


def test_the_human_is_named_in_zentaos_history(world: World) -> None:
    number = _story(world)
    world.say("po", f"/story assign S{number} @dev 请接手")
    world.deliver()
    last = world.fake.actions(number)[-1]
    assert "陈敏" in last.comment
    assert "请接手" in last.comment


def test_one_story_through_its_life(each_world: World) -> None:
    world = each_world
    world.say("po", "/story new 登录改版 描述=手机号登录 评审人=@dev")
    world.deliver()
    number = world.writes()[0].number
    ref = f"S{number}"
    world.say("po", f"/review start {ref}")
    world.say("dev", f"/review verdict {ref} pass 可以")
    world.say("po", "/review end")
    world.deliver()
    assert world.fake.story(number)["status"] == "active"
    world.say("dev", f"/story stage {ref} developed")
    world.say("tester", f"/story stage {ref} tested")
    world.say("po", f"/verify {ref} all")
    world.say("pm", f"/close agree {ref}")
    world.deliver()
    assert {w.state for w in world.writes()} == {WriteState.DONE}
    there = world.fake.story(number)
    assert (there["status"], there["stage"], there["closedReason"]) == ("closed", "closed", "done")
    assert world.story(number).status is Status.CLOSED
    world.say("po", f"/close reopen {ref} 客户又发现问题")
    world.deliver()
    assert world.fake.story(number)["status"] == "active"
    assert world.story(number).stage is not Stage.CLOSED


def test_the_mirror_and_zentao_are_the_same_afterwards(each_world: World) -> None:
    """After every kind of write a sweep finds nothing to put right."""
    world = each_world
    number = _story(world)
    for line in ("assign {} @dev", "stage {} developing", "edit {} estimate=8", "unassign {}"):
        world.say("po", "/story " + line.format(f"S{number}"))
    world.deliver()
    assert {w.state for w in world.writes()} == {WriteState.DONE}
    before = world.story(number)
    posts = len(world.posted())
    with world.team.read() as uow:
        news = uow.tracker_news.since([world.team.product.id], before.opened_at or world.start)
    for _ in range(3):
        world.keep()
    world.sweep()
    assert world.story(number) == before
    assert len(world.posted()) == posts
    with world.team.read() as uow:
        after = uow.tracker_news.since([world.team.product.id], before.opened_at or world.start)
    assert after == news, "our own doing is no news"


def test_a_wish_learns_the_number_of_its_story(world: World) -> None:
    world.say("sales", "/pool add 希望能批量导出运单 来源=华东客户")
    world.say("po", "/pool convert P-1")
    world.deliver()
    (write,) = world.writes()
    assert f"S{write.number}" in world.say("po", "/pool show P-1")
