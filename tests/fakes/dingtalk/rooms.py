"""Groups and one-to-one conversations, and what is said in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

GROUP, DIRECT = "2", "1"


@dataclass(slots=True)
class Message:
    """Something said.

    :param at: seconds since 1970.
    :param author: handle of the person; empty: the robot.
    :param kind: ``text``, ``markdown``, ``actionCard``, ``link``, ``image``, ``file``, ``card`` …
    :param mentions: handles of those whom it notifies by name; ``@all`` is everybody.
    :param way: ``session``, ``api``, ``custom``, ``card``, ``reply`` or ``person``.
    :param key: by which the API recalls it.
    :param card: own id (``outTrackId``) of the card that it shows.
    :param only: handles of the only ones who see it; empty: everybody.
    """

    id: str
    at: float
    author: str
    kind: str
    text: str
    title: str = ""
    mentions: tuple[str, ...] = ()
    way: str = "person"
    key: str = ""
    card: str = ""
    only: tuple[str, ...] = ()
    recalled: bool = False
    content: dict[str, Any] = field(default_factory=dict[str, Any])
    reactions: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class Room:
    """A conversation.

    :param kind: ``GROUP`` or ``DIRECT``, as the platform writes it.
    :param members: handles; the one person of a direct conversation.
    :param robot: whether the robot is in it.
    """

    id: str
    kind: str
    title: str
    members: list[str]
    robot: bool = True
    messages: list[Message] = field(default_factory=list[Message])

    @property
    def group(self) -> bool:
        """Whether it is a group."""
        return self.kind == GROUP

    def seen_by(self, handle: str) -> Sequence[Message]:
        """What somebody sees in it, the latest last; nothing if they are not in it."""
        if handle not in self.members:
            return ()
        return [m for m in self.messages if not m.recalled and (not m.only or handle in m.only)]

    def said_by_robot(self) -> list[Message]:
        """What the robot said and did not take back, the latest last."""
        return [m for m in self.messages if not m.author and not m.recalled]
