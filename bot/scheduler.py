"""The clock's driver: APScheduler only says "now".

What is due is computed from records at each tick. It stores no jobs. A tick that was lost, late or
doubled costs nothing, since every tick starts from what the database holds; a start is a tick,
which catches up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from domain.clock import Clock
from storage.uow import Store

log = structlog.get_logger("scheduler")

INTERVAL = 15
"""Seconds between two ticks: the most that a reminder is late while Duban runs."""

HOURLY = 3600


class Scheduler:
    """Ticks at a steady interval, and on the minute at which a channel's digest or standup falls.

    :param on_tick: all periodic work; called with the clock's time, never twice at once.
    :param on_hour: housekeeping.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        on_tick: Callable[[datetime], None],
        on_hour: Callable[[datetime], None] | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._on_tick = on_tick
        self._on_hour = on_hour
        self._busy = threading.Lock()
        self._scheduler = BackgroundScheduler(
            timezone=ZoneInfo("UTC"),
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        """Tick now, and from now on."""
        self._scheduler.add_job(self.tick, IntervalTrigger(seconds=INTERVAL), id="tick",
                                next_run_time=datetime.now(ZoneInfo("UTC")))  # fmt: skip
        if self._on_hour is not None:
            self._scheduler.add_job(self._hour, IntervalTrigger(seconds=HOURLY), id="hour")
        self._scheduler.start()

    def stop(self) -> None:
        """End after the tick that runs."""
        # The library waits for jobs while it holds the locks that a tick needs to set its wall
        # times. So the tick that runs ends first, and those that come now find it busy.
        with self._busy:
            if self._scheduler.running:
                self._scheduler.shutdown(wait=True)

    def tick(self) -> None:
        """Do what is due. A failure is logged; the next tick finds the work where it is."""
        if not self._busy.acquire(blocking=False):
            return  # the tick that runs sees the same records
        try:
            self._on_tick(self._clock.now())
            self._set_wall_times()
        except Exception:
            log.exception("scheduler.tick_failed")
        finally:
            self._busy.release()

    def _hour(self) -> None:
        if self._on_hour is None:
            return
        try:
            self._on_hour(self._clock.now())
        except Exception:
            log.exception("scheduler.housekeeping_failed")

    def _set_wall_times(self) -> None:
        """One cron job per distinct wall time at which some channel wants its digest or standup."""
        wanted = {f"wall:{zone}:{at}": (zone, at) for zone, at in self._wall_times()}
        for job in self._scheduler.get_jobs():
            if job.id.startswith("wall:") and job.id not in wanted:
                job.remove()
        for job_id, (zone, at) in wanted.items():
            if self._scheduler.get_job(job_id) is None:
                hour, minute = at.split(":")
                trigger = CronTrigger(hour=hour, minute=minute, timezone=ZoneInfo(zone))
                self._scheduler.add_job(self.tick, trigger, id=job_id)

    def _wall_times(self) -> set[tuple[str, str]]:
        times: set[tuple[str, str]] = set()
        for workspace in self._store.workspaces():
            with self._store.read(workspace.id) as uow:
                channels = uow.channels.all()
            for channel in channels:
                zone = channel.zone or workspace.zone
                times |= {
                    (zone, f"{at:%H:%M}") for at in (channel.digest_at, channel.standup_at) if at
                }
        return times
