from datetime import tzinfo

from apscheduler.triggers.base import BaseTrigger

class CronTrigger(BaseTrigger):
    def __init__(self, *, hour: str, minute: str, timezone: tzinfo) -> None: ...
