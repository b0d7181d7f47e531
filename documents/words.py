"""Small pieces that all documents are worded with: lists of names, dashes, cleaned text."""

from __future__ import annotations

import re
from collections.abc import Iterable

DASH = "—"
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def typed(text: str) -> str:
    """What somebody typed, as a document may hold it: line breaks stay, control characters go."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def listed(locale: str, words: Iterable[str]) -> str:
    """Names in a row, in the manner of the language; a dash for none."""
    return ("、" if locale == "zh" else ", ").join(typed(w) for w in words) or DASH


def or_dash(text: str | None) -> str:
    """The text, or a dash."""
    return typed(text) if text else DASH
