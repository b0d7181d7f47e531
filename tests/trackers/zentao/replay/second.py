"""The scenes of the recordings of v2."""

from __future__ import annotations

from tests.trackers.zentao.replay.administration import demo
from tests.trackers.zentao.replay.reading import sprint, versions
from tests.trackers.zentao.replay.scenes import (
    COUNTERS,
    NO_PROJECTS,
    Scene,
    noon,
    products_and_plans,
)
from tests.trackers.zentao.replay.world import World

FILLERS = (*range(1, 8), *range(9, 15), 17, 18, *range(20, 24), 25, 26, *range(30, 35))


def _stories(world: World) -> None:
    demo(world)
    world.fake.add_product("Bot Product", po="productManager")
    world.plans()
    row = world.state.products.get(3)
    assert row is not None
    row["desc"] = "<p>made over the API</p>"
    world.reviewing(15, "review A v2", ("pobot", "po2"))
    world.reviewing(16, "review A v2 full", ("pobot", "po2"))
    world.reviewing(19, "reject dup")
    for number, name in ((27, "D"), (28, "E"), (29, "F")):
        world.active(number, f"change {name}")
    world.fake.add_story(3, "S1 login", id=8)


def _listed(world: World) -> None:
    bot = {"Token": world.token("pobot")}
    world.active(42, "edit A", keywords="k1", plan=2)
    edited = {"title": "edit A new title", "status": "nonsense", "pri": 1, "estimate": 5.5}
    world.client.put("/api.php/v1/stories/42", headers=bot, json=edited)
    world.active(43, "stage A")
    for stage in ("verified", "released", "wait"):
        put = {"title": "stage A", "stage": stage}
        world.client.put("/api.php/v1/stories/43", headers=bot, json=put)
    for number in FILLERS:
        world.fake.add_story(3, f"filler {number}", id=number)


def _reverted(world: World) -> None:
    world.active(24, "change A")
    bot = world.fake.person("pobot")
    bot.change(
        24, reviewers=["pobot"], title="change A (changed)", spec="<p>spec v2</p>",
        verify="<p>verify v2</p>", comment="customer asked",
    )  # fmt: skip
    bot.change(
        24, reviewers=["pobot"], title="change A (changed again)", spec="spec v3", comment="again"
    )
    bot.review(24, "revert", "undo change")


def _lock(world: World) -> None:
    world.clock.set(noon(16, 6, 3))
    world.active(53, "lock")


def _changed(world: World) -> None:
    world.clock.set(noon(16, 21, 19))
    versions(world)


def _voted(world: World) -> None:
    world.fake.person("pobot").edit(1273, title="versions 😀 & <b> 3")
    world.fake.person("pobot").review(1273, "pass")


def _link(world: World, plan: int, *numbers: int) -> None:
    world.client.post(
        f"/api.php/v1/productplans/{plan}/linkstories",
        headers={"Token": world.token("pobot")},
        json={"stories": list(numbers)},
    )


def _plans(world: World) -> None:
    products_and_plans(world)
    world.shipped_stories()
    bot = world.fake.person("pobot")
    world.reviewing(8, "S1 login", plan=2)
    world.active(42, "edit A")
    bot.edit(42, plan=2)
    world.active(44, "plan A")
    bot.edit(44, plan=2)
    bot.edit(44, plan=3)
    world.reviewing(45, "for plan 1")
    world.reviewing(46, "for plan 2")
    _link(world, 2, 45, 46)
    _link(world, 2, 45)
    _link(world, 3, 45)
    _link(world, 2, 1)
    bot.edit_plan(2, title="2026-W48 sprint (renamed)", end="2026-12-11")


def _company(world: World) -> None:
    world.state.people.accounts["admin"].row["gender"] = "f"
    products_and_plans(world)
    world.shipped_stories()
    sprint(world)
    world.active(33, "close postponed")
    world.fake.person("pobot").close(33, "postponed")
    world.fake.person("pobot").activate(33)
    world.fake.person("pobot").assign(33, "pobot")
    world.state.executions.add(id=7, name="Sprint 1", project=5)


SECOND_SCENES: dict[str, Scene] = {
    "v2-stories": Scene(
        start=_stories,
        before={
            10: _listed,
            11: _reverted,
            15: lambda world: world.next_story(47),
            25: lambda world: world.fake.person("pobot").review(47, "pass"),
            38: _lock,
            42: _changed,
            46: _voted,
        },
        ignored=dict.fromkeys((8, 9), COUNTERS - {"desc"}),
    ),
    "v2-plans": Scene(start=_plans, ignored={0: frozenset({"stories", "hour"})}),
    "v2-misc": Scene(
        start=_company,
        # The demonstration data is older than the first columns; the last tell of its tasks.
        ignored={2: frozenset({"root", "path", "grade", "childItem", "childItemTitle"})},
        skipped={
            1: NO_PROJECTS,
            4: "demonstration data: the fake ships no bugs",
            5: "demonstration data: the fake ships no test cases",
        },
    ),
}
