"""``/review``: review meetings. The use cases stand in ``commands.reviews``, by subject."""

from commands.registry import Registry
from commands.reviews import agenda, ending, entries, listeners, meeting, shorthand, votes
from commands.reviews.family import COMMAND

PARTS = (meeting, agenda, votes, entries, ending)
"""Where the subcommands are registered."""

_ORDER = (
    "show", "start", "invite", "join", "excuse", "agenda", "verdict", "decide", "action",
    "question", "note", "done", "undo", "end", "cancel", "reopen", "list", "export",
)  # fmt: skip
COMMAND.subcommands.sort(key=lambda sub: _ORDER.index(sub.name))


def listen(registry: Registry) -> None:
    """While a review is open: keep what is said and edited, heed 📌 ✅ ❓, and short lines."""
    registry.shorthand |= dict.fromkeys(shorthand.WORDS, shorthand.expand)
    registry.on_message.append(listeners.keep_minutes)
    registry.on_edit.append(listeners.follow)
    registry.on_reaction.append(listeners.mark)


__all__ = ["COMMAND", "PARTS", "listen"]
