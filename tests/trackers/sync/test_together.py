"""Looking, sweeping and writing at the same time: nobody's word is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from domain.tracking import WriteState
from tests.trackers.sync.world import MINUTE, World
from trackers.zentao.sync import sweeping


def test_reading_and_writing_at_once(db_world: World) -> None:
    world = db_world
    numbers = world.fake.add_stories(world.product, 6)
    world.keep()
    outsider = world.fake.person("outsider")
    done = Event()

    def keep() -> int:
        looks = 0
        while not done.is_set():
            world.clock.advance(MINUTE)
            world.sync.run()
            looks += 1
            if looks % 5 == 0:
                world.sweep()
        return looks

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(keep)
        try:
            for n in numbers:
                world.team.say("po", f"/story assign S{n} @dev")
                outsider.edit(n, title=f"改过的 {n}")
                world.team.say("po", f"/story edit S{n} priority=1")
                world.deliver()
        finally:
            done.set()
        assert looking.result() > 0
    world.deliver()
    world.keep()
    assert {w.state for w in world.writes()} == {WriteState.DONE}
    for n in numbers:
        story, there = world.story(n), world.fake.story(n)
        assert (there["assignedTo"], there["pri"], there["title"]) == ("lilei", 1, f"改过的 {n}")
        mirrored = (story.assigned_to, story.priority, story.title)
        assert mirrored == (world.team.id("dev"), 1, f"改过的 {n}")
        with world.team.read() as uow:
            told = [a.action for a in uow.stories.history(n)]
        assert told.count("assigned") == 1, "our own act stands once in the history"


def test_a_list_that_is_older_than_our_write_does_not_undo_it(db_world: World) -> None:
    """ZenTao's edit times are whole seconds, so a list and a later write may bear the same one."""
    world = db_world
    (number,) = world.fake.add_stories(world.product, 1)
    world.keep()
    world.team.say("po", f"/story edit S{number} priority=2")
    world.deliver()
    with world.team.read() as uow:
        (item,) = uow.tracker_imports.all()
        known = uow.tracker_stories.of_product(item.product_id)
    (listed,) = world.bench.zentao.page(item.ref, 1, size=10).stories
    world.team.say("po", f"/story edit S{number} priority=1")
    world.deliver()
    assert sweeping._compare(world.bench, listed, known)
    assert world.story(number).priority == 1
