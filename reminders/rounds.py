"""A channel's daily round: what its rules say in place of a reminder's line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from domain.messages import Card
from domain.reminders import Recipient
from reminders.digest import post
from reminders.lines import Item
from reminders.standup import ask, chase
from reminders.world import World

Round = Callable[[World, Recipient, Item, datetime], Card | None]
"""Makes the message, or None when there is nothing to say."""

ROUNDS: Mapping[str, Round] = {"digest": post, "standup_ask": ask, "standup_chase": chase}
