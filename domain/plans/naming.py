"""Finding a phase or milestone by what people call it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from domain.errors import NotFoundError, UserError
from domain.plans.model import Milestone, Phase, Plan

_P = TypeVar("_P", Phase, Milestone)


def find_phase(plan: Plan, word: str) -> Phase:
    """A phase by number in the plan (from 1), name, or a part of its name that no other has.

    :raises NotFoundError: ``plan.no_phase``. :raises UserError: ``plan.ambiguous`` with the
        candidates.
    """
    return _find(plan.phases, word, "plan.no_phase")


def find_milestone(plan: Plan, word: str) -> Milestone:
    """A milestone, found like :func:`find_phase`; the error is ``plan.no_milestone``."""
    return _find(plan.milestones, word, "plan.no_milestone")


def find_part(plan: Plan, word: str) -> Phase | Milestone:
    """A phase, or else a milestone. A number means a phase.

    :raises NotFoundError: ``plan.no_part``. :raises UserError: ``plan.ambiguous``.
    """
    try:
        return find_phase(plan, word)
    except NotFoundError:
        return _find(plan.milestones, "" if word.strip().isdigit() else word, "plan.no_part")


def _find(parts: Sequence[_P], word: str, error: str) -> _P:
    wanted = word.strip().casefold()
    exact = [part for part in parts if wanted in {part.id, part.name.strip().casefold()}]
    if not exact and wanted.isdecimal() and 1 <= int(wanted) <= len(parts):
        return parts[int(wanted) - 1]
    found = exact or [part for part in parts if wanted and wanted in part.name.casefold()]
    if not found:
        raise NotFoundError(error, word=word)
    if len(found) > 1:
        raise UserError("plan.ambiguous", word=word, names=", ".join(each.name for each in found))
    return found[0]
