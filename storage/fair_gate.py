"""Places that are handed out in the order of asking."""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType

from domain.errors import StorageError


class FairGate:
    """At most ``places`` threads are inside at once; first come, first served.

    ``threading.Lock`` and SQLAlchemy's pool let whoever comes at the right moment overtake those
    who wait, and under load some wait for seconds.

    :param places: how many may be inside.
    :param patience: seconds until a waiter is told with a ``StorageError`` that the database is
        busy; ``None`` waits for ever.
    """

    def __init__(self, places: int, patience: float | None = None) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._free = places
        self._patience = -1 if patience is None else patience

    def __enter__(self) -> None:
        with self._mutex:
            if self._free:
                self._free -= 1
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        try:
            came = turn.acquire(timeout=self._patience)
        except BaseException:
            if not self._gave_up(turn):
                self._hand_over()
            raise
        if not came and self._gave_up(turn):
            raise StorageError("storage.busy")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hand_over()

    def _hand_over(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()  # stays taken, by the next in the queue
            else:
                self._free += 1

    def _gave_up(self, turn: threading.Lock) -> bool:
        # False: the turn came in this very moment, and the place is the caller's.
        with self._mutex:
            if turn not in self._waiting:
                return False
            self._waiting.remove(turn)
            return True


class FairLock(FairGate):
    """One place. A thread that has it gets ``RuntimeError`` instead of waiting for itself."""

    def __init__(self) -> None:
        super().__init__(1)
        self._owner: int | None = None

    def __enter__(self) -> None:
        me = threading.get_ident()
        if self._owner == me:  # only this thread itself can have written that
            raise RuntimeError("a write transaction is open in this thread already")
        super().__enter__()
        self._owner = me

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._owner = None
        super().__exit__(kind, error, trace)
