"""``/close`` and ``/verify`` with all their subcommands: the module that the catalogue names."""

from __future__ import annotations

# In the order of the help; the first subcommand is the default.
from commands.closing import listing, verifying, steps  # isort: skip
from commands.closing.family import CLOSE, VERIFY

COMMANDS = (CLOSE, VERIFY)

__all__ = ["COMMANDS", "listing", "steps", "verifying"]
