"""What people say is kept as typed and shown as text, in the page and in every document."""

from __future__ import annotations

import io
from html.parser import HTMLParser
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from bot.cards.html import render_card, render_typed
from domain.message_json import from_json
from domain.messages import Card
from storage.database import Database
from tests.documents.docx_help import text_of
from tests.harness import Team
from tests.input.office import Office
from tests.input.test_lines import Harmless
from tests.webchat.world import chat_server

EVIL = (
    pytest.param("<script>alert(1)</script>", id="script"),
    pytest.param('"><img src=x onerror=alert(1)>', id="attribute"),
    pytest.param("' onmouseover='alert(1)", id="quote"),
    pytest.param("</title></textarea></style><svg onload=alert(1)>", id="closing tags"),
    pytest.param('javascript:alert(1) https://a.example/"onclick=alert(1)//', id="address"),
    pytest.param("@all <!channel> <@here> <@everyone>", id="everybody"),
    pytest.param("{{ 7*7 }}{% raw %}{title}%s", id="template"),
    pytest.param("字" * 5000, id="5,000 characters"),
    pytest.param("\u202egnp.exe \u2066\u2067 مرحبا بالعالم שלום", id="right to left"),
    pytest.param("👩‍👩‍👧‍👦🇨🇳🏳️‍🌈 📌✅ 𠮷𡘙 ﷽", id="emoji and rare characters"),
    pytest.param('=HYPERLINK("http://evil";"x")', id="formula"),
    pytest.param("a\u0300\u0301\u0302" * 60, id="piled marks"),
    pytest.param("&lt;b&gt; &amp; <b>x</b> <!-- x --> ]]>", id="entities"),
)  # fmt: skip


class Text(HTMLParser):
    """The text that a browser would show."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = ""

    def handle_data(self, data: str) -> None:
        self.shown += data


def text_in(html: str) -> str:
    parser = Text()
    parser.feed(html)
    return "".join(parser.shown.split())


def bare(text: str) -> str:
    """Without spaces and marks that turn the direction."""
    return "".join(c for c in text if not c.isspace() and c not in "\u202e\u2066\u2067\u2068\u2069")


@pytest.mark.parametrize("text", EVIL)
def test_a_message_is_kept_as_typed_and_shown_as_text(
    sqlite_db: Database, tmp_path: Path, text: str
) -> None:
    with chat_server(sqlite_db, tmp_path / "files") as server, server.browser("po") as po:
        message = po.say(text)["messages"][0]
        with server.team.read() as uow:
            stored = uow.chat.get(message["id"])
        assert stored is not None
        assert stored.text == text.strip()
        assert message["text"] == text.strip()
        Harmless().feed(message["html"])
        assert bare(text) in bare(text_in(message["html"]))


@pytest.fixture
def office(sqlite_db: Database, tmp_path: Path) -> Office:
    return Office(Team(sqlite_db, tmp_path / "files"), tmp_path)


@pytest.mark.parametrize("text", EVIL)
def test_it_is_text_in_a_review_its_minutes_and_the_sheets(office: Office, text: str) -> None:
    team = office.team
    team.submit("po", "story new", title=text[:200], spec=text)
    team.submit("po", "plan backward", name=text[:60], go_live="2027-03-31")
    team.say("po", "/review start 评审 S1")
    team.say("po", f"/review note {text}")
    team.submit("po", "review decide", text=text)
    team.submit("dev", "review verdict", story="S1", verdict="pass", comment=text)
    team.remark("dev", text)
    team.say("po", "/review end yes")
    for line in (
        "/review export R-1 docx",
        "/review export R-1 md",
        "/plan export xlsx",
        "/plan chart",
    ):
        assert "编号" not in team.say("po", line), line
    for message in office.send():
        html = (
            render_typed(message.text, (), team.reader("po"))
            if message.card is None
            else render_card(card(message.card), team.reader("po"))
        )
        Harmless().feed(html)
        assert "编号" not in text_in(html), text_in(html)
    _, minutes = office.file(".docx")
    Document(io.BytesIO(minutes))
    assert bare(text)[:100] in bare(text_of(minutes))
    _, table = office.file(".xlsx")
    book = load_workbook(io.BytesIO(table))
    cells = [c for page in book.worksheets for row in page.iter_rows() for c in row]
    assert all(c.data_type != "f" for c in cells)


def card(stored: object) -> Card:
    read = from_json(stored)
    assert isinstance(read, Card)
    return read
