"""What somebody does at ZenTao's own pages, in the browser, beside Duban."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.fakes.zentao.hooks import send_pending
from tests.fakes.zentao.markup import decode_title
from tests.fakes.zentao.routing import Rules
from tests.fakes.zentao.rows import Row
from tests.fakes.zentao.state import State


class Person:
    """An account at the web pages; hooks fire as they would."""

    def __init__(self, state: State, rules: Rules, account: str) -> None:
        self._state = state
        self._rules = rules
        self._who = account

    @contextmanager
    def _on(self, number: int) -> Iterator[Row]:
        with self._state.lock:
            story = self._state.stories.get(number)
            assert story is not None, f"no story {number}"
            yield story
            pending, self._state.pending = self._state.pending, []
        send_pending(self._state, pending)

    def create(self, product: int, title: str, reviewers: list[str], **fields: Any) -> int:
        """A new story; answers its id."""
        values = {"title": title, "spec": "", **fields}
        with self._state.lock:
            row = self._rules.stories.create(self._who, product, values, reviewers, "zh-cn")
            pending, self._state.pending = self._state.pending, []
        send_pending(self._state, pending)
        return row["id"]

    def edit(self, number: int, **fields: Any) -> None:
        """Edit in place; the page always sends the title."""
        with self._on(number) as story:
            sent = {"title": self._title(story), **fields}
            self._rules.stories.edit(self._who, story, sent, "zh-cn", reviewers=None, v2=True)

    def change(self, number: int, *, reviewers: list[str], **fields: Any) -> None:
        """A new version, to be reviewed when there are reviewers."""
        with self._on(number) as story:
            sent = {"title": self._title(story), "reviewer": reviewers, **fields}
            sent["status"] = "reviewing" if reviewers else story["status"]
            self._rules.stories.change(self._who, story, sent, "zh-cn", v2=True)

    def review(self, number: int, result: str, comment: str = "", **fields: Any) -> None:
        """A vote, with everything that the page sends."""
        with self._on(number) as story:
            sent = {
                "result": result, "comment": comment, "pri": story["pri"],
                "estimate": story["estimate"], "assignedTo": story["assignedTo"],
                "status": story["status"], **fields,
            }  # fmt: skip
            self._rules.reviews.review(self._who, story, sent, "zh-cn", v2=True)

    def submit(self, number: int, reviewers: list[str]) -> None:
        """Ask for review."""
        with self._on(number) as story:
            self._rules.reviews.submit(self._who, story, {"reviewer": reviewers}, "zh-cn")

    def recall(self, number: int) -> None:
        """Take the review back."""
        with self._on(number) as story:
            self._rules.reviews.recall(self._who, story)

    def close(self, number: int, reason: str, comment: str = "") -> None:
        """Close with a reason."""
        with self._on(number) as story:
            sent = {"closedReason": reason, "comment": comment}
            self._rules.stories.close(self._who, story, sent, "zh-cn")

    def activate(self, number: int, comment: str = "") -> None:
        """Reopen."""
        with self._on(number) as story:
            self._rules.stories.activate(self._who, story, {"comment": comment})

    def assign(self, number: int, account: str, comment: str = "") -> None:
        """Give it to somebody."""
        with self._on(number) as story:
            sent = {"assignedTo": account, "comment": comment}
            self._rules.stories.assign(self._who, story, sent)

    def comment(self, number: int, text: str) -> None:
        """A note."""
        with self._on(number) as story:
            self._rules.stories.comment(self._who, story, text)

    def delete(self, number: int) -> None:
        """Softly."""
        with self._on(number) as story:
            self._rules.stories.delete(self._who, story)

    def move(self, number: int, product: int) -> None:
        """Into another product."""
        self.edit(number, product=product)

    def link(self, number: int, plan: int) -> None:
        """Onto a plan, from the plan's page."""
        with self._on(number):
            self._rules.plans.link(self._who, plan, [number])

    def edit_plan(self, plan: int, **fields: Any) -> None:
        """Title, days, description of a plan."""
        with self._state.lock:
            self._rules.plans.edit(self._who, self._state.plans[plan], fields, "zh-cn")

    def step_plan(self, plan: int, step: str) -> None:
        """start, finish, close, activate."""
        with self._state.lock:
            self._rules.plans.step(self._who, self._state.plans[plan], step, {})

    def _title(self, story: Row) -> str:
        return decode_title(self._state.spec(story).title)
