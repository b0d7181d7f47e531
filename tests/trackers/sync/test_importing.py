"""A product of ZenTao comes into the mirror: whole, once, and whatever interrupts it."""

from __future__ import annotations

from datetime import timedelta

from bot.cards.text import render_text
from commands.unfurl import LinkHosts, unfurl
from domain.people import Product
from domain.stories import Stage, Status, StoryDraft
from domain.tracking import SHIFT, ImportState, WriteState
from tests.trackers.sync.conftest import Make
from tests.trackers.sync.world import World
from trackers.builtin import BuiltinTracker


def _filled(world: World, opened: int, closed: int = 0) -> None:
    world.fake.add_stories(world.product, opened)
    for n in range(closed):
        world.fake.add_story(world.product, f"旧需求 {n}", status="closed", stage="closed",
                             spec="<p>旧文</p>")  # fmt: skip


def test_stories_come_with_texts_people_and_plans(each_world: World) -> None:
    """As it was bound empty, everything comes by the first sweep or feed; then by an import."""
    world = each_world
    plan = world.fake.add_plan(world.product, "v2.3", "2026-12-01", "2026-12-31")
    world.keep(after=timedelta(hours=7))
    with world.team.read() as uow:
        (seen,) = uow.tracker_catalogue.plans(str(world.product))
        accounts = {a.account for a in uow.tracker_catalogue.accounts()}
        products = {p.name for p in uow.tracker_catalogue.products()}
    assert (seen.ref, seen.title) == (str(plan), "v2.3")
    assert {"chenmin", "lilei", "zhaoqian", "outsider"} <= accounts
    assert "物流（禅道）" in products


def test_an_import_reads_lists_and_the_texts_of_what_is_open(make_world: Make) -> None:
    world = make_world()
    _filled(world, 30, closed=5)
    world.fake.add_story(world.product, "有人做", assignedTo="lilei", stage="developing",
                         spec="<p>正文</p>", verify="- 能查", pri=1)  # fmt: skip
    world.keep()
    world.fake.forget_requests()
    world.bind()
    with world.team.read() as uow:
        stories = uow.stories.of_product(world.team.product.id, include_closed=True)
    assert len(stories) == 36
    (mine,) = [s for s in stories if s.title == "有人做"]
    assert mine.assigned_to == world.team.id("dev")
    assert (mine.stage, mine.spec, mine.acceptance) == (Stage.DEVELOPING, "正文", ("能查",))
    assert mine.url is not None
    singles = world.fake.count(r"GET .*/stories/\d+")
    assert 31 <= singles <= 31 + 20, "closed texts come later, a few a minute"
    posted = world.posted()
    assert len([c for c in posted if "已从禅道导入：36 条需求" in c]) == 1
    assert not any("正在从禅道导入" in c for c in posted), "one message, kept up to date"


def test_the_texts_of_closed_stories_come_later(make_world: Make) -> None:
    world = make_world()
    _filled(world, 1, closed=30)
    world.bind()
    for _ in range(3):
        world.keep()
    with world.team.read() as uow:
        stories = uow.stories.of_product(world.team.product.id, include_closed=True)
        assert uow.tracker_stories.count(world.team.product.id) == (31, 31)
    assert {s.spec for s in stories if s.status is Status.CLOSED} == {"旧文"}


def test_nothing_is_written_before_the_import_is_done(make_world: Make) -> None:
    world = make_world()
    _filled(world, 3)
    world.keep()
    world.say("po", f"/setup tracker {world.product}")
    world.sync.run()  # the list only
    said = world.say("po", "/story assign S1 @dev")
    assert "还在从禅道导入" in said
    assert world.writes() == []
    assert "需求 1" in world.say("po", "/story show S1"), "but it can be looked at"
    world.keep()
    assert "已指派" in world.say("po", "/story assign S1 @dev")


def test_an_import_goes_on_where_it_was_interrupted(make_world: Make) -> None:
    world = make_world()
    _filled(world, 60)
    world.keep()
    world.say("po", f"/setup tracker {world.product}")
    fault = world.fake.reset(r"GET .*/stories/3\d")
    world.keep()
    with world.team.read() as uow:
        item = uow.tracker_imports.get(world.team.product.id)
        read = uow.tracker_stories.count(world.team.product.id)[1]
    assert item is not None
    assert item.state is ImportState.READING
    assert fault.met > 0
    world.fake.heal()
    world.fake.forget_requests()
    world.keep(after=timedelta(minutes=2))
    with world.team.read() as uow:
        item = uow.tracker_imports.get(world.team.product.id)
        assert uow.tracker_stories.count(world.team.product.id) == (60, 60)
    assert item is not None
    assert item.state is ImportState.READY
    assert world.fake.count(r"GET .*/stories/\d+") == 60 - read, "what was read is not read again"


def test_what_happens_during_the_import_is_not_missed(make_world: Make) -> None:
    world = make_world()
    _filled(world, 3)
    world.keep()
    world.say("po", f"/setup tracker {world.product}")
    world.sync.run()  # the list is taken
    world.fake.person("outsider").edit(2, title="改了名")
    number = world.fake.person("outsider").create(world.product, "新来的", ["lilei"])
    for _ in range(2):
        world.keep()
    assert world.story(2).title == "改了名"
    assert world.story(number).title == "新来的"


def test_a_number_that_is_taken_here_gets_another_one(make_world: Make) -> None:
    """ZenTao's S1 meets a story S1 of a product that lives here."""
    world = make_world()
    with world.team.write() as uow:
        here = Product("0" * 26, "other", "别的产品")
        uow.products.add(here)
        tracker = BuiltinTracker(uow.stories, world.clock.now())
        own = tracker.create(StoryDraft(here.id, "这里的"), world.team.id("po"))
    assert own.number == 1
    _filled(world, 2)
    world.bind()
    assert world.story(1).title == "这里的"
    assert world.story(SHIFT + 1).title == "需求 1"
    assert world.story(2).title == "需求 2"
    assert "需求 1" in world.say("po", "/story show S1"), "in its own channel it is found"
    hosts = LinkHosts(world.fake.url, ())
    with world.team.read() as uow:
        card = unfurl(uow, f"{world.fake.url}/story-view-1.html", hosts)
    assert card is not None
    assert "需求 1" in render_text(card, world.team.reader("po")), "a pasted link is ZenTao's S1"
    world.say("po", "/story assign S1 @dev")
    world.deliver()
    assert [w.state for w in world.writes()] == [WriteState.DONE]
    assert world.fake.story(1)["assignedTo"] == "lilei"
    world.fake.person("outsider").edit(1, pri=1)
    world.keep()
    assert world.story(SHIFT + 1).priority == 1


def test_a_number_that_becomes_free_here_later_makes_no_second_story(make_world: Make) -> None:
    """The sample product had the number, and is removed after the import."""
    world = make_world()
    with world.team.write() as uow:
        here = Product("0" * 26, "other", "别的产品")
        uow.products.add(here)
        tracker = BuiltinTracker(uow.stories, world.clock.now())
        tracker.create(StoryDraft(here.id, "这里的"), world.team.id("po"))
    _filled(world, 1)
    world.bind()
    with world.team.write() as uow:
        uow.stories.remove(1)
    world.fake.person("outsider").edit(1, pri=1)
    world.keep()
    assert world.story(SHIFT + 1).priority == 1
    world.say("po", "/setup tracker builtin")
    world.bind()  # its list is taken anew
    with world.team.read() as uow:
        assert uow.stories.find(1) is None


def test_binding_says_what_is_in_the_way(make_world: Make) -> None:
    world = make_world()
    assert "还没有连上禅道" in world.say("po", "/setup tracker 1")
    world.keep()
    listed = world.say("po", "/setup tracker")
    assert f"#{world.product} 物流（禅道）" in listed
    assert "/setup demo remove" not in listed
    assert "没有找到禅道产品" in world.say("po", "/setup tracker 99")
    world.say("po", "/story new 这里的需求")
    assert "已有 1 条在这里建的需求" in world.say("po", f"/setup tracker {world.product}")
    assert "产品经理" in world.say("dev", f"/setup tracker {world.product}")


def test_parting_and_coming_back(world: World) -> None:
    number = world.fake.add_story(world.product, "导出")
    world.keep()
    world.say("po", f"/story assign S{number} @dev")
    assert "还有 1 项没有写进禅道" in world.say("po", "/setup tracker builtin")
    world.deliver()
    assert "已和禅道断开" in world.say("po", "/setup tracker builtin")
    world.say("po", f"/story assign S{number} @tester")
    assert world.waiting() == 0
    world.fake.person("outsider").edit(number, pri=1)
    world.keep()
    assert world.story(number).priority == 3, "nothing is kept in step any more"
    world.say("po", f"/setup tracker {world.product}")
    world.keep()
    story = world.story(number)
    assert (story.priority, story.assigned_to) == (1, world.team.id("dev")), "ZenTao's word stands"


def test_another_server_is_not_mixed_in(world: World) -> None:
    from dataclasses import replace

    with world.team.write() as uow:
        feed = uow.tracker_feed.get()
        assert feed is not None
        uow.tracker_feed.save(replace(feed, server="old.example/zentao"))
    world.fake.add_story(world.product, "别的禅道的")
    world.keep()
    assert "已导入的需求来自 old.example/zentao" in world.say("po", "/story waiting")
    with world.team.read() as uow:
        assert uow.stories.of_product(world.team.product.id) == ()
