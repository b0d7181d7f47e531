"""Conversations and what stands in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.refusal import Refusal

Message = dict[str, Any]
"""A message in the platform's own form (``ts``, ``text``, ``blocks`` …)."""


@dataclass(slots=True)
class Channel:
    """A conversation: public or private channel, one person with the bot, or a group.

    :param kind: ``channel``, ``group`` (private), ``im`` or ``mpim``.
    :param messages: threads included, by ``ts``.
    :param whispers: ephemeral messages, each with the person who sees it in ``viewer``.
    :param only_admins: whether others may not post.
    """

    id: str
    team_id: str
    name: str
    kind: str = "channel"
    members: list[str] = field(default_factory=list[str])
    messages: list[Message] = field(default_factory=list[Message])
    whispers: list[Message] = field(default_factory=list[Message])
    is_archived: bool = False
    is_shared: bool = False
    only_admins: bool = False
    topic: str = ""
    created: int = 0
    pinned: list[str] = field(default_factory=list[str])
    bookmarks: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    canvas: str = ""
    unfurls: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    def find(self, ts: str) -> Message | None:
        """The message with this time stamp."""
        return next((m for m in self.messages if m["ts"] == ts), None)

    def get(self, ts: str) -> Message:
        """The same; ``message_not_found`` if there is none."""
        found = self.find(ts)
        if found is None:
            raise Refusal("message_not_found")
        return found

    def thread(self, ts: str) -> list[Message]:
        """A parent and its replies, oldest first."""
        return [m for m in self.messages if m["ts"] == ts or m.get("thread_ts") == ts]

    def top(self) -> list[Message]:
        """What stands outside threads, oldest first."""
        return [
            m
            for m in self.messages
            if m.get("thread_ts", m["ts"]) == m["ts"] or m.get("subtype") == "thread_broadcast"
        ]

    def add(self, message: Message) -> None:
        """Put a message at the end, and count it in its thread."""
        parent_ts = message.get("thread_ts")
        if parent_ts:
            parent = self.find(parent_ts)
            if parent is None:
                raise Refusal("thread_not_found")
            parent["thread_ts"] = parent_ts
            parent["reply_count"] = parent.get("reply_count", 0) + 1
            parent["latest_reply"] = message["ts"]
            message["parent_user_id"] = parent.get("user")
        self.messages.append(message)

    @property
    def channel_type(self) -> str:
        """As message events call it."""
        return self.kind

    @property
    def command_name(self) -> str:
        """As slash commands call it."""
        return {"im": "directmessage", "group": "privategroup", "mpim": "privategroup"}.get(
            self.kind, self.name
        )

    def as_json(self, bot: str = "") -> dict[str, Any]:
        """As ``conversations.info`` tells it.

        :param bot: user id of the bot that asks.
        """
        if self.kind == "im":
            other = next((m for m in self.members if m != bot), bot)
            return {
                "id": self.id, "created": self.created, "is_im": True, "is_archived": False,
                "is_org_shared": False, "user": other, "is_user_deleted": False, "priority": 0,
            }  # fmt: skip
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "group",
            "is_im": False,
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "channel",
            "created": self.created,
            "is_archived": self.is_archived,
            "is_general": False,
            "is_shared": self.is_shared,
            "is_ext_shared": self.is_shared,
            "is_member": bot in self.members,
            "num_members": len(self.members),
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "context_team_id": self.team_id,
        }
