"""Reading spreadsheets that people send: what is in the file, or what to do about it."""

from __future__ import annotations

from documents.table_csv import read_csv
from documents.table_limits import MOST_BYTES, Rows
from documents.table_xlsx import read_xlsx
from domain.errors import UserError
from domain.messages import T
from domain.ports import Cell

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SHEETS = (".xlsx", ".xlsm", ".xltx", ".xls", ".et", ".ods")


def read_table(data: bytes, name: str) -> list[list[Cell]]:
    """The cells of the first visible sheet with content, or of a csv file, row by row.

    What the file is follows from its bytes; the name only helps to say what is wrong. Rows keep
    their places, so that the tenth list is the tenth row of the sheet; empty cells at the end of a
    row and empty rows at the end are left out.

    :param name: the file's name as the sender has it.
    :raises UserError: ``file.…`` when it is no xlsx or csv, is locked, broken, empty or too large.
    """
    if len(data) > MOST_BYTES:
        raise UserError("file.too_large", size=_megabytes(len(data)), most=_megabytes(MOST_BYTES))
    if not data.strip():
        raise UserError("file.empty", name=name)
    rows = _read(data, name)
    if not rows:
        raise UserError("file.empty", name=name)
    return rows


def _read(data: bytes, name: str) -> Rows:
    if data.startswith(_ZIP):
        return read_xlsx(data, name)
    if data.startswith(_OLE):
        locked = _ENCRYPTED in data
        raise UserError("file.locked" if locked else "file.old_format", T("file.how"), name=name)
    start = data[:1000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        raise UserError("file.web_page", T("file.how"), name=name)
    if name.lower().endswith(_SHEETS):
        raise UserError("file.not_a_sheet", T("file.how"), name=name)
    return read_csv(data, name)


def _megabytes(size: int) -> int:
    return -(-size // (1024 * 1024))
