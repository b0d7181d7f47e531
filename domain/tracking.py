"""What Duban remembers about a tracker elsewhere: its mirror, and the writes that wait for it.

A use case changes the mirror at once and queues a write. Each write remembers what it stood on, so
that on delivery it is known whether somebody changed the same thing in the tracker meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from domain.stories import Stage, Story

ZENTAO = "zentao"
"""The value of ``Product.tracker`` for products whose stories live in ZenTao."""

STALE = timedelta(minutes=10)
"""A mirror that was not compared for longer than this is called old on the cards."""


SHIFT = 100_000_000
"""Added to the tracker's number of a story when another product's story has that number here."""


def remote_number(number: int) -> int:
    """What the tracker calls a story of ours."""
    return number - SHIFT if number > SHIFT else number


class WriteAct(StrEnum):
    """What a write does in the tracker."""

    CREATE = "create"
    EDIT = "edit"
    SUBMIT = "submit"
    RECALL = "recall"
    VERDICT = "verdict"
    CHANGE = "change"
    STAGE = "stage"
    ASSIGN = "assign"
    CLOSE = "close"
    ACTIVATE = "activate"
    PLAN = "plan"
    COMMENT = "comment"


class WriteState(StrEnum):
    """How a write stands."""

    WAITING = "waiting"  # queued, in its order
    DONE = "done"  # in the tracker, read back
    REFUSED = "refused"  # the tracker does not take it; the person was told why
    CONFLICT = "conflict"  # both sides changed the same thing: a person decides
    HELD = "held"  # it stood on one that was refused or is in conflict: a person decides
    DROPPED = "dropped"  # a person let it go


ASKING = frozenset({WriteState.CONFLICT, WriteState.HELD})
"""The states in which a write waits for a person's word."""

UNSETTLED = frozenset({WriteState.WAITING, *ASKING})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a write was asked for: its outcome is told there.

    :param channel: id of our channel, or None. :param thread: the surface's thread id.
    """

    channel: str | None = None
    thread: str | None = None


NOWHERE = Origin()
"""In no conversation: the person is told directly."""


@dataclass(frozen=True, slots=True)
class TrackerWrite:
    """One thing to do in the tracker.

    :param seq: what people call it, 7 in ``W7``; counts up in the workspace.
    :param number: the story; 0 for one that is to be created.
    :param args: of the tracker's method, ready for JSON.
    :param base: the fields that it stands on, as the mirror had them before.
    :param after: the fields that it changes, as the mirror has them afterwards.
    :param forced: a person saw the conflict and wants it all the same.
    :param problem: why it was refused, as a message in JSON.
    :param truth: for a conflict, what the tracker has in the fields of ``base``.
    """

    id: str
    seq: int
    product_id: str
    number: int
    act: WriteAct
    args: Mapping[str, Any]
    actor: str
    origin: Origin
    base: Mapping[str, Any]
    after: Mapping[str, Any]
    state: WriteState
    queued_at: datetime
    forced: bool = False
    problem: Any | None = None
    truth: Mapping[str, Any] = field(default_factory=dict[str, Any])
    settled_at: datetime | None = None

    @property
    def ref(self) -> str:
        """How people write it: ``W7``."""
        return f"W{self.seq}"


_FIELDS = (
    "title", "spec", "verify", "status", "stage", "version", "priority", "category", "module",
    "estimate", "plan_id", "assigned_to", "reviewers", "closed_reason",
)  # fmt: skip
_STANDS_ON: Mapping[WriteAct, tuple[str, ...]] = {
    WriteAct.CREATE: (),
    WriteAct.EDIT: (),  # the edited fields themselves
    WriteAct.SUBMIT: ("status", "version"),
    WriteAct.RECALL: ("status", "version"),
    WriteAct.VERDICT: ("status", "version"),
    WriteAct.CHANGE: ("status", "version", "title", "spec", "verify"),
    WriteAct.STAGE: ("status", "stage"),
    WriteAct.ASSIGN: ("assigned_to",),
    WriteAct.CLOSE: ("status", "version", "stage"),
    WriteAct.ACTIVATE: ("status",),
    WriteAct.PLAN: ("plan_id",),
    WriteAct.COMMENT: (),
}
_BESIDE: Mapping[WriteAct, frozenset[str]] = {
    WriteAct.STAGE: frozenset(),
    WriteAct.CHANGE: frozenset({"stage", "status", "reviewers"}),
    WriteAct.VERDICT: frozenset({"stage", "reviewers", "assigned_to"}),
    WriteAct.CLOSE: frozenset({"stage", "assigned_to"}),
}
"""Fields that change along with an act and say nothing about whether it happened."""

_BY_HAND = frozenset(
    s.value
    for s in (Stage.VERIFIED, Stage.REJECTED, Stage.DELIVERING, Stage.DELIVERED, Stage.RELEASED)
)
"""Stages that the tracker never computes: somebody there has said something."""


def stands_on(act: WriteAct, args: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields whose value an act takes for granted."""
    if act is WriteAct.EDIT:
        return tuple(args["fields"])
    return _STANDS_ON[act]


def snapshot(story: Story, names: Iterable[str]) -> dict[str, Any]:
    """Some fields of a story, ready for JSON."""
    return {name: _plain(getattr(story, name)) for name in names}


def difference(before: Story, after: Story) -> dict[str, Any]:
    """The fields that are different, as they are afterwards."""
    changed = [n for n in _FIELDS if getattr(before, n) != getattr(after, n)]
    return snapshot(after, changed)


def clashes(write: TrackerWrite, truth: Story) -> tuple[str, ...]:
    """The fields that somebody changed in the tracker since, and to something else than we want.

    A stage that the tracker computes is nobody's word, so it clashes with nothing.
    """
    real = snapshot(truth, write.base)
    found = [
        name
        for name, base in write.base.items()
        if real[name] != base and real[name] != write.after.get(name, base)
    ]
    if "stage" in found and (write.act is WriteAct.CLOSE or real["stage"] not in _BY_HAND):
        found.remove("stage")
    return tuple(found)


def is_there(write: TrackerWrite, truth: Story) -> bool:
    """Whether the tracker already has what the write is about.

    What the tracker computes itself beside it is not asked, and a text that differs in white space
    alone is the same.
    """
    beside = _BESIDE.get(write.act, frozenset({"stage"}))
    names = [name for name in write.after if name not in beside]
    real = snapshot(truth, names)
    return bool(names) and all(_same(real[n], write.after[n]) for n in names)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.split() == other.split()
    if isinstance(one, list) and isinstance(other, list):
        return set(cast("list[Any]", one)) == set(cast("list[Any]", other))
    return bool(one == other)


def depends(later: TrackerWrite, earlier: TrackerWrite) -> bool:
    """Whether a later write of the same story stands on what an earlier one changes."""
    return bool(later.base.keys() & earlier.after.keys())


def rebased(later: TrackerWrite, earlier: TrackerWrite, truth: Story) -> Mapping[str, Any]:
    """What a later write stands on, once an earlier one has become true in the tracker's words.

    The tracker may have made something else of it than the mirror expected (a text with its markup
    cleaned, another status on an old version): that is no clash.
    """
    return {
        name: _plain(getattr(truth, name)) if _expected(name, value, earlier) else value
        for name, value in later.base.items()
    }


def _expected(name: str, value: Any, earlier: TrackerWrite) -> bool:
    return name in earlier.after and earlier.after[name] == value


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return list(cast("tuple[Any, ...]", value)) if isinstance(value, tuple) else value


class ImportState(StrEnum):
    """How far the first import of a product is."""

    LISTING = "listing"  # its stories page by page
    READING = "reading"  # the texts of those that are open
    READY = "ready"


@dataclass(frozen=True, slots=True)
class ProductImport:
    """How a product came into the mirror.

    :param ref: the product's id in the tracker.
    :param page: the last page of the list that was taken. :param total: how many stories there are.
    :param listed: how many are in the mirror. :param swept_at: when the list was last compared.
    :param by: the person who asked for it.
    """

    product_id: str
    ref: str
    state: ImportState
    by: str
    origin: Origin
    begun_at: datetime
    page: int = 0
    total: int = 0
    listed: int = 0
    ready_at: datetime | None = None
    swept_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """How the connection to the tracker stands.

    :param server: host and path, so that a change of server is noticed.
    :param cursor: the id of the last action that was taken in; ``cursor_at`` is its instant.
    :param fresh_at: when the mirror was last known to be up to date.
    :param hinted_at: a hook asked to look, and nobody has since.
    :param away_since: the first failure of those that go on. :param trouble: the last one in words,
        as a message in JSON.
    :param people_at: when accounts and plans were last read.
    """

    server: str
    cursor: int = 0
    cursor_at: datetime | None = None
    fresh_at: datetime | None = None
    hinted_at: datetime | None = None
    away_since: datetime | None = None
    trouble: Any | None = None
    people_at: datetime | None = None
    version: str = ""


@dataclass(frozen=True, slots=True)
class RemoteProduct:
    """A product of the tracker."""

    ref: str
    name: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class RemotePlan:
    """A plan of the tracker; days are None where it has none.

    :param status: the tracker's word: ``wait``, ``doing``, ``done``, ``closed``.
    """

    ref: str
    product_ref: str
    title: str
    begins: date | None = None
    ends: date | None = None
    status: str = "wait"


@dataclass(frozen=True, slots=True)
class RemoteAccount:
    """An account of the tracker with what may tell who it is.

    :param addresses: profile field (``email``, ``mobile``, ``dingding``, ``slack``, ``weixin``) →
        what was typed there.
    """

    account: str
    name: str
    role: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict[str, str])


OPENED, GONE = "opened", "gone"
"""Of :class:`News`: the story is new there; it was deleted, or moved out of Duban's sight."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that somebody did to a story in the tracker itself.

    :param title: the story's at that time. :param action: the tracker's word, or one of the two
        above.
    :param who: the name there. :param person: our person, if known.
    :param changes: field → (old, new) as text. :param at: when it happened, ``seen_at`` when Duban
        learned of it.
    """

    product_id: str
    number: int
    action: str
    at: datetime
    seen_at: datetime
    title: str = ""
    who: str = ""
    person: str | None = None
    comment: str = ""
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
