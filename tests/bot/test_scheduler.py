"""The clock's driver: a start ticks, wall times are kept per zone, a failing tick ends nothing."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

from bot.scheduler import Scheduler
from storage.database import Database
from tests.harness import Team


def test_a_start_ticks_at_once_and_a_failure_ends_nothing(
    sqlite_db: Database, tmp_path: Path
) -> None:
    team = Team(sqlite_db, tmp_path)
    seen: list[datetime] = []
    ticked = threading.Event()

    def on_tick(now: datetime) -> None:
        seen.append(now)
        ticked.set()
        if len(seen) == 1:
            raise RuntimeError("the first tick fails")

    scheduler = Scheduler(team.store, team.clock, on_tick)
    scheduler.start()
    try:
        assert ticked.wait(90)
    finally:
        scheduler.stop()
    scheduler.tick()
    assert seen == [team.clock.now()] * 2


def test_one_wall_time_per_zone_and_hour(sqlite_db: Database, tmp_path: Path) -> None:
    team = Team(sqlite_db, tmp_path)
    scheduler = Scheduler(team.store, team.clock, lambda _: None)
    scheduler.tick()
    assert _walls(scheduler) == {"wall:Asia/Shanghai:09:00"}
    with team.write() as uow:
        uow.channels.save(
            replace(team.channel, zone="America/New_York", digest_at=None, standup_at=time(8, 50))
        )
    scheduler.tick()
    assert _walls(scheduler) == {"wall:America/New_York:08:50"}


def _walls(scheduler: Scheduler) -> set[str]:
    return {job.id for job in scheduler._scheduler.get_jobs() if job.id.startswith("wall:")}
