"""The :class:`domain.ports.Engine` on DBOS.

A lane is a partition of one DBOS queue with room for one job at a time, over all processes. A key
is the id of a DBOS workflow, and those are unique. A lane's jobs run in the order in which they
were queued, those of one millisecond in the order of their keys.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from dbos import DBOS, DBOSClient

from bot.engine.keeper import Keeper
from bot.engine.logs import quiet
from bot.engine.runtime import APPLICATION, JOB, QUEUE, VERSION, Runtime
from bot.engine.serializer import JsonSerializer
from domain.ports import JobHandler
from storage.jobs import (
    JOBS_SCHEMA,
    JobsConnections,
    jobs_connections,
    jobs_made_by_one,
    jobs_url,
)
from storage.locks import ProcessLocks, process_locks

_POOL = 8

log = structlog.get_logger("engine")


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How much at once, how often, how long.

    :param threads: handlers that run at once in this process.
    :param poll: seconds between two looks at the queue. What this process queues it sees at once;
        what another queues waits half of it on the average.
    :param care: seconds between two looks for dead processes and old jobs.
    :param patience: seconds after which work of this process that nobody does is queued again.
    :param keep_done: how long the key of finished work stays taken. Short on purpose: a job
        that looked too early (two machines' clocks differ) can soon be queued again.
    :param keep_failed: how long the key of failed work stays taken.
    """

    threads: int = 16
    poll: float = 0.2
    care: float = 2.0
    patience: float = 5.0
    keep_done: timedelta = timedelta(minutes=1)
    keep_failed: timedelta = timedelta(seconds=30)


class DbosEngine:
    """Runs jobs in worker threads of this process, or only queues them for other processes.

    A key runs once: queueing it again while it waits, runs or is remembered does nothing. A handler
    that raises makes its job fail; a failed job is forgotten after a while, and then its key can be
    queued again. So whoever keeps the truth (the outbox) loses nothing by queueing whatever is not
    done again and again.

    The job of a process that dies at work runs again, in that process after a restart or in
    another; so a handler looks at the truth first.

    :param url: Duban's database; DBOS's records lie in a SQLite file beside it (``….jobs``), or in
        the schema ``dbos`` of the same PostgreSQL.
    :param work: ``False`` queues only, for processes that handle nothing.

    DBOS allows one working engine in a process; starting a second is a ``RuntimeError``. Start and
    stop in a thread without a running event loop.
    """

    def __init__(
        self,
        url: str,
        *,
        work: bool = True,
        settings: EngineSettings | None = None,
    ) -> None:
        self._url = url
        self._work = work
        self._settings = settings or EngineSettings()
        self._handlers: dict[str, JobHandler] = {}
        self._client: DBOSClient | None = None
        self._runtime: Runtime | None = None
        self._cleanup = ExitStack()

    def register(self, kind: str, handler: JobHandler) -> None:
        """Say who handles a kind, before the start; a second handler is a ``ValueError``."""
        if kind in self._handlers:
            raise ValueError(f"{kind} has a handler already")
        self._handlers[kind] = handler

    def start(self) -> None:
        """Make or upgrade DBOS's tables and begin; on a started engine nothing happens."""
        if self._client is not None:
            return
        quiet()
        with ExitStack() as stack:
            connections = jobs_connections(self._url, size=_POOL)
            stack.callback(connections.dispose)
            migrate_jobs(self._url)
            client = DBOSClient(
                system_database_engine=connections,
                dbos_system_schema=JOBS_SCHEMA,
                serializer=JsonSerializer(),
                application_name=APPLICATION,
                retry_connection_errors=False,
            )
            stack.callback(client.destroy)
            runtime = self._start_working(connections, client, stack) if self._work else None
            self._cleanup = stack.pop_all()
        self._client, self._runtime = client, runtime

    def enqueue(self, key: str, kind: str, payload: Mapping[str, Any], lane: str) -> None:
        """Queue work; a key that was queued before is ignored.

        The payload must be JSON (``TypeError`` otherwise). A database that is away is logged and is
        no error: queueing is repeated from the outbox anyway.
        """
        if self._client is None:
            raise RuntimeError("the engine is not started")
        text = json.dumps(payload, ensure_ascii=False)
        try:
            self._client.enqueue(
                {
                    "queue_name": QUEUE,
                    "workflow_name": JOB,
                    "workflow_id": key,
                    "queue_partition_key": lane,
                    "app_version": VERSION,
                },
                kind,
                text,
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, the outbox repeats it
            log.warning("engine.enqueue_failed", key=key, kind=kind, error=repr(error))
        if self._runtime is not None:
            self._runtime.wake()

    def stop(self, patience: float = 30.0) -> None:
        """Take no new job, let those that run finish for ``patience`` seconds, and stop.

        What did not finish runs again after the next start.
        """
        if self._runtime is not None:
            self._runtime.drain(patience)
        self._cleanup.close()
        self._client = self._runtime = None

    def _start_working(
        self, connections: JobsConnections, client: DBOSClient, stack: ExitStack
    ) -> Runtime:
        pace = self._settings
        locks = process_locks(self._url)
        stack.callback(locks.close)
        executor_id = _free_executor_id(locks)
        # Before the launch: DBOS looks for new queues only once in a second.
        client.register_queue(
            QUEUE,
            partition_concurrency=1,
            worker_concurrency=pace.threads,
            polling_interval_sec=pace.poll,
        )
        runtime = Runtime(connections, executor_id, self._handlers)
        stack.callback(runtime.stop)
        keeper = Keeper(
            locks,
            executor_id=executor_id,
            at_work=runtime.at_work,
            queue=QUEUE,
            interval=pace.care,
            patience=pace.patience,
            keep_done=pace.keep_done,
            keep_failed=pace.keep_failed,
        )
        keeper.start()
        stack.callback(keeper.stop)
        log.info("engine.started", executor=executor_id)
        return runtime


def migrate_jobs(url: str) -> None:
    """Make or upgrade DBOS's tables; several processes may do so at once."""
    quiet()
    with jobs_made_by_one(url):
        DBOS.migrate(jobs_url(url), schema=JOBS_SCHEMA)


def _free_executor_id(locks: ProcessLocks) -> str:
    # The lowest free number: a process that starts again finds its own pending work under it.
    return next(name for name in map("executor-{}".format, itertools.count(1)) if locks.take(name))
