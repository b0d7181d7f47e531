from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from apscheduler.triggers.base import BaseTrigger

class Job:
    id: str
    next_run_time: datetime | None
    trigger: BaseTrigger
    def remove(self) -> None: ...

class BackgroundScheduler:
    running: bool
    def __init__(self, *, timezone: tzinfo, job_defaults: Mapping[str, Any]) -> None: ...
    def add_job(
        self,
        func: Callable[[], None],
        trigger: BaseTrigger,
        *,
        id: str,
        next_run_time: datetime = ...,
    ) -> Job: ...
    def get_job(self, job_id: str) -> Job | None: ...
    def get_jobs(self) -> list[Job]: ...
    def start(self) -> None: ...
    def shutdown(self, wait: bool = True) -> None: ...
