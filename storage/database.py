"""The connections to the one database, SQLite or PostgreSQL, behind the same few promises.

A write is one transaction that commits when the block ends and rolls back when it raises. A read
sees one committed state from its first statement to its last and cannot write.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Literal

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from domain.errors import UserError
from storage.errors import translated
from storage.fair_gate import FairGate, FairLock
from storage.postgres import PATIENCE_SECONDS, postgres_engine
from storage.sqlite import sqlite_reader, sqlite_writer

Dialect = Literal["sqlite", "postgresql"]

_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def normal_url(url: str | URL) -> URL:
    """The address with our driver's name.

    ``postgres://`` and ``postgresql://`` mean psycopg 3. Other databases, other drivers and
    SQLite in memory (it would be another database in each connection) are a ``UserError``, which
    does not repeat the address: it may hold a password.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise UserError("storage.bad_address") from error
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None:
        raise UserError("storage.bad_address")
    if driver == "sqlite" and (not parsed.database or ":memory:" in parsed.database):
        raise UserError("storage.bad_address")
    return parsed.set(drivername=driver)


class Database:
    """The one database of this process; threads share it.

    SQLite has one writing connection (more of them would make waits of a second), and readers apart
    that never wait for it. PostgreSQL has one pool. All are handed out in the order of asking.

    :param url: ``sqlite:///path/to/file`` or ``postgresql://user:password@host/name``.
    :param pool_size: connections at most (on SQLite: readers).

    Nothing is opened before the first use. Whatever goes wrong outside of Duban (disk full,
    server gone) is a :class:`domain.errors.StorageError`, a unique value that is taken a
    :class:`domain.errors.ConflictError`.
    """

    def __init__(self, url: str | URL, *, pool_size: int = 8) -> None:
        self._url = normal_url(url)
        self._reading = FairGate(pool_size, PATIENCE_SECONDS)
        self._writing: AbstractContextManager[None] = self._reading
        if self.dialect == "sqlite":
            self._writing = FairLock()
            self._writer = sqlite_writer(self._url)
            self._reader = sqlite_reader(self._url, pool_size)
        else:
            self._writer = postgres_engine(self._url, pool_size)
            self._reader = self._writer.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @property
    def dialect(self) -> Dialect:
        """Which of the two it is."""
        return "sqlite" if self._url.get_backend_name() == "sqlite" else "postgresql"

    @property
    def url(self) -> str:
        """The address, password included: for other connections of our own, never for a log."""
        return self._url.render_as_string(hide_password=False)

    @contextmanager
    def write(self) -> Generator[Connection]:
        """One transaction: commits at the end of the block, rolls back when it raises.

        A thread that has one open already gets ``RuntimeError`` on SQLite.
        """
        with translated(), self._writing, self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Generator[Connection]:
        """One committed state, frozen at the first statement; writes are refused."""
        with translated(), self._reading, self._reader.connect() as connection:
            connection.begin()
            yield connection

    def close(self) -> None:
        """Close what is idle. Connections in use close when they come back."""
        engines: tuple[Engine, ...] = (self._reader, self._writer)
        for engine in engines:
            engine.dispose()
