"""The addresses of documents that ZenTao links to: one document for whoever has the link."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.files import FolderStore
from bot.record_links import RecordLinks, record_route
from domain.ids import new_id
from storage.records import StoredFile
from tests.harness import MONDAY, Team

BASE = "https://duban.example"
Open = Callable[[str], httpx.Response]


@pytest.fixture
def links() -> RecordLinks:
    return RecordLinks(BASE, ("new", "old"))


def opener(links: RecordLinks, team: Team, files: FolderStore) -> Open:
    """Opens a path as a browser would."""
    app = Starlette(routes=[record_route(links, team.store, files)])

    async def get(path: str) -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return await client.get(path)

    return lambda path: asyncio.run(get(path))


@pytest.fixture
def browser(team: Team, links: RecordLinks) -> Open:
    return opener(links, team, team.files)


def kept(team: Team, data: bytes = b"minutes", *, name: str = "纪要 R-1.docx") -> str:
    file_id = new_id()
    team.files.put(file_id, data)
    digest = hashlib.sha256(data).hexdigest()
    with team.write() as uow:
        uow.files.add(
            StoredFile(file_id, name, "application/msword", len(data), digest, MONDAY, None)
        )
    return file_id


def path_of(links: RecordLinks, team: Team, file_id: str) -> str:
    return links.url(team.workspace.id, file_id).removeprefix(BASE)


def test_whoever_has_the_link_reads_the_document(
    team: Team, links: RecordLinks, browser: Open
) -> None:
    file_id = kept(team)
    answer = browser(path_of(links, team, file_id))
    assert (answer.status_code, answer.content) == (200, b"minutes")
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "private, no-store"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_the_address_is_the_same_each_time_and_outlives_a_change_of_keys(
    team: Team, links: RecordLinks
) -> None:
    file_id = new_id()
    url = links.url(team.workspace.id, file_id)
    assert url == links.url(team.workspace.id, file_id)
    older = RecordLinks(BASE, ("old",)).url(team.workspace.id, file_id)
    assert links.read(older.rpartition("/")[2]) == (team.workspace.id, file_id)


def test_nobody_finds_a_document_without_its_link(
    team: Team, links: RecordLinks, browser: Open
) -> None:
    first, second = kept(team), kept(team, b"secret")
    good = path_of(links, team, first)
    other_workspace = team.store.create_workspace(
        "别家", locale="zh", zone="Asia/Shanghai", country="CN", now=MONDAY
    )
    wrong = (
        good.replace(first, second),
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.replace(team.workspace.id, other_workspace.id),
        path_of(RecordLinks(BASE, ("strange",)), team, first),
        path_of(links, team, new_id()),
        "/records/x",
        f"/records/{'é' * 86}",
    )
    assert [browser(path).status_code for path in wrong] == [404] * len(wrong)


def test_a_document_whose_bytes_are_gone_is_not_there(
    team: Team, links: RecordLinks, tmp_path: Path
) -> None:
    file_id = kept(team)
    empty = FolderStore(tmp_path / "elsewhere")
    assert opener(links, team, empty)(path_of(links, team, file_id)).status_code == 404


def test_letters_of_other_alphabets_are_no_signature(links: RecordLinks) -> None:
    """Comparing them in constant time is not possible, and must not be tried."""
    assert links.read(f"{'a' * 26}.{'b' * 26}.{'é' * 32}") is None
