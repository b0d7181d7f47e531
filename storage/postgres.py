"""PostgreSQL as Duban uses it: psycopg 3, a pool, connections looked at after a pause."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError

from storage.types import dump_json

PATIENCE_SECONDS = 10.0
"""How long one waits for a connection before being told that the database is busy."""
_IDLE_SECONDS = 5.0
# A writer that waits longer than this for a row is told that the database is busy.
_OPTIONS = " ".join(
    f"-c {setting}"
    for setting in (
        "timezone=UTC",
        "lock_timeout=10s",
        "statement_timeout=60s",
        "idle_in_transaction_session_timeout=60s",
    )
)


def postgres_engine(url: URL, size: int, *, options: str = _OPTIONS) -> Engine:
    """A pool of at most ``size`` connections.

    A connection that lay idle is tried before it is handed out, so a restarted server costs
    nobody an error; a busy one is not, so it costs no time either.
    """
    engine = create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=PATIENCE_SECONDS,
        json_serializer=dump_json,
        hide_parameters=True,  # what people wrote stays out of the log
        connect_args={"options": options, "connect_timeout": 10, "application_name": "duban"},
    )
    event.listen(engine, "checkin", _remember)
    event.listen(engine, "checkout", _try_after_pause)
    return engine


def _remember(_connection: Any, record: Any) -> None:
    record.info["idle_since"] = time.monotonic()


def _try_after_pause(connection: psycopg.Connection, record: Any, _proxy: Any) -> None:
    idle_since = record.info.get("idle_since")
    if idle_since is None or time.monotonic() - idle_since < _IDLE_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error as error:
        raise DisconnectionError from error
