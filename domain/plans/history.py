"""Taking changes of a plan back: which one is the last, and how the plan stood before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Act:
    """One change of a plan.

    :param revision: the number of the plan's state after it, from 1.
    :param kind: what was done, for example ``shifted``; the texts know it as ``plan.act.shifted``.
    :param undoes: the revision that it took back.
    """

    revision: int
    kind: str
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    """What taking the last change back means.

    :param act: the change to take back.
    :param restore: the revision whose state the plan returns to; ``None`` when the change made the
        plan.
    """

    act: Act
    restore: int | None


def undo_of(acts: Iterable[Act]) -> Undo | None:
    """What the next undo takes back; ``None`` for a plan without any change.

    Changes that were taken back and the taking back itself do not count, so a second undo goes one
    further.

    :param acts: every change, oldest first.
    """
    standing: list[Act] = []
    for act in acts:
        if act.undoes is None:
            standing.append(act)
        else:
            standing = [each for each in standing if each.revision != act.undoes]
    if not standing:
        return None
    return Undo(standing[-1], standing[-2].revision if len(standing) > 1 else None)
