from __future__ import annotations

import json
import queue
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.engine import DbosEngine, EngineSettings

WAIT = 90  # seconds until a test that hangs fails instead
ROOT = Path(__file__).parents[2]
QUICK = EngineSettings(poll=0.02, care=0.05)
FORGETFUL = EngineSettings(poll=0.02, care=0.05, keep_done=timedelta(0), keep_failed=timedelta(0))

Make = Callable[..., DbosEngine]


@pytest.fixture
def make(db_url: str) -> Iterator[Make]:
    made: list[DbosEngine] = []

    def make(
        handler: Callable[[Mapping[str, Any]], None] | None = None,
        settings: EngineSettings = QUICK,
        **options: Any,
    ) -> DbosEngine:
        engine = DbosEngine(db_url, settings=settings, **options)
        if handler is not None:
            engine.register("test", handler)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.stop()


class Inbox:
    """A handler that remembers what it got, in order."""

    def __init__(self) -> None:
        self._queue: queue.Queue[Any] = queue.Queue()

    def __call__(self, payload: Mapping[str, Any]) -> None:
        self._queue.put(payload["n"])

    def next(self) -> Any:
        return self._queue.get(timeout=WAIT)

    def take(self, count: int) -> list[Any]:
        return [self.next() for _ in range(count)]

    @property
    def empty(self) -> bool:
        return self._queue.empty()


def test_a_job_gets_its_payload(make: Make) -> None:
    got: queue.Queue[Any] = queue.Queue()
    engine = make(got.put)
    engine.start()
    payload = {"标题": "登录改版", "n": 1, "list": [1.5, None, True]}
    engine.enqueue("key", "test", payload, "lane")
    assert got.get(timeout=WAIT) == payload


def test_a_lane_keeps_its_order(make: Make) -> None:
    inbox = Inbox()
    engine = make(inbox)
    engine.start()
    for n in range(30):
        engine.enqueue(f"key-{n:03}", "test", {"n": n}, "lane")
    assert inbox.take(30) == list(range(30))


def test_a_lane_runs_one_job_at_a_time(make: Make) -> None:
    inbox, running, most = Inbox(), [0], [0]
    guard = threading.Lock()

    def handler(payload: Mapping[str, Any]) -> None:
        with guard:
            running[0] += 1
            most[0] = max(most[0], running[0])
        threading.Event().wait(0.02)
        with guard:
            running[0] -= 1
        inbox(payload)

    engine = make(handler)
    engine.start()
    for n in range(8):
        engine.enqueue(f"key-{n}", "test", {"n": n}, "lane")
    inbox.take(8)
    assert most == [1]


def test_a_slow_lane_holds_up_no_other(make: Make) -> None:
    inbox, go_on = Inbox(), threading.Event()

    def handler(payload: Mapping[str, Any]) -> None:
        if payload["n"] == "slow":
            assert go_on.wait(WAIT)
        inbox(payload)

    engine = make(handler)
    engine.start()
    engine.enqueue("1", "test", {"n": "slow"}, "a")
    engine.enqueue("2", "test", {"n": "behind the slow one"}, "a")
    for n in range(5):
        engine.enqueue(f"b{n}", "test", {"n": n}, f"lane {n}")
    assert sorted(inbox.take(5)) == [0, 1, 2, 3, 4]
    go_on.set()
    assert inbox.take(2) == ["slow", "behind the slow one"]


def test_a_key_runs_once_however_often_it_is_queued(make: Make) -> None:
    inbox, inside, go_on = Inbox(), threading.Event(), threading.Event()

    def handler(payload: Mapping[str, Any]) -> None:
        inside.set()
        assert go_on.wait(WAIT)
        inbox(payload)

    engine = make(handler)
    engine.start()
    engine.enqueue("key", "test", {"n": 1}, "lane")
    engine.enqueue("key", "test", {"n": 1}, "lane")
    assert inside.wait(WAIT)
    engine.enqueue("key", "test", {"n": 1}, "lane")  # while it runs
    go_on.set()
    assert inbox.next() == 1
    engine.enqueue("key", "test", {"n": 1}, "lane")  # after it is done
    engine.enqueue("last", "test", {"n": "last"}, "lane")
    assert inbox.next() == "last"
    assert inbox.empty


def test_a_handler_may_queue_more(make: Make) -> None:
    inbox = Inbox()
    engine: DbosEngine

    def handler(payload: Mapping[str, Any]) -> None:
        if payload["n"] < 3:
            engine.enqueue(f"key-{payload['n'] + 1}", "test", {"n": payload["n"] + 1}, "lane")
        inbox(payload)

    engine = make(handler)
    engine.start()
    engine.enqueue("key-0", "test", {"n": 0}, "lane")
    assert inbox.take(4) == [0, 1, 2, 3]


def test_a_job_that_failed_holds_up_nothing_and_can_be_queued_again(make: Make) -> None:
    inbox, tries = Inbox(), list[int]()

    def handler(payload: Mapping[str, Any]) -> None:
        if payload["n"] == "bad" and not tries:
            tries.append(1)
            raise RuntimeError("the first try goes wrong")
        inbox(payload)

    engine = make(handler, FORGETFUL)
    engine.start()
    engine.enqueue("bad", "test", {"n": "bad"}, "lane")
    engine.enqueue("good", "test", {"n": "good"}, "lane")
    assert inbox.next() == "good"
    pause = threading.Event()
    for _ in range(WAIT * 50):  # as the tick does: whatever is not done is queued again
        engine.enqueue("bad", "test", {"n": "bad"}, "lane")
        if pause.wait(0.02) or not inbox.empty:
            break
    assert inbox.next() == "bad"


def test_a_job_that_nobody_handles_holds_up_nothing(make: Make) -> None:
    inbox = Inbox()
    engine = make(inbox)
    engine.start()
    engine.enqueue("1", "unknown", {"n": 1}, "lane")
    engine.enqueue("2", "test", {"n": 2}, "lane")
    assert inbox.next() == 2


def test_done_work_is_forgotten_after_a_while(make: Make) -> None:
    inbox = Inbox()
    engine = make(inbox, FORGETFUL)
    engine.start()
    engine.enqueue("key", "test", {"n": 1}, "lane")
    assert inbox.next() == 1
    pause = threading.Event()
    for _ in range(WAIT * 50):
        engine.enqueue("key", "test", {"n": 2}, "lane")
        if pause.wait(0.02) or not inbox.empty:
            break
    assert inbox.next() == 2


def test_what_one_process_queues_another_runs_after_a_start(make: Make) -> None:
    only_queues = make(work=False)
    only_queues.start()
    for n in range(3):
        only_queues.enqueue(f"key-{n}", "test", {"n": n}, "lane")
    inbox = Inbox()
    make(inbox).start()
    assert inbox.take(3) == [0, 1, 2]


def test_a_restart_takes_up_what_was_cut_off(make: Make) -> None:
    inside, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def hangs(_payload: Mapping[str, Any]) -> None:
        inside.set()
        go_on.wait(WAIT)
        ended.set()

    first = make(hangs)
    first.start()
    first.enqueue("key-1", "test", {"n": 1}, "lane")
    first.enqueue("key-2", "test", {"n": 2}, "lane")
    assert inside.wait(WAIT)
    first.stop(patience=0.05)
    inbox = Inbox()
    make(inbox).start()
    assert inbox.take(2) == [1, 2]
    go_on.set()
    assert ended.wait(WAIT)


FULL = """
    CREATE TRIGGER full BEFORE UPDATE ON workflow_status WHEN NEW.status IN ('SUCCESS', 'ERROR')
    BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END
"""


def test_a_full_disk_stops_no_lane_for_longer_than_it_is_full(sqlite_url: str) -> None:
    """DBOS cannot write down that the job is done, and then forgets about it."""
    inbox = Inbox()
    engine = DbosEngine(sqlite_url, settings=replace(QUICK, patience=0.2))
    engine.register("test", inbox)
    engine.start()
    with closing(sqlite3.connect(f"{sqlite_url.removeprefix('sqlite:///')}.jobs")) as disk:
        try:
            disk.execute(FULL)
            engine.enqueue("key-1", "test", {"n": 1}, "lane")
            engine.enqueue("key-2", "test", {"n": 2}, "lane")
            assert inbox.take(2) == [1, 1], "it is taken up again while nobody can say it is done"
            disk.execute("DROP TRIGGER full")
            assert 2 in iter(inbox.next, None)
        finally:
            engine.stop()


def test_stopping_waits_for_what_runs(make: Make) -> None:
    inside, go_on, inbox = threading.Event(), threading.Event(), Inbox()

    def handler(payload: Mapping[str, Any]) -> None:
        inside.set()
        assert go_on.wait(WAIT)
        inbox(payload)

    engine = make(handler)
    engine.start()
    engine.enqueue("key", "test", {"n": 1}, "lane")
    assert inside.wait(WAIT)
    stopping = threading.Thread(target=engine.stop)
    stopping.start()
    assert stopping.is_alive()
    go_on.set()
    stopping.join(WAIT)
    assert not stopping.is_alive()
    assert inbox.next() == 1
    again = Inbox()
    make(again).start()
    assert again.empty


def test_one_working_engine_in_a_process(make: Make) -> None:
    make().start()
    with pytest.raises(RuntimeError, match="works in this process already"):
        make().start()


def test_a_kind_has_one_handler(make: Make) -> None:
    engine = make(Inbox())
    with pytest.raises(ValueError, match="handler already"):
        engine.register("test", Inbox())


def test_what_is_no_json_is_refused(make: Make) -> None:
    engine = make(work=False)
    engine.start()
    with pytest.raises(TypeError):
        engine.enqueue("key", "test", {"n": object()}, "lane")


def test_queueing_before_the_start_is_refused(make: Make) -> None:
    with pytest.raises(RuntimeError, match="not started"):
        make().enqueue("key", "test", {}, "lane")


def test_starting_and_stopping_twice_is_harmless(make: Make) -> None:
    inbox = Inbox()
    engine = make(inbox)
    engine.start()
    engine.start()
    engine.enqueue("key", "test", {"n": 1}, "lane")
    assert inbox.next() == 1
    engine.stop()
    engine.stop()


@pytest.mark.postgres
def test_a_database_that_is_away_is_no_error_when_queueing(
    postgres_url: str, postgres_server: Any
) -> None:
    engine = DbosEngine(postgres_url, work=False)
    engine.start()
    postgres_server.drop(postgres_url)
    engine.enqueue("key", "test", {}, "lane")
    engine.stop()


WORKER = """
import json, sys, threading
from bot.engine import DbosEngine, EngineSettings

def handler(payload):
    print(json.dumps(payload), flush=True)
    threading.Event().wait()  # for ever

engine = DbosEngine(sys.argv[1], settings=EngineSettings(poll=0.02, care=0.05))
engine.register("test", handler)
engine.start()
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def worker(db_url: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, db_url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    while True:
        said = process.stdout.readline().strip()
        if "[info" not in said and "[warning" not in said:  # its log
            return said


@pytest.mark.slow
def test_the_living_take_over_the_work_of_a_process_that_is_killed(
    make: Make, worker: subprocess.Popen[str]
) -> None:
    assert line(worker) == "ready"
    outside = make(work=False)
    outside.start()
    outside.enqueue("key-1", "test", {"n": 1}, "lane")
    assert json.loads(line(worker)) == {"n": 1}
    inbox = Inbox()
    make(inbox).start()
    outside.enqueue("key-2", "test", {"n": 2}, "lane")
    # Many rounds of care pass while the other lives: its job is left alone, its lane waits.
    assert not threading.Event().wait(0.5)
    assert inbox.empty
    worker.kill()
    assert inbox.take(2) == [1, 2]
    assert not threading.Event().wait(0.2)
    assert inbox.empty
