"""One workspace of the platform: people, conversations, files, views."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.marks import Marks
from tests.fakes.slack.people import User
from tests.fakes.slack.refusal import Refusal
from tests.fakes.slack.rooms import Channel, Message

BY_ADMINS = "USLACKBOT"


@dataclass(slots=True)
class View:
    """A modal that is open, or a Home tab.

    :param stack: ids of the modals below and including this one share the root's id.
    """

    id: str
    user: str
    body: dict[str, Any]
    hash: str
    root: str
    previous: str | None = None
    is_open: bool = True


@dataclass(slots=True)
class StoredFile:
    """A file and where it was shown.

    :param shared: whether its upload was completed.
    """

    id: str
    name: str
    data: bytes
    title: str = ""
    user: str = ""
    mime: str = "application/octet-stream"
    alt: str = ""
    shared: bool = False
    channels: list[str] = field(default_factory=list[str])
    external: bool = False


class Team:
    """A workspace.

    :param features: what its plan allows beyond the free one: ``canvases``.
    """

    def __init__(self, team_id: str, name: str, marks: Marks, features: frozenset[str]) -> None:
        self.id = team_id
        self.name = name
        self.marks = marks
        self.domain = name.lower().replace(" ", "-")
        self.features = features
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, StoredFile] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.looking: dict[str, str] = {}
        self.canvases: dict[str, dict[str, Any]] = {}

    @property
    def address(self) -> str:
        """Where people open it in a browser."""
        return f"https://{self.domain}.slack.com/"

    def add_user(self, name: str, real_name: str = "", **more: Any) -> User:
        """Add a person by their account name."""
        user = User(self.marks.id("U"), self.id, name, real_name or name, **more)
        self.users[user.id] = user
        return user

    def add_channel(self, name: str, *members: str, kind: str = "channel", **more: Any) -> Channel:
        """Add a conversation with these people (names or ids) in it."""
        prefix = "D" if kind == "im" else "C"
        ids = [self.user(m).id for m in members]
        channel = Channel(self.marks.id(prefix), self.id, name, kind, ids, **more)
        channel.created = int(self.marks.clock())
        self.channels[channel.id] = channel
        return channel

    def user(self, name: str) -> User:
        """By id or account name; ``user_not_found``."""
        found = self.users.get(name) or next(
            (u for u in self.users.values() if u.name == name), None
        )
        if found is None:
            raise Refusal("user_not_found")
        return found

    def channel(self, name: str) -> Channel:
        """By id or name; ``channel_not_found``."""
        found = self.channels.get(name) or next(
            (c for c in self.channels.values() if c.name == name and c.kind != "im"), None
        )
        if found is None:
            raise Refusal("channel_not_found")
        return found

    def direct(self, one: str, other: str) -> Channel:
        """The conversation of two, made if need be."""
        both = sorted([one, other])
        for channel in self.channels.values():
            if channel.kind == "im" and sorted(channel.members) == both:
                return channel
        return self.add_channel("", one, other, kind="im")

    def modals(self, user: str) -> list[View]:
        """The stack of open modals of a person, the uppermost last."""
        return [v for v in self.views.values() if v.user == user and v.is_open]

    def seen_by(self, user: str, channel: Channel) -> list[Message]:
        """What a person sees in a conversation, threads included, by time."""
        mine = [m for m in channel.whispers if m["viewer"] == user]
        return sorted([*channel.messages, *mine], key=lambda m: m["ts"])
