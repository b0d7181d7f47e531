"""A product plan: phases with predecessors, milestones, and a frozen copy of both to compare with.

Dates are calendar days of the team, both ends included. Lengths, lags and distances are working
days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from domain.errors import NotFoundError, UserError
from domain.messages import T
from domain.plans.graph import in_order


class PhaseStatus(StrEnum):
    """How far a phase is."""

    PLANNED = "planned"
    ACTIVE = "active"
    DONE = "done"

    @property
    def text(self) -> T:
        """The status in words."""
        return T(f"plan.status.{self.value}")


class PlanStatus(StrEnum):
    """Whether a plan still steers anybody."""

    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Span:
    """From one day to another, both included. A milestone's span is one day."""

    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Dependency:
    """A phase that must come before.

    :param phase_id: the predecessor.
    :param lag: working days left free between its end and the start; negative for an overlap, so
        that -3 means that the last three working days of the predecessor are shared.
    """

    phase_id: str
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Phase:
    """A dated part of a plan.

    :param owner: a person's id, or ``None``.
    :param deliverables: numbers of the catalogue that it must produce.
    :param gate: what must hold before the next one starts, as typed.
    :param progress: 0 to 100; 100 when done.
    :param done_on: the day on which it was done, exactly when the status is done.
    :param fixed: its dates are agreed with somebody outside and are never moved by a computation.
    """

    id: str
    name: str
    starts: date
    ends: date
    owner: str | None = None
    predecessors: tuple[Dependency, ...] = ()
    deliverables: tuple[int, ...] = ()
    gate: str = ""
    progress: int = 0
    status: PhaseStatus = PhaseStatus.PLANNED
    done_on: date | None = None
    fixed: bool = False

    def __post_init__(self) -> None:
        if not self.id or not self.name.strip():
            raise ValueError("a phase needs an id and a name")
        if self.ends < self.starts:
            raise UserError("plan.ends_before_starts", name=self.name)
        if not 0 <= self.progress <= 100:
            raise UserError("plan.progress_range", progress=self.progress)
        if (self.status is PhaseStatus.DONE) != (self.done_on is not None):
            raise ValueError("exactly a done phase has a day on which it was done")

    @property
    def span(self) -> Span:
        """Its dates."""
        return Span(self.starts, self.ends)

    @property
    def done(self) -> bool:
        """Whether it is over."""
        return self.status is PhaseStatus.DONE

    def during(self, span: Span) -> Phase:
        """The same phase at other dates."""
        return replace(self, starts=span.starts, ends=span.ends)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A dated point of a plan.

    :param phase_id: the phase that it moves with, or ``None`` for a milestone of the whole plan.
    :param done_on: the day on which it was reached.
    :param fixed: its date is agreed with somebody outside and is never moved by a computation.
    """

    id: str
    name: str
    due: date
    phase_id: str | None = None
    done_on: date | None = None
    fixed: bool = False

    def __post_init__(self) -> None:
        if not self.id or not self.name.strip():
            raise ValueError("a milestone needs an id and a name")

    @property
    def span(self) -> Span:
        """Its day."""
        return Span(self.due, self.due)

    @property
    def done(self) -> bool:
        """Whether it was reached."""
        return self.done_on is not None


@dataclass(frozen=True, slots=True)
class Plan:
    """The phases and milestones of one release of a product.

    :param tracker_ref: the plan's id in the tracker, when it is bound to one.
    :param release: what is released, as typed, for example ``v2.3``.
    :raises UserError: ``plan.cycle`` when phases wait for each other in a circle.
    """

    id: str
    product_id: str
    name: str
    phases: tuple[Phase, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    release: str = ""
    status: PlanStatus = PlanStatus.ACTIVE
    tracker_ref: str | None = None

    def __post_init__(self) -> None:
        if not self.id or not self.name.strip():
            raise ValueError("a plan needs an id and a name")
        ids = [each.id for each in (*self.phases, *self.milestones)]
        if len(set(ids)) < len(ids):
            raise ValueError("two parts of a plan have the same id")
        phases = {phase.id for phase in self.phases}
        if any(stone.phase_id not in phases | {None} for stone in self.milestones):
            raise ValueError("a milestone belongs to a phase of another plan")
        in_order(self.phases)

    @property
    def span(self) -> Span | None:
        """From the first start to the last end or milestone; ``None`` for an empty plan."""
        days = [day for phase in self.phases for day in (phase.starts, phase.ends)]
        days += [stone.due for stone in self.milestones]
        return Span(min(days), max(days)) if days else None

    def phase(self, phase_id: str) -> Phase:
        """One of its phases; ``NotFoundError`` (``plan.no_phase``) when it is not."""
        for phase in self.phases:
            if phase.id == phase_id:
                return phase
        raise NotFoundError("plan.no_phase", word=phase_id)

    def milestone(self, milestone_id: str) -> Milestone:
        """One of its milestones; ``NotFoundError`` (``plan.no_milestone``) when it is not."""
        for stone in self.milestones:
            if stone.id == milestone_id:
                return stone
        raise NotFoundError("plan.no_milestone", word=milestone_id)

    def with_phases(self, changed: Iterable[Phase]) -> Plan:
        """The plan with some of its phases in a new state; the order stays."""
        new = {phase.id: phase for phase in changed}
        return replace(self, phases=tuple(new.get(each.id, each) for each in self.phases))

    def with_milestones(self, changed: Iterable[Milestone]) -> Plan:
        """The plan with some of its milestones in a new state; the order stays."""
        new = {stone.id: stone for stone in changed}
        return replace(self, milestones=tuple(new.get(each.id, each) for each in self.milestones))


@dataclass(frozen=True, slots=True)
class PlanBaseline:
    """How a plan stood at an instant; never changed afterwards.

    :param taken_at: an aware instant.
    :param taken_by: a person's id.
    """

    id: str
    plan_id: str
    name: str
    taken_at: datetime
    taken_by: str
    phases: tuple[Phase, ...]
    milestones: tuple[Milestone, ...]

    def __post_init__(self) -> None:
        if self.taken_at.tzinfo is None:
            raise ValueError("a baseline needs an instant with a zone")
