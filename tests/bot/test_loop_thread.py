"""A loop in a thread of its own begins, ends when it is told to, and can begin again."""

from __future__ import annotations

import asyncio
import threading

from bot.surfaces.loop_thread import LoopThread

NAME = "duban-test-loop"
PATIENCE = 60.0


class Serving:
    """Counts what began and what was tidied up."""

    def __init__(self) -> None:
        self.began = 0
        self.tidied = 0
        self.under_way = threading.Event()

    async def __call__(self, ended: asyncio.Event) -> None:
        self.began += 1
        self.under_way.set()
        await ended.wait()
        self.tidied += 1


async def broken(ended: asyncio.Event) -> None:
    """Ends without having been told to."""


def alive() -> bool:
    return any(t.name == NAME for t in threading.enumerate())


def test_it_serves_until_it_is_stopped() -> None:
    serving = Serving()
    thread = LoopThread(NAME, serving, PATIENCE)
    thread.start()
    thread.start()
    assert serving.under_way.wait(PATIENCE)
    thread.stop()
    assert (serving.began, serving.tidied, alive()) == (1, 1, False)


def test_stopped_as_soon_as_it_began_it_ends_all_the_same() -> None:
    serving = Serving()
    thread = LoopThread(NAME, serving, PATIENCE)
    for each in range(1, 21):
        thread.start()
        thread.stop()
        assert (serving.began, serving.tidied, alive()) == (each, each, False)


def test_what_ended_by_itself_can_be_stopped_and_begun_again() -> None:
    thread = LoopThread(NAME, broken, PATIENCE)
    thread.start()
    for each in threading.enumerate():
        if each.name == NAME:
            each.join(PATIENCE)
    thread.stop()
    thread.start()
    thread.stop()
    assert not alive()


def test_what_never_began_has_nothing_to_stop() -> None:
    LoopThread(NAME, broken, PATIENCE).stop()
    assert not alive()
