"""What a handler gets, and how paths find their handler."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tests.fakes.zentao.history import History
from tests.fakes.zentao.log import Log
from tests.fakes.zentao.people import Account, Session
from tests.fakes.zentao.plans import Plans
from tests.fakes.zentao.rows import Row
from tests.fakes.zentao.shapes import Shapes
from tests.fakes.zentao.state import State
from tests.fakes.zentao.stories import Stories
from tests.fakes.zentao.votes import Reviews
from tests.fakes.zentao.web import Answer, Request


class Rules:
    """The rules of one server."""

    def __init__(self, state: State) -> None:
        self.log = Log(state)
        self.stories = Stories(state, self.log)
        self.reviews = Reviews(self.stories)
        self.plans = Plans(state, self.stories)


@dataclass
class Context:
    """One request: who asks, in which language, for what."""

    state: State
    rules: Rules
    request: Request
    account: Account
    session: Session
    lang: str
    args: tuple[str, ...] = ()
    v1: bool = True
    extras: dict[str, Any] = field(default_factory=dict[str, Any])

    @cached_property
    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return self.request.json()

    @property
    def who(self) -> str:
        """The calling account."""
        return self.account.name

    @property
    def number(self) -> int:
        """The first id of the path; 0 when it is no number."""
        return int(self.args[0]) if self.args and self.args[0].isdigit() else 0

    @property
    def shapes(self) -> Shapes:
        """How rows look for this request."""
        return Shapes(self.state, local_times=self.request.query.get("timeFormat") == "local")

    @property
    def history(self) -> History:
        """How actions look for this request."""
        return History(self.state, self.lang, v1=self.v1)

    def visible(self, product: int) -> bool:
        """Whether the caller sees a product; an orphan belongs to nobody and is seen by all."""
        row = self.state.products.get(product)
        return row is None or self.state.visible(row, self.who)

    def visit(self, product: int) -> None:
        """Remember the product that this session looked at last."""
        self.session.product = product

    def last_product(self) -> Row | None:
        """The product shown instead of an unknown one."""
        row = self.state.products.get(self.session.product)
        if row is not None and not row["deleted"] and self.visible(row["id"]):
            return row
        seen = self.state.products_of(self.who)
        return seen[0] if seen else None


Handler = Callable[[Context], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A path with its handler; ``pattern`` names parts by ``{}``."""

    method: str
    pattern: str
    handler: Handler
    privilege: str = ""
    new_only: bool = False
    lists: bool = False

    @property
    def regex(self) -> re.Pattern[str]:
        """The path as an expression; each ``{}`` is one part."""
        return re.compile("^" + re.escape(self.pattern).replace(r"\{\}", "([^/]+)") + "$")


class Router:
    """Finds the route of a request."""

    def __init__(self, routes: Iterable[Route], *, old: bool) -> None:
        self._routes = [(route, route.regex) for route in routes if not (old and route.new_only)]

    def knows(self, path: str) -> bool:
        """Whether some method has this path."""
        return any(regex.match(path) for _, regex in self._routes)

    def find(self, method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
        """The route with the ids of its path."""
        for route, regex in self._routes:
            found = regex.match(path) if route.method == method else None
            if found:
                return route, found.groups()
        return None


def page_of(rows: list[Any], page: int, limit: int) -> tuple[int, list[Any]]:
    """A page of rows; one past the end is the last one."""
    last = max(1, -(-len(rows) // limit)) if limit else 1
    page = min(max(page, 1), last)
    return page, rows[(page - 1) * limit : page * limit] if limit else rows


def number_in(text: str | None, default: int) -> int:
    """A number of the query; the default when there is none."""
    return int(text) if text and text.lstrip("-").isdigit() else default
