"""A lock that is handed over in the order of asking."""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType


class FairLock:
    """First come, first served; ``threading.Lock`` lets a busy thread starve the others.

    It is not re-entrant: a thread that already holds it gets ``RuntimeError`` instead of waiting
    for itself for ever.
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._held = False
        self._owner: int | None = None

    def __enter__(self) -> None:
        me = threading.get_ident()
        with self._mutex:
            if not self._held:
                self._held, self._owner = True, me
                return
            if self._owner == me:
                raise RuntimeError("a write transaction is open in this thread already")
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        try:
            turn.acquire()
        except BaseException:
            self._give_up(turn)
            raise
        self._owner = me

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hand_over()

    def _hand_over(self) -> None:
        with self._mutex:
            self._owner = None
            if self._waiting:
                self._waiting.popleft().release()  # stays held, by the next in the queue
            else:
                self._held = False

    def _give_up(self, turn: threading.Lock) -> None:
        # Interrupted while waiting: leave the queue, or pass on the turn that just came.
        with self._mutex:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return
        self._hand_over()
