"""kill -9 at every step of a send: each message exactly once, late ones marked."""

from __future__ import annotations

import itertools
import multiprocessing
import shutil
import signal
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from domain.reminders import SlotState
from storage.database import Database
from storage.migrate import upgrade
from storage.uow import Store
from tests.faults.sending import NINE, prepare, said, work, work_until_killed
from tests.postgres import PostgresServer

LATER = NINE + timedelta(minutes=40)
KILLS_ON_SQLITE = 200
STRIDE = 2
"""A fresh process dies at the first of so many steps, its restarts at the others."""
EVERY_ON_POSTGRES = 19

EXPECTED = {
    "李雷": ("甲一", "甲二", "丁阶段"),
    "赵倩": ("乙一",),
    "王强": ("丙一",),
}


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Processes that start in no time, because one that has done it all once is forked."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.sending", "tests.faults.warm"])
    return context


def killed_at(
    processes: ForkServerContext, url: str, workspace: str, at: datetime, step: int
) -> bool:
    """Whether the process died at the step; False: it ended before it came that far."""
    process = processes.Process(target=work_until_killed, args=(url, workspace, at, step))
    process.start()
    process.join(180)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def check(url: str, workspace: str, step: int, *, restarted: datetime) -> None:
    """Everything that was due was said once, and says that it is late exactly when it is."""
    database = Database(url)
    try:
        found = said(database)
        with Store(database).read(workspace) as uow:
            rows = [r for r in uow.ledger.all() if r.slot.at == NINE]
            pending = uow.outbox.pending(restarted + timedelta(days=1))
    finally:
        database.close()
    assert pending == (), step
    assert {r.state for r in rows} <= {SlotState.SENT, SlotState.LATE}, step
    assert len(rows) == len({r.slot.key for r in rows}) == 8, step
    for who, things in EXPECTED.items():
        (message,) = found[who]
        for thing in things:
            assert message.count(f"“{thing}”") == 1, (step, message)
        late = any(r.state is SlotState.LATE for r in rows if r.slot.why["via"] != "channel")
        assert ("补发" in message) == late, (step, message)
    reminders = [m for m in found["物流"] if "提醒：" in m]
    digests = [m for m in found["物流"] if "日报 ·" in m]
    assert (len(reminders), len(digests)) == (1, 1), (step, found["物流"])
    late = any(r.state is SlotState.LATE for r in rows if r.slot.rule == "digest")
    assert ("补发，原定" in digests[0]) == late, step


def test_at_every_step_on_sqlite(processes: ForkServerContext, tmp_path: Path) -> None:
    template = tmp_path / "template.sqlite"
    upgrade(f"sqlite:///{template}")
    workspace = prepare(f"sqlite:///{template}", tmp_path / "files")
    kills = lates = 0
    for step in itertools.count(1, STRIDE):
        for each in tmp_path.glob("run.sqlite*"):
            each.unlink()
        url = f"sqlite:///{shutil.copyfile(template, tmp_path / 'run.sqlite')}"
        if not killed_at(processes, url, workspace, NINE, step):
            break
        # The restarts die, too, each at a step of what was left to do.
        restarted = LATER if step // STRIDE % 2 else NINE
        deaths = [
            killed_at(processes, url, workspace, restarted, step + more)
            for more in range(1, STRIDE)
        ]
        kills += 1 + sum(deaths)
        work(url, workspace, restarted)
        check(url, workspace, step, restarted=restarted)
        lates += restarted == LATER
    assert kills >= KILLS_ON_SQLITE
    assert lates > 50


@pytest.mark.postgres
def test_at_some_steps_on_postgres(
    processes: ForkServerContext, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    kills, step = 0, 4
    while True:
        url = postgres_server.migrated()
        workspace = prepare(url, tmp_path / f"files{step}")
        if not killed_at(processes, url, workspace, NINE, step):
            postgres_server.drop(url)
            break
        kills += 1
        restarted = LATER if step % 2 else NINE
        work(url, workspace, restarted)
        check(url, workspace, step, restarted=restarted)
        postgres_server.drop(url)
        step += EVERY_ON_POSTGRES
    assert kills >= 15
