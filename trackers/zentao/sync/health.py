"""Whether ZenTao can be reached, as the cards say it."""

from __future__ import annotations

from dataclasses import replace

from domain.errors import DubanError
from domain.message_json import to_json
from domain.tracking import Feed
from storage.uow import UnitOfWork
from trackers.zentao.sync.bench import Bench


def feed_of(uow: UnitOfWork, server: str) -> Feed:
    """The connection as it stands; a new one where there was none."""
    return uow.tracker_feed.get() or Feed(server)


def in_trouble(bench: Bench, error: DubanError) -> None:
    """Note that ZenTao did not answer, and since when."""
    with bench.write() as uow:
        feed = feed_of(uow, bench.server)
        since = feed.away_since or bench.now()
        uow.tracker_feed.save(replace(feed, away_since=since, trouble=to_json(error.text)))


def recovered(bench: Bench) -> None:
    """Note that it answers again; nothing is written where nothing was wrong."""
    with bench.read() as uow:
        feed = uow.tracker_feed.get()
    if feed is None or feed.away_since is None:
        return
    with bench.write() as uow:
        feed = feed_of(uow, bench.server)
        uow.tracker_feed.save(replace(feed, away_since=None, trouble=None))
