"""Statements that every command runs, handed straight to the database driver.

SQLAlchemy compiles them, with its types; what is left out is what it does around each execution,
which costs several times as much as SQLite takes to find a row by its key.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Select, Update

Statement = Select[Any] | Insert | Update
Process = Callable[[Any], Any] | None


class Direct:
    """A statement compiled for one kind of database.

    :param columns: for an insert or update, the columns that get a value.
    """

    def __init__(self, statement: Statement, dialect: Dialect, columns: Sequence[str]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(columns) or None)
        names: Sequence[str] = compiled.positiontup or tuple(compiled.binds)
        self.sql = str(compiled)
        self._dialect = dialect
        self._positional = compiled.positional
        self._binds = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in names
        ]
        self._chosen = tuple(statement.selected_columns) if isinstance(statement, Select) else ()
        self._results: list[Process] | None = None
        # Fields that no attribute can be called are renamed; nobody asks for such a column.
        fields: list[str] = [str(c.name) for c in self._chosen]
        self._shape: Any = namedtuple("_Row", fields, rename=True)  # noqa: PYI024 # pyright: ignore[reportUntypedNamedTuple]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them; a type that refuses one raises ``ValueError``."""
        ready = [(n, values[n] if p is None else p(values[n])) for n, p in self._binds]
        return [v for _, v in ready] if self._positional else dict(ready)

    def rows(self, cursor: Any) -> list[Any]:
        """The rows of a result, their columns as attributes."""
        if self._results is None:
            # What a type makes of a value may depend on what the driver says that it sends.
            codes = [d[1] for d in cursor.description]
            self._results = [
                c.type.dialect_impl(self._dialect).result_processor(self._dialect, code)
                for c, code in zip(self._chosen, codes, strict=True)
            ]
        made = self._results
        return [
            self._shape._make([v if p is None else p(v) for p, v in zip(made, raw, strict=True)])
            for raw in cursor.fetchall()
        ]


_KNOWN: dict[tuple[Statement, str, tuple[str, ...]], Direct] = {}


def rows(connection: Connection, statement: Select[Any], values: Mapping[str, Any]) -> list[Any]:
    """The rows that a select finds."""
    if _watched(connection):
        return list(connection.execute(statement, values).all())
    direct = _direct(connection, statement, ())
    cursor = connection.connection.cursor()
    try:
        cursor.execute(direct.sql, direct.parameters(values))
        return direct.rows(cursor)
    finally:
        cursor.close()


def returned(connection: Connection, statement: Update, values: Mapping[str, Any]) -> Any:
    """The one value that an update with ``RETURNING`` answers; None where it finds no row."""
    if _watched(connection):
        return connection.execute(statement, values).scalar()
    direct = _direct(connection, statement, ())
    cursor = connection.connection.cursor()
    try:
        cursor.execute(direct.sql, direct.parameters(values))
        row = cursor.fetchone()
        return None if row is None else row[0]
    finally:
        cursor.close()


def run(connection: Connection, statement: Insert | Update, values: Mapping[str, Any]) -> int:
    """Insert or update; the number of rows.

    The columns of the statement are those of the values; the parameters of its conditions are among
    them.
    """
    if _watched(connection):
        return connection.execute(statement, values).rowcount
    columns = tuple(n for n in values if n in statement.table.c)
    direct = _direct(connection, statement, columns)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(direct.sql, direct.parameters(values))
        return int(cursor.rowcount)
    finally:
        cursor.close()


def _direct(connection: Connection, statement: Statement, columns: tuple[str, ...]) -> Direct:
    key = (statement, connection.dialect.name, columns)
    known = _KNOWN.get(key)
    if known is None:
        known = _KNOWN[key] = Direct(statement, connection.dialect, columns)
    return known


def _watched(connection: Connection) -> bool:
    """Whether somebody listens to what is executed (a trace, a test): then SQLAlchemy does it."""
    dispatch: Any = connection.dispatch
    return bool(dispatch.before_cursor_execute or dispatch.after_cursor_execute)
