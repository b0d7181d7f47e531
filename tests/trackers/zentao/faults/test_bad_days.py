"""Logins that stop working, answers cut in half, a server that is slow: nothing is lost by it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from domain.stories import Status
from domain.tracking import ImportState, WriteState
from storage.database import Database
from tests.fakes.zentao import BOT
from tests.trackers.sync.world import World
from tests.trackers.zentao.faults.acts import BEFORE, wait_out

DAY_MINUTES = 24 * 60


def test_a_login_that_stops_working_for_a_day_locks_nobody_out(new_world: World) -> None:
    world = new_world
    number = world.fake.add_story(world.product, "导出运单", **BEFORE)
    world.keep()
    world.fake.kill_tokens()
    world.fake.refuse_logins()
    before = world.fake.logins
    world.say("po", f"/story assign S{number} @dev 请接手")
    for _ in range(DAY_MINUTES // 5):
        world.clock.advance(timedelta(minutes=5))
        world.deliver()
        world.sync.run()
    tried = world.fake.logins - before
    assert 2 <= tried <= 5, "rare enough that the account is never locked"
    assert world.fake.state.people.accounts[BOT].locked_until is None
    assert world.writes()[-1].state is WriteState.WAITING
    assert "禅道" in world.say("po", "/story waiting")
    world.fake.heal()
    world.clock.advance(timedelta(days=1))
    wait_out(world)
    assert world.fake.story(number)["assignedTo"] == "lilei"


@pytest.mark.parametrize("cut", [pytest.param(False, id="half"), pytest.param(True, id="cut off")])
def test_half_a_list_takes_nothing_out_of_the_mirror(world: World, *, cut: bool) -> None:
    numbers = world.fake.add_stories(world.product, 30)
    world.keep()
    world.sweep()
    zhang = world.fake.person("outsider")
    zhang.delete(numbers[0])
    zhang.close(numbers[1], "done")
    world.fake.half_pages(r"^GET .*/products/\d+/stories$", times=3, cut=cut)
    for _ in range(4):
        world.keep(after=timedelta(hours=1))
    with world.team.read() as uow:
        kept = {story.number for story in uow.stories.of_product(world.team.product.id)}
    assert kept >= set(numbers[2:]), "what was in the other half is not gone"
    world.fake.heal()
    for _ in range(2):
        world.keep(after=timedelta(hours=1))
    with world.team.read() as uow:
        left = {s.number for s in uow.stories.of_product(world.team.product.id)}
        closed = uow.stories.get(numbers[1]).status is Status.CLOSED
    assert numbers[0] not in left
    assert closed


def test_half_an_import_goes_on_where_it_was(sqlite_db: Database, tmp_path: Path) -> None:
    world = World(sqlite_db, tmp_path / "files")
    try:
        world.fake.add_stories(world.product, 600)
        for number in range(1, 581):
            world.fake.person("admin").close(number, "done")
        world.keep()
        world.say("po", f"/setup tracker {world.product}")
        world.fake.half_pages(r"^GET .*/products/\d+/stories$", times=1)
        world.fake.half_pages(r"^GET .*/stories/\d+$", times=2, cut=True)
        for _ in range(6):
            world.keep(after=timedelta(minutes=2))
        with world.team.read() as uow:
            item = uow.tracker_imports.get(world.team.product.id)
            stories = uow.stories.of_product(world.team.product.id, include_closed=True)
        assert item is not None
        assert (item.state, item.listed, len(stories)) == (ImportState.READY, 600, 600)
    finally:
        world.close()


def test_a_slow_server_only_takes_longer(new_world: World) -> None:
    world = new_world
    number = world.fake.add_story(world.product, "导出运单", **BEFORE)
    world.keep()
    world.fake.slow(0.05)
    world.say("po", f"/story assign S{number} @dev 请接手")
    world.deliver()
    assert world.writes()[-1].state is WriteState.DONE


def test_tokens_that_die_at_any_time_cost_a_login_each(world: World) -> None:
    number = world.fake.add_story(world.product, "导出运单", **BEFORE)
    world.keep()
    before = world.fake.logins
    for turn in range(6):
        world.fake.kill_tokens(BOT)
        world.say("po", f"/story assign S{number} {'@dev' if turn % 2 else '@tester'} 第{turn}次")
        world.deliver()
    assert {w.state for w in world.writes()} == {WriteState.DONE}
    assert world.fake.logins - before == 6
