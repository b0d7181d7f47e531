"""Rows of the fake's tables, with the column names and defaults that ZenTao's answers show."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

COLUMNS: Mapping[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "columns.json").read_text(encoding="utf-8")
)


class Row(dict[str, Any]):
    """A row: only what was written is kept, everything else is the column's default."""

    __slots__ = ("columns",)

    def __init__(self, columns: Mapping[str, Any], /, **values: Any) -> None:
        super().__init__(values)
        self.columns = columns

    def __missing__(self, key: str) -> Any:
        return self.columns[key]

    def full(self) -> dict[str, Any]:
        """All columns, in the server's order."""
        return {**self.columns, **self}

    def copy(self) -> Row:
        """The row as it is now."""
        return Row(self.columns, **self)


class Table:
    """Rows of one kind, by id; ids only grow."""

    def __init__(self, kind: str) -> None:
        self.columns = COLUMNS[kind]
        self._rows: dict[int, Row] = {}
        self._next = 1
        self._chosen = 0

    def add(self, **values: Any) -> Row:
        """A new row; ``id`` may be chosen (the next ids follow it)."""
        number = int(values.pop("id", 0)) or self._chosen or self._next
        self._next, self._chosen = max(self._next, number + 1), 0
        row = Row(self.columns, id=number, **values)
        self._rows[number] = row
        return row

    def get(self, number: int) -> Row | None:
        """The row, deleted or not."""
        return self._rows.get(number)

    def reserve(self, number: int) -> None:
        """Let the next row have this free id; the rows after it follow the highest one."""
        assert number not in self._rows, f"{number} is taken"
        self._chosen = number

    def __iter__(self) -> Iterator[Row]:
        return (row for row in list(self._rows.values()) if not row["deleted"])

    def __len__(self) -> int:
        return sum(1 for _ in self)
