"""How Alembic sees our tables, for running migrations, comparing and printing them."""

from __future__ import annotations

from typing import Any, Literal

from storage.tables import metadata
from storage.types import Json, UtcDateTime


def configure_options() -> dict[str, Any]:
    """Options for ``EnvironmentContext.configure`` and ``MigrationContext.configure``."""
    return {
        "target_metadata": metadata,
        "transactional_ddl": True,  # SQLite can, once the driver leaves transactions to us
        "render_as_batch": True,  # SQLite changes a column by building the table anew
        "compare_type": True,
        "render_item": render_item,
        "user_module_prefix": "",
    }


def render_item(kind: str, item: object, context: Any) -> str | Literal[False]:
    """Print our own types by their short names; leave everything else to Alembic."""
    if kind == "type" and isinstance(item, UtcDateTime | Json):
        name = type(item).__name__
        context.imports.add(f"from storage.types import {name}")
        return f"{name}()"
    return False
