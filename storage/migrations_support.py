"""How Alembic sees our tables, for running migrations, comparing and writing them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

from storage.tables import metadata
from storage.types import Json, UtcDateTime


def configure_options(tables: Collection[str] | None = None) -> dict[str, Any]:
    """Options for ``EnvironmentContext.configure`` and ``MigrationContext.configure``.

    :param tables: when comparing, the names of the declared tables to look at; by default all.
    """

    def included(_item: object, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:
        return tables is None or kind != "table" or reflected or name in tables

    return {
        "target_metadata": metadata,
        "transactional_ddl": True,  # SQLite can, once the driver leaves transactions to us
        "render_as_batch": True,  # SQLite changes a column by building the table anew
        "compare_type": True,
        "include_object": included,
        "render_item": _render_item,
    }


def _render_item(kind: str, item: object, context: Any) -> str | Literal[False]:
    # Our own types by their short names; everything else is left to Alembic.
    if kind == "type" and isinstance(item, UtcDateTime | Json):
        name = type(item).__name__
        context.imports.add(f"from storage.types import {name}")
        return f"{name}()"
    return False
