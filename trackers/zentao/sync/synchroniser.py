"""What is due between the mirror and ZenTao, and doing it: one process at a time."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from domain.errors import DubanError
from domain.tracking import Feed, ImportState, ProductImport
from storage.locks import ProcessLocks
from trackers.zentao.sync.bench import Bench
from trackers.zentao.sync.catalogue import refresh_catalogue
from trackers.zentao.sync.health import in_trouble
from trackers.zentao.sync.importing import read_closed, step
from trackers.zentao.sync.looking import connect, look
from trackers.zentao.sync.sweeping import sweep

log = logging.getLogger("duban.zentao")

LOOK = timedelta(minutes=1)
HINTED = timedelta(seconds=3)
"""Looks that hooks ask for are at least so far apart: each write of ours fires hooks too."""
SWEEP = timedelta(hours=1)
STIRRED = timedelta(minutes=5)
"""The soonest sweep of a product in which tasks, test runs or releases moved."""
BLIND_SWEEP = timedelta(minutes=10)
"""How often versions without an action log are swept."""
CATALOGUE = timedelta(hours=6)
CLOSED_TEXTS = 20
"""How many texts of closed stories are read a minute, until all are."""
LOCK = "zentao-sync"


class Synchroniser:
    """Keeps the mirror of one workspace. For one thread.

    :param locks: of this process; whoever holds :data:`LOCK` works, the others look on.
    """

    def __init__(self, bench: Bench, locks: ProcessLocks) -> None:
        self._bench = bench
        self._locks = locks
        self._not_before: datetime | None = None
        self._stirred: set[str] = set()
        self._blind = False

    def run(self) -> bool:
        """Do what is due; True when more is to be done at once.

        ZenTao being away is noted for the cards, and the next try comes with the next minute.
        """
        if self._not_before is not None and self._bench.now() < self._not_before:
            return False
        if not self._due() or not self._locks.take(LOCK):
            return False
        try:
            return self._work()
        except DubanError as error:
            log.warning("zentao.put_off", extra={"key": error.key})
            in_trouble(self._bench, error)
            self._not_before = self._bench.now() + LOOK
            return False
        finally:
            self._locks.release(LOCK)

    def close(self) -> None:
        """Let go of the lock."""
        self._locks.close()

    def _due(self) -> bool:
        """Whether anything may be due, from the database alone."""
        with self._bench.read() as uow:
            feed, items = uow.tracker_feed.get(), uow.tracker_imports.all()
        if feed is None or self._look_due(feed):
            return True
        return any(i.state is not ImportState.READY or self._sweep_due(i) for i in items)

    def _look_due(self, feed: Feed) -> bool:
        now = self._bench.now()
        if feed.fresh_at is None or feed.people_at is None or now - feed.fresh_at >= LOOK:
            return True
        return feed.hinted_at is not None and now - feed.fresh_at >= HINTED

    def _sweep_due(self, item: ProductImport) -> bool:
        if item.state is not ImportState.READY:
            return False
        since = self._bench.now() - (item.swept_at or item.begun_at)
        pause = STIRRED if item.product_id in self._stirred else SWEEP
        return since >= (BLIND_SWEEP if self._blind else pause)

    def _work(self) -> bool:
        bench = self._bench
        feed = connect(bench)
        bench.renew_book()
        if feed.people_at is None or bench.now() - feed.people_at >= CATALOGUE:
            refresh_catalogue(bench)
            bench.renew_book()
        looked_now = self._look_due(feed)
        if looked_now:
            looked = look(bench)
            self._stirred |= looked.stirred
            self._blind = not looked.complete
        with bench.read() as uow:
            items = uow.tracker_imports.all()
        for item in items:
            if item.state is not ImportState.READY:
                step(bench, item)
                return True
        for item in items:
            if self._sweep_due(item):
                sweep(bench, item)
                self._stirred.discard(item.product_id)
        if looked_now:
            self._read_closed(items)
        return False

    def _read_closed(self, items: tuple[ProductImport, ...]) -> None:
        left = CLOSED_TEXTS
        for item in items:
            left -= read_closed(self._bench, item, left)
            if left <= 0:
                return
