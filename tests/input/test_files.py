"""Files that are not what they seem, brought in as a person brings them in."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.cards.text import render_text
from domain.message_json import from_json
from domain.messages import Reply
from storage.chat import ChatMessage, MessageKind
from storage.database import Database
from tests.documents.docx_help import template, text_of
from tests.harness import Team
from tests.input.office import Office
from tests.webchat.world import SETTINGS, ChatServer, chat_server, client_id

HEADERS = ("阶段", "开始", "结束")
MEGABYTE = 1024 * 1024
SECONDS = 30
"""The most that reading the largest file may take; generous, others work on the machine."""


def sheet(*rows: tuple[object, ...]) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet()
    for row in rows:
        page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (70 * MEGABYTE))
    return out.getvalue()


@pytest.fixture
def office(team: Team, tmp_path: Path) -> Office:
    return Office(team, tmp_path)


@pytest.fixture
def whole(sqlite_db: Database, tmp_path: Path) -> Iterator[ChatServer]:
    """The chat with the limit of uploads that people have."""
    settings = replace(SETTINGS, upload_limit=20 * MEGABYTE)
    with chat_server(sqlite_db, tmp_path / "files", settings=settings) as server:
        yield server


BAD = [
    pytest.param("x.xlsx", b"hello", "不是", id="a text"),
    pytest.param("x.xlsx", b"PK\x03\x04" + b"\0" * 99, "打不开|损坏|读不出", id="half a zip"),
    pytest.param("x.xlsx", bomb(), "太大|过大|解压", id="zip bomb"),
    pytest.param("x.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "不是", id="a picture"),
    pytest.param("x.csv", bytes(range(256)) * 9, "不是", id="random bytes"),
    pytest.param("x.csv", b"a,b\n" * 10_001, "行", id="10,001 rows"),
    pytest.param("x.xlsx", sheet(HEADERS, ("=1+1", "=A1", "=NOW()")), "公式", id="formulas"),
    pytest.param("x.csv", "什么,都,不是\n1,2,3".encode(), "表头|列", id="no known column"),
]  # fmt: skip


@pytest.mark.parametrize("command", ["/plan import", "/story import"])
@pytest.mark.parametrize(("name", "data", "why"), BAD)
def test_what_is_no_plan_is_refused_in_words_and_nothing_is_imported(
    team: Team, command: str, name: str, data: bytes, why: str
) -> None:
    shown = team.say("po", command, files=(team.upload(name, data),))
    assert any(word in shown for word in why.split("|")), shown
    assert "编号" not in shown
    with team.read() as uow:
        assert uow.plans.of_product(team.product.id) == ()
        assert uow.stories.of_product(team.product.id) == ()


def test_ten_thousand_rows_are_imported_or_refused_whole(team: Team) -> None:
    first = date(2026, 12, 1)
    rows = [(f"阶段{n}", first, first + timedelta(days=5)) for n in range(9_999)]
    plan = team.upload("plan.xlsx", sheet(HEADERS, *rows))
    stories = team.upload("stories.xlsx", sheet(("需求", "描述"), *((r[0], "x") for r in rows)))
    for command, file in (("/plan import", plan), ("/story import", stories)):
        begun = time.monotonic()
        shown = team.say("po", command, files=(file,))
        assert time.monotonic() - begun < SECONDS
        assert "编号" not in shown
        assert len(shown) < 20_000
    with team.read() as uow:
        assert len(uow.stories.of_product(team.product.id)) in (0, 9_999)
        assert all(len(p.phases) == 9_999 for p in uow.plans.of_product(team.product.id))


def test_formulas_of_others_stay_text_in_our_sheets(office: Office) -> None:
    team = office.team
    evil = ('=HYPERLINK("http://evil")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0")
    rows = [(name, "2026-12-01", "2026-12-09") for name in evil]
    text = "阶段,开始,结束\n" + "\n".join(
        ",".join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in r) for r in rows
    )
    assert "编号" not in team.say(
        "po", "/plan import", files=(team.upload("p.csv", text.encode()),)
    )
    for kind in ("xlsx", "csv"):
        team.say("po", f"/plan export {kind}")
    _, data = office.file(".xlsx")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not any(b"<f>" in archive.read(n) for n in archive.namelist() if "sheet" in n)


def test_fifty_megabytes_are_refused_by_the_real_server(whole: ChatServer) -> None:
    data = b"\0" * (50 * MEGABYTE)
    with whole.browser("po") as po:
        for content in (data, (data[i : i + MEGABYTE] for i in range(0, len(data), MEGABYTE))):
            answer = po.http.post(
                "/api/v1/chat/files", params={"name": "plan.xlsx"}, content=content,
                headers=po.headers,
            )  # fmt: skip
            assert answer.status_code == 413
            assert "20 MB" in answer.json()["error"]["message"]
        file_id = po.upload("plan.xlsx", b"PK\x03\x04" + b"\0" * 1000).json()["id"]
        body = {"text": "/plan import", "files": [file_id], "client_id": client_id()}
        po.post(f"/api/v1/chat/channels/{po.channel}/messages", body)
        assert "plan.xlsx" in po.messages()[-1]["html"]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("{{ ''.__class__.__mro__[1].__subclasses__() }}", id="into Python"),
        pytest.param("{% for x in range(10**9) %}x{% endfor %}", id="endless"),
        pytest.param("{{ no_such_field }}", id="unknown field"),
        pytest.param("{{ title", id="not closed"),
        pytest.param("", id="no document"),
    ],
)
def test_a_hostile_template_costs_a_message_and_no_minutes(office: Office, source: str) -> None:
    team = office.team
    office.templates.mkdir(parents=True)
    path = office.templates / "minutes.docx"
    path.write_bytes(template(source) if source else b"no document at all")
    team.say("po", "/story new 登录改版")
    for line in ("/review start 登录评审 S1", "/review verdict S1 pass", "/review decide 下周上线"):
        team.say("po", line)
    team.say("po", "/review end yes")
    told = [shown(team, m) for m in office.send()]
    assert any("文件没有生成" in text and "记录没有丢失" in text for text in told), told
    assert not any("编号" in text or "Traceback" in text for text in told)
    path.unlink()
    team.say("po", "/review export R-1 docx")
    _, data = office.file(".docx")
    assert "下周上线" in text_of(data)


def test_a_document_waits_for_the_disk(office: Office, tmp_path: Path) -> None:
    """Where files cannot be written for a while, the document comes later, and once."""
    team = office.team
    team.say("po", "/plan backward 一期 2027-03-31")
    folder = tmp_path / "files"
    folder.write_bytes(b"in the way")
    team.say("po", "/plan export xlsx")
    assert [m for m in office.send() if m.kind is MessageKind.CARD] == []
    folder.unlink()
    team.clock.advance(timedelta(minutes=1))
    office.file(".xlsx")
    assert len([m for m in office.send() if m.kind is MessageKind.CARD]) == 1


def shown(team: Team, message: ChatMessage) -> str:
    """A message as text."""
    if message.card is None:
        return message.text
    return render_text(Reply((from_json(message.card),)), team.reader("po"))
