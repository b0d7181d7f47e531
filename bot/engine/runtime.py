"""DBOS itself: one application in a process, started and stopped as a whole."""

from __future__ import annotations

import functools
import json
import threading
import time
from collections.abc import Mapping

import structlog
from dbos import DBOS, DBOSConfig

from bot.engine.serializer import JsonSerializer
from bot.engine.wake import Wake
from domain.ports import JobHandler
from storage.jobs import JOBS_SCHEMA, JobsConnections

APPLICATION = "duban"
# Fixed: a new release finishes what the old one queued.
VERSION = "1"
QUEUE = "lanes"
JOB = "duban.job"
_STOP_POLL_SECONDS = 0.02

log = structlog.get_logger("engine")

# DBOS finds functions by name in one register of the process, so the handlers of the engine that
# works lie here.
_handlers: dict[str, JobHandler] = {}
_at_work: set[str] = set()
_wake = Wake(f"queue-worker-{QUEUE}")
_one_at_a_time = threading.Lock()


class JobFailedError(Exception):
    """A handler raised, or nobody handles the kind: DBOS writes the job down as failed."""


class Runtime:
    """DBOS at work in this process, from construction to :meth:`stop`.

    Work that was pending under this executor id, from an earlier life, is queued again.

    :param handlers: who handles which kind.

    A second one at a time in one process is a ``RuntimeError``.
    """

    def __init__(
        self,
        connections: JobsConnections,
        executor_id: str,
        handlers: Mapping[str, JobHandler],
    ) -> None:
        if not _one_at_a_time.acquire(blocking=False):
            raise RuntimeError("an engine works in this process already")
        self._executor_id = executor_id
        _handlers.update(handlers)
        _register_job()
        try:
            self._dbos = DBOS(config=_config(connections, executor_id))
            DBOS.launch()
        except BaseException:
            self.stop()
            raise
        _wake.install(self._dbos.background_thread_stop_events)

    def wake(self) -> None:
        """Something was queued: look at once instead of at the next poll."""
        _wake.now()

    def at_work(self) -> frozenset[str]:
        """The keys of the jobs that are being done now."""
        return frozenset(_at_work.copy())

    def drain(self, patience: float) -> None:
        """Take no new job and wait up to ``patience`` seconds for those that run."""
        for event in self._dbos.background_thread_stop_events:
            event.set()
        _wake.now()
        # In a thread of its own: DBOS asks a database that is away again and again, for ever.
        waiting = threading.Thread(target=self._await_running, args=(patience,), daemon=True)
        waiting.start()
        waiting.join(patience)
        if waiting.is_alive():
            log.warning("engine.stopped_at_work", executor=self._executor_id)

    def stop(self) -> None:
        """End DBOS; what still runs goes on unheard and runs again after the next start."""
        DBOS.destroy()
        _handlers.clear()
        _one_at_a_time.release()

    def _await_running(self, patience: float) -> None:
        pause = threading.Event()
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and DBOS.list_workflows(
            status="PENDING",
            executor_id=self._executor_id,
            queue_name=QUEUE,
            load_input=False,
            limit=1,
        ):
            pause.wait(_STOP_POLL_SECONDS)


def _config(connections: JobsConnections, executor_id: str) -> DBOSConfig:
    return {
        "name": APPLICATION,
        "application_version": VERSION,
        "executor_id": executor_id,
        "system_database_engine": connections,
        "dbos_system_schema": JOBS_SCHEMA,
        "serializer": JsonSerializer(),
        "log_level": "WARNING",
        "enable_otlp": False,
        # Short only so that stopping does not wait; Duban uses neither of the two.
        "notification_listener_polling_interval_sec": 0.1,
        "scheduler_polling_interval_sec": 3600.0,
    }


@functools.cache
def _register_job() -> None:
    # No limit of attempts: a job that was cut off often is still in the outbox.
    DBOS.workflow(name=JOB, max_recovery_attempts=None)(_run_job)


def _run_job(kind: str, payload: str) -> None:
    handler, key = _handlers.get(kind), str(DBOS.workflow_id)
    _at_work.add(key)
    try:
        if handler is None:
            raise LookupError(f"nobody handles {kind}")
        handler(json.loads(payload))
    except Exception as error:
        log.exception("engine.job_failed", key=key, kind=kind)
        raise JobFailedError(kind) from error
    finally:
        _at_work.discard(key)
        _wake.soon()
