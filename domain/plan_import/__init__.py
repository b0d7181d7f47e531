"""A plan out of somebody's spreadsheet: all of it, or a list of what is wrong with which row."""

from domain.plan_import.draft import (
    DraftLink,
    DraftMilestone,
    DraftPhase,
    ImportProblems,
    PlanDraft,
    RowProblem,
)
from domain.plan_import.reading import MOST_ROWS, read_plan

__all__ = [
    "MOST_ROWS",
    "DraftLink",
    "DraftMilestone",
    "DraftPhase",
    "ImportProblems",
    "PlanDraft",
    "RowProblem",
    "read_plan",
]
