"""The caretaker of the job engine: takes over the work of dead processes, clears finished work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from typing import Any

import structlog
from dbos import DBOS

from domain.clock import SystemClock
from storage.locks import ProcessLocks

_BATCH = 1000
_FAILED = ["ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]

log = structlog.get_logger("engine")


class Keeper:
    """Works in a thread of its own, every ``interval`` seconds.

    Each process holds a lock on its executor id. Pending work of an id whose lock was free twice in
    a row belongs to a dead process and is queued again: twice, because after a restart of the
    database server the living need a moment to take their locks back. Pending work of this process
    that nobody does, for ``patience`` seconds, is queued again too: DBOS could not write down how
    it ended (a full disk), and it would keep its lane for ever.

    :param executor_id: this process.
    :param at_work: keys of the jobs that this process is doing now.
    :param queue: name of the DBOS queue.
    :param keep_done: how long finished work is remembered; its key counts as taken meanwhile.
    :param keep_failed: how long failed work is remembered; after that its key can be queued again.
    """

    def __init__(
        self,
        locks: ProcessLocks,
        *,
        executor_id: str,
        at_work: Callable[[], Collection[str]],
        queue: str,
        interval: float,
        patience: float,
        keep_done: timedelta,
        keep_failed: timedelta,
    ) -> None:
        self._locks = locks
        self._executor_id = executor_id
        self._at_work = at_work
        self._queue = queue
        self._interval = interval
        self._patience = patience
        self._keep_done = keep_done
        self._keep_failed = keep_failed
        self._suspects: frozenset[str] = frozenset()
        self._idle_since: dict[str, float] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine-keeper", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, patience: float = 5.0) -> None:
        """End; waits for a round that runs, but not longer than ``patience`` seconds.

        A round may hang as long as the database is away.
        """
        self._stopping.set()
        self._thread.join(patience)

    def round(self) -> None:
        """One round of care; failures are logged."""
        self._guarded(self._take_over)
        self._guarded(self._clear)

    def _run(self) -> None:
        while not self._stopping.wait(self._interval):
            self.round()

    def _guarded(self, work: Callable[[], None]) -> None:
        # The caretaker outlives every failure: the next round tries again.
        try:
            work()
        except Exception:
            if not self._stopping.is_set():
                log.exception("engine.keeper_failed", work=work.__name__)

    def _take_over(self) -> None:
        if not self._locks.keep():
            self._suspects = frozenset()
            log.warning("engine.lock_lost", executor=self._executor_id)
            return
        pending = self._list(status="PENDING")
        self._take_up(w.workflow_id for w in pending if w.executor_id == self._executor_id)
        others = {w.executor_id for w in pending if w.executor_id} - {self._executor_id}
        free: set[str] = set()
        for executor_id in others:
            if self._locks.take(executor_id):
                try:
                    if executor_id in self._suspects:
                        self._resume(executor_id)
                    free.add(executor_id)
                finally:
                    self._locks.release(executor_id)
        self._suspects = frozenset(free)

    def _take_up(self, pending: Iterable[str]) -> None:
        # A job that is claimed has not begun, and one that is done is not yet written down, for a
        # moment. Should that moment be long, the job runs again, which does no harm.
        idle, now = set(pending) - set(self._at_work()), time.monotonic()
        self._idle_since = {key: self._idle_since.get(key, now) for key in idle}
        again = [k for k, since in self._idle_since.items() if now - since >= self._patience]
        if again:
            DBOS.resume_workflows(again, queue_name=self._queue)
            log.warning("engine.taken_up", jobs=len(again))

    def _resume(self, executor_id: str) -> None:
        # Listed anew under the dead process's lock: nobody else takes its work over meanwhile.
        keys = [w.workflow_id for w in self._list(status="PENDING", executor_id=executor_id)]
        if keys:
            DBOS.resume_workflows(keys, queue_name=self._queue)
            log.info("engine.taken_over", executor=executor_id, jobs=len(keys))

    def _clear(self) -> None:
        now = SystemClock().now()  # as DBOS does: its rows carry the machine's time
        for status, keep in (("SUCCESS", self._keep_done), (_FAILED, self._keep_failed)):
            before = (now - keep).isoformat()
            while not self._stopping.is_set():
                old = self._list(status=status, completed_before=before, limit=_BATCH)
                if old:
                    DBOS.delete_workflows([w.workflow_id for w in old])
                if len(old) < _BATCH:
                    break

    def _list(self, **conditions: Any) -> list[Any]:
        return DBOS.list_workflows(
            queue_name=self._queue, load_input=False, load_output=False, **conditions
        )
