"""Prints the migration that leads from a database's schema to the tables as declared.

``python -m storage.autogenerate`` takes an empty SQLite file at the newest revision, so what it
prints is what no migration does yet: the body for the next file in ``storage/migrations/versions``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext

from storage.database import Database
from storage.migrate import upgrade
from storage.migrations_support import configure_options, render_item
from storage.tables import metadata


def missing_operations() -> str:
    """The Python code of the operations that are missing, ``pass`` when there are none."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'empty.sqlite'}"
        upgrade(url)
        db = Database(url)
        try:
            with db.read() as connection:
                context = MigrationContext.configure(connection, opts=configure_options())
                operations = produce_migrations(context, metadata).upgrade_ops
        finally:
            db.close()
    if operations is None:
        return "pass"
    return render_python_code(operations, render_as_batch=True, render_item=render_item)


if __name__ == "__main__":
    sys.stdout.write(missing_operations() + "\n")
