"""Builds the shipped Word templates: ``python -m documents.templates.build [folder]``.

The files are committed, so that an installation needs no building; run this after changing a label
or the look. The result depends on nothing but the texts, so a second run changes nothing.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from docx.document import Document as DocumentObject

import locales
from documents import change_record, minutes
from documents.packing import repack
from documents.plan_columns import COLUMNS
from documents.templates.styling import (
    fact_table,
    header_and_footer,
    loop_table,
    new_document,
    tag,
)
from documents.texts import say

_MADE = datetime(2024, 1, 1, tzinfo=UTC)
_WIDTHS = {
    "ref": 1.4, "version": 1.6, "story_title": 4.0, "votes_text": 4.3, "missing": 2.0,
    "outcome": 2.3, "result": 2.2, "text": 9.0, "note": 4.0, "number": 1.6, "name": 2.2,
    "time": 1.6, "owner": 2.2, "due": 3.4, "url": 5.6, "design": 2.6, "marked": 2.6,
    "what": 5.0, "changed": 3.0, "at": 3.8, "why": 2.6, "state": 2.6, "reason": 5.0,
    "name_of_part": 4.0, "before": 6.0, "after": 6.0,
}  # fmt: skip


def build(kind: str, locale: str) -> bytes:
    """One template of :data:`BUILDERS` in a language."""
    document = new_document()
    BUILDERS[kind](document, locale)
    page = say(locale, "document.page").split("|")
    header_and_footer(document, "{{ product }} · {{ heading }}", (page[0], page[1], page[2]))
    out = io.BytesIO()
    document.save(out)
    return repack(out.getvalue(), _MADE)


def _field(name: str) -> str:
    return f"{{{{ {name} }}}}"


def _minutes(document: DocumentObject, locale: str) -> None:
    def label(name: str) -> str:
        return say(locale, f"document.minutes.{name}")

    document.add_paragraph(label("kind"), style="Title")
    tag(document, "{%p if draft %}")
    document.add_paragraph(label("draft_note")).runs[0].bold = True
    tag(document, "{%p endif %}")
    narrow = [n for n in minutes.HEAD if n not in ("title", "present", "excused", "absent")]
    fact_table(document, [(label("title"), f"{_field('ref')} {_field('title')}")], 1)
    fact_table(document, [(label(n), _field(n)) for n in narrow], 2)
    wide = ("present", "excused", "absent")
    fact_table(document, [(label(n), _field(n)) for n in wide], 1)
    for name, columns in minutes.TABLES:
        tag(document, f"{{%p if {name} %}}")
        document.add_heading(label(f"section.{name}"), 1)
        fields = [minutes.FIELD_OF.get(c, c) for c in columns]
        widths = [_WIDTHS[c] for c in columns]
        loop_table(document, [label(c) for c in columns], fields, widths, name)
        tag(document, "{%p endif %}")
    document.add_heading(label("section.confirm"), 1)
    fact_table(document, [(label("undecided_items"), _field("undecided"))], 1)
    _signatures(document, [label("sign.chair"), label("sign.po"), label("sign.pm")], locale)
    fact_table(
        document, [(label("digest"), _field("digest")), (label("earlier"), _field("earlier"))], 1
    )


def _change(document: DocumentObject, locale: str) -> None:
    def label(name: str) -> str:
        return say(locale, f"document.change.{name}")

    document.add_paragraph(label("kind"), style="Title")
    for section, names in change_record.SECTIONS:
        document.add_heading(label(f"section.{section}"), 1)
        long = section == "content"
        fact_table(document, [(label(n), _field(n)) for n in names], 1 if long else 2)
        for name, columns in change_record.TABLES.get(section, ()):
            tag(document, f"{{%p if {name} %}}")
            document.add_heading(label(f"table.{name}"), 2)
            fields = [change_record.FIELD_OF.get(c, c) for c in columns]
            widths = [_WIDTHS[c] for c in columns]
            loop_table(document, [label(c) for c in columns], fields, widths, name)
            tag(document, "{%p endif %}")
    document.add_heading(label("section.confirm"), 1)
    _signatures(document, [label("sign.author"), label("sign.po"), label("sign.pm")], locale)


def _plan(document: DocumentObject, locale: str) -> None:
    def label(name: str) -> str:
        return say(locale, f"document.plan.{name}")

    document.add_paragraph(label("sheet"), style="Title")
    names = ("product", "plan", "release", "today", "first", "last")
    fact_table(document, [(label(n), _field(n)) for n in names], 2)
    for name, columns in (
        ("phases", ("name", "owner", "starts", "ends", "days", "progress", "state", "after")),
        ("milestones", ("name", "ends", "state", "after")),
    ):
        tag(document, f"{{%p if {name} %}}")
        document.add_heading(label(f"section.{name}"), 1)
        wide = {c.name: c.width for c in COLUMNS}
        loop_table(
            document, [label(c) for c in columns], list(columns), [wide[c] for c in columns], name
        )
        tag(document, "{%p endif %}")
    tag(document, "{%p if phases %}")
    document.add_heading(label("section.gates"), 1)
    columns = ("name", "deliverables", "gate")
    loop_table(document, [label(c) for c in columns], list(columns), [5, 5, 7], "phases")
    tag(document, "{%p endif %}")


def _signatures(document: DocumentObject, labels: list[str], locale: str) -> None:
    """Empty places to sign on paper."""
    blank = say(locale, "document.sign_here")
    fact_table(document, [(each, blank) for each in labels], 1)


BUILDERS: dict[str, Callable[[DocumentObject, str], None]] = {
    "minutes": _minutes,
    "change": _change,
    "plan": _plan,
}
"""What builds each template."""


def main(arguments: list[str]) -> None:
    """Write every template in every language."""
    folder = Path(arguments[0]) if arguments else Path(__file__).parent
    for kind in BUILDERS:
        for locale in locales.LOCALES:
            (folder / f"{kind}.{locale}.docx").write_bytes(build(kind, locale))


if __name__ == "__main__":
    main(sys.argv[1:])
