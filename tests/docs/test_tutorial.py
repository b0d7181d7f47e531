"""The tutorial works as written: its lines are typed, in order, by the people whom it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cards.text import render_text
from bot.cards.words import Reader
from bot.files import FolderStore
from bot.first_run import ensure_workspace
from bot.services import build_services
from commands.catalog import build_registry
from commands.dispatcher import Answer, Dispatcher
from domain.clock import ManualClock
from domain.ids import new_id
from domain.messages import FileRef
from domain.requests import Request
from domain.stories import Status
from storage.database import Database
from storage.uow import Store
from tests.harness import MONDAY

TUTORIALS = Path(__file__).parents[2] / "docs" / "tutorial"
PAGES = {"en": "first-hour.md", "zh": "first-hour.zh-CN.md"}
_BLOCK = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A code block of a page; its first line says what it is (``chat as=po file=plan.csv``)."""

    kind: str
    options: Mapping[str, str]
    body: str


def _blocks(page: str) -> Iterator[Block]:
    for match in _BLOCK.finditer(page):
        kind, *words = match["info"].split() or [""]
        options = dict(word.split("=", 1) for word in words)
        yield Block(kind, options, match["body"])


class Reading:
    """Somebody who follows the tutorial on a new database."""

    def __init__(self, database: Database, folder: Path, locale: str) -> None:
        self.clock = ManualClock(MONDAY)
        self.store = Store(database, clock=self.clock)
        self.files = FolderStore(folder)
        self.locale = locale
        services = build_services(self.files, "http://127.0.0.1:8000", folder / "templates")
        self.dispatcher = Dispatcher(self.store, build_registry(), services, self.clock)
        self.workspace = ensure_workspace(self.store, locale, MONDAY).id

    def follow(self, page: str) -> dict[str, str]:
        """Type everything; what was answered to each line."""
        answers: dict[str, str] = {}
        sheet = ""
        for block in _blocks(page):
            if block.kind == "csv":
                sheet = block.body
            elif block.kind == "chat":
                name = block.options.get("file", "")
                files = (self._upload(name, sheet),) if name else ()
                for line in block.body.splitlines():
                    answers[line] = self._type(block.options["as"], line, files)
        return answers

    def _upload(self, name: str, text: str) -> FileRef:
        data = text.encode()
        file_id = new_id()
        self.files.put(file_id, data)
        return FileRef(file_id, name, "text/csv", len(data))

    def _type(self, handle: str, line: str, files: tuple[FileRef, ...]) -> str:
        with self.store.read(self.workspace) as uow:
            person = uow.people.by_handle(handle)
            channel = uow.channels.all()[0]
        assert person is not None, f"nobody is called {handle}"
        answer = self.dispatcher.dispatch(
            Request(
                event_id=new_id(),
                platform="web",
                workspace=self.workspace,
                channel=channel.id,
                person=person.id,
                received_at=self.clock.now(),
                text=line,
                files=files,
            )
        )
        shown = render_text(answer.reply, Reader(self.locale, "Asia/Shanghai", person.id))
        _check(line, answer, shown)
        return shown


def _check(line: str, answer: Answer, shown: str) -> None:
    assert not answer.failed, f"{line}\n{shown}"
    assert answer.reply.form is None, f"{line} opens a form"
    assert shown, line


@pytest.mark.parametrize("locale", PAGES)
def test_the_tutorial_works_as_written(db: Database, tmp_path: Path, locale: str) -> None:
    reading = Reading(db, tmp_path / "files", locale)

    answers = reading.follow((TUTORIALS / PAGES[locale]).read_text(encoding="utf-8"))

    assert len(answers) > 35
    preview = next(a for line, a in answers.items() if "7d" in line or "7天" in line)
    ended = next(a for line, a in answers.items() if line in ("/review end", "/评审 结束"))
    assert "09:00" in preview
    assert "S2" in ended
    with reading.store.read(reading.workspace) as uow:
        product = uow.products.all()[0]
        plan = uow.plans.active(product.id)
        changed, waiting = uow.stories.get(1), uow.stories.get(2)
    assert plan is not None
    assert (len(plan.phases), len(plan.milestones)) == (4, 2)
    assert all(phase.owner for phase in plan.phases)
    assert (changed.status, changed.version) == (Status.CLOSED, 2)
    assert waiting.status is not Status.CLOSED
