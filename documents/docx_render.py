"""Fills a Word template, ours or a company's, and refuses one that is not what it should be."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docxtpl import DocxTemplate  # pyright: ignore[reportMissingTypeStubs]
from jinja2 import TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError, TemplateError

from documents.packing import repack
from documents.template_guard import GuardedEnvironment, RefusedTemplateError, syntax_detail
from domain.errors import UserError

LARGEST_TEMPLATE = 5 * 1024 * 1024
_LARGEST_UNPACKED = 40 * 1024 * 1024
_LARGEST_XML = 8 * 1024 * 1024
_MOST_PARTS = 1_000
_MAIN = "word/document.xml"
_MISFITS = (
    OpcError,
    PythonDocxError,
    SyntaxError,  # of the XML: the parser's error is one
    zipfile.BadZipFile,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
)
"""What the libraries throw at a package whose parts do not fit together."""


def fill(template: bytes, context: Mapping[str, Any], *, title: str, at: datetime) -> bytes:
    """The template with its fields filled in; the same input gives the same bytes.

    :param context: texts, lists and mappings only; every text is escaped.
    :param title: becomes the document's title property.
    :param at: becomes its time of making.
    :raises UserError: ``document.template_…``, in words for whoever keeps the template.
    """
    check_package(template)
    try:
        document: Any = DocxTemplate(io.BytesIO(template))
        document.render(dict(context), GuardedEnvironment(), autoescape=True)
        _set_properties(document, title, at)
        out = io.BytesIO()
        document.save(out)
    except RefusedTemplateError as error:
        raise UserError("document.template_refused", what=error.what) from error
    except SecurityError as error:
        raise UserError("document.template_refused", what=str(error)[:200]) from error
    except UndefinedError as error:
        raise UserError("document.template_unknown_field", detail=str(error)[:200]) from error
    except TemplateSyntaxError as error:
        raise UserError("document.template_broken", detail=syntax_detail(error)) from error
    except (TemplateError, RecursionError) as error:
        raise UserError("document.template_broken", detail=str(error)[:200]) from error
    except _MISFITS as error:
        raise UserError("document.template_not_docx") from error
    return repack(out.getvalue(), at)


def check_package(data: bytes) -> None:
    """Refuse what is no Word document, what unpacks to too much, and what could act by itself.

    :raises UserError: ``document.template_not_docx``, ``…_too_large`` or ``…_refused``.
    """
    if len(data) > LARGEST_TEMPLATE:
        raise UserError("document.template_too_large", n=LARGEST_TEMPLATE // (1024 * 1024))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_parts(package)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise UserError("document.template_not_docx") from error


def _check_parts(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    names = {part.filename for part in parts}
    if _MAIN not in names or "[Content_Types].xml" not in names:
        raise UserError("document.template_not_docx")
    # The sizes that a package declares bind: reading stops there, and a lie fails the checksum.
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
        raise UserError("document.template_too_large", n=_LARGEST_UNPACKED // (1024 * 1024))
    for part in parts:
        name = part.filename.lower()
        if "vbaproject" in name or "/activex/" in name:
            raise UserError("document.template_refused", what=part.filename[:100])
        if not name.endswith((".xml", ".rels")):
            continue
        if part.file_size > _LARGEST_XML:
            raise UserError("document.template_too_large", n=_LARGEST_XML // (1024 * 1024))
        content = package.read(part)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise UserError("document.template_refused", what="DOCTYPE")


def _set_properties(document: Any, title: str, at: datetime) -> None:
    properties = document.docx.core_properties  # get_docx() would read the template again
    properties.title = title[:250]
    properties.author = "Duban"
    properties.last_modified_by = "Duban"
    properties.created = properties.modified = at.astimezone(UTC).replace(tzinfo=None)
