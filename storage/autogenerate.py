"""Writes the migration that leads to the tables as declared, for a person to read and complete.

``python -m storage.autogenerate 0007_budgets "Budgets of a product"`` compares an empty database at
the newest revision with the tables and writes ``storage/migrations/versions/0007_budgets.py``.
A third argument (``plans``) takes only the tables of that family of ``storage.tables``. A file that
exists is written anew, compared with the revision before it: for migrations not yet released.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations.ops import DowngradeOps, UpgradeOps
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

import storage.tables
from storage.database import Database
from storage.migrate import SCRIPTS, scripts, upgrade
from storage.migrations_support import configure_options

_IMPORTS = (
    ("sa.", "import sqlalchemy as sa"),
    ("op.", "from alembic import op"),
    ("Json()", "\nfrom storage.types import Json"),
    ("UtcDateTime()", "\nfrom storage.types import UtcDateTime"),
)
_FILE = '''"""{}."""

from __future__ import annotations

{}
revision = "{}"
down_revision = {}
branch_labels = None
depends_on = None


def upgrade() -> None:
    {}


def downgrade() -> None:
    {}
'''


def write_revision(revision: str, message: str, family: str | None = None) -> Path:
    """Write one migration file; the answer is its path.

    :param revision: its number and name, ``0007_budgets``: also the name of the file.
    :param message: one line that says what it does.
    :param family: a module of ``storage.tables``; the tables of the others are left alone.
    """
    before = _revision_before(revision)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'empty.sqlite'}"
        if before is not None:
            upgrade(url, before)
        db = Database(url)
        with db.read() as connection:
            code = _difference(connection, _names(family))
        db.close()
    file = SCRIPTS / "versions" / f"{revision}.py"
    imports = "".join(f"{line}\n" for statement, line in _IMPORTS if statement in "".join(code))
    file.write_text(
        _FILE.format(message, imports, revision, f'"{before}"' if before else None, *code)
    )
    return file


def _revision_before(revision: str) -> str | None:
    known = scripts()
    existing = [s for s in known.walk_revisions() if s.revision == revision]
    if existing:
        before = existing[0].down_revision
        return before if isinstance(before, str) else None
    return known.get_current_head()


def _names(family: str | None) -> frozenset[str]:
    if family is None:
        return frozenset(storage.tables.metadata.tables)
    module: ModuleType = getattr(storage.tables, family)
    tables = storage.tables.metadata.tables
    return frozenset(
        name for name in tables if any(tables[name] is v for v in vars(module).values())
    )


def _difference(connection: Connection, names: frozenset[str]) -> tuple[str, str]:
    options = configure_options(names)
    context = MigrationContext.configure(connection, opts=options)
    found = produce_migrations(context, storage.tables.metadata)
    return _code(found.upgrade_ops, options), _code(found.downgrade_ops, options)


def _code(operations: UpgradeOps | DowngradeOps | None, options: dict[str, Any]) -> str:
    if operations is None:
        return "pass"
    code = render_python_code(operations, render_as_batch=True, render_item=options["render_item"])
    # Alembic's remarks say that the code was generated; whoever commits it has read it.
    return "\n".join(line for line in code.splitlines() if "###" not in line).strip()


if __name__ == "__main__":
    sys.stdout.write(f"{write_revision(*sys.argv[1:])}\n")
