"""What happens in ZenTao is known in chat a minute later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from domain.stories import Stage, Status, Story
from storage.locks import process_locks
from tests.fakes.zentao.person import Person
from tests.trackers.sync.conftest import Make
from tests.trackers.sync.world import MINUTE, World
from trackers.zentao.sync.synchroniser import LOCK, Synchroniser


def _story(world: World, **columns: Any) -> int:
    number = world.fake.add_story(world.product, "导出运单", **columns)
    world.keep()
    return number


def test_a_quiet_minute_costs_one_request(world: World) -> None:
    _story(world)
    world.keep()
    for _ in range(10):
        world.fake.forget_requests()
        world.keep()
        assert world.fake.count() == 1, [r.line for r in world.fake.requests]


def test_a_quiet_minute_costs_two_lists_where_there_is_no_action_log(make_world: Make) -> None:
    world = make_world("18.10")
    world.bind()
    _story(world)
    world.keep(after=timedelta(hours=2))
    world.fake.forget_requests()
    world.keep()
    assert world.fake.count() <= 3, [r.line for r in world.fake.requests]


def test_nothing_is_asked_between_two_looks(world: World) -> None:
    world.keep()
    world.fake.forget_requests()
    for _ in range(3):
        world.keep(after=timedelta(seconds=15))
    assert world.fake.count() == 0


THERE: list[object] = [
    pytest.param(
        lambda p, n: p.edit(n, title="导出运单到 Excel", pri=1),
        lambda s: (s.title, s.priority) == ("导出运单到 Excel", 1), "标题", id="edit",
    ),
    pytest.param(
        lambda p, n: p.change(n, reviewers=["lilei"], spec="<p>二版</p>"),
        lambda s: s.version == 2 and s.spec == "二版", "版本：v1 → v2", id="change",
    ),
    pytest.param(
        lambda p, n: p.close(n, "postponed", "下期再做"),
        lambda s: s.status is Status.CLOSED, "状态：激活 → 已关闭", id="close",
    ),
    pytest.param(
        lambda p, n: p.assign(n, "zhaoqian"),
        lambda s: s.assigned_to is not None, "指派给", id="assign",
    ),
    pytest.param(lambda p, n: p.comment(n, "客户催了"), lambda s: True, "客户催了", id="comment"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "holds", "told"), THERE)
def test_what_somebody_does_there_is_known_here(
    world: World,
    act: Callable[[Person, int], None],
    holds: Callable[[Story], bool],
    told: str,
) -> None:
    number = _story(world)
    world.show_in_thread(number)
    act(world.fake.person("outsider"), number)
    world.keep()
    world.deliver()
    assert holds(world.story(number))
    note = world.posted()[-1]
    assert "外部同事在禅道里改了：S" in note
    assert told in note
    assert "外部同事" in world.say("po", f"/story history S{number}")
    digest = world.say("po", "/digest")
    assert "禅道里的变化" in digest
    assert f"S{number}" in digest


def test_without_a_thread_only_the_digest_tells(world: World) -> None:
    number = _story(world)
    before = len(world.posted())
    world.fake.person("outsider").edit(number, pri=1)
    world.keep()
    world.deliver()
    assert len(world.posted()) == before
    assert "优先级：3 → 1（外部同事）" in world.say("po", "/digest")


def test_our_own_doing_is_no_news(each_world: World) -> None:
    world = each_world
    number = _story(world)
    world.show_in_thread(number)
    world.say("po", f"/story assign S{number} @dev")
    world.deliver()
    before = len(world.posted())
    for _ in range(3):
        world.keep()
    world.deliver()
    assert len(world.posted()) == before
    assert "指派给" not in world.say("po", "/digest")


def test_a_known_person_is_named_and_stands_in_the_history(world: World) -> None:
    number = _story(world)
    world.fake.person("lilei").assign(number, "zhaoqian", "你来测")
    world.keep()
    with world.team.read() as uow:
        last = uow.stories.history(number)[-1]
    assert last.actor == world.team.id("dev")
    assert last.comment == "你来测"


def test_a_story_made_there_is_here(each_world: World) -> None:
    world = each_world
    number = world.fake.person("outsider").create(world.product, "禅道里建的", ["lilei"])
    world.keep()
    story = world.story(number)
    assert story.title == "禅道里建的"
    assert story.status in (Status.REVIEWING, Status.DRAFT)
    assert "禅道里建的" in world.say("po", "/digest")


def test_a_change_there_is_told_in_the_review_that_has_it_on_its_agenda(world: World) -> None:
    number = world.fake.person("outsider").create(world.product, "要评的", ["lilei"])
    world.keep()
    world.say("po", f"/review start S{number}")
    world.open_review_thread()
    world.fake.person("outsider").edit(number, title="改了名的")
    world.keep()
    world.deliver()
    assert "改了名的" in world.posted()[-1]


def test_what_waits_here_is_kept_when_something_else_changes_there(world: World) -> None:
    number = _story(world)
    world.say("po", f"/story assign S{number} @dev")
    world.fake.person("outsider").edit(number, pri=1)
    world.keep()
    story = world.story(number)
    assert (story.priority, story.assigned_to) == (1, world.team.id("dev"))


def test_a_computed_stage_is_found(each_world: World) -> None:
    """No story action, no hook, no date tells of it."""
    world = each_world
    number = _story(world)
    sprint = world.fake.add_execution("迭代 1", [number])
    task = world.fake.add_task(sprint, number)
    world.fake.task(task, "doing")
    world.keep(after=timedelta(minutes=20))
    world.keep(after=timedelta(hours=1))
    assert world.story(number).stage is Stage.DEVELOPING
    world.show_in_thread(number)
    world.fake.task(task, "done")
    world.keep(after=timedelta(hours=1))
    world.keep(after=timedelta(hours=1))
    world.deliver()
    assert world.story(number).stage is Stage.DEVELOPED
    assert "阶段：研发中 → 研发完毕" in world.posted()[-1]


def test_a_story_deleted_there_is_gone_here(each_world: World) -> None:
    world = each_world
    number = _story(world)
    world.fake.person("outsider").delete(number)
    world.keep()
    world.keep(after=timedelta(hours=1))
    with world.team.read() as uow:
        assert uow.stories.find(number) is None
    assert "已从禅道消失" in world.say("po", "/digest")
    assert f"S{number}" in world.say("po", f"/story show S{number}")


def test_a_story_moved_between_our_products_moves_here(world: World) -> None:
    from domain.people import Channel, Product

    number = _story(world)
    other = world.fake.add_product("第二个产品")
    with world.team.write() as uow:
        product = Product("0" * 26, "second", "第二个产品")
        uow.products.add(product)
        uow.channels.add(Channel("1" * 26, "web", "second", "第二", product_id=product.id))
    world.clock.advance(timedelta(hours=7))
    world.keep()
    world.say("admin", f"/setup tracker {other} in=second")
    world.keep()
    world.fake.person("outsider").move(number, other)
    world.keep()
    assert world.story(number).product_id == "0" * 26


def test_a_plan_linked_there_is_known_here(each_world: World) -> None:
    from dataclasses import replace

    world = each_world
    number = _story(world)
    ref = world.fake.add_plan(world.product, "v2.3", "2026-12-01", "2026-12-31")
    world.say("po", "/plan new v2.3")
    with world.team.write() as uow:
        plan = uow.plans.of_product(world.team.product.id)[0]
        uow.plans.save(replace(plan, tracker_ref=str(ref)), by=None, at=world.clock.now())
    world.fake.person("outsider").link(number, ref)
    world.keep()
    world.keep(after=timedelta(hours=1))
    assert world.story(number).plan_id == plan.id
    world.say("po", f"/story unplan S{number}")
    world.deliver()
    assert number not in world.fake.plan(ref)["stories"]


def test_a_hook_brings_the_look_forward(world: World) -> None:
    number = _story(world)
    world.keep()
    world.fake.person("outsider").edit(number, pri=1)
    world.keep(after=timedelta(seconds=10))
    assert world.story(number).priority == 3, "not yet a minute"
    with world.team.write() as uow:
        uow.tracker_feed.hint(world.clock.now())
    world.keep(after=timedelta(seconds=1))
    assert world.story(number).priority == 1


def test_half_a_page_stops_nothing_for_ever(each_world: World) -> None:
    world = each_world
    number = _story(world)
    world.fake.person("outsider").edit(number, pri=1)
    world.fake.half_pages("GET ", times=2)
    for _ in range(4):
        world.keep()
    assert world.story(number).priority == 1


def test_one_story_that_breaks_the_server_does_not_hold_up_the_others(world: World) -> None:
    bad, good = _story(world), _story(world)
    fault = world.fake.crash(rf"GET .*/stories/{bad}\b", times=None)
    world.fake.person("outsider").edit(bad, pri=1)
    world.fake.person("outsider").edit(good, pri=1)
    world.keep()
    assert fault.met
    assert world.story(good).priority == 1
    world.fake.heal()
    world.keep(after=timedelta(hours=1))
    world.keep(after=timedelta(hours=1))
    assert world.story(bad).priority == 1


def test_one_process_at_a_time(db_world: World) -> None:
    world = db_world
    others = process_locks(world.team.store.database.url)
    assert others.take(LOCK)
    world.fake.forget_requests()
    world.keep()
    assert world.fake.count() == 0, "the other one looks"
    others.release(LOCK)
    second = Synchroniser(world.bench, others)
    world.clock.advance(MINUTE)
    assert second.run() is False
    assert world.fake.count() == 1
    second.close()


def test_the_mirror_is_the_same_on_both_databases(db_world: World) -> None:
    world = db_world
    number = world.fake.add_story(world.product, "导出运单 & <b>😀", spec="<p>一</p><p>二</p>")
    world.keep()
    world.say("po", f"/story assign S{number} @dev")
    world.deliver()
    world.fake.person("outsider").edit(number, pri=1)
    world.keep()
    world.sweep()
    story = world.story(number)
    assert (story.title, story.priority) == ("导出运单 & <b>😀", 1)
    assert story.assigned_to == world.team.id("dev")
