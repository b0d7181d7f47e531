"""What a change does to a plan: what moves, what no longer fits, what looks odd."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.calendar import WorkingCalendar
from domain.messages import Day, T
from domain.plans.model import Plan, Span
from domain.plans.schedule import earliest_start


class Part(StrEnum):
    """What a plan consists of."""

    PHASE = "phase"
    MILESTONE = "milestone"


@dataclass(frozen=True, slots=True)
class Move:
    """A part that has other dates than before."""

    part: Part
    id: str
    name: str
    before: Span
    after: Span


@dataclass(frozen=True, slots=True)
class Collision:
    """Two parts whose dates do not fit together.

    :param first: the name of the predecessor, or of the phase that ends after its milestone.
    :param second: the name of the phase that starts too early, or of the milestone.
    :param part: what ``second`` is.
    :param missing: by how many working days.
    """

    first: str
    second: str
    part: Part
    missing: int

    @property
    def text(self) -> T:
        """What is wrong, in a sentence."""
        names = {"first": self.first, "second": self.second, "n": self.missing}
        return T(f"plan.collision.{self.part.value}", names)


@dataclass(frozen=True, slots=True)
class Moved:
    """A plan after a change of dates.

    :param moves: the parts with new dates, in the plan's order.
    :param collisions: what does not fit that fitted, or fitted better, before.
    :param kept: names of parts that would have moved, but are fixed.
    :param notices: other things worth a look, such as a start on a day off.
    """

    plan: Plan
    moves: tuple[Move, ...]
    collisions: tuple[Collision, ...] = ()
    kept: tuple[str, ...] = ()
    notices: tuple[T, ...] = ()


def compare(before: Plan, after: Plan, calendar: WorkingCalendar, kept: Iterable[str]) -> Moved:
    """What changing one plan into another of the same parts moved, broke and made odd."""
    moves = tuple(
        Move(part, new.id, new.name, old.span, new.span)
        for part, olds, news in (
            (Part.PHASE, before.phases, after.phases),
            (Part.MILESTONE, before.milestones, after.milestones),
        )
        for old, new in zip(olds, news, strict=True)
        if old.span != new.span
    )
    had = {
        (each.first, each.second, each.part): each.missing for each in collisions(before, calendar)
    }
    worse = tuple(
        each
        for each in collisions(after, calendar)
        if each.missing > had.get((each.first, each.second, each.part), 0)
    )
    return Moved(after, moves, worse, tuple(kept), notices(moves, calendar))


def collisions(plan: Plan, calendar: WorkingCalendar) -> tuple[Collision, ...]:
    """Everything in a plan that does not fit together."""
    found: list[Collision] = []
    for phase in plan.phases:
        starts = calendar.on_or_after(phase.starts)
        for link in phase.predecessors:
            earlier = plan.phase(link.phase_id)
            missing = calendar.working_days_between(
                starts, earliest_start(earlier.span, link.lag, calendar)
            )
            if missing > 0 and not phase.done:
                found.append(Collision(earlier.name, phase.name, Part.PHASE, missing))
    for stone in plan.milestones:
        if stone.phase_id is None or stone.done:
            continue
        phase = plan.phase(stone.phase_id)
        missing = calendar.working_days_between(stone.due, phase.ends)
        if stone.fixed and missing > 0:
            found.append(Collision(phase.name, stone.name, Part.MILESTONE, missing))
    return tuple(found)


def notices(moves: Sequence[Move], calendar: WorkingCalendar) -> tuple[T, ...]:
    """Warnings about new dates: those on days off, and years without holiday data."""
    found: list[T] = []
    for move in moves:
        days = {"starts": move.after.starts, "ends": move.after.ends}
        if move.part is Part.MILESTONE:
            days = {"due": move.after.ends}
        for which, day in days.items():
            reason = calendar.why(day)
            if not reason.working:
                params = {"name": move.name, "day": Day(day), "why": reason.text}
                found.append(T(f"plan.day_off.{which}", params))
    ends = [day for move in moves for day in (move.after.starts, move.after.ends)]
    if ends and (missing := unknown_years(min(ends), max(ends), calendar)):
        found.append(missing)
    return tuple(found)


def unknown_years(start: date, end: date, calendar: WorkingCalendar) -> T | None:
    """A warning for a span that reaches into years without holiday data, or ``None``."""
    years = calendar.missing_years(start, end)
    if not years:
        return None
    return T("calendar.missing_years", {"years": ", ".join(map(str, years))})
