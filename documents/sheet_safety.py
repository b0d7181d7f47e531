"""Keeps what people typed from becoming a formula in a spreadsheet."""

from __future__ import annotations

import re

from openpyxl.cell.cell import Cell

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BLANKS = " \u00a0\u3000"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LONGEST = 32_767
"""The most characters that a cell of a spreadsheet holds."""

GUARD = "'"
"""What spreadsheet programs take for "this is text"."""


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet program might take the text for a formula, leading blanks or not."""
    return text.startswith(_STARTS) or text.lstrip(_BLANKS).startswith(_STARTS)


def clean_text(text: str) -> str:
    """The text without the characters that no sheet may hold, cut at what a cell holds."""
    return _CONTROL.sub("", text)[:_LONGEST]


def csv_text(text: str) -> str:
    """The text for a csv cell: a dangerous one behind :data:`GUARD`.

    A csv file has no types, so only the text itself can say that it is one.
    """
    clean = clean_text(text)
    return (GUARD + clean)[:_LONGEST] if is_dangerous(clean) else clean


def put_text(cell: Cell, text: str) -> None:
    """Write foreign text into a cell of an xlsx sheet as text, whatever it begins with.

    The cell's type is text, so nothing computes it; a dangerous one is also marked as quoted, so
    that it stays text when somebody edits it. The text itself is unchanged and can be read back.
    """
    clean = clean_text(text)
    cell.value = clean
    cell.data_type = "s"
    if is_dangerous(clean):
        cell.quotePrefix = True  # pyright: ignore[reportAttributeAccessIssue]
