"""v1: what the fake knows of projects, sprints, tasks, bugs and test cases (facts §9)."""

from __future__ import annotations

from typing import Any, Final

from tests.fakes.zentao.routing import Context, Route, number_in, page_of
from tests.fakes.zentao.rows import Row, Table
from tests.fakes.zentao.web import Answer, Crash, empty, v1


def nothing(ctx: Context) -> Answer:
    """A feature of paid editions: an empty answer."""
    return empty()


def crash(ctx: Context) -> Answer:
    """A route that is declared and not there."""
    raise Crash


def _paged(ctx: Context, rows: list[Any], name: str, shown: list[Any]) -> Answer:
    limit = number_in(ctx.request.query.get("limit"), 20) or 20
    page, part = page_of(shown, number_in(ctx.request.query.get("page"), 1), limit)
    return v1({"page": page, "total": len(rows), "limit": limit, name: part})


def product_rows(table: Table, product: int) -> list[Row]:
    """Rows of a product, the newest first."""
    return sorted((row for row in table if row["product"] == product), key=lambda row: -row["id"])


ROUTES: Final = (
    Route("GET", "/feedbacks", nothing, ""),
    Route("GET", "/tickets", nothing, "ticket-browse"),
    Route("GET", "/comments", crash),
    Route("POST", "/comments", crash),
)
