"""Markdown in which nothing that people typed is taken for markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|!~&])")
_LEADING = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))", re.MULTILINE)


def plain(text: str) -> str:
    """Foreign text in a line or paragraph; its line breaks stay."""
    escaped = _SPECIAL.sub(r"\\\1", text)
    escaped = _LEADING.sub(_guarded, escaped)
    return "\\\n".join(line.rstrip() for line in escaped.splitlines())


def _guarded(match: re.Match[str]) -> str:
    """A list mark or an underline at the start of a line, so that it is only itself."""
    mark = match.group(2)
    return f"{match.group(1)}{mark}\\" if mark[0].isdigit() else f"{match.group(1)}\\{mark}"


def cell(text: str) -> str:
    """Foreign text in a table."""
    return _SPECIAL.sub(r"\\\1", text).replace("\n", "<br>").strip()


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table of foreign texts, with a blank line after it."""
    lines = [_line(map(cell, head)), _line("---" for _ in head)]
    lines += [_line(map(cell, row)) for row in rows]
    return [*lines, ""]


def facts(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Label and value, one a line, with a blank line after them."""
    return [*(f"- **{plain(label)}**: {cell(value)}" for label, value in pairs), ""]


def document(lines: Iterable[str]) -> str:
    """The whole text, ending in one line break."""
    return "\n".join(lines).rstrip("\n") + "\n"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
