"""A plan as its documents show it: rows in reading order, names instead of ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from documents.chart import Chart, MilestoneRow, PhaseRow, Row, State
from documents.texts import full_day, say
from domain.calendar import WorkingCalendar
from domain.plans.model import Milestone, Phase, PhaseStatus, Plan


@dataclass(frozen=True, slots=True)
class PlanView:
    """What a document of a plan is made from.

    :param product: the product's name.
    :param today: in the team's zone: decides what is overdue.
    :param revision: counts the plan's changes; calendars see by it which file is newer.
    :param revised_at: the instant of the plan's last change; it dates the documents.
    :param name: gives a person's name by id; it must answer for everybody.
    """

    plan: Plan
    product: str
    today: date
    revision: int
    revised_at: datetime
    calendar: WorkingCalendar
    name: Callable[[str], str]

    def owner(self, phase: Phase) -> str:
        """The name of a phase's owner, or nothing."""
        return self.name(phase.owner) if phase.owner else ""

    @property
    def heading(self) -> str:
        """Product, plan and release, each once."""
        plan = self.plan
        parts = [self.product, plan.name]
        if plan.release and plan.release not in plan.name:
            parts.append(plan.release)
        return " · ".join(part for part in parts if part)


def parts_in_order(plan: Plan) -> tuple[Phase | Milestone, ...]:
    """Each phase with its milestones below it, then the milestones of the whole plan by day."""
    out: list[Phase | Milestone] = []
    for phase in plan.phases:
        out.append(phase)
        out.extend(sorted(_milestones(plan, phase.id), key=_by_day))
    out.extend(sorted(_milestones(plan, None), key=_by_day))
    return tuple(out)


def _by_day(stone: Milestone) -> date:
    return stone.due


def _milestones(plan: Plan, phase_id: str | None) -> list[Milestone]:
    return [m for m in plan.milestones if m.phase_id == phase_id]


def state_of(part: Phase | Milestone, today: date) -> State:
    """How a part stands: done, overdue, running or planned."""
    if part.done:
        return State.DONE
    if part.span.ends < today:
        return State.OVERDUE
    running = isinstance(part, Phase) and (
        part.status is PhaseStatus.ACTIVE or part.starts <= today
    )
    return State.RUNNING if running else State.PLANNED


def days_late(part: Phase | Milestone, today: date, calendar: WorkingCalendar) -> int:
    """Working days past its end while it is not done; 0 on a weekend just after it, too."""
    if part.done or part.span.ends >= today:
        return 0
    return calendar.working_days_between(part.span.ends, today)


def chart_of(view: PlanView, locale: str, note: str = "") -> Chart:
    """The plan's chart.

    :param note: a warning to show under the legend.
    """
    span = view.plan.span
    subtitle = ""
    if span is not None:
        subtitle = say(
            locale,
            "document.chart.subtitle",
            first=full_day(locale, span.starts),
            last=full_day(locale, span.ends),
            today=full_day(locale, view.today),
        )
        missing = view.calendar.missing_years(span.starts, span.ends)
        if missing and not note:
            years = "、".join(map(str, missing)) if locale == "zh" else ", ".join(map(str, missing))
            note = say(locale, "document.chart.no_holidays", years=years)
    rows = tuple(_row(view, part) for part in parts_in_order(view.plan))
    title = say(locale, "document.chart.title", plan=view.heading)
    return Chart(title, subtitle, rows, view.today, view.calendar, locale, note)


def _row(view: PlanView, part: Phase | Milestone) -> Row:
    state = state_of(part, view.today)
    late = days_late(part, view.today, view.calendar)
    if isinstance(part, Milestone):
        return MilestoneRow(part.name, "", part.due, state, late)
    return PhaseRow(part.name, view.owner(part), part.starts, part.ends, part.progress, state, late)
