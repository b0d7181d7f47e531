"""The look of a company document: page, faces for both scripts, tables that go on over pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

_BODY = ("Times New Roman", "宋体")
_HEAD = ("Arial", "黑体")
_LABEL_FILL = "EDF1F6"
_HEAD_FILL = "DCE5F0"
_INK = RGBColor(0x1F, 0x29, 0x33)
PAGE_WIDTH = 17.0
"""Centimetres between the margins of an A4 page."""


def new_document() -> DocumentObject:
    """An empty A4 document with the faces set for Latin and Chinese."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2)
    normal: Any = document.styles["Normal"]
    _face(normal, _BODY, 10.5)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.25
    for name, size in (("Title", 20), ("Heading 1", 14), ("Heading 2", 12)):
        style: Any = document.styles[name]
        _face(style, _HEAD, size)
        style.font.bold = True
        style.font.color.rgb = _INK
        style.paragraph_format.space_before = Pt(0 if name == "Title" else 12)
        style.paragraph_format.space_after = Pt(8 if name == "Title" else 5)
        style.paragraph_format.keep_with_next = True
    title: Any = document.styles["Title"]
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    borders = title.element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:
        borders.getparent().remove(borders)
    return document


def _face(style: Any, face: tuple[str, str], size: float) -> None:
    """The Latin and the Chinese face of a style; either script may occur in either language."""
    latin, chinese = face
    style.font.name = latin
    style.font.size = Pt(size)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), chinese)
    fonts.set(qn("w:hAnsi"), latin)
    language = _element("lang", val="en-US", eastAsia="zh-CN")
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(language)


def header_and_footer(document: DocumentObject, header: str, page: tuple[str, str, str]) -> None:
    """A header line, and "page X of Y" by the words before, between and after the numbers."""
    section = document.sections[0]
    top = section.header.paragraphs[0]
    top.text = header
    _small(top)
    _rule_below(top)
    bottom = section.footer.paragraphs[0]
    bottom.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, between, after = page
    bottom.add_run(before)
    _field(bottom, "PAGE")
    bottom.add_run(between)
    _field(bottom, "NUMPAGES")
    bottom.add_run(after)
    _small(bottom)


def _small(paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        run.font.size = Pt(9)
        run.font.color.rgb = RGBColor(0x61, 0x6E, 0x7C)


def _rule_below(paragraph: Paragraph) -> None:
    borders = _element("pBdr")
    borders.append(_element("bottom", val="single", sz="4", space="4", color="A0AEC0"))
    _raw(paragraph).get_or_add_pPr().append(borders)


def _field(paragraph: Paragraph, code: str) -> None:
    """A field that Word computes; python-docx has none of its own."""
    instruction = _element("instrText")
    instruction.text = f" {code} "
    for part in ("begin", instruction, "separate", "1", "end"):
        run = paragraph.add_run()
        if part == "1":
            run.add_text(part)
        else:
            mark = _element("fldChar", fldCharType=part) if isinstance(part, str) else part
            _raw(run).append(mark)


def _element(name: str, **attributes: str) -> Any:
    """A WordprocessingML element, all of its attributes in the same namespace."""
    element: Any = parse_xml(f"<w:{name} {nsdecls('w')}/>")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _raw(part: Any) -> Any:
    """The element behind a run, paragraph, row or cell, for what python-docx has no name for."""
    return part._element  # noqa: SLF001 - the library documents it as its way out


def tag(document: DocumentObject, text: str) -> None:
    """A paragraph that only holds a template tag; docxtpl removes it."""
    document.add_paragraph(text)


def fact_table(document: DocumentObject, pairs: Sequence[tuple[str, str]], columns: int) -> None:
    """Labels and fields, ``columns`` pairs in a row; a last pair alone gets the whole row."""
    label = 3.2
    value = PAGE_WIDTH / columns - label
    table = _table(document, [label, value] * columns)
    for start in range(0, len(pairs), columns):
        row = table.add_row()
        keep_together(row)
        chunk = pairs[start : start + columns]
        for index, (name, field) in enumerate(chunk):
            put(row.cells[2 * index], name, bold=True, fill=_LABEL_FILL)
            put(row.cells[2 * index + 1], field)
        if len(chunk) < columns:
            row.cells[2 * len(chunk) - 1].merge(row.cells[-1])


def loop_table(
    document: DocumentObject,
    heads: Sequence[str],
    fields: Sequence[str],
    widths: Sequence[float],
    source: str,
) -> None:
    """A table with a repeated header and one row per entry of ``source``.

    :param widths: in centimetres; scaled to the page.
    """
    scale = PAGE_WIDTH / sum(widths)
    table = _table(document, [w * scale for w in widths])
    header = table.add_row()
    keep_together(header)
    _raw(header).get_or_add_trPr().append(_element("tblHeader"))
    for cell, head in zip(header.cells, heads, strict=True):
        put(cell, head, bold=True, fill=_HEAD_FILL, centred=True)
    put(table.add_row().cells[0], f"{{%tr for row in {source} %}}")
    body = table.add_row()
    keep_together(body)
    for cell, field in zip(body.cells, fields, strict=True):
        put(cell, f"{{{{ row.{field} }}}}")
    put(table.add_row().cells[0], "{%tr endfor %}")


def _table(document: DocumentObject, widths: Sequence[float]) -> Table:
    table = document.add_table(rows=0, cols=len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    return table


def keep_together(row: Any) -> None:
    """A row is not torn apart at the end of a page."""
    _raw(row).get_or_add_trPr().append(_element("cantSplit"))


def put(cell: Any, text: str, *, bold: bool = False, fill: str = "", centred: bool = False) -> None:
    """Text in a cell."""
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.bold = bold
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if fill:
        _raw(cell).get_or_add_tcPr().append(_element("shd", val="clear", color="auto", fill=fill))
