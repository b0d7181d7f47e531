"""The server on which the recordings were made: its people, products, plans and stories."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from domain.clock import ManualClock
from tests.fakes.zentao import FakeZentao

RECORDINGS = Path(__file__).parent.parent / "recordings"
PEOPLE = (
    ("admin", "admin", "", 0), ("productManager", "产品经理", "po", 5),
    ("projectManager", "项目经理", "pm", 5), ("dev1", "开发甲", "dev", 2),
    ("dev2", "开发乙", "dev", 2), ("dev3", "开发丙", "dev", 2), ("tester1", "测试甲", "qa", 3),
    ("tester2", "测试乙", "qa", 3), ("tester3", "测试丙", "qa", 3),
    ("testManager", "测试经理", "qd", 1),
)  # fmt: skip
SHIPPED = ("首页设计和开发", "新闻中心的设计和开发", "成果展示的设计和开发", "售后服务的设计和开发")


def recording(name: str) -> list[dict[str, Any]]:
    """The exchanges of a recording."""
    return json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))


class World:
    """A fake with the accounts and ids of the recorded server, and a client for it."""

    def __init__(self, version: str, *, bots: bool = True) -> None:
        self.clock = ManualClock(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
        self.fake = FakeZentao(version, bare=True, clock=self.clock.now)
        self.fake.start()
        self.state = self.fake.state
        self.client = httpx.Client(base_url=self.fake.url, trust_env=False, timeout=90)
        self._tokens: dict[str, str] = {}
        for account, realname, role, dept in PEOPLE:
            self.fake.add_user(account, f"{account}-Pass1", realname=realname, role=role)
            row = self.state.people.accounts[account].row
            row.update(dept=dept, visions="rnd,lite", last="2026-11-23 15:55:38", ip="192.0.2.1")
        if bots:
            self.bots()

    def bots(self) -> None:
        """The accounts made for the recordings."""
        self.fake.add_user("pobot", "PASSWORD", realname="产品机器人", role="po")
        self.fake.add_user("po2", "PASSWORD", realname="产品二", role="po")
        self.fake.grant("pobot", "story-submitReview")

    def close(self) -> None:
        """Stop."""
        self.client.close()
        self.fake.stop()

    # -- arranging -----------------------------------------------------------------------------

    def products(self) -> None:
        """The two shipped products and the one made for the bot."""
        for name in ("公司企业网站建设", "企业内部工时管理系统", "Bot Product"):
            self.fake.add_product(name, po="productManager")

    def plans(self) -> None:
        """The shipped plan and the two of the bot's product."""
        self.fake.add_plan(1, "1.0版本", desc="开发出企业网站1.0版本。")
        self.fake.add_plan(
            3, "2026-W48 sprint", "2026-11-23", "2026-12-04", who="pobot", desc="<p>goal</p>"
        )
        self.fake.add_plan(3, "Undated plan", who="pobot")

    def shipped_stories(self) -> None:
        """Four stories of the demonstration data."""
        for number, title in enumerate(SHIPPED, start=1):
            self.fake.add_story(
                1, title, id=number, plan=1, pri=1, estimate=1.0, stage="developing",
                openedDate="2024-04-02 15:01:20", lastEditedBy="productManager",
                lastEditedDate="2024-04-02 15:04:35", reviewedBy=",productManager",
                reviewedDate="2024-04-02 15:04:35",
            )  # fmt: skip

    def next_story(self, number: int) -> None:
        """The next created story has this id."""
        self.state.stories.reserve(number)

    def reviewing(
        self, number: int, title: str, reviewers: tuple[str, ...] = ("pobot",), **fields: Any
    ) -> None:
        """A story of the bot, under review."""
        self.next_story(number)
        values = {"spec": "spec v1", "verify": "verify v1", "pri": 3, "estimate": 2, **fields}
        self.fake.person("pobot").create(3, title, list(reviewers), **values)

    def draft(self, number: int, title: str, reviewers: tuple[str, ...] = ("pobot",)) -> None:
        """A draft of the bot."""
        self.reviewing(number, title, reviewers, status="draft")

    def active(self, number: int, title: str, comment: str = "ok", **fields: Any) -> None:
        """A story of the bot, passed by the bot."""
        self.reviewing(number, title, **fields)
        self.fake.person("pobot").review(number, "pass", comment)

    # -- asking --------------------------------------------------------------------------------

    def ask(self, request: Mapping[str, Any], account: str, raw: bytes | None) -> httpx.Response:
        """Send a recorded request as an account; without one, with a token that is dead."""
        headers: dict[str, str] = {
            name: value for name, value in request.get("headers", {}).items() if name != "Token"
        }
        if "Token" in request.get("headers", {}):
            headers["Token"] = self.token(account) if account else "0" * 26
        content = raw
        if content is None and "body" in request:
            content = json.dumps(request["body"]).encode()
        return self.client.request(
            request["method"], request["path"], headers=headers, content=content
        )

    def token(self, account: str) -> str:
        """A token of an account, kept while it lives."""
        if account not in self._tokens:
            known = self.state.people.accounts[account]
            login = {"account": account, "password": known.password}
            answer = self.client.post("/api.php/v1/tokens", json=login)
            self._tokens[account] = answer.json()["token"]
        return self._tokens[account]
