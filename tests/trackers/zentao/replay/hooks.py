"""The scenes of the recordings about web hooks."""

from __future__ import annotations

from dataclasses import replace as copy_of

from tests.fakes.zentao.hooks import send_pending
from tests.fakes.zentao.state import Hook
from tests.trackers.zentao.replay.receiver import Receiver
from tests.trackers.zentao.replay.scenes import Scene, Step, noon, products_and_plans
from tests.trackers.zentao.replay.world import World

DOMAIN = "http://zentao.example"
PARAMS = (
    "objectType", "objectID", "product", "execution", "action", "actor", "date", "comment",
)  # fmt: skip


def _hook(world: World, number: int, kind: str, name: str, path: str, **more: object) -> Hook:
    hook = Hook(
        number, kind, name, f"http://bot.example{path}", domain=DOMAIN, params=PARAMS,
        created="2026-11-23 15:56:33",
    )  # fmt: skip
    world.state.hooks[number] = copy_of(hook, **more)
    return world.state.hooks[number]


def _first_hook(world: World) -> None:
    products_and_plans(world)
    _hook(world, 1, "default", "bot default sync", "/hook/default")


def _other_hooks(world: World) -> None:
    _hook(world, 3, "feishugroup", "feishu group", "/feishu", secret="FSexample")
    _hook(world, 4, "wechatgroup", "wechat group", "/wechat")
    _hook(world, 5, "default", "bot default async", "/hook/async", send="async", products=(3,))


def _fired(world: World) -> None:
    hooks = world.state.hooks
    first, others = hooks[1], {number: hook for number, hook in hooks.items() if number != 1}
    receiver = Receiver()
    address, first.url = first.url, f"{receiver.url}/hook/default"
    world.state.hooks = {1: first}
    world.state.next_log = 1036
    world.reviewing(56, "fail hook")
    first.url = address
    for row in first.log:
        row["url"] = address
    world.state.hooks = {1: first, **others}
    receiver.stop()


HOOK_SCENES: dict[str, Scene] = {
    "webhook-admin": Scene(
        start=_first_hook,
        before={1: _other_hooks, 4: _fired},
        # How many there were before on the recorded server.
        ignored={4: frozenset({"recTotal", "pageTotal"})},
    ),
}


def listening(world: World, receiver: Receiver) -> None:
    """One hook of each type towards the receiver, as they were when the payloads were recorded."""
    world.products()
    world.fake.add_plan(1, "1.0版本")
    for number, (kind, path, secret, send) in enumerate(
        (
            ("default", "/hook/default", "", "sync"),
            ("dinggroup", "/ding?access_token=abc", "SECexample", "sync"),
            ("feishugroup", "/feishu", "FSexample", "sync"),
            ("wechatgroup", "/wechat", "", "sync"),
            ("default", "/hook/async", "", "async"),
        ),
        start=1,
    ):
        hook = _hook(world, number, kind, kind, path, secret=secret, send=send)
        hook.url = f"{receiver.url}{path}"
    world.clock.set(noon(15, 56, 34))


def _plan(world: World) -> None:
    body = {"title": "2026-W48 sprint", "begin": "2026-11-23", "end": "2026-12-04"}
    bot = {"Token": world.token("pobot")}
    world.client.post("/api.php/v1/products/3/plans", headers=bot, json=body)


def _reviewed(world: World) -> None:
    world.reviewing(13, "flow A", ("admin",))
    world.fake.person("admin").review(13, "pass", "fine")


def _assigned(world: World) -> None:
    world.active(16, "review A v2 full")
    world.fake.person("pobot").assign(16, "dev1", "yours")


def _changed(world: World) -> None:
    world.active(24, "change A")
    fields = {"title": "change A (changed)", "comment": "customer asked"}
    world.fake.person("pobot").change(24, reviewers=["pobot"], **fields)


def _commented(world: World) -> None:
    world.active(26, "change C4")
    world.fake.person("pobot").change(26, reviewers=["pobot"], comment="same")


def _closed(world: World) -> None:
    world.active(30, "close done")
    world.fake.person("pobot").close(30, "done", "closing: done")


def _activated(world: World) -> None:
    world.active(33, "close postponed")
    world.fake.person("pobot").close(33, "postponed")
    world.fake.person("pobot").activate(33, "back again")


def _edited(world: World) -> None:
    world.active(42, "edit A")
    world.fake.person("pobot").edit(42, pri=1)


def _plan_edited(world: World) -> None:
    bot = {"Token": world.token("pobot")}
    body = {"title": "2026-W48 sprint (renamed)"}
    world.client.put("/api.php/v1/productplans/2", headers=bot, json=body)


def _bug(world: World) -> None:
    world.state.bugs.reserve(5)
    body = {"title": "bug from story 45", "severity": 3, "pri": 3, "assignedTo": "dev1"}
    bot = {"Token": world.token("pobot")}
    world.client.post("/api.php/v1/products/3/bugs", headers=bot, json=body)


def _written(kind: str, number: int, *actions: str, execution: int = 0) -> Step:
    """What admin did on pages that the fake does not have."""

    def arrange(world: World) -> None:
        log = world.fake.server.application.rules.log
        for action in actions:
            log.write(kind, number, action, "admin", product=3, execution=execution)
        pending, world.state.pending = world.state.pending, []
        send_pending(world.state, pending)

    return arrange


def _project(world: World) -> None:
    world.state.projects.add(id=5, name="Bot project")
    _written("project", 5, "opened")(world)


def _sprint(world: World) -> None:
    world.state.executions.add(id=7, name="Sprint 1", project=5)
    _written("execution", 7, "opened", execution=7)(world)


def _task(world: World) -> None:
    world.state.tasks.add(id=9, name="task 1", execution=7)
    _written("task", 9, "opened", "assigned", "started", "finished", execution=7)(world)


# The exchange's index: what makes the fake send it.
FIRING: dict[int, Step] = {
    0: _plan,
    4: lambda world: world.reviewing(8, "S1 login"),
    6: _reviewed,
    7: _assigned,
    8: _changed,
    9: _commented,
    10: _closed,
    11: _activated,
    12: _edited,
    13: _plan_edited,
    14: _project,
    15: _bug,
    17: lambda world: world.fake.run_scheduler(),
    18: _sprint,
    19: _task,
}
