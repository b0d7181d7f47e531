"""Bringing the database to this version's schema."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, text

from storage.database import Database, normal_url
from storage.errors import translated
from storage.postgres import postgres_engine
from storage.sqlite import sqlite_writer

SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x647562616E  # "duban": the advisory lock that migrations share on PostgreSQL


def upgrade(url: str | URL, revision: str = "head") -> None:
    """Upgrade to a revision, by default the newest; at it already, nothing changes.

    The whole upgrade is one transaction: it happens or it does not. Processes that start together
    wait for the first and find nothing left to do. Readers go on meanwhile.
    """
    with exclusive(url) as connection:
        upgrade_on(connection, revision)


def upgrade_on(connection: Connection, revision: str) -> None:
    """Upgrade on a connection of :func:`exclusive`, as a part of its transaction."""
    command.upgrade(_config(connection), revision)


@contextmanager
def exclusive(url: str | URL) -> Generator[Connection]:
    """One transaction for changing the schema: waits for others of the kind, lets readers go on.

    Rebuilding a table does not delete what refers to it; references that are broken at the end are
    a ``RuntimeError``, and nothing has happened.
    """
    engine = _engine(normal_url(url))
    try:
        with translated(), engine.begin() as connection:
            _lock(connection)
            yield connection
            _check_references(connection)
    finally:
        engine.dispose()


def current(db: Database) -> str | None:
    """The revision that the database is at; ``None`` where there is none yet."""
    with db.read() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The newest revision that this version of Duban brings."""
    return scripts().get_current_head()


def revisions() -> frozenset[str]:
    """All revisions that this version of Duban brings."""
    return frozenset(script.revision for script in scripts().walk_revisions())


def is_current(db: Database) -> bool:
    """Whether the database is at this version's revision, neither behind nor ahead."""
    return current(db) == head()


def scripts() -> ScriptDirectory:
    """The migrations that this version brings."""
    return ScriptDirectory.from_config(_config())


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        return sqlite_writer(url, foreign_keys=False)
    # No time-out for statements: filling a new column of a large table may take a while.
    return postgres_engine(url, 1, options="-c timezone=UTC")


def _lock(connection: Connection) -> None:
    # SQLite needs nothing: BEGIN IMMEDIATE lets in one writer at a time.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken: list[Any] = list(connection.exec_driver_sql("PRAGMA foreign_key_check"))
    if broken:
        raise RuntimeError(f"the migration would leave broken references: {broken[:5]}")
