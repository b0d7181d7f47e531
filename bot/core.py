"""The use cases over one database: what every process needs, and every adapter is given."""

from __future__ import annotations

from dataclasses import dataclass

from bot.files import FolderStore
from bot.intake import Intake
from bot.services import build_services
from bot.settings import Settings
from commands.catalog import build_registry
from commands.context import Services
from commands.dispatcher import Dispatcher
from domain.clock import Clock, SystemClock
from domain.ports import FileStore
from storage.database import Database
from storage.uow import Store


@dataclass(frozen=True, slots=True)
class Core:
    """What every process needs: the use cases over one database. Making it starts nothing."""

    settings: Settings
    clock: Clock
    store: Store
    files: FileStore
    services: Services
    dispatcher: Dispatcher
    intake: Intake


def build_core(settings: Settings, clock: Clock | None = None) -> Core:
    """Open the database and wire the use cases."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    clock = clock or SystemClock()
    store = Store(Database(settings.database_url), clock=clock)
    files = FolderStore(settings.files_dir)
    services = build_services(
        files,
        settings.base_url,
        settings.templates_dir,
        settings.lanhu_hosts,
        settings.secret_keys,
    )
    dispatcher = Dispatcher(store, build_registry(), services, clock)
    intake = Intake(store, dispatcher, clock)
    return Core(settings, clock, store, files, services, dispatcher, intake)
