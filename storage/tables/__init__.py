"""The tables, one module per family, all on one metadata."""

from storage.tables import (
    base,
    chat,
    core,
    designs,
    plans,
    platforms,
    pool,
    records,
    reminders,
    stories,
    tracker,
)

metadata = base.metadata
__all__ = [
    "base",
    "chat",
    "core",
    "designs",
    "metadata",
    "plans",
    "platforms",
    "pool",
    "records",
    "reminders",
    "stories",
    "tracker",
]
