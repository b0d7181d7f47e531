"""What comes out of reading a spreadsheet: a draft of a plan, or the rows that are wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.ids import new_id
from domain.messages import T
from domain.plan_import.headers import Column
from domain.plans.model import Dependency, Milestone, Phase, PhaseStatus


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Something that must be put right in the sheet.

    :param line: the row as the spreadsheet counts it, from 1.
    :param text: what is wrong and what to do.
    """

    line: int
    text: T


@dataclass(frozen=True, slots=True)
class ImportProblems:
    """The sheet cannot be taken as it is. Nothing of it was taken.

    :param rows: every problem, in the order of lines; never empty.
    """

    rows: tuple[RowProblem, ...]

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError("no problem is no reason to refuse a sheet")


@dataclass(frozen=True, slots=True)
class DraftLink:
    """A predecessor by its place among the draft's phases, with its lag in working days."""

    index: int
    lag: int = 0


@dataclass(frozen=True, slots=True)
class DraftPhase:
    """A phase as the sheet has it.

    :param line: its row, from 1.
    :param owner: the name or handle as typed, empty for nobody; who that is, is for the caller to
        say.
    """

    line: int
    name: str
    starts: date
    ends: date
    owner: str = ""
    predecessors: tuple[DraftLink, ...] = ()
    deliverables: tuple[int, ...] = ()
    gate: str = ""
    progress: int = 0
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class DraftMilestone:
    """A milestone as the sheet has it; ``phase`` is the place of its phase among the draft's."""

    line: int
    name: str
    due: date
    phase: int | None = None
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A whole plan that was read without a problem.

    :param title: the text above the table, a proposal for the plan's name; may be empty.
    :param notices: what to look at before agreeing, such as dates on days off.
    :param columns: the columns that were understood, in the order of the sheet.
    :param unread: headers of the columns that mean nothing to a plan.
    """

    title: str
    phases: tuple[DraftPhase, ...]
    milestones: tuple[DraftMilestone, ...]
    notices: tuple[T, ...] = ()
    columns: tuple[Column, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def owners(self) -> tuple[str, ...]:
        """The owners as typed, each once, in order of appearance."""
        return tuple(dict.fromkeys(phase.owner for phase in self.phases if phase.owner))

    def build(
        self,
        people: Mapping[str, str | None],
        make_id: Callable[[], str] = new_id,
    ) -> tuple[tuple[Phase, ...], tuple[Milestone, ...]]:
        """The phases and milestones for a plan.

        :param people: a person's id for each owner as typed; an unknown owner is left out.
        """
        ids = [make_id() for _ in self.phases]
        phases = tuple(
            _phase(draft, ids[index], ids, people.get(draft.owner))
            for index, draft in enumerate(self.phases)
        )
        stones = tuple(
            Milestone(
                id=make_id(),
                name=draft.name,
                due=draft.due,
                phase_id=None if draft.phase is None else ids[draft.phase],
                done_on=draft.done_on,
            )
            for draft in self.milestones
        )
        return phases, stones


def _phase(draft: DraftPhase, phase_id: str, ids: list[str], owner: str | None) -> Phase:
    status = PhaseStatus.PLANNED
    if draft.done_on is not None:
        status = PhaseStatus.DONE
    elif draft.progress > 0:
        status = PhaseStatus.ACTIVE
    return Phase(
        id=phase_id,
        name=draft.name,
        starts=draft.starts,
        ends=draft.ends,
        owner=owner,
        predecessors=tuple(Dependency(ids[each.index], each.lag) for each in draft.predecessors),
        deliverables=draft.deliverables,
        gate=draft.gate,
        progress=100 if draft.done_on is not None else draft.progress,
        status=status,
        done_on=draft.done_on,
    )
