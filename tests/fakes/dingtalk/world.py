"""Everything that the platform knows, and the rules that several calls share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.dingtalk.cards import Card, Template
from tests.fakes.dingtalk.config import AppConfig
from tests.fakes.dingtalk.faults import Faults
from tests.fakes.dingtalk.limits import Limits
from tests.fakes.dingtalk.marks import Marks
from tests.fakes.dingtalk.people import User
from tests.fakes.dingtalk.refusal import Refusal
from tests.fakes.dingtalk.rooms import DIRECT, GROUP, Message, Room
from tests.fakes.dingtalk.todos import Todo
from tests.fakes.dingtalk.tokens import Keys

SESSION_SECONDS = 90 * 60


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call that arrived, and what it was answered.

    :param operation: its name in ``methods``.
    :param params: of the path and the query.
    """

    operation: str
    params: Mapping[str, str]
    body: Mapping[str, Any]
    at: float
    status: int
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Session:
    """A reply address of one message."""

    room: str
    until: float


@dataclass(slots=True)
class CustomRobot:
    """A robot of a group that only sends; secured by a signature or by a word."""

    room: str
    secret: str = ""
    keyword: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A file that was uploaded, or that somebody sent."""

    kind: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell the app."""

    kind: str
    data: dict[str, Any]


@dataclass(slots=True)
class Ding:
    """An urgent message."""

    id: str
    remind: int
    text: str
    receivers: list[str]
    recalled: bool = False


@dataclass(slots=True)
class Trouble:
    """What the platform does not let through."""

    unreachable: set[str] = field(default_factory=set[str])
    slowed: set[str] = field(default_factory=set[str])
    undelivered: int = 0
    """How many of the next deliveries of cards fail inside of a 200."""


class World:
    """The state of the platform. ``lock`` guards it: calls come from the loop and from tests."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.marks = Marks()
        self.corp = "ding774ac0de0001"
        self.app = AppConfig()
        self.robot_id = self.marks.secret()
        self.users: dict[str, User] = {}
        self.rooms: dict[str, Room] = {}
        self.templates: dict[str, Template] = {}
        self.cards: dict[str, Card] = {}
        self.todos: dict[str, Todo] = {}
        self.dings: list[Ding] = []
        self.media: dict[str, Media] = {}
        self.downloads: dict[str, str] = {}
        self.departments: dict[int, str] = {1: "公司"}
        self.sessions: dict[str, Session] = {}
        self.custom: dict[str, CustomRobot] = {}
        self.keys = Keys(self.marks)
        self.faults = Faults()
        self.limits = Limits(clock)
        self.trouble = Trouble()
        self.calls: list[ApiCall] = []
        self.base = ""
        self.send: Callable[[Event], None] = lambda _event: None

    @property
    def millis(self) -> int:
        """Now, in milliseconds since 1970."""
        return int(self.clock() * 1000)

    def add_user(self, handle: str, name: str = "", *, outside: bool = False, **more: Any) -> User:
        """Somebody of the company, or of another one."""
        staff = "" if outside else self.marks.staff()
        corp = "dingother0001" if outside else self.corp
        union = self.marks.word("Union") + "iEiE"
        made = User(handle, staff, union, self.marks.secret(), corp, name or handle, **more)
        self.users[handle] = made
        return made

    def add_group(self, title: str, *members: str, robot: bool = True) -> Room:
        """A group with these people (handles)."""
        made = Room(self.marks.base64("cid"), GROUP, title, list(members), robot)
        self.rooms[made.id] = made
        return made

    def direct(self, handle: str) -> Room:
        """The conversation of a person with the robot."""
        for room in self.rooms.values():
            if not room.group and room.members == [handle]:
                return room
        made = Room(self.marks.base64("cid"), DIRECT, "", [handle])
        self.rooms[made.id] = made
        return made

    def room(self, name: str) -> Room:
        """A group by title or id."""
        found = self.rooms.get(name)
        return found or next(r for r in self.rooms.values() if r.group and r.title == name)

    def by_staff(self, staff: str) -> User | None:
        """The person with this user id of the company."""
        return next((u for u in self.users.values() if u.staff and u.staff == staff), None)

    def by_union(self, union: str) -> User | None:
        """The person with this union id."""
        return next((u for u in self.users.values() if u.union == union), None)

    def say(self, room: Room, kind: str, text: str, **more: Any) -> Message:
        """A new message in a conversation; by the robot unless ``author`` says otherwise."""
        author = more.pop("author", "")
        number = self.marks.base64("msg")
        made = Message(number, self.clock(), author, kind, text, **more)
        room.messages.append(made)
        return made

    def session(self, room: Room) -> tuple[str, int]:
        """A new reply address and when it ends (milliseconds)."""
        name = self.marks.word("5f93c0ffee")
        until = self.clock() + SESSION_SECONDS
        self.sessions[name] = Session(room.id, until)
        return f"{self.base}/robot/sendBySession?session={name}", int(until * 1000)

    def open_group(self, room_id: str) -> Room:
        """The group of this id where the robot is; ``Refusal`` if there is none.

        The platform's own codes for this are not published; apps can only go by the 4xx.
        """
        room = self.rooms.get(room_id)
        if room is None or not room.group:
            raise Refusal("invalidParameter.openConversationId.invalid")
        if not room.robot:
            raise Refusal("invalidParameter.robotCode.notInConversation", "机器人不在群内")
        return room

    def handles(self, staff_ids: Sequence[str]) -> list[str]:
        """The people of these user ids, as tests call them; unknown ones are left out."""
        return [u.handle for u in map(self.by_staff, staff_ids) if u is not None]
