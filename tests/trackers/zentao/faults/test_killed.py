"""``kill -9`` while a write is under way, at each of its calls: the next process does it once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from domain.tracking import WriteState
from tests.fakes.zentao import Effect
from tests.trackers.sync.world import World
from tests.trackers.zentao.faults.acts import ACTS, ask, set_up, traces, wait_out
from tests.waiting import until

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[4]
PATIENCE = 180.0


def _deliver_and_die(world: World, database: str, folder: Path, call: int) -> bool:
    """Another process delivers; it is killed when ZenTao has done its n-th call.

    False when there is no such call: it came to its end.
    """
    fault = world.fake.faults.add(Effect.HANG_AFTER, seconds=PATIENCE, times=1, skip=call)
    instant = world.clock.now().isoformat()
    arguments = [database, world.fake.url, str(folder), instant]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.trackers.zentao.faults.deliverer", *arguments],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    seen = world.fake.count()

    def over() -> bool:
        met = bool(fault.met) and world.fake.count() > seen + call
        return process.poll() is not None or met

    try:
        until(over, "it neither came to the call nor to its end", PATIENCE)
        alive = process.poll() is None
        if alive:
            process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
    finally:
        process.kill()
        world.fake.heal()
    return alive


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        # Login, look, guards, the write, reading back, the signature, reading back.
        pytest.param("create", range(2, 9, 2), id="create"),
        pytest.param("change", range(1, 8, 2), id="change"),
        pytest.param("close", range(2, 6, 2), id="close"),
    ],
)
def test_killed_between_writing_and_recording(
    world: World, sqlite_url: str, tmp_path: Path, name: str, calls: range
) -> None:
    act = ACTS[name]
    number = set_up(world, act)
    newest = max((s["id"] for s in world.fake.stories(world.product)), default=0)
    write = ask(world, act, number)
    wait_out(world)
    wanted = traces(world, world.writes()[-1], 0 if number else newest)
    killed = 0
    for call in calls:
        number = set_up(world, act)
        newest = max((s["id"] for s in world.fake.stories(world.product)), default=0)
        write = ask(world, act, number)
        killed += _deliver_and_die(world, sqlite_url, tmp_path, call)
        world.clock.advance(timedelta(minutes=2))
        wait_out(world)
        write = world.writes()[-1]
        assert write.state is WriteState.DONE, (call, write.problem)
        found = traces(world, write, 0 if number else newest)
        assert found == wanted, f"killed after call {call + 1} of {name}"
    assert killed >= 2, "the process was killed in the middle of its work"
