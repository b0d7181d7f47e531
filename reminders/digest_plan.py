"""The plan's part of a digest: progress, the phases under way, the next milestone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from domain.calendar import WorkingCalendar
from domain.digests import Line, Section, Thing
from domain.messages import Action, Bar, Block, Bullet, Bullets, T
from domain.plans import Phase, Plan
from domain.plans.health import Health, Pace, health
from reminders.lines import how_far
from reminders.plan_subjects import quoted


def plan_blocks(plan: Plan, today: date, calendar: WorkingCalendar) -> Iterable[Block]:
    """Progress, current phases, the next milestone; nothing of a plan that is done."""
    state = health(plan, today, calendar)
    if state.pace in (Pace.EMPTY, Pace.DONE):
        return
    label = T("digest.progress", {"plan": plan.name, "pace": state.pace.text})
    yield Bar(label, state.progress)
    rows = [_phase(p, today, calendar) for p in state.current if p.ends >= today]
    rows += _next(state, today, calendar)
    if rows:
        yield Bullets(tuple(rows))


def _phase(phase: Phase, today: date, calendar: WorkingCalendar) -> Bullet:
    when = how_far(phase.ends, today, calendar)
    params = {"name": phase.name, "percent": phase.progress, "when": when}
    return Bullet(T("digest.phase", params))


def _next(state: Health, today: date, calendar: WorkingCalendar) -> list[Bullet]:
    if state.next_milestone is None:
        return []
    stone = state.next_milestone.milestone
    when = how_far(stone.due, today, calendar)
    return [Bullet(T("digest.next_milestone", {"name": stone.name, "when": when}))]


def plan_lines(plan: Plan, today: date) -> Mapping[Section, tuple[Line, ...]]:
    """What of the plan is due today or overdue."""
    lines = [
        *(Line(Thing.PHASE, 0, p.name, p.ends, who=p.owner) for p in plan.phases if not p.done),
        *(Line(Thing.MILESTONE, 0, m.name, m.due) for m in plan.milestones if not m.done),
    ]
    return {
        Section.DUE_TODAY: tuple(x for x in lines if x.day == today),
        Section.OVERDUE: tuple(x for x in lines if x.day and x.day < today),
    }


def done_button(line: Line) -> Action:
    """Marks a phase or milestone as done."""
    part = "phase" if line.thing is Thing.PHASE else "milestone"
    return Action(T(f"digest.do.{part}"), f"plan {part} done {quoted(line.name)}")
