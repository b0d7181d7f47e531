"""The company of ``tests.harness`` on another platform: the same clock, database and dispatcher."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, cast

from tests.harness import Team

if TYPE_CHECKING:
    from bot.files import FolderStore
    from tests.dingtalk.harness import DingtalkTeam
    from tests.slack.harness import SlackTeam

_numbers = itertools.count(1)
"""Of what goes straight to the dispatcher: companies share a database."""


class TeamOnPlatform(Team):
    """What a test of commands asks for, from a company that lives on a platform."""

    def __init__(self, company: SlackTeam | DingtalkTeam) -> None:
        core = company.core
        self.clock = company.clock
        self.store = core.store
        self.files = cast("FolderStore", core.files)
        self.services = core.services
        self.registry = core.dispatcher.registry
        self.dispatcher = core.dispatcher
        self.workspace = company.workspace
        self.people = company.people
        self.product = company.product
        self.channel = company.channel
        self._events = _numbers
