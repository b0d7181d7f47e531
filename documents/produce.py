"""One way to make every kind of document from what was loaded for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from documents import gantt
from documents.change_record import change_docx, change_markdown
from documents.fonts import ChartFont
from documents.ics import plan_calendar
from documents.minutes import minutes_docx, minutes_markdown
from documents.plan_docx import plan_docx
from documents.plan_view import PlanView, chart_of
from documents.plan_xlsx import plan_sheet
from documents.png import render
from documents.template_store import Templates
from documents.texts import say
from domain.changes.record import ChangeRecord
from domain.errors import NotFoundError
from domain.messages import Inline, T
from domain.reviews.minutes import Minutes

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARKDOWN = "text/markdown; charset=utf-8"
_LONGEST_NAME = 80

Loaded = Minutes | ChangeRecord | PlanView


@dataclass(frozen=True, slots=True)
class ProducedFile:
    """A finished file.

    :param name: in the reader's language, safe on every system.
    :param alt: what a picture shows, for those who do not see it; empty for other files.
    :param warning: what is not as it should be with it, to be said beside it.
    """

    name: str
    mime: str
    data: bytes
    alt: Inline = ""
    warning: T | None = None


@dataclass(frozen=True, slots=True)
class Workshop:
    """What making documents needs besides their contents.

    :param font: asked only when a picture is made, because finding one reads the disk.
    """

    templates: Templates
    font: Callable[[], ChartFont]


def produce(kind: str, loaded: Loaded, locale: str, workshop: Workshop) -> ProducedFile:
    """Make a document. The same input gives the same bytes, so that making it twice is harmless.

    :param kind: one of :data:`KINDS`.
    :param loaded: ``Minutes``, ``ChangeRecord`` or ``PlanView``, as the kind needs.
    :raises NotFoundError: ``document.unknown_kind``.
    :raises UserError: ``document.template_…`` when the company's template cannot be used.
    """
    maker = KINDS.get(kind)
    if maker is None:
        raise NotFoundError("document.unknown_kind", kind=kind)
    return maker(loaded, locale, workshop)


def file_name(stem: str, suffix: str) -> str:
    """A file's name from words that people typed: no path, no reserved sign, not too long."""
    clean = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+', " ", stem)
    clean = re.sub(r"\s+", " ", clean).strip(" .")
    return f"{clean[:_LONGEST_NAME].strip(' .') or 'duban'}.{suffix}"


def _minutes(loaded: Loaded) -> Minutes:
    if not isinstance(loaded, Minutes):
        raise TypeError("minutes are made from Minutes")
    return loaded


def _record(loaded: Loaded) -> ChangeRecord:
    if not isinstance(loaded, ChangeRecord):
        raise TypeError("a change record is made from a ChangeRecord")
    return loaded


def _view(loaded: Loaded) -> PlanView:
    if not isinstance(loaded, PlanView):
        raise TypeError("a plan's documents are made from a PlanView")
    return loaded


def _minutes_name(minutes: Minutes, locale: str, suffix: str) -> str:
    kind = say(locale, "document.minutes.kind")
    version = "" if minutes.version == 1 else f" v{minutes.version}"
    return file_name(f"{kind} {minutes.ref} {minutes.title}{version}", suffix)


def _record_name(record: ChangeRecord, locale: str, suffix: str) -> str:
    kind = say(locale, "document.change.kind")
    what = record.versions[-1].content.what
    return file_name(f"{kind} {record.ref} {what}", suffix)


def _plan_name(view: PlanView, locale: str, suffix: str, key: str = "sheet") -> str:
    kind = say(locale, f"document.plan.{key}")
    return file_name(f"{kind} {view.product} {view.plan.name} {view.today}", suffix)


def _minutes_docx(loaded: Loaded, locale: str, workshop: Workshop) -> ProducedFile:
    minutes = _minutes(loaded)
    data = minutes_docx(minutes, locale, workshop.templates.get("minutes", locale))
    return ProducedFile(_minutes_name(minutes, locale, "docx"), DOCX, data)


def _minutes_md(loaded: Loaded, locale: str, workshop: Workshop) -> ProducedFile:
    del workshop
    minutes = _minutes(loaded)
    data = minutes_markdown(minutes, locale).encode()
    return ProducedFile(_minutes_name(minutes, locale, "md"), MARKDOWN, data)


def _change_docx(loaded: Loaded, locale: str, workshop: Workshop) -> ProducedFile:
    record = _record(loaded)
    data = change_docx(record, locale, workshop.templates.get("change", locale))
    return ProducedFile(_record_name(record, locale, "docx"), DOCX, data)


def _change_md(loaded: Loaded, locale: str, workshop: Workshop) -> ProducedFile:
    del workshop
    record = _record(loaded)
    data = change_markdown(record, locale).encode()
    return ProducedFile(_record_name(record, locale, "md"), MARKDOWN, data)


def _plan_docx(loaded: Loaded, locale: str, workshop: Workshop) -> ProducedFile:
    view = _view(loaded)
    data = plan_docx(view, locale, workshop.templates.get("plan", locale))
    return ProducedFile(_plan_name(view, locale, "docx"), DOCX, data)


def _plan_xlsx(loaded: Loaded, locale: str, workshop: Workshop) -> ProducedFile:
    del workshop
    view = _view(loaded)
    return ProducedFile(_plan_name(view, locale, "xlsx"), XLSX, plan_sheet(view, locale))


def _plan_ics(loaded: Loaded, locale: str, workshop: Workshop) -> ProducedFile:
    del workshop
    view = _view(loaded)
    name = _plan_name(view, locale, "ics")
    return ProducedFile(name, "text/calendar; charset=utf-8", plan_calendar(view, locale))


def _chart_svg(loaded: Loaded, locale: str, workshop: Workshop) -> ProducedFile:
    del workshop  # the browser of whoever looks at it has its own fonts
    view = _view(loaded)
    chart = chart_of(view, locale)
    data = gantt.draw(chart).encode()
    name = _plan_name(view, locale, "svg", "chart")
    return ProducedFile(name, "image/svg+xml", data, gantt.describe(chart))


def _chart_png(loaded: Loaded, locale: str, workshop: Workshop) -> ProducedFile:
    view = _view(loaded)
    chart = chart_of(view, locale)
    font = workshop.font()
    data = render(gantt.draw(chart, font), font)
    name = _plan_name(view, locale, "png", "chart")
    return ProducedFile(name, "image/png", data, gantt.describe(chart), font.warning)


Maker = Callable[[Loaded, str, Workshop], ProducedFile]

KINDS: Mapping[str, Maker] = {
    "minutes.docx": _minutes_docx,
    "minutes.md": _minutes_md,
    "change.docx": _change_docx,
    "change.md": _change_md,
    "plan.docx": _plan_docx,
    "plan.xlsx": _plan_xlsx,
    "plan.ics": _plan_ics,
    "chart.svg": _chart_svg,
    "chart.png": _chart_png,
}
"""What makes each kind of document."""
