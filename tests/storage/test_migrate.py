from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from storage.database import Database
from storage.migrate import current, head, is_current, upgrade
from storage.migrations_support import configure_options
from storage.tables import metadata

ROOT = Path(__file__).parents[2]


def schema(db: Database) -> dict[str, object]:
    with db.read() as conn:
        inspector = inspect(conn)
        return {
            name: (
                [(c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(name)],
                sorted(str(u["column_names"]) for u in inspector.get_unique_constraints(name)),
            )
            for name in sorted(inspector.get_table_names())
        }


def test_the_migrations_lead_to_the_tables_as_declared(db: Database) -> None:
    with db.read() as conn:
        context = MigrationContext.configure(conn, opts=configure_options())
        assert compare_metadata(context, metadata) == []


def test_every_table_that_is_declared_exists(db: Database) -> None:
    with db.read() as conn:
        assert set(metadata.tables) <= set(inspect(conn).get_table_names())


def test_an_empty_database_is_upgraded_and_a_second_time_changes_nothing(
    empty_db_url: str,
) -> None:
    db = Database(empty_db_url)
    try:
        assert current(db) is None
        assert not is_current(db)
        upgrade(empty_db_url)
        first = schema(db)
        assert current(db) == head()
        assert is_current(db)
        upgrade(empty_db_url)
        assert schema(db) == first
    finally:
        db.close()


def test_a_database_of_a_newer_version_is_not_current(db: Database) -> None:
    with db.write() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999_future'"))
    assert not is_current(db)


def test_two_processes_that_migrate_at_once_both_succeed(empty_db_url: str) -> None:
    code = (
        "import sys; from storage.migrate import upgrade; print('ready', flush=True);"
        "sys.stdin.readline(); upgrade(sys.argv[1])"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, empty_db_url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    results = [process.communicate("go\n", timeout=180) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], results
    db = Database(empty_db_url)
    assert is_current(db)
    db.close()


def test_readers_go_on_while_a_migration_runs(empty_db_url: str) -> None:
    upgrade(empty_db_url)
    db = Database(empty_db_url)
    try:
        with db.read() as conn:
            count = text("SELECT count(*) FROM alembic_version")
            assert conn.scalar(count) == 1
            upgrade(empty_db_url)
            assert conn.scalar(count) == 1
    finally:
        db.close()
