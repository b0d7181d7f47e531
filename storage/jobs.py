"""Where the job engine keeps its records: a SQLite file beside ours, or the same PostgreSQL."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, QueuePool, create_engine, event, make_url

from storage.database import normal_url
from storage.errors import translated
from storage.postgres import postgres_engine

JobsConnections = Engine
JOBS_SCHEMA = "dbos"
_SUFFIX = ".jobs"


def jobs_url(url: str | URL) -> str:
    """The address of the engine's records for the database that ``url`` names."""
    parsed = normal_url(url)
    if parsed.get_backend_name() == "sqlite":
        parsed = parsed.set(database=f"{parsed.database}{_SUFFIX}")
    return parsed.render_as_string(hide_password=False)


def jobs_connections(url: str | URL, *, size: int) -> JobsConnections:
    """A pool for the engine, at most ``size``, on its records for the database ``url``.

    On SQLite a commit is not forced to the disk: what a power cut could take back is found again
    in the outbox, which is.
    """
    parsed = make_url(jobs_url(url))
    if parsed.get_backend_name() != "sqlite":
        return postgres_engine(parsed, size)
    Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        parsed,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": 30.0},
    )
    event.listen(engine, "connect", _prepare)
    return engine


@contextmanager
def jobs_made_by_one(url: str | URL) -> Generator[None]:
    """Held by one process at a time while it makes or upgrades the engine's tables; others wait.

    On PostgreSQL the engine sees to that by itself. On SQLite it does not, and changing the journal
    of a new file fails at once when another process looks at it; so that is done here, too.
    """
    parsed = make_url(jobs_url(url))
    if parsed.get_backend_name() != "sqlite":
        yield
        return
    path = Path(str(parsed.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with closing(sqlite3.connect(path, timeout=30.0)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        yield
    finally:
        os.close(handle)


def forget_jobs(url: str | URL) -> None:
    """Remove the engine's records; no engine may run. The outbox queues again what is not done."""
    parsed = make_url(jobs_url(url))
    if parsed.get_backend_name() == "sqlite":
        for ending in ("", "-wal", "-shm"):
            Path(f"{parsed.database}{ending}").unlink(missing_ok=True)
        return
    engine = postgres_engine(parsed, 1)
    with translated(), engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {JOBS_SCHEMA} CASCADE")
    engine.dispose()


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = "IMMEDIATE"  # as DBOS sets on connections of its own
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
