"""Every command family, in the order of the help."""

from __future__ import annotations

from commands import action as action_family
from commands import change as change_family
from commands import close as close_family
from commands import deliverable as deliverable_family
from commands import digest as digest_family
from commands import help as help_family
from commands import home as home_family
from commands import lanhu as design_family
from commands import plan as plan_family
from commands import reminder_rules as reminder_family
from commands import review as review_family
from commands import setup as setup_family
from commands import setup_channel, setup_template, setup_tracker, team_link
from commands import standup as standup_family
from commands import story as story_family
from commands import team as team_family
from commands.pool import use as pool_family
from commands.registry import Registry
from commands.tracker import people as tracker_people

FURTHER_PARTS = (setup_channel, setup_template, setup_tracker, team_link, tracker_people)
"""Further subcommands of ``/setup`` and ``/team``: importing them registers them."""


def build_registry() -> Registry:
    """The registry with all families."""
    registry = Registry()
    registry.add(review_family.COMMAND)
    registry.add(change_family.COMMAND)
    registry.add(action_family.COMMAND)
    registry.add(design_family.COMMAND)
    registry.add(plan_family.COMMAND)
    registry.add(story_family.COMMAND)
    registry.add(deliverable_family.COMMAND)
    registry.add(pool_family.COMMAND)
    for command in close_family.COMMANDS:
        registry.add(command)
    registry.add(reminder_family.COMMAND)
    registry.add(digest_family.COMMAND)
    registry.add(standup_family.COMMAND)
    registry.add(home_family.COMMAND)
    registry.add(team_family.COMMAND)
    registry.add(setup_family.COMMAND)
    registry.add(help_family.COMMAND)
    review_family.listen(registry)
    design_family.listen(registry)
    return registry
