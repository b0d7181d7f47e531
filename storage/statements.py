"""Statements that are asked again and again, built once.

Building a statement and finding its place in SQLAlchemy's cache costs several times what running
it does; the same object run again costs neither. Everything here is bound to one workspace.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

WORKSPACE = "workspace_id"
_KEY = "key_"
"""Before a key's name, so that a key and a new value of the same column are two parameters."""


def keyed(workspace: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters for the keys of a statement of this module."""
    return {_KEY + WORKSPACE: workspace, **{_KEY + name: value for name, value in keys.items()}}


@cache
def select_by(table: Table, keys: tuple[str, ...]) -> Select[Any]:
    """All columns of the rows of a workspace where each key has the value given."""
    return select(table).where(_where(table, keys))


@cache
def insert_into(table: Table) -> Insert:
    """A row; its columns are those of the parameters."""
    return insert(table)


FEW = 8
"""So many rows at the most are inserted by one statement of :func:`insert_few`."""


@cache
def insert_few(table: Table, columns: tuple[str, ...], count: int) -> Insert:
    """A few rows in one statement, which is one round trip; its parameters are ``numbered``."""
    types = {name: table.c[name].type for name in columns}
    return insert(table).values(
        [
            {name: bindparam(f"{name}_{row}", type_=kind) for name, kind in types.items()}
            for row in range(count)
        ]
    )


def numbered(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The parameters for the rows of :func:`insert_few`."""
    return {f"{name}_{n}": value for n, row in enumerate(rows) for name, value in row.items()}


@cache
def update_by(table: Table, keys: tuple[str, ...]) -> Update:
    """The rows of a workspace with these keys; the columns set are those of the parameters."""
    return update(table).where(_where(table, keys))


@cache
def upsert_on(table: Table, keys: tuple[str, ...], values: tuple[str, ...], dialect: str) -> Insert:
    """A row, or new values for the one that has the keys already.

    The keys must be unique, by themselves or within the workspace. A row of another workspace is
    never touched.
    """
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = make(table)
    unique = keys if _unique_alone(table, keys) else (WORKSPACE, *keys)
    return statement.on_conflict_do_update(
        index_elements=[table.c[name] for name in unique],
        set_={name: statement.excluded[name] for name in values},
        where=table.c[WORKSPACE] == statement.excluded[WORKSPACE],
    )


def _unique_alone(table: Table, keys: tuple[str, ...]) -> bool:
    return {column.name for column in table.primary_key} == set(keys)


def _where(table: Table, keys: tuple[str, ...]) -> ColumnElement[bool]:
    return and_(*(table.c[name] == bindparam(_KEY + name) for name in (WORKSPACE, *keys)))
