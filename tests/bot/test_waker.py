"""Waking: at once, after a pause, and once for what comes together."""

from __future__ import annotations

import threading
import time

from bot.waker import EVERY, Job, Waker


class Called:
    """What was called back, in order and when; a call is held up while ``let_go`` is cleared."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.at: dict[str, float] = {}
        self.let_go = threading.Event()
        self.let_go.set()
        self._changed = threading.Condition()

    def __call__(self, job: Job) -> None:
        with self._changed:
            self.jobs.append(job)
            self.at[job[1]] = time.monotonic()
            self._changed.notify_all()
        assert self.let_go.wait(60)

    def wait(self, count: int) -> None:
        """Until so many were called back."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.jobs) >= count, 30)


def _job(row: int, lane: str = "a") -> Job:
    return ("w", str(row), lane, "0")


def test_rows_of_a_lane_that_come_together_are_one_call() -> None:
    called = Called()
    waker = Waker(called)
    for row in range(50):
        waker.wake(_job(row))
    waker.wake(_job(50, "b"))
    waker.start()
    called.wait(2)
    waker.stop()
    assert sorted(j[2] for j in called.jobs) == ["a", "b"]


def test_a_row_that_comes_after_a_call_gets_a_call_of_its_own() -> None:
    called = Called()
    called.let_go.clear()
    waker = Waker(called)
    waker.start()
    waker.wake(_job(1))
    called.wait(1)
    waker.wake(_job(2))
    waker.wake(_job(3))
    called.let_go.set()
    called.wait(2)
    waker.stop()
    assert [j[1] for j in called.jobs] == ["1", "2"]


def test_what_waits_for_its_turn_is_called_when_the_process_stops() -> None:
    called = Called()
    waker = Waker(called)
    waker.start()
    waker.wake(_job(1))
    called.wait(1)
    waker.wake(_job(2))
    waker.wake(_job(3), seconds=3600)
    waker.stop()
    assert [j[1] for j in called.jobs] == ["1", "2"]


def test_a_pause_is_not_cut_short_by_other_rows_of_its_lane() -> None:
    called = Called()
    waker = Waker(called)
    waker.start()
    begun = time.monotonic()
    waker.wake(_job(1), seconds=3 * EVERY)
    waker.wake(_job(2))
    called.wait(2)
    waker.stop()
    assert called.at.keys() == {"1", "2"}
    assert called.at["1"] - begun >= 3 * EVERY
