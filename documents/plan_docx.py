"""A plan (deliverable 17) as a Word document."""

from __future__ import annotations

from datetime import date
from typing import Any

from documents.docx_render import fill
from documents.plan_columns import COLUMNS, Column
from documents.plan_view import PlanView, parts_in_order
from documents.texts import full_day, say
from documents.words import DASH, typed
from domain.plans.model import Milestone, Phase

Fields = dict[str, Any]


def plan_docx(view: PlanView, locale: str, template: bytes) -> bytes:
    """The plan in a Word template; the same plan at the same revision gives the same bytes.

    :raises UserError: ``document.template_…`` when the template cannot be used.
    """
    title = say(locale, "document.plan.heading", plan=typed(view.heading))
    return fill(template, plan_fields(view, locale), title=title, at=view.revised_at)


def plan_fields(view: PlanView, locale: str) -> Fields:
    """What a template can show; dates in full, names instead of ids."""
    span = view.plan.span
    rows = [_row(view, part, locale) for part in parts_in_order(view.plan)]
    return {
        "heading": say(locale, "document.plan.heading", plan=typed(view.heading)),
        "product": typed(view.product),
        "plan": typed(view.plan.name),
        "release": typed(view.plan.release) or DASH,
        "today": full_day(locale, view.today),
        "first": full_day(locale, span.starts if span else None),
        "last": full_day(locale, span.ends if span else None),
        "days": str(view.calendar.length(span.starts, span.ends)) if span else DASH,
        "rows": rows,
        "phases": [row for row in rows if not row["milestone"]],
        "milestones": [row for row in rows if row["milestone"]],
    }


def _row(view: PlanView, part: Phase | Milestone, locale: str) -> Fields:
    fields: Fields = {c.name: _shown(c, view, part, locale) for c in COLUMNS}
    return {**fields, "milestone": isinstance(part, Milestone)}


def _shown(column: Column, view: PlanView, part: Phase | Milestone, locale: str) -> str:
    value = column.value(view, part, locale)
    if value is None or value == "":
        return DASH
    if isinstance(value, date):
        return full_day(locale, value)
    if column.name == "progress" and isinstance(value, int | float):
        return f"{value:.0%}"
    return typed(str(value))
