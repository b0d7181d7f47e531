"""Which stories a list shows, and in which order (facts §6.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.fakes.zentao.routing import Context
from tests.fakes.zentao.rows import Row
from tests.fakes.zentao.state import State, columns_of

UNCLOSED: Final = frozenset({"", "draft", "reviewing", "active", "changing"})


def browse(ctx: Context, product: int, kind: str) -> list[Row]:
    """The product's stories of a browse type; an unknown word means those without a status."""
    tests: dict[str, Callable[[Row], Any]] = {
        "unclosed": lambda row: row["status"] in UNCLOSED,
        "allstory": lambda row: True,
        "all": lambda row: True,
        "assignedtome": lambda row: row["assignedTo"] == ctx.who,
        "openedbyme": lambda row: row["openedBy"] == ctx.who,
        "reviewbyme": lambda row: ctx.state.reviewers(row).get(ctx.who) == "",
        "reviewedbyme": lambda row: ctx.who in row["reviewedBy"].split(","),
        "willclose": lambda row: row["stage"] in {"developed", "tested", "verified", "released"},
        "unplan": lambda row: False,
    }
    for status in ("draft", "reviewing", "active", "changing", "closed"):
        tests[f"{status}story"] = lambda row, status=status: row["status"] == status
    wanted = tests.get(kind, lambda row: row["status"] == "")
    return [row for row in ctx.state.stories_of(product) if wanted(row)]


def bad_order(state: State, order: str) -> bool:
    """Whether an order names no column."""
    name, _, way = order.rpartition("_")
    return way not in {"asc", "desc"} or name not in columns_of(state.version)


def ordered(rows: list[Row], order: str) -> list[Row]:
    """By one column; ties by id, newest first."""
    name, _, way = order.rpartition("_")
    rows = sorted(rows, key=lambda row: -row["id"])
    return sorted(rows, key=lambda row: _key(row[name]), reverse=way == "desc")


def _key(value: Any) -> tuple[int, float, str]:
    if isinstance(value, str):
        return 0, 0.0, value
    return 0, float(value or 0), ""
