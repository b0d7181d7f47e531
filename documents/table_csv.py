"""Reading csv as Excel, WPS, Numbers and export buttons write it."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from documents.table_limits import Rows, collect
from domain.errors import UserError
from domain.messages import T

_SEPARATORS = (",", ";", "\t")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_AT = 50
"""Rows from which the separator is guessed."""


def read_csv(data: bytes, name: str) -> Rows:
    """The rows of a csv file; every cell is text.

    UTF-8, UTF-16 and GB18030 (what Chinese Excel writes), separated by commas, semicolons or tabs.

    :raises UserError: ``file.not_a_table`` for anything that is no text.
    """
    text = _decode(data)
    if text is None or _is_binary(text):
        raise UserError("file.not_a_table", T("file.how"), name=name)
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        # Excel's own line that names the separator. It is no row of the sheet.
        return _collect(rest, first.strip()[4], name)
    return _collect(text, _separator(text), name)


def _collect(text: str, separator: str, name: str) -> Rows:
    try:
        return collect(_rows(text, separator))
    except csv.Error as error:
        raise UserError("file.broken", T("file.how"), name=name) from error


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _decode(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _try(data, encoding)
    half = data[: 4000 & ~1]
    if half[1::2].count(0) > len(half) // 4:
        return _try(data, "utf-16-le")
    text = _try(data, "utf-8")
    return text if text is not None else _try(data, "gb18030")


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_binary(text: str) -> bool:
    """Whether there are control characters that no text has."""
    return any(ord(sign) < 32 and sign not in "\t\r\n\x0b\x0c\x1a" for sign in text)


def _separator(text: str) -> str:
    """The sign that cuts most of the first rows into the same number of cells."""

    def score(separator: str) -> tuple[int, int]:
        try:
            rows = list(islice(_rows(text, separator), _LOOKED_AT))
        except csv.Error:
            return 0, 0
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if not widths:
            return 0, 0
        width, times = widths.most_common(1)[0]
        return times, width

    return max(_SEPARATORS, key=score)
