"""Several processes on one database: none is special, and what one leaves another finishes."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest

from domain.actions import ActionItem, ItemKind
from domain.ids import new_id
from domain.reminders import LedgerRow, SlotState, SubjectKind
from reminders.tick import Services, tick
from storage.database import Database
from tests.faults.conftest import Start
from tests.faults.evidence import Witness, witness
from tests.faults.processes import DEADLINE, Script
from tests.harness import Team
from tests.waiting import until
from tests.webchat.world import Event, events

KEY = re.compile(r"<(\w+-\d+)>")
CHANNEL = "大厅"
SET_UP = (
    "/setup product 物流", "/team add po 陈敏", "/team role @po po", "/team add pm 王强",
    "/team role @pm pm", "/team add dev 李雷", "/team role @dev developer",
)  # fmt: skip

pytestmark = pytest.mark.slow


def test_processes_that_begin_together_make_one_workspace(duban: Start, empty_db_url: str) -> None:
    processes = [duban(f"p{n}", DUBAN_DATABASE_URL=empty_db_url) for n in range(4)]
    for process, role in zip(processes, ("run", "migrate", "run", "migrate"), strict=True):
        process.start(role)
    for process in processes[0::2]:
        process.listening()
    for process in processes[1::2]:
        assert process.ended() == 0, process.printed()
    with witness(empty_db_url) as seen, seen.read() as uow:
        assert [p.handle for p in uow.people.all()] == ["admin"]
        assert [c.name for c in uow.channels.all()] == [CHANNEL]
        assert len(uow.people.grants()) == 1


def test_processes_that_begin_together_make_one_key(duban: Start, sqlite_url: str) -> None:
    processes = [duban("shared", DUBAN_DATABASE_URL=sqlite_url) for _ in range(4)]
    for process in processes:
        process.start("migrate")
    for process in processes:
        assert process.ended() == 0, process.printed()
    folder = Path(processes[0].environment["DUBAN_DATA_DIR"])
    assert [f.name for f in folder.iterdir()] == ["secret.key"]
    assert len((folder / "secret.key").read_text()) > 40


@pytest.mark.postgres
def test_a_browser_at_one_sees_what_comes_by_the_other(duban: Start, postgres_url: str) -> None:
    """``web`` and ``worker`` apart, and a second ``web``: live updates cross processes."""
    shared = {"DUBAN_DATABASE_URL": postgres_url, "DUBAN_SECRET_KEYS": "one-for-all"}
    duban("m", **shared).call("migrate")
    here, there, worker = (duban(n, **shared) for n in ("here", "there", "worker"))
    worker.start("worker")
    here.start("web").listening()
    there.start("web").listening()
    admin = Script(here.token("admin"))
    for line in SET_UP:
        admin.said(here.url, line, channel=CHANNEL)
    with browser(there.url, "dev") as stream:
        script = Script(here.token("po"))
        script.said(here.url, "/action add @dev 看一下<x-1>", channel=CHANNEL)
        found: Counter[str] = Counter()
        for event in stream:
            if event.event == "message":
                found += keys([unescape(event.data["html"])])
            if found["x-1"] == 3:  # the line, its answer, and what the worker sent to @dev
                break
    assert [p.stop() for p in (here, there, worker)] == [0, 0, 0]


@pytest.mark.postgres
def test_one_dies_at_work_and_the_other_takes_over(duban: Start, postgres_url: str) -> None:
    shared = {"DUBAN_DATABASE_URL": postgres_url, "DUBAN_SECRET_KEYS": "one-for-all"}
    pair = [duban(name, **shared).start() for name in ("one", "two")]
    for process in pair:
        process.listening()
    admin = Script(pair[0].token("admin"))
    for line in SET_UP:
        admin.said(pair[0].url, line, channel=CHANNEL)
    posted: list[str] = []
    for number in range(6):
        dies, lives = pair[number % 2], pair[1 - number % 2]
        load = [Load(f"{who}{number}", lives.token(who)) for who in ("po", "pm")]
        threads = [
            threading.Thread(target=w.run, args=(target.url, lives.url))
            for w, target in zip(load, (dies, lives), strict=True)
        ]
        for thread in threads:
            thread.start()
        load[0].begun.wait(DEADLINE)
        dies.kill()
        for thread in threads:
            thread.join(DEADLINE)
        posted += [key for work in load for key in work.acknowledged]
        dies.start()
        dies.listening()
    assert len(posted) == 6 * 2 * Load.COMMANDS
    with witness(postgres_url) as seen:
        until(lambda: not seen.waiting(), "nobody takes the work over")
        once = dict.fromkeys(posted, 1)
        assert keys(seen.items()) == once
        assert keys(seen.said("李雷")) == once
        assert keys(seen.said(CHANNEL)) == dict.fromkeys(posted, 2)
    assert "审计链完整" in pair[0].call("audit", "verify")


@pytest.mark.postgres
def test_reminders_that_two_send_at_once_arrive_once(
    duban: Start, postgres_url: str, tmp_path: Path
) -> None:
    shared = {"DUBAN_DATABASE_URL": postgres_url, "DUBAN_SECRET_KEYS": "one-for-all"}
    pair = [duban(name, **shared) for name in ("one", "two")]
    team = DueTeam(postgres_url, tmp_path)
    due: list[str] = []
    for wave in range(4):
        due += team.add_due(wave)
        dies, lives = pair[wave % 2], pair[1 - wave % 2]
        # A start is a tick: both look at the same moment, and one does not live to see the end.
        for process in pair:
            process.start("worker")
        dies.working()
        dies.wait(0.1 * wave)
        dies.kill()
        with witness(postgres_url) as seen:
            wait_for(seen, len(due))
        assert lives.stop() == 0
    team.close()
    with witness(postgres_url) as seen:
        told = [text for name in team.names for text in seen.said(name)]
        states = {row.state for row in ledger(seen)}
    assert keys(told) == dict.fromkeys(due, 1)
    assert all("补发" in text for text in told if KEY.search(text))
    assert states <= {SlotState.SENT, SlotState.LATE}


class Load:
    """One person's script, which goes to the other process when its own is gone."""

    COMMANDS = 8

    def __init__(self, name: str, token: str) -> None:
        self.begun = threading.Event()
        self.acknowledged: list[str] = []
        self._name = name
        self._script = Script(token)

    def run(self, url: str, other: str) -> None:
        for number in range(self.COMMANDS):
            key = f"{self._name}-{number}"
            text = f"/action add @dev 任务<{key}>"
            try:
                self._script.said(url, text, key, channel=CHANNEL)
            except httpx.TransportError:
                url = other
                self._script.said(url, text, key, channel=CHANNEL)
            self.acknowledged.append(key)
            self.begun.set()


class DueTeam:
    """A team where it is about half past ten in the morning of a working day, whenever that is."""

    OWNERS = ("dev", "dev2", "tester", "sales", "pm")

    def __init__(self, url: str, folder: Path) -> None:
        self.now = datetime.now(UTC)
        ahead = (10 - self.now.hour + 12) % 24 - 12
        zone = f"Etc/GMT{-ahead:+d}"
        self.today = (self.now + timedelta(hours=ahead)).date()
        self._database = Database(url)
        self._team = Team(self._database, folder / "files")
        self._services = Services(self._team.services.holidays)
        self.names = [self._team.people[owner].name for owner in self.OWNERS]
        with self._team.write() as uow:
            for person in self._team.people.values():
                uow.people.save(replace(person, zone=zone))
            uow.channels.save(replace(self._team.channel, zone=zone))
            for days in range(-3, 4):
                uow.company_days.save(self.today + timedelta(days), working=True, name="x")

    def add_due(self, wave: int) -> list[str]:
        """Action items of which the owners had to be reminded at nine; the keys in their texts."""
        made: list[str] = []
        yesterday = self.now - timedelta(days=1)
        with self._team.write() as uow:
            for owner in self.OWNERS:
                for _ in range(6):
                    number = uow.actions.next_number(self._team.product.id)
                    made.append(f"w{wave}-{number}")
                    uow.actions.save(
                        ActionItem(
                            new_id(), number, self._team.product.id, ItemKind.ACTION,
                            f"事项<{made[-1]}>", "", self._team.id(owner),
                            self.today + timedelta(1), yesterday, None,
                        )
                    )  # fmt: skip
        # As if Duban had run yesterday: it has seen them, and knows when to look again.
        tick(self._team.store, self._team.workspace.id, self._services, yesterday)
        return made

    def close(self) -> None:
        self._database.close()


def ledger(seen: Witness) -> list[LedgerRow]:
    with seen.read() as uow:
        return [row for row in uow.ledger.all() if row.slot.kind is SubjectKind.ACTION]


def wait_for(seen: Witness, count: int) -> None:
    """Until so many reminders are recorded and everything is sent."""
    until(lambda: len(ledger(seen)) >= count and not seen.waiting(), "some are not sent")


def keys(texts: Iterable[str]) -> Counter[str]:
    """How often each key stands in the texts."""
    return Counter(key for text in texts for key in KEY.findall(text))


@contextmanager
def browser(url: str, handle: str) -> Iterator[Iterator[Event]]:
    """Live updates of this person's page, from now on."""
    with httpx.Client(base_url=url, timeout=DEADLINE, trust_env=False) as http:
        me = http.get("/api/v1/chat/me").json()
        person = next(p["id"] for p in me["people"] if p["handle"] == handle)
        headers = {"x-csrf-token": me["csrf"]}
        http.post("/api/v1/chat/me/switch", json={"person": person}, headers=headers)
        http.get("/api/v1/chat/me")
        with http.stream("GET", "/api/v1/chat/events") as stream:
            yield events(stream.iter_lines())
