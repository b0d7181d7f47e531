"""The team with everything that makes and sends documents, over its own chat."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.app import Duban
from bot.core import Core
from bot.intake import Intake
from bot.settings import Settings
from domain.ports import JobHandler
from storage.chat import ChatMessage
from storage.records import StoredFile
from tests.harness import Team


class NoEngine:
    """An engine that runs nothing: the test itself says when to send."""

    def register(self, kind: str, handler: JobHandler) -> None: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def enqueue(self, key: str, kind: str, payload: Mapping[str, Any], lane: str) -> None: ...


class Office:
    """What the team writes is sent, and its documents are made, by the program's own parts."""

    def __init__(self, team: Team, folder: Path) -> None:
        self.team = team
        self.templates = folder / "data" / "templates"
        url = team.store.database.url
        settings = Settings("127.0.0.1", 0, "http://127.0.0.1", folder / "data", url, ("key",))
        intake = Intake(team.store, team.dispatcher, team.clock)
        core = Core(
            settings, team.clock, team.store, team.files, team.services, team.dispatcher, intake
        )
        self._delivery = Duban(core, engine=NoEngine()).delivery

    def send(self) -> list[ChatMessage]:
        """Send what waits, and answer everything that stands in the team's channel."""
        self._delivery.drain()
        with self.team.read() as uow:
            return list(uow.chat.page(self.team.channel.id, self.team.id("po"), limit=1000))

    def file(self, ending: str) -> tuple[StoredFile, bytes]:
        """The newest file of this kind that the channel shows."""
        with self.team.read() as uow:
            shown = [
                f.file_id for m in self.send() for f in uow.chat.files_of([m.id]).get(m.id, ())
            ]
            found = [f for f in map(uow.files.get, shown) if f and f.name.endswith(ending)]
        return found[-1], self.team.files.get(found[-1].id)
