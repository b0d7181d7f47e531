"""What every use case may call, built in one place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.holiday_data import LibraryHolidays
from bot.record_links import RecordLinks
from bot.webchat.access import PLATFORM
from commands.context import Services
from documents.tables import read_table
from documents.template_store import Templates
from domain.lanhu import DEFAULT_HOSTS
from domain.people import Product
from domain.ports import FileStore, Tracker
from domain.tracking import NOWHERE, ZENTAO, Origin
from reminders.service import Reminders
from storage.uow import UnitOfWork
from trackers.builtin import BuiltinTracker
from trackers.mirrored import MirroredTracker
from trackers.zentao.sync.queue import OutboxQueue


def tracker_for(
    uow: UnitOfWork, product: Product, now: datetime, origin: Origin = NOWHERE
) -> Tracker:
    """The tracker of a product, inside the transaction of ``uow``."""
    if product.tracker == ZENTAO:
        queue = OutboxQueue(uow, product, now, origin)
        return MirroredTracker(uow.stories, queue, now)
    return BuiltinTracker(uow.stories, now)


def build_services(
    files: FileStore,
    base_url: str,
    templates_dir: Path,
    design_hosts: tuple[str, ...] = DEFAULT_HOSTS,
    secret_keys: Sequence[str] = ("",),
) -> Services:
    """The services of this process.

    :param templates_dir: the company's own document templates; it need not exist.
    :param design_hosts: hosts whose links are designs.
    :param secret_keys: sign the addresses of documents.
    """
    holidays = LibraryHolidays()
    return Services(
        holidays=holidays,
        tracker=tracker_for,
        files=files,
        read_table=read_table,
        reminders=Reminders(holidays),
        templates=Templates(templates_dir),
        base_url=base_url.rstrip("/"),
        makes_channels=frozenset({PLATFORM}),
        hears_mentions_only=frozenset({"dingtalk"}),
        record_url=RecordLinks(base_url, secret_keys).url,
        design_hosts=design_hosts,
    )
