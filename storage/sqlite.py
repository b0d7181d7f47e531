"""SQLite as Duban uses it: WAL, every commit on the disk, one writer and many readers."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event

BUSY_TIMEOUT_MS = 10_000
_WAL_LIMIT_BYTES = 64 * 1024 * 1024


def sqlite_writer(url: URL, *, foreign_keys: bool = True) -> Engine:
    """The one writing connection; a transaction takes the write lock when it begins.

    :param foreign_keys: off only for migrations, where rebuilding a table would otherwise delete
        whatever refers to it.
    """
    engine = _engine(url, size=1)
    pragmas = {
        "journal_mode": "WAL",
        "synchronous": "FULL",
        "foreign_keys": "ON" if foreign_keys else "OFF",
        "journal_size_limit": str(_WAL_LIMIT_BYTES),
    }
    _prepare(engine, begin="BEGIN IMMEDIATE", pragmas=pragmas)
    return engine


def sqlite_reader(url: URL, size: int) -> Engine:
    """Readers: a snapshot each, from the first statement on; writing is refused."""
    engine = _engine(url, size=size)
    _prepare(engine, begin="BEGIN", pragmas={"query_only": "ON"})
    return engine


def _engine(url: URL, *, size: int) -> Engine:
    return create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=BUSY_TIMEOUT_MS / 1000,
        hide_parameters=True,  # what people wrote stays out of the log
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )


def _prepare(engine: Engine, *, begin: str, pragmas: dict[str, str]) -> None:
    def on_connect(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver's own notion of transactions starts them late and skips savepoints.
        connection.isolation_level = None
        for name, value in pragmas.items():
            connection.execute(f"PRAGMA {name}={value}")

    def on_begin(connection: Connection) -> None:
        # On the driver itself: SQLAlchemy's own road costs three times what SQLite does for it.
        connection.connection.cursor().execute(begin)

    def make_folder(_dialect: Any, _record: Any, args: list[Any], _params: Any) -> None:
        Path(args[0]).parent.mkdir(parents=True, exist_ok=True)

    event.listen(engine, "do_connect", make_folder)
    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
