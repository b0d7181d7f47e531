"""To-dos."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Todo:
    """A to-do; all people in it by union id, all times in milliseconds since 1970."""

    id: str
    source: str
    creator: str
    subject: str
    created: int
    description: str = ""
    due: int | None = None
    executors: dict[str, bool] = field(default_factory=dict[str, bool])
    participants: list[str] = field(default_factory=list[str])
    url: dict[str, str] = field(default_factory=dict[str, str])
    priority: int = 20
    done: bool = False
    only_executors: bool = False
    modified: int = 0
    finished: int | None = None

    def change(self, body: dict[str, Any], now: int) -> None:
        """What a call says."""
        self.subject = body.get("subject", self.subject)
        self.description = body.get("description", self.description)
        self.due = body.get("dueTime", self.due)
        self.participants = body.get("participantIds", self.participants)
        self.priority = body.get("priority", self.priority)
        self.url = body.get("detailUrl", self.url)
        self.only_executors = body.get("isOnlyShowExecutor", self.only_executors)
        if "executorIds" in body:
            self.executors = {u: self.executors.get(u, False) for u in body["executorIds"]}
        if "done" in body:
            self.executors = {u: bool(body["done"]) for u in self.executors}
            self.finish(body["done"], now)
        self.modified = now

    def mark(self, union: str, done: bool, now: int) -> None:
        """One of those who have to do it did it; with the last one it is done."""
        self.executors[union] = done
        self.finish(all(self.executors.values()), now)
        self.modified = now

    def finish(self, done: bool, now: int) -> None:
        """Done, or not any more."""
        self.done = done
        self.finished = now if done else None

    def body(self) -> dict[str, Any]:
        """As the platform tells it."""
        return {
            "id": self.id, "sourceId": self.source, "subject": self.subject,
            "description": self.description, "dueTime": self.due, "done": self.done,
            "finishTime": self.finished, "executorIds": list(self.executors),
            "participantIds": self.participants, "creatorId": self.creator,
            "detailUrl": self.url, "priority": self.priority, "createdTime": self.created,
            "modifiedTime": self.modified, "isOnlyShowExecutor": self.only_executors,
            "bizTag": "third", "source": "",
        }  # fmt: skip
