"""Each call of each write fails once, in each way: the write is done once all the same.

The proof is a comparison: after the failure and its repair ZenTao holds exactly what it holds when
nothing failed, the lines of its history and the name of the human included.
"""

from __future__ import annotations

import pytest

from domain.tracking import WriteState
from tests.fakes.zentao import Effect
from tests.trackers.impatience import give_up_soon
from tests.trackers.sync.world import World
from tests.trackers.zentao.faults.acts import ACTS, ask, set_up, traces, wait_out

LONG = 30.0


def _play(world: World, name: str, effect: Effect | None, call: int) -> tuple[object, bool]:
    """Ask for the write, fail its n-th call, repair; what ZenTao has then, and if it was met."""
    act = ACTS[name]
    give_up_soon(world.client._http, world.fake.faults)
    number = set_up(world, act)
    newest = max((s["id"] for s in world.fake.stories(world.product)), default=0)
    write = ask(world, act, number)
    fault = world.fake.faults.add(effect, seconds=LONG, times=1, skip=call) if effect else None
    world.deliver()
    world.fake.heal()
    wait_out(world)
    write = world.writes()[-1]
    assert write.state is WriteState.DONE, (effect, call, write.problem)
    return traces(world, write, newest if not number else 0), fault is not None and fault.met > 0


def _every_call(world: World, name: str, effect: Effect) -> None:
    wanted, _ = _play(world, name, None, 0)
    for call in range(30):
        found, met = _play(world, name, effect, call)
        assert found == wanted, f"{effect.value} at call {call + 1} of {name}"
        if not met:
            assert call >= 2, "a write takes a look, a call and a look"
            return
    raise AssertionError("the calls of a write never end")


@pytest.mark.parametrize("name", sorted(ACTS))
def test_a_reply_that_is_lost(world: World, name: str) -> None:
    _every_call(world, name, Effect.LOSE_REPLY)


@pytest.mark.parametrize("name", ["create", "change", "submit", "recall", "reject"])
def test_a_connection_that_is_reset(world: World, name: str) -> None:
    _every_call(world, name, Effect.RESET)


@pytest.mark.parametrize(
    ("name", "effect"),
    [
        pytest.param("create", Effect.HANG, id="create, hangs before"),
        pytest.param("create", Effect.HALF, id="create, half"),
        pytest.param("change", Effect.HANG_AFTER, id="change, hangs after"),
        pytest.param("change", Effect.CUT, id="change, cut off"),
    ],
)
def test_a_hang_or_half_an_answer(world: World, name: str, effect: Effect) -> None:
    _every_call(world, name, effect)
