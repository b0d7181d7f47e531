"""``/lanhu``: designs. The use cases stand in ``commands.designs``, by subject."""

from commands.designs import listening
from commands.designs.family import COMMAND
from commands.registry import Registry


def listen(registry: Registry) -> None:
    """Note the designs that people link to. Before others, since it never answers itself."""
    registry.on_message.insert(0, listening.notice)


__all__ = ["COMMAND", "listen"]
