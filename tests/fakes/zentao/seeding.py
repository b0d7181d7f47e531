"""Puts rows into the fake's tables without asking its rules."""

from __future__ import annotations

from typing import Any

from tests.fakes.zentao.editing import accounts_of
from tests.fakes.zentao.markup import escape_title, purify
from tests.fakes.zentao.routing import Rules
from tests.fakes.zentao.state import Hook, Spec, State
from tests.fakes.zentao.v2_hooks import ALL_PARAMS


class Seeds:
    """Fills one server; every call holds its lock."""

    def __init__(self, state: State, rules: Rules) -> None:
        self._state = state
        self._rules = rules

    def user(
        self, account: str, password: str, realname: str = "", role: str = "",
        grants: tuple[str, ...] = (), **profile: str,
    ) -> int:  # fmt: skip
        """A new account; answers its id."""
        with self._state.lock:
            added = self._state.people.add(account, password, realname, role, **profile)
            added.privileges.update(grants)
            return added.row["id"]

    def product(self, name: str, acl: str, po: str, whitelist: tuple[str, ...]) -> int:
        """A new product; answers its id."""
        with self._state.lock:
            row = self._state.products.add(
                name=name, acl=acl, PO=po, whitelist=accounts_of(list(whitelist)).strip(","),
                createdBy="admin", createdDate=self._state.now(),
            )  # fmt: skip
            row["order"] = row["id"] * 5
            self._rules.log.write("product", row["id"], "opened", "admin", product=row["id"])
            return row["id"]

    def plan(self, product: int, title: str, begin: str, end: str, who: str, desc: str) -> int:
        """A new plan; answers its id."""
        fields = {"title": title, "begin": begin, "end": end, "desc": desc}
        with self._state.lock:
            return self._rules.plans.create(who, product, fields, "zh-cn").id

    def story(self, product: int, title: str, who: str, columns: dict[str, Any]) -> int:
        """A story as it stands; answers its id."""
        columns = dict(columns)
        spec, verify = str(columns.pop("spec", "")), str(columns.pop("verify", ""))
        reviewers = columns.pop("reviewers", ())
        plan = str(columns.pop("plan", "0"))
        columns.setdefault("status", "active")
        state = self._state
        with state.lock:
            row = state.stories.add(
                product=product, openedBy=who, openedDate=columns.pop("openedDate", state.now()),
                **columns,
            )  # fmt: skip
            number = row["id"]
            state.specs[number, row["version"]] = Spec(
                escape_title(title), purify(spec), purify(verify)
            )
            if reviewers:
                state.votes[number, row["version"]] = dict.fromkeys(reviewers, "")
            state.by_product.setdefault(product, []).append(number)
            if plan != "0":
                row["plan"] = plan
                state.plans[int(plan)].linked.append(number)
                if "stage" not in columns:
                    row["stage"] = "planned"
            self._rules.log.write("story", number, "opened", who, product=product)
            return number

    def execution(self, name: str, stories: tuple[int, ...]) -> int:
        """A sprint; answers its id."""
        with self._state.lock:
            row = self._state.executions.add(name=name, openedBy="admin", project=1, parent=1)
            self._state.linked[row["id"]] = list(stories)
            self._restage(*stories)
            return row["id"]

    def task(self, execution: int, story: int, kind: str) -> int:
        """A task; answers its id."""
        with self._state.lock:
            row = self._state.tasks.add(
                execution=execution, story=story, type=kind, name=f"{kind} {story}"
            )
            return row["id"]

    def move_task(self, number: int, status: str) -> None:
        """A task's status; the story's stage is computed anew."""
        with self._state.lock:
            row = self._state.tasks.get(number)
            assert row is not None
            row["status"] = status
            self._restage(row["story"])

    def _restage(self, *stories: int) -> None:
        for number in stories:
            row = self._state.stories.get(number)
            if row is not None:
                self._rules.stories.restage(row)

    def hook(self, url: str, products: tuple[int, ...], send: str, domain: str) -> int:
        """An outgoing web hook; answers its id."""
        with self._state.lock:
            number = max(self._state.hooks, default=0) + 1
            self._state.hooks[number] = Hook(
                number, "default", f"hook {number}", url, send=send, domain=domain,
                products=products, params=ALL_PARAMS, created=self._state.now(),
            )  # fmt: skip
            return number
