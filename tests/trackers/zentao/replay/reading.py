"""The scenes of the recordings about reading: lists, single stories, the action log."""

from __future__ import annotations

from tests.fakes.zentao.rows import Row
from tests.trackers.zentao.replay.scenes import Scene, noon, products_and_plans
from tests.trackers.zentao.replay.world import World


def _touched(world: World, number: int) -> Row:
    row = world.state.stories.get(number)
    assert row is not None
    return row


def listed(world: World) -> None:
    """The bot's product after the recordings of review, change, close and edit."""
    products_and_plans(world)
    world.shipped_stories()
    bot = world.fake.person("pobot")
    world.reviewing(8, "S1 login", pri=2, estimate=3, plan=2, mailto=["dev1"])
    world.draft(9, "S2 draft", ("pobot", "po2"))
    _touched(world, 9).update(pri=1, estimate=0.0)
    for number in range(10, 30):
        world.active(number, f"old {number}")
        if number not in {14, 15, 16, 17}:
            _touched(world, number)["status"] = "nonsense"
    for number in range(30, 38):
        world.active(number, f"close {'bogus' if number == 37 else number}")
        bot.close(number, "bogus")
    for number in range(23, 30):
        _touched(world, number)["status"] = "active"
    for number in (10, 11, 12, 13, 18, 19, 20):
        _touched(world, number)["status"] = "active"
    world.active(39, "close dup unknown")
    bot.activate(39, "not closed")
    bot.assign(39, "dev1")
    bot.assign(39, "")
    for number, title in ((40, "close a draft"), (41, "close a reviewing")):
        world.reviewing(number, title, status="draft" if number == 40 else "")
        bot.close(number, "cancel")
        bot.activate(number)
    world.active(43, "stage A")
    _stage_walk(world)


def _stage_walk(world: World) -> None:
    world.fake.revoke("pobot")
    for stage in ("verified", "released", "wait"):
        world.client.put(
            "/api.php/v1/stories/43",
            headers={"Token": world.token("pobot")},
            json={"title": "stage A", "stage": stage},
        )


def _two_closed(world: World) -> None:
    bot = world.fake.person("pobot")
    for number in (21, 22):
        _touched(world, number)["status"] = "active"
        bot.close(number, "done")


def sprint(world: World) -> None:
    """The demonstration data's project with its sprint and four stories."""
    world.state.projects.add(id=2, name="企业管理系统")
    world.state.executions.add(id=3, name="企业网站第一期", project=2, status="doing", multiple=1)
    world.state.linked[3] = [1, 2, 3, 4]
    _touched(world, 3).update(estimate=0.0)
    _touched(world, 4).update(stage="developed", module=5)
    for number in range(1, 5):
        row = _touched(world, number)
        world.state.votes[row["id"], 1] = {"productManager": "pass"}


def _newest(world: World) -> None:
    world.clock.set(noon(16, 21, 19))
    world.state.stories.reserve(1273)
    versions(world)
    bot = world.fake.person("pobot")
    change_1273(world)
    edit_and_pass_1273(world)
    for number in range(1274, 1274 + 26):
        world.fake.add_story(3, f"more {number}")
    assert bot


def versions(world: World) -> None:
    """Story 1273 at its first version."""
    world.active(1273, "versions 😀 & <b>")


def change_1273(world: World) -> None:
    """Its change."""
    world.fake.person("pobot").change(
        1273, reviewers=["pobot"], title="versions 😀 & <b> 2", spec="<p>second 😀</p>",
        verify="v2", comment="why it changed",
    )  # fmt: skip


def edit_and_pass_1273(world: World) -> None:
    """A new title, then a vote."""
    bot = world.fake.person("pobot")
    bot.edit(1273, title="versions 😀 & <b> 3")
    bot.review(1273, "pass")


def _walked(world: World) -> None:
    products_and_plans(world)
    _sprint_only(world)
    world.next_story(1271)
    bot = world.fake.person("pobot")
    fields = {"spec": "s", "pri": 3, "estimate": 2}
    bot.create(1, "stage walk", ["pobot"], **fields)
    bot.review(1271, "pass")
    world.client.put(
        "/api.php/v2/executions/3/linkStory?objectID=3",
        headers={"Token": world.token("admin")},
        json={"stories": [1271]},
    )
    for number, kind, name, who in (
        (10, "devel", "task 1", "dev1"),
        (11, "test", "test 1", "tester1"),
    ):
        world.state.tasks.add(
            id=number, execution=3, story=1271, type=kind, name=name, assignedTo=who
        )
        world.fake.task(number, "done")
    assert world.fake.story(1271)["stage"] == "tested"
    bot.edit(1271, stage="verified")


def _sprint_only(world: World) -> None:
    world.state.projects.add(id=2, name="企业管理系统")
    world.state.executions.add(id=3, name="企业网站第一期", project=2, status="doing", multiple=1)


def _closed_walk(world: World) -> None:
    bot = world.fake.person("pobot")
    bot.change(1271, reviewers=["pobot"], title="stage walk 2", spec="s2", comment="late change")
    bot.review(1271, "pass")
    bot.close(1271, "done")


def _all_of_1273(world: World) -> None:
    versions(world)
    change_1273(world)
    edit_and_pass_1273(world)


def _log(world: World) -> None:
    """The actions of the first product, with the same ids' order as recorded."""
    _log_first(world)
    bot = world.fake.person("pobot")
    world.clock.set(noon(16, 15, 26))
    tasks = ((10, "task 1"), (11, "test 1"))
    for number, name in tasks:
        world.state.tasks.add(id=number, name=name, execution=3, story=1271, project=2)
        for action in ("opened", "assigned", "started", "finished"):
            world.fake.server.application.rules.log.write(
                "task", number, action, "admin", product=1, project=2, execution=3,
                extra="Array" if action == "assigned" else "",
            )  # fmt: skip
    world.state.linked[3] = [1, 1271]
    bot.edit(1271, stage="verified")
    bot.comment(1271, "one more")
    bot.change(1271, reviewers=["pobot"], title="stage walk 2", spec="s2", comment="late change")


def _log_first(world: World) -> None:
    world.clock.set(datetime_of_demo())
    products_and_plans(world)
    world.shipped_stories()
    _sprint_only(world)
    world.state.linked[3] = [1]
    world.clock.set(noon(16, 3, 57))
    world.fake.person("pobot").link(1, 2)
    world.clock.set(noon(16, 15, 25))
    world.next_story(1271)
    bot = world.fake.person("pobot")
    bot.create(1, "stage walk", ["pobot"])
    bot.review(1271, "pass")


def datetime_of_demo():
    """The day on which the demonstration data was made."""
    return noon(16, 0, 0).replace(year=2024, month=4, day=2)


READING_SCENES: dict[str, Scene] = {
    "stories-list": Scene(
        start=listed,
        before={5: _two_closed, 6: sprint, 10: _newest},
    ),
    "stories-get": Scene(start=_walked, before={1: _closed_walk, 2: _all_of_1273}),
    "v2-dynamics": Scene(start=_log),
}
