"""``/deliverable``: the 26 deliverables. The use cases stand in ``commands.deliverables``."""

from commands.deliverables import looking, working
from commands.deliverables.family import COMMAND

PARTS = (looking, working)
"""Where the subcommands are registered."""

_ORDER = (
    "list", "show", "draft", "submit", "accept", "return", "waive", "reopen", "owner", "due",
    "undo",
)  # fmt: skip
COMMAND.subcommands.sort(key=lambda sub: _ORDER.index(sub.name))

__all__ = ["COMMAND", "PARTS"]
