"""The methods of the Web API, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.slack.call import Call
from tests.fakes.slack.methods import (
    access,
    canvases,
    chat,
    conversations,
    files,
    history,
    reactions,
    users,
    views,
)

Method = Callable[[Call], dict[str, Any]]

METHODS: Mapping[str, Method] = {
    **access.METHODS,
    **canvases.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **history.METHODS,
    **reactions.METHODS,
    **users.METHODS,
    **views.METHODS,
}

NO_TOKEN = frozenset({"oauth.v2.access", "api.test"})
APP_TOKEN = frozenset({"apps.connections.open"})
TIERS: Mapping[str, int] = {
    "conversations.list": 2, "conversations.history": 3, "conversations.replies": 3,
    "conversations.info": 3, "conversations.members": 4, "conversations.open": 3,
    "users.list": 2, "users.info": 4, "users.lookupByEmail": 3, "chat.update": 3,
    "chat.postEphemeral": 4, "chat.unfurl": 3, "views.open": 4, "views.update": 4,
    "views.push": 4, "views.publish": 4, "reactions.add": 3, "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4,
}  # fmt: skip
"""How many calls a minute a method takes (facts, section 8)."""
