"""The main job on DingTalk, from an app that was just installed to a closed story.

The same dialog in Chinese and in English; what everybody sees of it stands in ``transcripts/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dingtalk.harness import DingtalkTeam
from tests.dingtalk.main_job.whole import FIRST, main_job
from tests.dingtalk.transcribing import approve, approved, group, transcripts
from tests.dingtalk.world import Program

READERS = ("po", "pm", "dev", "tester", "sales", "admin")
CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
ENGLISH_WORDS = re.compile(r"(?<![\w.])[a-z]{3,}(?: [a-z]{2,})+", re.IGNORECASE)
"""Two words of Latin letters beside each other: in a Chinese company nobody typed any."""


@pytest.fixture(params=["zh", "en"])
def fresh(
    request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path
) -> Iterator[DingtalkTeam]:
    """A company that has just installed Duban, over the stream, in one language."""
    program = Program(sqlite_url, tmp_path / "data", locale=str(request.param))
    with program.running() as running:
        yield DingtalkTeam(running, bare=True)


def test_from_a_fresh_installation_to_a_closed_story(fresh: DingtalkTeam) -> None:
    job = main_job(fresh)
    approve(fresh, transcripts(fresh, "po", READERS))
    assert fresh.untidy() == {}
    assert fresh.dingtalk.gateway.faults == []
    assert foreign(fresh, job.document("R-1")) == []
    with fresh.read() as uow:
        assert uow.audit_log.verify()[1] is None


def test_it_begins_in_the_same_way_over_http(bare_http_company: DingtalkTeam) -> None:
    main_job(bare_http_company, only_the_first=True)
    assert len(FIRST) > 1
    assert group(bare_http_company, "po").rstrip("\n") in approved(bare_http_company)


@pytest.fixture
def bare_http_company(sqlite_url: str, tmp_path: Path) -> Iterator[DingtalkTeam]:
    """The same over HTTP."""
    with Program(sqlite_url, tmp_path / "data", "http").running() as running:
        yield DingtalkTeam(running, bare=True)


def foreign(company: DingtalkTeam, *more: str) -> list[str]:
    """What Duban wrote in a language that nobody reads here."""
    wrong = CHINESE if company.locale == "en" else ENGLISH_WORDS
    rooms = company.dingtalk.world.rooms.values()
    said = [m.title + "\n" + m.text for room in rooms for m in room.said_by_robot()]
    todos = [todo.subject for todo in company.dingtalk.world.todos.values()]
    lines = "\n".join([*said, *todos, *more]).splitlines()
    return [line for line in lines if wrong.search(_visible(line))]


def _visible(line: str) -> str:
    """A line without addresses."""
    return re.sub(r"\w+://[^\s)]+", "", line)
