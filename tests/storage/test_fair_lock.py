from __future__ import annotations

import threading

import pytest

from storage.fair_lock import FairLock
from tests.waiting import until

WAIT = 90


def queued(lock: FairLock) -> int:
    return len(lock._waiting)


def test_the_lock_is_handed_over_in_the_order_of_asking() -> None:
    lock, order = FairLock(), list[int]()

    def work(number: int) -> None:
        with lock:
            order.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    with lock:
        for number, thread in enumerate(threads):
            thread.start()
            until(lambda number=number: queued(lock) == number + 1)
    for thread in threads:
        thread.join(WAIT)
    assert order == [0, 1, 2, 3, 4, 5]


def test_a_thread_does_not_wait_for_itself() -> None:
    lock = FairLock()
    with lock, pytest.raises(RuntimeError), lock:
        pass
    with lock:  # and the failed try left nothing behind
        pass


def test_whoever_gives_up_waiting_leaves_the_queue() -> None:
    lock = FairLock()
    with lock:
        turn = threading.Lock()
        turn.acquire()
        lock._waiting.append(turn)
        lock._give_up(turn)
        assert queued(lock) == 0
    with lock:
        pass


def test_whoever_gives_up_at_the_moment_of_the_handover_passes_it_on() -> None:
    lock = FairLock()
    turn = threading.Lock()
    turn.acquire()
    with lock:
        lock._waiting.append(turn)
    lock._give_up(turn)
    with lock:
        pass
