"""``/change``: change requests. The use cases stand in ``commands.changes``, by subject."""

from commands.changes import application, decision, request, submission
from commands.changes.family import COMMAND

PARTS = (request, submission, decision, application)
"""Where the subcommands are registered."""

_ORDER = (
    "log", "list", "show", "edit", "link", "submit", "approve", "reject", "withdraw", "apply",
    "ack", "undo", "export",
)  # fmt: skip
COMMAND.subcommands.sort(key=lambda sub: _ORDER.index(sub.name))

__all__ = ["COMMAND", "PARTS"]
