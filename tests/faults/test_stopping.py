"""Being told to stop in the middle of a tick: the tick ends, and so does the process."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest

from bot.scheduler import Scheduler
from tests.harness import Team
from tests.waiting import until


@pytest.mark.slow
def test_a_stop_during_a_tick_waits_for_it_and_ends(team: Team) -> None:
    ended: list[datetime] = []

    def on_tick(now: datetime) -> None:
        stopper.start()
        stopper.join(0.3)  # long enough for the stop to begin
        assert stopper.is_alive()
        ended.append(now)

    scheduler = Scheduler(team.store, team.clock, on_tick)
    stopper = threading.Thread(target=scheduler.stop, daemon=True)
    scheduler.start()
    until(lambda: bool(ended) and not stopper.is_alive(), "the process would hang")
    assert ended == [team.clock.now()]
