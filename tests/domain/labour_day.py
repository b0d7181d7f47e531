"""A plan over the labour day holiday of 2026. Off: 05-01 to 05-05. Make-up Saturday: 05-09."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.holiday_data import LibraryHolidays
from domain.calendar import WorkingCalendar
from domain.plans import Dependency, Milestone, Phase, Plan

CHINA = WorkingCalendar("CN", LibraryHolidays())


def day(text: str) -> date:
    """``05-08`` of that year."""
    return date.fromisoformat(f"2026-{text}")


def phase(name: str, starts: str, ends: str, *after: str, **more: object) -> Phase:
    """A phase with these predecessors."""
    links = tuple(Dependency(each) for each in after)
    return replace(Phase(name, name, day(starts), day(ends), predecessors=links), **more)  # type: ignore[arg-type]


def stone(name: str, due: str, phase_id: str | None = None, **more: object) -> Milestone:
    """A milestone, perhaps of a phase."""
    return replace(Milestone(name, name, day(due), phase_id), **more)  # type: ignore[arg-type]


PLAN = Plan(
    id="plan",
    product_id="product",
    name="v1",
    phases=(
        phase("design", "04-20", "04-24"),
        phase("build", "04-27", "05-08", "design"),  # Mon–Thu, then Wed–Fri after the holiday
        phase("manual", "04-27", "04-29", "design"),
        phase("test", "05-09", "05-15", "build"),
        phase("launch", "05-18", "05-19", "test", "manual"),
    ),
    milestones=(
        stone("handover", "05-08", "build"),
        stone("go-live", "05-20", "launch"),
        stone("fair", "05-30"),
    ),
)
