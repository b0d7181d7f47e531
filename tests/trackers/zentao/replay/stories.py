"""The scenes of the recordings about stories."""

from __future__ import annotations

from tests.trackers.zentao.replay.scenes import Scene, products_and_plans
from tests.trackers.zentao.replay.world import World


def _two_reviewers(number: int, title: str, result: str | None = None):
    def arrange(world: World) -> None:
        world.reviewing(number, title, ("pobot", "po2"))
        if result:
            world.fake.person("pobot").review(number, result, "first")

    return arrange


def _close_cast(world: World) -> None:
    products_and_plans(world)
    world.fake.add_story(3, "S1 login", id=8)
    reasons = (
        "done", "subdivided", "duplicate", "postponed", "willnotdo", "cancel", "bydesign", "bogus",
        "empty",
    )  # fmt: skip
    for number, reason in enumerate(reasons, start=30):
        world.active(number, f"close {reason}")
    world.active(39, "close dup unknown")
    world.draft(40, "close a draft")
    world.reviewing(41, "close a reviewing")


def _closed_cast(world: World) -> None:
    _close_cast(world)
    admin = world.fake.person("pobot")
    for number, reason in (
        (30, "willnotdo"), (33, "postponed"), (34, "willnotdo"), (40, "cancel"), (41, "cancel"),
    ):  # fmt: skip
        admin.close(number, reason)


def _change_b(world: World) -> None:
    world.active(25, "change B")
    world.fake.person("pobot").change(
        25, reviewers=["pobot"], title="change B2", spec="spec v2", verify="verify v2"
    )


def _change_f(world: World) -> None:
    world.active(29, "change F")
    body = {"title": "change F2", "spec": "spec only v2", "reviewer": ["pobot"]}
    world.client.put(
        "/api.php/v2/stories/29/change",
        headers={"Token": world.token("pobot")},
        json={**body, "comment": "saved as changing", "status": "changing"},
    )


def _passed(number: int, comment: str = "") -> object:
    return lambda world: world.fake.person("pobot").review(number, "pass", comment)


def _planned(world: World) -> None:
    world.active(44, "plan A")


def _child(world: World) -> None:
    world.reviewing(60, "parent")


STORY_SCENES: dict[str, Scene] = {
    "stories-review": Scene(
        start=products_and_plans,
        before={
            0: lambda world: world.draft(14, "review A", ("pobot", "po2")),
            8: lambda world: world.reviewing(17, "clarify new"),
            9: lambda world: world.reviewing(18, "reject new"),
            11: lambda world: world.reviewing(19, "reject dup"),
            12: lambda world: world.reviewing(20, "revert new"),
            13: _two_reviewers(21, "mixed", "pass"),
            14: _two_reviewers(22, "mixed first clarifies"),
            16: lambda world: world.reviewing(23, "recall new"),
        },
    ),
    "stories-change": Scene(
        start=products_and_plans,
        before={
            0: lambda world: world.active(24, "change A"),
            3: _change_b,
            7: lambda world: world.active(26, "change C"),
            10: lambda world: world.fake.person("pobot").review(26, "pass"),
            15: _change_f,
        },
    ),
    "stories-close": Scene(start=_close_cast),
    "stories-activate-assign": Scene(start=_closed_cast),
    "stories-create-edit": Scene(
        start=products_and_plans,
        before={
            3: lambda world: world.next_story(8),
            4: lambda world: world.next_story(9),
            20: lambda world: world.active(42, "edit A", plan=2),
            29: lambda world: world.active(43, "stage A"),
            31: _planned,
            44: _child,
            45: lambda world: world.next_story(1274),
        },
    ),
    "stories-no-review-required": Scene(
        start=products_and_plans,
        before={
            0: lambda world: setattr(world.fake.settings, "review_required", False),
            1: lambda world: world.next_story(1267),
        },
    ),
}
