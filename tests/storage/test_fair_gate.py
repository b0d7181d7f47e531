from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from domain.errors import StorageError
from storage.fair_gate import FairGate, FairLock
from tests.waiting import until

WAIT = 90


def queued(gate: FairGate) -> int:
    return len(gate._waiting)


def one_place() -> FairGate:
    return FairGate(1)


@pytest.mark.parametrize("make", [FairLock, one_place], ids=["lock", "gate"])
def test_it_is_handed_over_in_the_order_of_asking(make: Callable[[], FairGate]) -> None:
    gate, order = make(), list[int]()

    def work(number: int) -> None:
        with gate:
            order.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    with gate:
        for number, thread in enumerate(threads):
            thread.start()
            until(lambda number=number: queued(gate) == number + 1)
    for thread in threads:
        thread.join(WAIT)
    assert order == [0, 1, 2, 3, 4, 5]


def test_as_many_are_inside_as_there_are_places() -> None:
    gate = FairGate(3)
    entered = threading.Semaphore(0)
    leave = threading.Event()

    def work() -> None:
        with gate:
            entered.release()
            leave.wait(WAIT)

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    until(lambda: queued(gate) == 2)
    assert [entered.acquire(timeout=WAIT) for _ in range(3)] == [True] * 3
    assert not entered.acquire(blocking=False)
    leave.set()
    for thread in threads:
        thread.join(WAIT)
    with gate, gate, gate:  # all places are free again
        pass


def test_whoever_waits_too_long_is_told_and_leaves_the_queue() -> None:
    gate = FairGate(1, patience=0.01)
    with gate:
        with pytest.raises(StorageError) as told, gate:
            pass
        assert told.value.key == "storage.busy"
        assert queued(gate) == 0
    with gate:
        pass


def test_a_thread_does_not_wait_for_itself() -> None:
    lock = FairLock()
    with lock, pytest.raises(RuntimeError), lock:
        pass
    with lock:  # and the failed try left nothing behind
        pass


def test_whoever_gives_up_at_the_moment_of_the_handover_has_the_place() -> None:
    gate = FairGate(1)
    turn = threading.Lock()
    turn.acquire()
    gate.__enter__()
    gate._waiting.append(turn)
    gate.__exit__(None, None, None)
    assert not gate._gave_up(turn)
    gate._hand_over()
    with gate:
        pass
