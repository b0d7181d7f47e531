"""How much of a spreadsheet is read, and collecting its rows within that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.errors import UserError
from domain.ports import Cell

Rows = list[list[Cell]]

MOST_BYTES = 20 * 1024 * 1024
"""Bytes of a file."""
MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes of everything inside an xlsx; more is no table but an attack, or pictures."""
MOST_ROWS = 10_000
MOST_COLUMNS = 100


def collect(rows: Iterable[Sequence[Cell]]) -> Rows:
    """The rows up to the last one with content.

    Spreadsheets often end in thousands of rows that are only formatted; those do not count.

    :raises UserError: ``file.too_many_rows``, ``file.too_many_columns``.
    """
    found: Rows = []
    blank = 0
    for row in rows:
        cells = _trimmed(row)
        if not cells:
            blank += 1
            continue
        if len(found) + blank >= MOST_ROWS:
            raise UserError("file.too_many_rows", most=MOST_ROWS)
        if len(cells) > MOST_COLUMNS:
            raise UserError("file.too_many_columns", most=MOST_COLUMNS)
        found += [[] for _ in range(blank)]
        blank = 0
        found.append(cells)
    return found


def _trimmed(row: Sequence[Cell]) -> list[Cell]:
    end = len(row)
    while end and _is_blank(row[end - 1]):
        end -= 1
    return list(row[:end])


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
