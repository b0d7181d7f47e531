"""What stood on the recorded server before each exchange, and what cannot be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.trackers.zentao.replay.world import World

Step = Callable[[World], Any]
NO_PROJECTS = "projects are no part of Duban's work: the fake has only their stories"


@dataclass(frozen=True, slots=True)
class Scene:
    """How to play one recording.

    :param start: before the first exchange.
    :param before: before the exchange of an index: what was done between two recorded requests.
    :param raw: bodies that the recording cannot show.
    :param ignored: keys not compared in an exchange (see ``IGNORED`` for the reasons).
    :param skipped: exchanges not compared at all, each with the reason.
    """

    start: Step = lambda world: None
    before: Mapping[int, Step] = field(default_factory=dict[int, Step])
    raw: Mapping[int, bytes] = field(default_factory=dict[int, bytes])
    ignored: Mapping[int, frozenset[str]] = field(default_factory=dict[int, frozenset[str]])
    skipped: Mapping[int, str] = field(default_factory=dict[int, str])
    version: str = "22.4"
    bots: bool = True


# Keys that are not compared, with the reason.
COUNTERS = frozenset({
    # counted by a nightly job of ZenTao, not by the request
    "draftStories", "activeStories", "changingStories", "reviewingStories", "closedStories",
    "totalStories", "plans", "projects", "executions", "coverage", "testCaseCoverage", "builds",
    "cases", "bugs", "progress", "stories", "order",
    # the demonstration data's own program and settings
    "program", "programName", "createdVersion", "caseReview", "RD", "desc", "actions", "hour",
})  # fmt: skip


def products_and_plans(world: World) -> None:
    world.products()
    world.plans()


def noon(*moment: int) -> datetime:
    """A server-local time of the day of the recordings."""
    hour, minute, second = moment
    return datetime(2026, 11, 23, hour - 8, minute, second, tzinfo=UTC)
