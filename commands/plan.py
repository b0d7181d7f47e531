"""``/plan``: product plans. The use cases stand in ``commands.plans``, by subject."""

from commands.plans import (
    baselines,
    importing,
    making,
    milestones,
    phases,
    shifting,
    upkeep,
    viewing,
)
from commands.plans.family import COMMAND
from commands.tracker import plans as tracker_plans

PARTS = (
    viewing, making, importing, phases, milestones, shifting, baselines, upkeep, tracker_plans,
)  # fmt: skip
"""Where the subcommands are registered."""

_ORDER = (
    "show", "new", "backward", "import", "push", "phase", "milestone", "shift", "baseline", "diff",
    "undo", "export", "chart", "list", "activate", "close",
)  # fmt: skip
COMMAND.subcommands.sort(key=lambda sub: _ORDER.index(sub.name))

__all__ = ["COMMAND", "PARTS"]
