"""Making and reading Word documents in tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from docx import Document
from docx.table import Table


def template(*paragraphs: str, header: str = "", rows: tuple[str, ...] = ()) -> bytes:
    """A small template with these paragraphs (and a table with one cell a row)."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=0, cols=1)
        for text in rows:
            table.add_row().cells[0].text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def text_of(data: bytes) -> str:
    """All text of a document in reading order, a line per paragraph and table row, header first."""
    document = Document(io.BytesIO(data))
    lines = [p.text for p in document.sections[0].header.paragraphs]
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    return "\n".join(lines)


def tables_of(data: bytes) -> list[list[list[str]]]:
    """Every table as rows of cells."""
    tables = Document(io.BytesIO(data)).tables
    return [[[c.text for c in row.cells] for row in table.rows] for table in tables]


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The package with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, change(content) if name == part else content)
    return out.getvalue()
