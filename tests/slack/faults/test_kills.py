"""kill -9 between sending to Slack and writing it down: each message is there exactly once."""

from __future__ import annotations

import itertools
import multiprocessing
import signal
from collections import Counter
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import pytest

from bot.core import build_core
from bot.first_run import ensure_workspace
from bot.settings import load_settings
from domain.clock import SystemClock
from tests.fakes.slack import FakeSlack, Fault
from tests.slack.faults.sender import environment, queue_all, send
from tests.waiting import until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def forks() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.slack.faults.sender"])
    return context


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as running:
        running.pace.burst = running.pace.per_second = 10_000
        running.outbound.muted = True
        yield running


def start(forks: ForkServerContext, settings: dict[str, str]) -> ForkServerProcess:
    process = forks.Process(target=send, args=(settings,), daemon=True)
    process.start()
    return process


def strike(slack: FakeSlack, at: int, *, after: bool) -> Fault:
    """Hold the answer to the so-manieth call from now on, before or after the work is done."""
    calls = itertools.count(1)
    return slack.faults.hold("*", when=lambda _args: next(calls) == at, after=after)


@pytest.mark.parametrize(
    ("database", "rooms", "rounds", "least"),
    [
        pytest.param("sqlite", 5, 30, 100, id="sqlite"),
        pytest.param("postgres", 2, 4, 4, id="postgres", marks=pytest.mark.postgres),
    ],
)
def test_each_message_exactly_once(
    forks: ForkServerContext,
    slack: FakeSlack,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    *,
    database: str,
    rooms: int,
    rounds: int,
    least: int,
) -> None:
    url: str = request.getfixturevalue(f"{database}_url")
    settings = environment(tmp_path / "data", url, slack.environment)
    core = build_core(load_settings(settings), SystemClock())
    workspace = ensure_workspace(core.store, "zh", core.clock.now()).id
    channels = [slack.add_channel(f"room-{n}").id for n in range(rooms)]
    expected = queue_all(core, workspace, channels, rounds)
    kills = done = 0
    for turn in range(1_000):
        # The first call asks whose token it is; the others look, post, edit and upload.
        fault = strike(slack, 2 + turn % 9, after=turn % 4 != 3)
        process = start(forks, settings)
        until(lambda p=process, f=fault: f.reached.is_set() or not p.is_alive(), "it hangs", 90)
        if fault.reached.is_set():
            process.kill()
            kills += 1
        process.join(60)
        slack.faults.calm()
        if process.exitcode == 0:
            done = turn
            break
        assert process.exitcode == -signal.SIGKILL, process.exitcode
    assert done, "it never came to an end"
    assert kills >= least, kills
    with core.store.read(workspace) as uow:
        assert uow.outbox.pending(SystemClock().now()) == ()
    check(slack, expected, rooms, rounds)
    core.store.database.close()


def check(slack: FakeSlack, expected: dict[str, int], rooms: int, rounds: int) -> None:
    posted: Counter[tuple[str, str]] = Counter()
    files: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for number in range(rooms):
        room = slack.channel(f"room-{number}")
        for message in room.messages:
            mark = message.get("metadata", {}).get("event_payload")
            if mark:
                posted[mark["id"], mark["part"]] += 1
                if mark["part"] == "card":
                    words[message["text"].split("\n")[0].strip("*\u200b ")] += 1
            files.update(f["name"] for f in message.get("files", ()))
    assert {k: n for k, n in posted.items() if n != 1} == {}
    assert {k: words[k] for k in expected if words[k] != 1} == {}
    assert {k: n for k, n in files.items() if n != 1} == {}
    assert len(files) == rooms * sum(n % 4 == 2 for n in range(rounds))
    for number in range(rooms):
        last = f"消息{rounds - 1}号在{number}"
        texts = [m["text"] for m in slack.channel(f"room-{number}").top()]
        assert sum(last in t for t in texts) == 1, texts


def test_a_killed_process_leaves_no_lane_behind(
    forks: ForkServerContext, slack: FakeSlack, sqlite_url: str, tmp_path: Path
) -> None:
    """Killed before Slack heard of it: no lane is kept from the next process, which sends it."""
    settings = environment(tmp_path / "data", sqlite_url, slack.environment)
    core = build_core(load_settings(settings), SystemClock())
    workspace = ensure_workspace(core.store, "zh", core.clock.now()).id
    queue_all(core, workspace, [slack.add_channel("room-0").id], 1)
    fault = strike(slack, 2, after=False)
    process = start(forks, settings)
    fault.wait()
    process.kill()
    process.join(60)
    slack.faults.calm()
    assert slack.channel("room-0").messages == []
    send(settings)
    assert len(slack.channel("room-0").messages) == 1
    core.store.database.close()
