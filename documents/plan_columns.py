"""The columns of a plan as a table; the spreadsheet and the document show the same ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from documents.plan_view import PlanView, parts_in_order, state_of
from documents.texts import say
from domain.plans.model import Dependency, Milestone, Phase, Plan

Value = str | date | int | float | None
Part = Phase | Milestone
_DATE = "yyyy-mm-dd"
_NOT_A_NAME = re.compile(r"[,，、;；\n()\[\]]|^[\d.\s+-]*$")
"""Where a list of predecessors would be cut, or a lag be seen."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    :param name: its text is ``document.plan.<name>``, a header that the import recognises.
    :param width: in characters.
    :param form: number format of its cells in a spreadsheet.
    """

    name: str
    width: float
    value: Callable[[PlanView, Part, str], Value]
    form: str = "General"


def _number(view: PlanView, part: Part, locale: str) -> int:
    del locale
    return _place(view.plan, part)


def _place(plan: Plan, part: Part) -> int:
    """The number of its row, from 1."""
    return next(n for n, each in enumerate(parts_in_order(plan), 1) if each.id == part.id)


def _kind(view: PlanView, part: Part, locale: str) -> str:
    del view
    kind = "milestone" if isinstance(part, Milestone) else "phase"
    return say(locale, f"document.plan.{kind}")


def _name(view: PlanView, part: Part, locale: str) -> str:
    del view, locale
    return part.name


def _owner(view: PlanView, part: Part, locale: str) -> str:
    del locale
    return view.owner(part) if isinstance(part, Phase) else ""


def _starts(view: PlanView, part: Part, locale: str) -> date | None:
    del view, locale
    return part.starts if isinstance(part, Phase) else None


def _ends(view: PlanView, part: Part, locale: str) -> date:
    del view, locale
    return part.span.ends


def _days(view: PlanView, part: Part, locale: str) -> int | None:
    del locale
    return view.calendar.length(part.starts, part.ends) if isinstance(part, Phase) else None


def _progress(view: PlanView, part: Part, locale: str) -> float:
    del view, locale
    if part.done:
        return 1.0
    return part.progress / 100 if isinstance(part, Phase) else 0.0


def _state(view: PlanView, part: Part, locale: str) -> str:
    return say(locale, f"document.chart.{state_of(part, view.today).value}")


def _after(view: PlanView, part: Part, locale: str) -> str:
    if isinstance(part, Milestone):
        return _named(view.plan, part.phase_id) if part.phase_id else ""
    separator = "、" if locale == "zh" else ", "
    return separator.join(_dependency(view.plan, d) for d in part.predecessors)


def _dependency(plan: Plan, dependency: Dependency) -> str:
    name = _named(plan, dependency.phase_id)
    return f"{name} ({dependency.lag:+d})" if dependency.lag else name


def _named(plan: Plan, phase_id: str) -> str:
    """A phase by its name, or by its row's number where the name would not be read as one."""
    phase = plan.phase(phase_id)
    same = [part for part in parts_in_order(plan) if part.name == phase.name]
    if len(same) > 1 or _NOT_A_NAME.search(phase.name):
        return str(_place(plan, phase))
    return phase.name


def _deliverables(view: PlanView, part: Part, locale: str) -> str:
    del view, locale
    return ", ".join(f"{n:02}" for n in part.deliverables) if isinstance(part, Phase) else ""


def _done_on(view: PlanView, part: Part, locale: str) -> date | None:
    del view, locale
    return part.done_on


def _gate(view: PlanView, part: Part, locale: str) -> str:
    del view, locale
    return part.gate if isinstance(part, Phase) else ""


COLUMNS = (
    Column("number", 6, _number),
    Column("kind", 9, _kind),
    Column("name", 34, _name),
    Column("owner", 12, _owner),
    Column("starts", 13, _starts, _DATE),
    Column("ends", 13, _ends, _DATE),
    Column("days", 9, _days),
    Column("progress", 9, _progress, "0%"),
    Column("state", 10, _state),
    Column("done_on", 13, _done_on, _DATE),
    Column("after", 26, _after),
    Column("deliverables", 14, _deliverables),
    Column("gate", 34, _gate),
)
