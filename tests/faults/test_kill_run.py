"""kill -9 while commands come in: what was acknowledged is there once, the rest at most once."""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from collections.abc import Iterable

import httpx
import pytest

from tests.faults.conftest import Start
from tests.faults.evidence import witness
from tests.faults.processes import DEADLINE, Duban, Script
from tests.waiting import until

KILLS = 15  # on each kind of database
PEOPLE = ("admin", "po", "pm")
ROUND = 12  # commands of one person between two kills: below the rate limit
KEY = re.compile(r"<(\w+-\d+)>")


class Work:
    """One person's script: it posts, notes what was acknowledged, and stops when nobody answers."""

    def __init__(self, name: str, token: str) -> None:
        self.name = name
        self.acknowledged: dict[str, str] = {}
        self.unanswered: set[str] = set()
        self._script = Script(token)
        self._open: str | None = None
        self._count = 0

    def run(self, url: str, answered: threading.Event) -> None:
        """Post until the server is gone; first again what got no answer."""
        for _ in range(ROUND):
            if self._open is None:
                self._open, self._count = f"{self.name}-{self._count}", self._count + 1
            try:
                self.acknowledged[self._open] = self.post(url, self._open)
            except httpx.TransportError:
                self.unanswered.add(self._open)
                return
            self._open = None
            answered.set()

    def post(self, url: str, key: str) -> str:
        """The command of this key; the same key again must be no second command."""
        return self._script.said(url, f"/action add @dev 任务<{key}>", key, channel="大厅")

    def finish(self, url: str) -> None:
        """Post what is open, and everything else a second time."""
        if self._open is not None:
            self.acknowledged[self._open] = self.post(url, self._open)
        for key in random.Random(1).sample(sorted(self.acknowledged), 10):
            assert self.post(url, key) == self.acknowledged[key]


def set_up(process: Duban) -> list[Work]:
    admin = Script(process.token("admin"))
    for line in (
        "/setup product 物流", "/team add po 陈敏", "/team role @po po",
        "/team add pm 王强", "/team role @pm pm", "/team add dev 李雷",
    ):  # fmt: skip
        admin.said(process.url, line, channel="大厅")
    return [Work(name, process.token(name)) for name in PEOPLE]


@pytest.mark.slow
def test_every_command_is_there_once(duban: Start, db_url: str) -> None:
    chance = random.Random(20261123)
    process = duban(DUBAN_DATABASE_URL=db_url).start().listening()
    works = set_up(process)
    for _ in range(KILLS):
        answered = threading.Event()
        threads = [threading.Thread(target=w.run, args=(process.url, answered)) for w in works]
        for thread in threads:
            thread.start()
        answered.wait(DEADLINE)
        threads[0].join(chance.uniform(0, 0.4))  # somewhere in the middle of the work
        process.kill()
        for thread in threads:
            thread.join(DEADLINE)
        process.start().listening()
    for work in works:
        work.finish(process.url)
    posted = {key for work in works for key in work.acknowledged}
    with witness(db_url) as seen:
        until(lambda: not seen.waiting(), "the outbox does not become empty")
        evidence = {
            "records": keys(seen.items()),
            "lines and answers": keys(seen.said("大厅")),
            "messages": keys(seen.said("李雷")),
        }
    once = dict.fromkeys(posted, 1)
    assert evidence["records"] == once
    assert evidence["lines and answers"] == dict.fromkeys(posted, 2)
    assert evidence["messages"] == once
    assert sum(len(work.unanswered) for work in works) >= KILLS, "the kills met no work"
    assert "审计链完整" in process.call("audit", "verify")


def keys(texts: Iterable[str]) -> Counter[str]:
    """How often each key stands in the texts."""
    return Counter(key for text in texts for key in KEY.findall(text))
