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

    :param names: for an insert or update, what has a value: columns, and parameters of conditions.
    """

    def __init__(self, statement: Statement, dialect: Dialect, names: Sequence[str]) -> None:
        columns = () if isinstance(statement, Select) else statement.table.c.keys()
        keys = [name for name in names if name in columns] or None
        compiled = statement.compile(dialect=dialect, column_keys=keys)
        binds: Sequence[str] = compiled.positiontup or tuple(compiled.binds)
        self.sql = str(compiled)
        self._dialect = dialect
        self._positional = compiled.positional
        self._binds = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in binds
        ]
        self._chosen = tuple(statement.selected_columns) if isinstance(statement, Select) else ()
        self._made: list[tuple[int, Callable[[Any], Any]]] | None = None
        # Fields that no attribute can be called are renamed; nobody asks for such a column.
        fields: list[str] = [str(c.name) for c in self._chosen]
        self._shape: Any = namedtuple("_Row", fields, rename=True)  # noqa: PYI024 # pyright: ignore[reportUntypedNamedTuple]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them; a type that refuses one raises ``ValueError``."""
        if self._positional:
            return [values[n] if p is None else p(values[n]) for n, p in self._binds]
        return {n: values[n] if p is None else p(values[n]) for n, p in self._binds}

    def rows(self, cursor: Any) -> list[Any]:
        """The rows of a result, their columns as attributes."""
        if self._made is None:
            # What a type makes of a value may depend on what the driver says that it sends.
            codes = [d[1] for d in cursor.description]
            processes: list[Process] = [
                c.type.dialect_impl(self._dialect).result_processor(self._dialect, code)
                for c, code in zip(self._chosen, codes, strict=True)
            ]
            self._made = [(n, p) for n, p in enumerate(processes) if p is not None]
        found: list[Any] = []
        for raw in cursor.fetchall():
            values = list(raw)
            for place, process in self._made:
                values[place] = process(values[place])
            found.append(self._shape._make(values))
        return found


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
    direct = _direct(connection, statement, tuple(values))
    cursor = connection.connection.cursor()
    try:
        cursor.execute(direct.sql, direct.parameters(values))
        return int(cursor.rowcount)
    finally:
        cursor.close()


def _direct(connection: Connection, statement: Statement, names: tuple[str, ...]) -> Direct:
    dialect = connection.dialect
    key = (statement, dialect.name, names)
    known = _KNOWN.get(key)
    if known is None:
        known = _KNOWN[key] = Direct(statement, dialect, names)
    return known


def _watched(connection: Connection) -> bool:
    """Whether somebody listens to what is executed (a trace, a test): then SQLAlchemy does it."""
    dispatch: Any = connection.dispatch
    return bool(dispatch.before_cursor_execute or dispatch.after_cursor_execute)
