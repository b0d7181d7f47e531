"""What the fake server knows: its tables, its settings and its clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.fakes.zentao.people import People
from tests.fakes.zentao.rows import COLUMNS, Row, Table
from tests.fakes.zentao.versions import Version


@dataclass(slots=True)
class Spec:
    """The text of one version of a story; the title escaped, the rest HTML."""

    title: str
    spec: str
    verify: str


@dataclass(slots=True)
class Plan:
    """A plan of a product; its stories in the order in which they were linked."""

    id: int
    product: int
    title: str
    begin: str
    end: str
    desc: str = ""
    status: str = "wait"
    closed_reason: str = ""
    finished: str = ""
    closed: str = ""
    created_by: str = ""
    created: str = ""
    deleted: bool = False
    parent: int = 0
    linked: list[int] = field(default_factory=list[int])


@dataclass(slots=True)
class Change:
    """One field of an action's history, as it was stored (labels are made when it is shown)."""

    id: int
    field: str
    old: Any
    new: Any


@dataclass(slots=True)
class Action:
    """A row of the action log; ids only grow."""

    id: int
    kind: str
    object_id: int
    product: int
    action: str
    actor: str
    date: str
    comment: str = ""
    extra: str = ""
    project: int = 0
    execution: int = 0
    history: tuple[Change, ...] = ()


@dataclass(slots=True)
class Hook:
    """An outgoing web hook."""

    id: int
    type: str
    name: str
    url: str
    secret: str = ""
    domain: str = ""
    send: str = "sync"
    products: tuple[int, ...] = ()
    params: tuple[str, ...] = ()
    created: str = ""
    deleted: bool = False
    log: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


@dataclass(slots=True)
class Settings:
    """What an administrator sets."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    language: str = "zh-cn"
    review_required: bool = True
    half_pass: bool = False
    super_reviewers: tuple[str, ...] = ()
    request_type: str = "PATH_INFO"


@dataclass(slots=True)
class State:
    """Everything; handlers hold ``lock`` while they work."""

    version: Version
    clock: Callable[[], datetime]
    url: str = ""
    settings: Settings = field(default_factory=Settings)
    people: People = field(default_factory=People)
    products: Table = field(default_factory=lambda: Table("product"))
    stories: Table = field(init=False)
    specs: dict[tuple[int, int], Spec] = field(default_factory=dict[tuple[int, int], Spec])
    votes: dict[tuple[int, int], dict[str, str]] = field(
        default_factory=dict[tuple[int, int], dict[str, str]]
    )
    before_close: dict[int, str] = field(default_factory=dict[int, str])
    by_product: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    files: dict[int, dict[str, Any]] = field(default_factory=dict[int, dict[str, Any]])
    plans: dict[int, Plan] = field(default_factory=dict[int, Plan])
    actions: list[Action] = field(default_factory=list[Action])
    history: dict[tuple[str, int], list[Action]] = field(
        default_factory=dict[tuple[str, int], list[Action]]
    )
    hooks: dict[int, Hook] = field(default_factory=dict[int, Hook])
    pending: list[tuple[Hook, Action]] = field(default_factory=list[tuple[Hook, Action]])
    projects: Table = field(default_factory=lambda: Table("project"))
    executions: Table = field(default_factory=lambda: Table("execution"))
    tasks: Table = field(default_factory=lambda: Table("task"))
    bugs: Table = field(default_factory=lambda: Table("bug"))
    cases: Table = field(default_factory=lambda: Table("testcase"))
    linked: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    next_action: int = 1
    next_change: int = 1
    next_plan: int = 1
    next_log: int = 1
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.stories = Table("story_18" if self.version.old else "story")

    def now(self) -> str:
        """Server-local, as the database stores it."""
        return self.local(self.clock())

    def local(self, instant: datetime) -> str:
        """An instant in the server's zone."""
        return instant.astimezone(self.settings.zone).strftime("%Y-%m-%d %H:%M:%S")

    def utc(self, local: str) -> str | None:
        """A stored time as v1 shows it; empty is null."""
        if not local:
            return None
        text = local if len(local) > 10 else f"{local} 00:00:00"
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=self.settings.zone)
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def spec(self, story: Row) -> Spec:
        """The text of the story's current version."""
        return self.specs.get((story["id"], story["version"]), Spec("", "", ""))

    def reviewers(self, story: Row) -> dict[str, str]:
        """Who is asked about the current version, with the votes given."""
        return self.votes.get((story["id"], story["version"]), {})

    def visible(self, product: Row, account: str) -> bool:
        """Whether an account sees a product."""
        who = self.people.accounts.get(account)
        allowed = {product["createdBy"], product["PO"], *product["whitelist"].split(",")}
        return product["acl"] == "open" or (who is not None and who.admin) or account in allowed

    def products_of(self, account: str) -> list[Row]:
        """The products that an account sees."""
        return [row for row in self.products if self.visible(row, account)]

    def stories_of(self, product: int) -> list[Row]:
        """The product's stories that are not deleted, by id."""
        rows = (self.stories.get(number) for number in self.by_product.get(product, []))
        return [row for row in rows if row is not None and not row["deleted"]]

    def moved(self, story: Row, product: int) -> None:
        """Put a story into a product's list (a move takes it out of the old one)."""
        number = story["id"]
        old = self.by_product.get(story["product"])
        if old and number in old:
            old.remove(number)
        story["product"] = product
        self.by_product.setdefault(product, []).append(number)


def columns_of(version: Version) -> tuple[str, ...]:
    """The columns of a story in this version's answers."""
    return tuple(COLUMNS["story_18" if version.old else "story"])
