"""The thread that keeps the mirror: HTTP takes its time there and holds up no tick."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

log = structlog.get_logger("duban.zentao")


class Worker:
    """Runs a piece of work whenever it is woken, again and again while there is more to do.

    :param work: one piece; True when there is more. :param close: called at the end, in the thread.
    """

    def __init__(self, work: Callable[[], bool], close: Callable[[], None]) -> None:
        self._work = work
        self._close = close
        self._woken = threading.Event()
        self._ends = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """There may be something to do; begins the thread at the first call."""
        with self._lock:
            if self._thread is None and not self._ends.is_set():
                self._thread = threading.Thread(target=self._run, name="zentao-sync", daemon=True)
                self._thread.start()
        self._woken.set()

    def stop(self, patience: float = 10.0) -> None:
        """End after the piece that runs; one that hangs is left behind with the process."""
        with self._lock:
            self._ends.set()
            self._woken.set()
            thread = self._thread
        if thread is not None:
            thread.join(patience)

    def _run(self) -> None:
        try:
            while True:
                self._woken.wait()
                self._woken.clear()
                while not self._ends.is_set() and self._piece():
                    pass
                if self._ends.is_set():
                    return
        finally:
            self._close()

    def _piece(self) -> bool:
        try:
            return self._work()
        except Exception:
            log.exception("zentao.sync_failed")
            return False
