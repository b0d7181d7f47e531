"""Situations in which several dialogs begin."""

from tests.commands.changing import planned, submitted
from tests.commands.reviewing import meeting

__all__ = ["meeting", "planned", "submitted"]
