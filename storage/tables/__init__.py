"""The tables, one module per family, all on one metadata."""

from storage.tables import (
    base,
    chat,
    core,
    designs,
    dingtalk,
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
    "dingtalk",
    "metadata",
    "plans",
    "platforms",
    "pool",
    "records",
    "reminders",
    "stories",
    "tracker",
]
