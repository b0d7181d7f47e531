"""``/story`` with all its subcommands: the module that the catalogue names."""

from __future__ import annotations

# In the order of the help; the first subcommand is the default.
from commands.stories import listing, writing, working, importing, undo, settling  # isort: skip
from commands.stories.family import COMMAND

__all__ = ["COMMAND", "importing", "listing", "settling", "undo", "working", "writing"]
