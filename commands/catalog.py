"""Every command family, in the order of the help."""

from __future__ import annotations

from commands import help as help_family
from commands import setup as setup_family
from commands import team as team_family
from commands.registry import Registry


def build_registry() -> Registry:
    """The registry with all families."""
    registry = Registry()
    registry.add(team_family.COMMAND)
    registry.add(setup_family.COMMAND)
    registry.add(help_family.COMMAND)
    return registry
