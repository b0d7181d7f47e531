"""Somebody who means harm at the web's door: odd bytes, foreign ids, dead tokens, other paths."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from domain.ids import new_id
from storage.database import Database
from storage.records import ApiToken
from tests.harness import Team
from tests.webchat.world import Browser, ChatServer, chat_server, client_id

API = "/api/v1/chat"
ODD = (
    "\0", "a\0b",  # PostgreSQL takes no NUL in a text
    "\ud83d",  # half an emoji, which JSON can spell and UTF-8 cannot
    "x" * 300, "../../etc/passwd", "' OR 1=1 --", "\u202e", "%00", "{title}",
)  # fmt: skip


@pytest.fixture
def chat(db: Database, tmp_path: Path) -> Iterator[ChatServer]:
    with chat_server(db, tmp_path / "files", burst=10_000) as server:
        yield server


@pytest.fixture
def lite(sqlite_db: Database, tmp_path: Path) -> Iterator[ChatServer]:
    with chat_server(sqlite_db, tmp_path / "files", burst=10_000) as server:
        yield server


def token(team: Team, handle: str, **more: datetime | None) -> dict[str, str]:
    """The header of a new token of this person."""
    text = f"duban_{new_id()}"
    made = ApiToken(new_id(), team.id(handle), "", team.clock.now(), None, None)
    with team.write() as uow:
        uow.tokens.add(replace(made, **more), hashlib.sha256(text.encode()).hexdigest())
    return {"authorization": f"Bearer {text}"}


def send(browser: Browser, method: str, path: str, body: Any, **headers: str) -> int:
    """The status of an answer; it is always one, never a broken connection or a bug."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = browser.http.request(method, path, content=raw, headers=browser.headers | headers)
    assert answer.status_code < 500, (method, path, body, answer.text)
    if "json" in answer.headers.get("content-type", ""):
        assert "core.bug" not in answer.text
        assert "Traceback" not in answer.text
    return answer.status_code


def test_odd_text_in_every_field_gets_an_answer(chat: ChatServer) -> None:
    with chat.browser("po") as po:
        bearer = token(chat.team, "po")
        for odd in ODD:
            put_everywhere(po, bearer, odd)


def put_everywhere(po: Browser, bearer: dict[str, str], odd: str) -> None:
    mine = po.say("hi")["messages"][0]["id"]
    here = f"{API}/channels/{po.channel}"
    part = quote(odd.encode("utf-8", "surrogatepass"), safe="")
    for path in (
        f"{API}/channels/{part}/messages", f"{API}/messages/{part}/thread",
        f"/files/{part}", f"/static/chat/{part}", f"/{part}",
        f"{API}/complete?text=/{part}&channel={po.channel}",
        f"{API}/complete?text=/&channel={part}", f"{here}/messages?before={part}",
        f"{API}/events?after=-{part}",
    ):  # fmt: skip
        send(po, "GET", path, b"")
    new = {"client_id": client_id()}
    for path, body in (
        (f"{here}/messages", {"text": odd}),
        (f"{here}/messages", {"text": "x", "thread": odd}),
        (f"{here}/messages", {"text": "x", "files": [odd]}),
        (f"{here}/messages", {"text": "x", "client_id": odd}),
        (f"{here}/commands", {"command": odd, "message": mine}),
        (f"{here}/commands", {"command": "help", "message": odd}),
        (f"{here}/forms", {"command": odd, "values": {}}),
        (f"{here}/forms", {"command": "action add", "values": {odd: odd, "text": odd}}),
        (f"{here}/forms", {"command": "action add", "values": {"who": odd, "due": odd}}),
        (f"{API}/messages/{mine}/reactions", {"emoji": odd, "added": True}),
        (f"{API}/direct", {"person": odd}),
        (f"{API}/me/switch", {"person": odd}),
    ):
        send(po, "POST", path, new | body)
    send(po, "PATCH", f"{API}/messages/{mine}", {"text": odd})
    send(po, "PATCH", f"{API}/me", {"locale": odd})
    send(po, "POST", f"{API}/files?name={part}.txt", b"x")
    for field in ("text", "channel", "thread"):
        for text in ("/help", "/action add @dev x"):
            body = {"text": text, "channel": "物流"} | {field: odd}
            send(po, "POST", "/api/v1/commands", body, **bearer)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"[]", id="a list"),
        pytest.param(b"null", id="null"),
        pytest.param(b"\xff\xfe", id="no UTF-8"),
        pytest.param('{"text": "x"}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b'{"text": "\xed\xa0\x80"}', id="half an emoji as bytes"),
        pytest.param(b"[" * 100_000, id="deep list"),
        pytest.param(b'{"text":' * 30_000, id="deep object"),
        pytest.param(b'{"text":' + b"1" * 100_000 + b"}", id="a number of 100,000 digits"),
        pytest.param(b'{"text": 1e999}', id="infinity"),
    ],
)
def test_what_is_no_json_is_refused(lite: ChatServer, raw: bytes) -> None:
    with lite.browser("po") as po:
        assert send(po, "POST", f"{API}/channels/{po.channel}/messages", raw) == 422
        bearer = token(lite.team, "po")
        assert send(po, "POST", "/api/v1/commands", raw, **bearer) == 422


def test_a_body_that_is_too_large_is_refused(lite: ChatServer) -> None:
    raw = json.dumps({"text": "x" * 300_000}).encode()
    with lite.browser("po") as po:
        assert send(po, "POST", f"{API}/channels/{po.channel}/messages", raw) == 413
        assert send(po, "POST", "/api/v1/commands", raw, **token(lite.team, "po")) == 413


@pytest.mark.parametrize(
    "path",
    [
        "/static/chat/..%2f..%2froutes.py",
        "/static/chat/%2e%2e/%2e%2e/routes.py",
        "/static/chat/....//routes.py",
        "/static/chat//etc/passwd",
        "/static/chat/%2fetc%2fpasswd",
        "/static/chat/..%5c..%5croutes.py",
        "/static/chat/.hidden",
        "/static/chat/",
        "/files/..%2f..%2fduban.sqlite",
        "/files/%2e%2e",
    ],
)
def test_no_path_leads_out(lite: ChatServer, path: str) -> None:
    with lite.browser("po") as po:
        assert po.http.get(path).status_code in (404, 405)


def test_what_another_reads_alone_does_not_exist(chat: ChatServer) -> None:
    """Private answers, conversations of two, their files: by id or by thread, read or written."""
    with chat.browser("po") as po, chat.browser("dev") as dev:
        pair = po.post(f"{API}/direct", {"person": chat.team.id("pm")})["channel"]
        file_id = po.upload("工资.txt", b"secret").json()["id"]
        said = po.say("秘密", channel=pair, files=[file_id])["messages"][0]["id"]
        whispered = po.say("/sampler secret")["messages"][-1]["id"]
        direct = po.say("help", channel=po.direct())["messages"][-1]["id"]
        for message in (said, whispered, direct):
            one = f"{API}/messages/{message}"
            new = {"client_id": client_id()}
            assert send(dev, "GET", f"{one}/thread", b"") == 404
            assert (
                send(dev, "POST", f"{one}/reactions", new | {"emoji": "✅", "added": True}) == 404
            )
            assert send(dev, "PATCH", one, {"text": "x"}) == 404
            assert send(dev, "DELETE", one, {}) == 404
            for act, body in (
                ("messages", {"text": "x", "thread": message}),
                ("commands", {"command": "help", "message": message}),
                ("forms", {"command": "help", "values": {}, "thread": message}),
            ):
                here = f"{API}/channels/{dev.channel}/{act}"
                assert send(dev, "POST", here, new | {"client_id": client_id()} | body) == 404
            bearer = token(chat.team, "dev")
            body = {"text": "/action add @po x", "channel": "物流", "thread": message}
            assert send(dev, "POST", "/api/v1/commands", body, **bearer) == 404
        for channel in (pair, po.direct()):
            assert send(dev, "GET", f"{API}/channels/{channel}/messages", b"") == 404
            assert send(dev, "POST", f"{API}/channels/{channel}/read", {"number": 1}) == 404
            body = {"text": "/help", "channel": channel}
            assert send(dev, "POST", "/api/v1/commands", body, **token(chat.team, "dev")) == 404
        assert send(dev, "GET", f"/files/{file_id}", b"") == 404
        assert send(dev, "GET", f"{API}/complete?text=/&channel={pair}", b"") == 404


def test_a_token_ends(chat: ChatServer) -> None:
    now = chat.team.clock.now()
    live = token(chat.team, "dev", expires_at=now + timedelta(hours=1))
    expired = token(chat.team, "dev", expires_at=now - timedelta(seconds=1))
    revoked = token(chat.team, "dev", revoked_at=now)
    gone = token(chat.team, "dev2")
    with chat.team.write() as uow:
        uow.people.save(replace(chat.team.people["dev2"], active=False))
    with chat.browser("po") as po:
        ask = ("POST", "/api/v1/commands", {"text": "/help"})
        assert send(po, *ask, **live) == 200
        assert [send(po, *ask, **t) for t in (expired, revoked, gone)] == [401, 401, 401]
        for value in ("", "Bearer", "Basic x", "Bearer x", "Bearer " + "x" * 9000, "\u0660"):
            header = value.encode() if value.isascii() else value.encode("utf-8")
            answer = po.http.post(ask[1], json=ask[2], headers={b"authorization": header})
            assert answer.status_code == 401, value


def test_a_customer_reads_and_writes_no_channel(chat: ChatServer) -> None:
    with chat.browser("po") as po, chat.browser("customer") as customer:
        message = po.say("客户看不到")["messages"][0]["id"]
        file_id = po.upload("a.txt", b"x").json()["id"]
        po.say("附件", files=[file_id])
        here = f"{API}/channels/{po.channel}"
        new = {"client_id": client_id()}
        assert send(customer, "GET", f"{here}/messages", b"") == 404
        assert send(customer, "POST", f"{here}/messages", new | {"text": "x"}) == 404
        assert send(customer, "GET", f"{API}/messages/{message}/thread", b"") == 404
        assert send(customer, "GET", f"/files/{file_id}", b"") == 404
        assert send(customer, "POST", f"{API}/direct", {"person": chat.team.id("po")}) == 403
        bearer = token(chat.team, "customer")
        for channel in ("物流", po.channel):
            body = {"text": "/review", "channel": channel}
            assert send(customer, "POST", "/api/v1/commands", body, **bearer) == 404
        for text in ("/story list", "/review list", "/team", "/digest", "/plan", "/setup"):
            answer = customer.http.post("/api/v1/commands", json={"text": text}, headers=bearer)
            assert answer.json()["failed"], text
            assert "需求1" not in answer.text


def test_writing_needs_the_token_whatever_the_content_type(lite: ChatServer) -> None:
    """What a form of a foreign page could send without asking is refused."""
    with lite.browser("po") as po:
        body = json.dumps({"text": "x", "client_id": client_id()})
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            answer = po.http.post(
                f"{API}/channels/{po.channel}/messages", content=body,
                headers={"content-type": kind, "origin": "https://evil.example"},
            )  # fmt: skip
            assert answer.status_code == 403
        assert po.messages() == []


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.xhtml", "a.js", "a.html.", "a.png.html"])
def test_nothing_that_runs_in_a_browser_is_taken(lite: ChatServer, name: str) -> None:
    with lite.browser("po") as po:
        assert po.upload(name, b"<script>alert(1)</script>").status_code == 415


def test_a_file_never_runs_whatever_it_calls_itself(lite: ChatServer) -> None:
    evil = b"<html><script>alert(1)</script>"
    with lite.browser("po") as po:
        for name in ("a.txt", "a.md", "a.json", "a.csv"):
            file_id = po.upload(name, evil).json()["id"]
            answer = po.http.get(f"/files/{file_id}")
            assert answer.headers["content-disposition"].startswith("attachment")
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "sandbox" in answer.headers["content-security-policy"]
            assert "html" not in answer.headers["content-type"]
