"""The job engine: background work on DBOS. Nothing outside of this package knows DBOS."""

from bot.engine.dbos_engine import DbosEngine, EngineSettings, migrate_jobs

__all__ = ["DbosEngine", "EngineSettings", "migrate_jobs"]
