"""A process that delivers what waits for ZenTao: the one that a test kills.

``python -m tests.trackers.zentao.faults.deliverer <database> <zentao> <folder> <instant>``
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from bot.delivery import Delivery
from bot.files import FolderStore
from bot.services import build_services
from bot.webchat.access import ensure_direct
from bot.webchat.surface import WebSurface
from bot.zentao.link import server_of
from bot.zentao.telling import CommandTeller
from commands.catalog import build_registry
from domain.clock import ManualClock
from storage.database import Database
from storage.tracker_lane import KIND
from storage.uow import Store
from tests.fakes.zentao import BOT, BOT_PASSWORD
from tests.idle import IdleEngine
from trackers.zentao.client import Client
from trackers.zentao.gateway import ZentaoGateway
from trackers.zentao.sync.bench import Bench
from trackers.zentao.sync.book import LiveBook
from trackers.zentao.sync.delivering import Delivering


def main(database: str, url: str, folder: str, instant: str) -> None:
    """Deliver once, at a fixed instant."""
    clock = ManualClock(datetime.fromisoformat(instant))
    store = Store(Database(database), clock=clock)
    services = build_services(FolderStore(Path(folder)), "http://127.0.0.1:8000", Path(folder))
    book = LiveBook()
    bench = Bench(
        store=store,
        workspace=store.workspaces()[0].id,
        zentao=ZentaoGateway(Client(url, BOT, BOT_PASSWORD, clock), book),
        book=book,
        server=server_of(url),
        teller=CommandTeller(services, build_registry(), clock),
        clock=clock,
    )
    delivering = Delivering(bench)
    Delivery(
        store, IdleEngine(), clock, {"web": WebSurface(store, clock)},
        {KIND: lambda _, item: delivering.run(item)}, {"web": ensure_direct}, outside=(KIND,),
    ).drain()  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
