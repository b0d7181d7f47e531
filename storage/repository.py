"""What every repository shares: a connection, one workspace, and four verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, delete, insert, update


class Repository:
    """Reads and writes the rows of one workspace inside one transaction.

    :param connection: belongs to the unit of work, which commits.
    :param workspace_id: every statement is bound to it.
    """

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace = workspace_id

    def _mine(self, table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        """The conditions, within this workspace."""
        return and_(table.c.workspace_id == self._workspace, *conditions)

    def _first(self, statement: Select[*tuple[Any, ...]]) -> Row[Any] | None:
        return self._connection.execute(statement).first()

    def _all(self, statement: Select[*tuple[Any, ...]]) -> Sequence[Row[Any]]:
        return self._connection.execute(statement).all()

    def _insert(self, table: Table, values: Mapping[str, Any]) -> None:
        self._connection.execute(insert(table), {"workspace_id": self._workspace, **values})

    def _insert_many(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self._connection.execute(
                insert(table), [{"workspace_id": self._workspace, **row} for row in rows]
            )

    def _update(self, table: Table, where: ColumnElement[bool], values: Mapping[str, Any]) -> int:
        """The number of rows that were changed."""
        statement = update(table).where(self._mine(table, where)).values(dict(values))
        return self._connection.execute(statement).rowcount

    def _delete(self, table: Table, where: ColumnElement[bool]) -> int:
        """The number of rows that were removed."""
        return self._connection.execute(delete(table).where(self._mine(table, where))).rowcount

    def _upsert(self, table: Table, keys: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Update the row with these keys, or insert it."""
        where = and_(*(table.c[k] == v for k, v in keys.items()))
        if self._update(table, where, values) == 0:
            self._insert(table, {**keys, **values})
