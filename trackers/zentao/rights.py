"""The privileges that the API account needs, each tried without changing anything.

ZenTao tells nobody what an account may do, but it checks the privilege before it looks at the rest:
a call about a story that does not exist is refused for want of the privilege (403), or for want of
the story.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.errors import DubanError
from trackers.zentao.client import V1, V2, Call
from trackers.zentao.errors import (
    ZentaoAway,
    ZentaoForbidden,
    ZentaoLogin,
    ZentaoWeakPassword,
)
from trackers.zentao.feeding import Feeding
from trackers.zentao.probe import NOBODY
from trackers.zentao.remote import Right


@dataclass(frozen=True, slots=True)
class _Try:
    """How a privilege is tried.

    :param v2: method, path below the API and query; ``v1`` the same for servers without v2.
    """

    name: str
    v2: tuple[str, str] | None = None
    v1: tuple[str, str] | None = None
    query: Mapping[str, str | int] | None = None
    v1_body: Mapping[str, Any] | None = None
    by_hand: bool = False
    optional: bool = False


_STORY = f"stories/{NOBODY}"
_PLAN = f"productplans/{NOBODY}"
_TRIES = (
    _Try("product-browse", ("GET", f"products/{NOBODY}/stories"), ("GET", "products")),
    _Try("product-view", ("GET", f"products/{NOBODY}"), ("GET", f"products/{NOBODY}")),
    _Try("story-view", ("GET", _STORY), ("GET", _STORY)),
    _Try("story-create", ("POST", "stories")),
    _Try("story-edit", ("PUT", _STORY), ("PUT", _STORY), v1_body={"title": "", "reviewer": []}),
    _Try("story-change", ("PUT", f"{_STORY}/change")),
    _Try(
        "story-review",
        ("PUT", f"{_STORY}/review"),
        ("POST", f"{_STORY}/review"),
        v1_body={"comment": ""},
    ),
    _Try("story-submitReview", ("PUT", f"{_STORY}/submitReview"), by_hand=True),
    _Try("story-recall", ("PUT", f"{_STORY}/recall")),
    _Try(
        "story-close",
        ("PUT", f"{_STORY}/close"),
        ("POST", f"{_STORY}/close"),
        v1_body={"closedReason": ""},
    ),
    _Try("story-activate", ("PUT", f"{_STORY}/activate")),
    _Try("story-assignTo", ("PUT", f"{_STORY}/assignTo")),
    # Nothing to call without danger: deleting is refused or done.
    _Try("story-delete", optional=True),
    _Try("productplan-browse", ("GET", f"products/{NOBODY}/productplans")),
    _Try("productplan-view", ("GET", _PLAN), ("GET", _PLAN)),
    _Try("productplan-create", ("POST", "productplans"), ("POST", f"products/{NOBODY}/plans")),
    _Try("productplan-edit", ("PUT", _PLAN), ("PUT", _PLAN), v1_body={"title": ""}),
    _Try(
        "productplan-linkStory",
        ("PUT", f"{_PLAN}/linkStory"),
        ("POST", f"{_PLAN}/linkstories"),
        query={"planID": NOBODY},
        v1_body={"stories": []},
    ),
    _Try("productplan-start", ("PUT", f"{_PLAN}/start"), by_hand=True, optional=True),
    _Try("productplan-finish", ("PUT", f"{_PLAN}/finish"), by_hand=True, optional=True),
    _Try("productplan-close", ("PUT", f"{_PLAN}/close"), by_hand=True, optional=True),
    _Try("productplan-activate", ("PUT", f"{_PLAN}/activate"), by_hand=True, optional=True),
    _Try("company-dynamic", ("GET", "companies/dynamic"), query={"browseType": "all", "limit": 1}),
    _Try("action-comment", ("POST", "actions/comment")),
    _Try("company-browse", ("GET", "users"), query={"recPerPage": 1}),
    _Try("execution-story", ("GET", f"executions/{NOBODY}/stories"), optional=True),
    _Try("projectstory-story", ("GET", f"projects/{NOBODY}/stories"), optional=True),
)
_V2_ONLY = frozenset({"company-dynamic", "action-comment", "story-submitReview"})
"""What 18.x does not have or does not ask for over the API."""


class Rights(Feeding):
    """The account's rights."""

    def rights(self) -> tuple[Right, ...]:
        """The privileges that the account needs; None where one cannot be tried without harm."""
        v2 = self.facts().v2
        wanted = (x for x in _TRIES if v2 or x.name not in _V2_ONLY)
        return tuple(
            Right(x.name, self._granted(x, v2=v2), by_hand=x.by_hand, optional=x.optional)
            for x in wanted
        )

    def _granted(self, one: _Try, *, v2: bool) -> bool | None:
        chosen = one.v2 if v2 else one.v1
        if chosen is None:
            return None
        method, path = chosen
        body = {} if v2 else dict(one.v1_body or {})
        call = Call(
            method,
            f"{V2 if v2 else V1}/{path}",
            one.name,
            one.query if v2 else None,
            body if method != "GET" else None,
        )
        try:
            self._client.call(call)
        except ZentaoForbidden:
            return False
        except (ZentaoAway, ZentaoLogin, ZentaoWeakPassword):
            raise
        except DubanError:
            return True
        return True
