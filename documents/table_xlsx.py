"""Reading xlsx: dates as dates, formulas by the value that the spreadsheet program has saved."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import iterparse

from openpyxl import load_workbook

from documents.table_limits import MOST_UNPACKED, Rows, collect
from domain.errors import UserError
from domain.messages import T
from domain.ports import Cell

_FORMULA = b"<f"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_NAMED = 5
"""Cells without a value that an error names."""


def read_xlsx(data: bytes, name: str) -> Rows:
    """The rows of the first visible sheet with content.

    :raises UserError: ``file.not_a_sheet``, ``file.broken``, ``file.too_large_inside``,
        ``file.no_value`` for formulas whose result was never saved, and what :func:`collect` says.
    """
    try:
        has_formulas = _inspect(data, name)
        sheet, rows = _first_sheet(data)
        if has_formulas and rows:
            _refuse_unvalued(data, sheet)
    except UserError:
        raise
    except Exception as error:  # a broken file makes the library raise nearly anything
        raise UserError("file.broken", T("file.how"), name=name) from error
    return rows


def _inspect(data: bytes, name: str) -> bool:
    """Refuse what is no workbook or would not fit into memory; whether there are formulas."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        # Reading a member never gives more than the size it declares.
        if sum(member.file_size for member in members) > MOST_UNPACKED:
            raise UserError("file.too_large_inside", T("file.only_the_table"), name=name)
        names = {member.filename for member in members}
        if not any(each.startswith("xl/workbook") for each in names):
            raise UserError("file.not_a_sheet", T("file.how"), name=name)
        if any(member.flag_bits & 1 for member in members):
            raise UserError("file.locked", T("file.how"), name=name)
        for member in members:
            # Entities could unfold without end; no spreadsheet program writes any.
            if member.filename.endswith((".xml", ".rels")):
                with archive.open(member) as part:
                    if b"<!DOCTYPE" in part.read(2000):
                        raise UserError("file.broken", T("file.how"), name=name)
        sheets = [each for each in names if each.startswith("xl/worksheets/sheet")]
        return any(_FORMULA in archive.read(each) for each in sheets)


def _first_sheet(data: bytes) -> tuple[str, Rows]:
    """The place in the file and the rows of the sheet to read; no rows when all are empty."""
    with _opened(data) as book:
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for sheet in visible or book.worksheets:
            rows = collect(_cells(sheet))
            if rows:
                return str(sheet._worksheet_path), rows  # noqa: SLF001 (it has no other name)
    return "", []


def _refuse_unvalued(data: bytes, sheet: str) -> None:
    """Refuse formulas without a saved result: programs that write files do not compute them.

    A result that is an empty text is a result, which the library does not tell apart.
    """
    missing: list[str] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(sheet) as part:
        for _, element in iterparse(part):  # noqa: S314 (no DOCTYPE came this far)
            if element.tag == f"{_SHEET}c":
                formula = element.find(f"{_SHEET}f") is not None
                valued = element.get("t") == "str" or element.findtext(f"{_SHEET}v")
                if formula and not valued:
                    missing.append(element.get("r", "?"))
            elif element.tag == f"{_SHEET}row":
                element.clear()
    if missing:
        cells = ", ".join(missing[:_NAMED]) + (" …" if len(missing) > _NAMED else "")
        raise UserError("file.no_value", cells=cells, n=len(missing))


@contextmanager
def _opened(data: bytes) -> Generator[Any]:
    with warnings.catch_warnings():
        # What the library cannot show (drop-downs, pictures) is nothing that we read.
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            yield book
        finally:
            book.close()


def _cells(sheet: Any) -> Iterator[Sequence[Cell]]:
    sheet.reset_dimensions()  # the declared ones are often wrong
    for row in sheet.iter_rows(values_only=True):
        yield [_cell(value) for value in row]


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | int | float | bool | datetime | date):
        return value
    if isinstance(value, timedelta):
        return value.total_seconds() / 86400  # as the sheet keeps it: a number of days
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    return str(value)
