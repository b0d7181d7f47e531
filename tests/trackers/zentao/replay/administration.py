"""The scenes of the recordings about logins, people, products, plans, settings, errors."""

from __future__ import annotations

from tests.trackers.zentao.replay.scenes import COUNTERS, NO_PROJECTS, Scene, products_and_plans
from tests.trackers.zentao.replay.world import World


def _wrong(world: World, times: int) -> None:
    for _ in range(times):
        world.client.post("/api.php/v1/tokens", json={"account": "dev3", "password": "bad"})


def _locked_after(world: World) -> None:
    world.state.people.accounts["dev3"].password = "123456"
    _wrong(world, 3)


def _private(world: World) -> None:
    products_and_plans(world)
    world.fake.add_product("Private", acl="private", po="admin")
    world.fake.add_story(4, "secret", id=57)
    world.reviewing(56, "fail hook", ("pobot",))
    world.reviewing(45, "for plan 1")
    world.client.get("/api.php/v1/products/3", headers={"Token": world.token("dev1")})


def _images(world: World) -> None:
    world.next_story(62)


def demo(world: World) -> None:
    """The two products of the demonstration data."""
    products = world.state.products
    created = {"createdBy": "admin", "createdDate": "2024-04-02 14:30:12", "PO": "productManager"}
    text = '<p><span style="font-size:13px;">建立公司企业网站，可以更好对外展示。</span></p>'
    products.add(name="公司企业网站建设", acl="open", desc=text, RD="projectManager", **created)
    products.add(name="企业内部工时管理系统", acl="open", RD="productManager", **created)


def _linked(world: World) -> None:
    world.shipped_stories()
    world.state.executions.add(id=3, name="企业网站第一期", project=2)
    world.state.linked[3] = [1]
    world.fake.task(world.fake.add_task(3, 1), "doing")
    world.active(42, "edit A new title", pri=1, estimate=5.5, plan=2)
    row = world.state.stories.get(42)
    assert row is not None
    row["pri"], row["estimate"] = 1, 5.5
    world.reviewing(45, "for plan 1", verify="", spec="s")
    world.reviewing(46, "for plan 2", verify="", spec="s")


def _first_plan(world: World) -> None:
    world.products()
    world.fake.add_plan(1, "1.0版本", desc="开发出企业网站1.0版本。")


def _sprint(world: World) -> None:
    world.state.executions.add(id=7, name="Sprint 1", project=5)
    world.fake.add_story(3, "for sprint", id=1265)
    world.state.tasks.reserve(9)


def _before_18(world: World) -> None:
    world.fake.settings.request_type = "GET"
    world.fake.add_product("A")
    world.fake.add_product("B")
    world.fake.add_product("P18")
    for account, realname in (("pobot", "bot"), ("po2", "po2")):
        world.state.people.accounts[account].row["realname"] = realname
    for number in (8, 9, 10, 11):
        world.fake.add_story(3, f"before {number}", id=number)
    world.fake.add_plan(3, "one")
    world.fake.add_plan(3, "two")


def _bugs(world: World) -> None:
    products_and_plans(world)
    world.reviewing(45, "for plan 1")
    world.state.bugs.reserve(5)


ADMIN_SCENES: dict[str, Scene] = {
    "tokens": Scene(
        before={
            3: _locked_after,
            4: lambda world: _wrong(world, 1),
            # The count of failures goes back to 0 with a login.
            16: lambda world: world.client.post(
                "/api.php/v1/tokens", json={"account": "pobot", "password": "PASSWORD"}
            ),
        },
        raw={11: b'{"account": "pobot",', 12: b"account=pobot&password=PASSWORD"},
    ),
    "users": Scene(bots=False),
    "misc": Scene(
        start=products_and_plans,
        skipped={4: "programs are no part of Duban's work: the fake has none"},
    ),
    "errors": Scene(start=_private),
    "html-and-text": Scene(
        start=products_and_plans, before={0: lambda world: world.next_story(58), 4: _images}
    ),
    "products": Scene(start=demo, ignored=dict.fromkeys((0, 1, 7), COUNTERS)),
    "productplans": Scene(
        start=_first_plan,
        before={7: _linked},
    ),
    "bugs-testcases": Scene(
        start=_bugs,
        skipped={
            0: "demonstration data: the fake ships no bugs (creating one is compared)",
            2: "demonstration data: the fake ships no test cases",
        },
    ),
    "projects-executions": Scene(
        start=products_and_plans,
        skipped=dict.fromkeys((0, 1, 2, 3, 4, 7, 8, 9), NO_PROJECTS),
        before={10: _sprint},
    ),
    "v1-on-18.10": Scene(
        start=_before_18, version="18.10", before={3: lambda world: world.next_story(12)}
    ),
}
