"""What every repository shares: a connection, one workspace, and four verbs."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    Text,
    and_,
    cast,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from domain.clock import Clock
from storage import driver
from storage.statements import (
    FEW,
    insert_few,
    insert_into,
    keyed,
    numbered,
    select_by,
    update_by,
    upsert_on,
)

R = TypeVar("R", bound="Repository")


class Repository:
    """Reads and writes the rows of one workspace inside one transaction.

    :param connection: belongs to the unit of work, which commits.
    :param workspace_id: every statement is bound to it.
    :param clock: says when something is written.
    """

    def __init__(self, connection: Connection, workspace_id: str, clock: Clock) -> None:
        self._connection = connection
        self._workspace = workspace_id
        self._clock = clock

    def _beside(self, kind: type[R]) -> R:
        """Another repository of the same transaction."""
        return kind(self._connection, self._workspace, self._clock)

    def _mine(self, table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        """The conditions, within this workspace."""
        return and_(table.c.workspace_id == self._workspace, *conditions)

    def _among(self, column: ColumnElement[Any], ids: Collection[str]) -> ColumnElement[bool]:
        """Whether the column is one of many ids, sent as one parameter.

        ``IN`` with a parameter each costs more than the query once there are hundreds.
        """
        listed = json.dumps(list(ids))
        if self._connection.dialect.name == "sqlite":
            return column.in_(select(func.json_each(listed).table_valued("value").c.value))
        array = cast(literal(listed, Text()), JSONB)
        return column.in_(select(func.jsonb_array_elements_text(array).column_valued("value")))

    def _first(self, statement: Select[*tuple[Any, ...]]) -> Row[Any] | None:
        return self._connection.execute(statement).first()

    def _all(self, statement: Select[*tuple[Any, ...]]) -> Sequence[Row[Any]]:
        return self._connection.execute(statement).all()

    def _row(self, table: Table, **keys: Any) -> Row[Any] | None:
        """The row whose columns have these values: the fast way to one row."""
        statement = select_by(table, tuple(keys))
        found = driver.rows(self._connection, statement, keyed(self._workspace, keys))
        return found[0] if found else None

    def _rows(self, table: Table, **keys: Any) -> Sequence[Row[Any]]:
        """The rows whose columns have these values, in no order."""
        statement = select_by(table, tuple(keys))
        return driver.rows(self._connection, statement, keyed(self._workspace, keys))

    def _insert(self, table: Table, values: Mapping[str, Any]) -> None:
        row = {"workspace_id": self._workspace, **values}
        driver.run(self._connection, insert_into(table), row)

    def _insert_many(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Rows with the same columns; a few of them are one statement."""
        if len(rows) == 1:
            self._insert(table, rows[0])
            return
        mine = [{"workspace_id": self._workspace, **row} for row in rows]
        if len(rows) > FEW:
            self._connection.execute(insert_into(table), mine)
        elif rows:
            statement = insert_few(table, tuple(mine[0]), len(mine))
            driver.run(self._connection, statement, numbered(mine))

    def _update(self, table: Table, where: ColumnElement[bool], values: Mapping[str, Any]) -> int:
        """The number of rows that were changed."""
        statement = update(table).where(self._mine(table, where)).values(dict(values))
        return self._connection.execute(statement).rowcount

    def _update_row(self, table: Table, values: Mapping[str, Any], **keys: Any) -> int:
        """As :meth:`_update` for plain values and rows whose columns have these values."""
        parameters = {**values, **keyed(self._workspace, keys)}
        return driver.run(self._connection, update_by(table, tuple(keys)), parameters)

    def _delete(self, table: Table, where: ColumnElement[bool]) -> int:
        """The number of rows that were removed."""
        return self._connection.execute(delete(table).where(self._mine(table, where))).rowcount

    def _upsert(self, table: Table, keys: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Insert the row with these keys, or update it. The keys must be unique."""
        dialect = self._connection.dialect.name
        statement = upsert_on(table, tuple(keys), tuple(values), dialect)
        row = {"workspace_id": self._workspace, **keys, **values}
        driver.run(self._connection, statement, row)
