"""Who may come in, what they may see, and what is refused."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from domain.ids import new_id
from domain.people import Channel, Person
from storage.records import ApiToken
from tests.webchat.world import SETTINGS, chat_server, client_id
from web.sessions import Sessions

ERROR_KEYS = {"kind", "message", "hint", "reference"}


def test_the_demo_lets_in_the_product_owner_and_switches(lite):
    with lite.browser("po") as po:
        assert po.me["me"]["handle"] == "po"
        assert po.me["demo"]
        po.post("/api/v1/chat/me/switch", {"person": lite.team.id("dev")})
        assert po.get("/api/v1/chat/me")["me"]["handle"] == "dev"


def test_without_the_demo_nobody_is_let_in_without_a_session(sqlite_db, tmp_path):
    settings = replace(SETTINGS, demo=False)
    with (
        chat_server(sqlite_db, tmp_path, settings=settings) as server,
        httpx.Client(base_url=server.url, trust_env=False) as http,
    ):
        assert http.get("/api/v1/chat/me").status_code == 401
        sessions = Sessions(settings.secret_keys)
        now = server.team.clock.now()
        mine = sessions.begin(server.team.workspace.id, server.team.id("dev"), now)
        http.cookies.set("duban_session", sessions.seal(mine))
        assert http.get("/api/v1/chat/me").json()["me"]["handle"] == "dev"
        body = {"person": server.team.id("po")}
        headers = {"x-csrf-token": mine.csrf}
        answer = http.post("/api/v1/chat/me/switch", json=body, headers=headers)
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda value: value[:-1] + ("0" if value[-1] != "0" else "1"), id="signature"),
        pytest.param(lambda value: "x" + value, id="body"),
        pytest.param(lambda value: value.split(".")[0], id="no signature"),
        pytest.param(lambda value: "", id="empty"),
        pytest.param(lambda value: "%00.%ff", id="rubbish"),
    ],
)
def test_a_forged_cookie_is_nobodys(spoil, lite):
    sessions = Sessions(SETTINGS.secret_keys)
    now = lite.team.clock.now()
    sealed = sessions.seal(sessions.begin(lite.team.workspace.id, lite.team.id("po"), now))
    assert sessions.open(sealed, now) is not None
    assert sessions.open(spoil(sealed), now) is None
    with httpx.Client(base_url=lite.url, trust_env=False) as http:
        headers = {"cookie": f"duban_session={spoil(sealed)}"}
        assert http.get("/api/v1/chat/channels", headers=headers).status_code == 401


def test_sessions_end_and_keys_can_change(lite):
    now = lite.team.clock.now()
    old = Sessions(["old"])
    sealed = old.seal(old.begin("w", "p", now))
    assert Sessions(["new", "old"]).open(sealed, now) is not None
    assert Sessions(["new"]).open(sealed, now) is None
    assert old.open(sealed, now + timedelta(days=31)) is None
    assert old.open(sealed, now - timedelta(days=1)) is None


def test_the_cookie_is_strict_and_out_of_scripts_reach(lite):
    with httpx.Client(base_url=lite.url, trust_env=False) as http:
        cookie = http.get("/api/v1/chat/me").headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie


MESSAGES = "/api/v1/chat/channels/{channel}/messages"
WRITES = [
    ("POST", MESSAGES),
    ("POST", "/api/v1/chat/channels/{channel}/commands"),
    ("POST", "/api/v1/chat/channels/{channel}/forms"),
    ("POST", "/api/v1/chat/channels/{channel}/read"),
    ("POST", "/api/v1/chat/messages/{message}/reactions"),
    ("PATCH", "/api/v1/chat/messages/{message}"),
    ("DELETE", "/api/v1/chat/messages/{message}"),
    ("POST", "/api/v1/chat/direct"),
    ("POST", "/api/v1/chat/me/switch"),
    ("PATCH", "/api/v1/chat/me"),
    ("POST", "/api/v1/chat/files?name=a.txt"),
]


def test_every_write_needs_the_sessions_token(lite):
    with lite.browser("po") as po:
        message = po.say("stay")["messages"][0]["id"]
        for method, path in WRITES:
            address = path.format(channel=po.channel, message=message)
            for headers in ({}, {"x-csrf-token": "guess"}, {"x-csrf-token": "\u00e9".encode()}):
                answer = po.http.request(method, address, json={}, headers=headers)
                assert (answer.status_code, method, path) == (403, method, path)
        assert len(po.messages()) == 1


def test_another_workspace_does_not_exist(chat):
    other = chat.team.store.create_workspace(
        "别家", locale="zh", zone="Asia/Shanghai", country="CN", now=chat.team.clock.now()
    )
    with chat.team.store.write(other.id) as uow:
        stranger = Person(new_id(), "po", "外人", "zh")
        uow.people.add(stranger)
        channel = Channel(new_id(), "web", "theirs", "别家的频道")
        uow.channels.add(channel)
    sessions = Sessions(SETTINGS.secret_keys)
    theirs = sessions.begin(other.id, stranger.id, chat.team.clock.now())
    with chat.browser("po") as po, httpx.Client(base_url=chat.url, trust_env=False) as http:
        upload = po.upload("a.txt", b"secret").json()["id"]
        message = po.say("ours", files=[upload])["messages"][0]["id"]
        assert po.http.get(f"/api/v1/chat/channels/{channel.id}/messages").status_code == 404
        http.cookies.set("duban_session", sessions.seal(theirs))
        http.headers["x-csrf-token"] = theirs.csrf
        for path in (f"channels/{po.channel}/messages", f"messages/{message}/thread"):
            assert http.get(f"/api/v1/chat/{path}").status_code == 404
        assert http.get(f"/files/{upload}").status_code == 404
        body = {"text": "x", "client_id": client_id(), "emoji": "📌", "added": True}
        for path in (f"channels/{po.channel}/messages", f"messages/{message}/reactions"):
            assert http.post(f"/api/v1/chat/{path}", json=body).status_code == 404
        found = http.get("/api/v1/chat/channels").json()["channels"]
        assert channel.id in [c["id"] for c in found]
        assert po.channel not in [c["id"] for c in found]


def test_conversations_of_two_are_theirs_alone(chat):
    with chat.browser("po") as po, chat.browser("dev") as dev, chat.browser("pm") as pm:
        pair = po.post("/api/v1/chat/direct", {"person": chat.team.id("dev")})["channel"]
        assert dev.post("/api/v1/chat/direct", {"person": chat.team.id("po")})["channel"] == pair
        po.say("只给你看", channel=pair)
        assert len(dev.messages(pair)) == 1
        assert pm.http.get(f"/api/v1/chat/channels/{pair}/messages").status_code == 404
        assert pm.http.get(f"/api/v1/chat/channels/{po.direct()}/messages").status_code == 404
        assert pair not in [c["id"] for c in pm.get("/api/v1/chat/channels")["channels"]]
        own = {"person": chat.team.id("po")}
        assert po.send("POST", "/api/v1/chat/direct", own).status_code == 404


def test_customers_meet_duban_only(lite):
    with lite.browser("customer") as customer:
        found = customer.get("/api/v1/chat/channels")["channels"]
        assert [c["kind"] for c in found] == ["direct"]
        assert (
            customer.http.get(f"/api/v1/chat/channels/{customer.channel}/messages").status_code
            == 404
        )
        body = {"person": lite.team.id("po")}
        assert customer.send("POST", "/api/v1/chat/direct", body).status_code == 403


def test_who_was_switched_off_is_out(lite):
    with lite.browser("dev") as dev:
        with lite.team.write() as uow:
            uow.people.save(replace(lite.team.people["dev"], active=False))
        assert dev.http.get("/api/v1/chat/channels").status_code == 403
        body = {"text": "still here?", "client_id": client_id()}
        path = f"/api/v1/chat/channels/{dev.channel}/messages"
        assert dev.send("POST", path, body).status_code == 403
        assert dev.upload("a.txt", b"x").status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        pytest.param("GET", "/nothing/here", 404, "not_found", id="no such address"),
        pytest.param("GET", "/api/v1/chat/messages/x/nothing", 404, "not_found", id="no such part"),
        pytest.param("PUT", "/api/v1/chat/me", 405, "method", id="no such method"),
        pytest.param("GET", "/api/v1/chat/channels/x/messages", 404, "not_found", id="no channel"),
        pytest.param("GET", "/files/x", 404, "not_found", id="no file"),
        pytest.param("GET", f"{MESSAGES}?before=x", 422, "user", id="query"),
        pytest.param("POST", MESSAGES, 422, "user", id="no JSON"),
        pytest.param("POST", "/api/v1/commands", 401, "sign_in", id="no token"),
        pytest.param("GET", "/api/v1/commands", 405, "method", id="a command is posted"),
        pytest.param("GET", "/static/chat/js/none.js", 404, "not_found", id="no such script"),
        pytest.param("GET", "/static/chat/..%2f..%2fsettings.py", 404, "not_found", id="outside"),
    ],
)  # fmt: skip
def test_every_error_has_one_shape(lite, method, path, status, kind):
    with lite.browser("po") as po:
        for language, word in (("zh-CN,zh;q=0.9", "。"), ("en-GB,en;q=0.9", ".")):
            answer = po.http.request(
                method,
                path.format(channel=po.channel),
                content=b"[1]" if method == "POST" else b"",
                headers={**po.headers, "accept-language": language},
            )
            error = answer.json()["error"]
            assert (answer.status_code, error["kind"]) == (status, kind)
            assert set(error) == ERROR_KEYS
            assert error["message"].endswith(word)


def test_a_bug_answers_with_a_reference_and_no_trace(lite, monkeypatch, caplog):
    def broken(*_):
        raise ZeroDivisionError("the secret is 42")

    monkeypatch.setattr("bot.webchat.reads.conversations", broken)
    with lite.browser("po") as po:
        answer = po.http.get("/api/v1/chat/channels")
    error = answer.json()["error"]
    assert (answer.status_code, error["kind"]) == (500, "bug")
    assert error["reference"] in error["message"]
    assert "42" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"text": "x"}, id="no client id"),
        pytest.param({"text": "x", "client_id": "short"}, id="short client id"),
        pytest.param({"text": "x", "client_id": "a" * 65}, id="long client id"),
        pytest.param({"text": "x", "client_id": "with space"}, id="odd client id"),
        pytest.param({"client_id": "client-abc"}, id="no text"),
        pytest.param({"text": "   ", "client_id": "client-abc"}, id="blank"),
        pytest.param({"text": 7, "client_id": "client-abc"}, id="number"),
        pytest.param({"text": "x\x00", "client_id": "client-abc"}, id="zero"),
        pytest.param({"text": "x" * 10_001, "client_id": "client-abc"}, id="too long"),
        pytest.param({"text": "x", "files": "abc", "client_id": "client-abc"}, id="files no list"),
        pytest.param({"text": "x", "files": ["a"] * 11, "client_id": "client-abc"}, id="many"),
        pytest.param({"text": "x", "thread": 1, "client_id": "client-abc"}, id="thread no text"),
    ],
)  # fmt: skip
def test_a_message_that_cannot_be_is_refused(lite, body):
    with lite.browser("po") as po:
        answer = po.send("POST", f"/api/v1/chat/channels/{po.channel}/messages", body)
        assert (answer.status_code, answer.json()["error"]["kind"]) == (422, "user")
        assert po.messages() == []


def test_only_known_host_names_are_answered(lite):
    with httpx.Client(base_url=lite.url, trust_env=False) as http:
        for host, status in (
            ("evil.example", 421), (f"evil.example:{lite.port}", 421), ("", 421),
            (f"localhost:{lite.port}", 200), ("127.0.0.1", 200), (f"[::1]:{lite.port}", 200),
        ):  # fmt: skip
            assert http.get("/healthz", headers={"host": host}).status_code in (status, 400)
        answer = http.get("/api/v1/chat/me", headers={"host": "evil.example"})
        assert answer.status_code == 421
        assert "set-cookie" not in answer.headers


def test_every_answer_carries_the_security_headers(lite):
    with httpx.Client(base_url=lite.url, trust_env=False) as http:
        for path in ("/", "/static/chat/js/main.js", "/api/v1/chat/me", "/nothing", "/healthz"):
            headers = http.get(path).headers
            policy = headers["content-security-policy"]
            assert "script-src 'self'" in policy
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
        page = http.get("/").text
        assert "<script>" not in page
        assert "style=" not in page


def test_one_person_cannot_ask_too_much_and_others_still_can(sqlite_db, tmp_path):
    with (
        chat_server(sqlite_db, tmp_path, burst=5) as server,
        server.browser("po") as po,
        server.browser("dev") as dev,
    ):
        body = {"text": "x", "client_id": client_id()}
        path = f"/api/v1/chat/channels/{po.channel}/messages"
        answers = [po.send("POST", path, {**body, "client_id": client_id()}) for _ in range(7)]
        assert [a.status_code for a in answers[-2:]] == [429, 429]
        assert answers[-1].json()["error"]["kind"] == "too_many"
        wait = int(answers[-1].headers["retry-after"])
        assert dev.say("I am still here")["messages"]
        server.team.clock.advance(timedelta(seconds=wait))
        assert po.send("POST", path, {**body, "client_id": client_id()}).status_code == 200


def test_scripts_speak_the_same_grammar(chat):
    team = chat.team
    with team.write() as uow:
        token = ApiToken(new_id(), team.id("po"), "ci", team.clock.now(), None, None)
        uow.tokens.add(token, hashlib.sha256(b"the-token").hexdigest())
    headers = {"authorization": "Bearer the-token"}
    with httpx.Client(base_url=chat.url, trust_env=False, headers=headers) as http:
        body = {"channel": "物流", "thread": None, "text": "/sampler join"}
        answer = http.post("/api/v1/commands", json=body, headers={"idempotency-key": "k1"})
        assert answer.status_code == 200
        reply = answer.json()["reply"]
        assert reply["text"] == "签到表\n已有 1 次签到\n→ 我也签到: /sampler join"
        assert reply["cards"][0]["key"] == "sampler:1"
        again = http.post("/api/v1/commands", json=body, headers={"idempotency-key": "k1"})
        assert again.json() == answer.json()
        wrong = http.post("/api/v1/commands", json={**body, "text": "/nonsense"}).json()
        assert wrong["failed"]
        gone = http.post("/api/v1/commands", json={**body, "channel": "没有"})
        assert gone.status_code == 404
        assert http.post("/api/v1/commands", json={**body, "thread": "nix"}).status_code == 404
        with team.write() as uow:
            assert uow.tokens.revoke(token.id, team.clock.now())
        assert http.post("/api/v1/commands", json=body).status_code == 401
    with chat.browser("dev") as dev:
        assert [m["kind"] for m in dev.messages()] == ["command", "card"]


def test_a_customers_script_sees_no_more_than_the_customer(lite):
    team = lite.team
    with team.write() as uow:
        token = ApiToken(new_id(), team.id("customer"), "x", team.clock.now(), None, None)
        uow.tokens.add(token, hashlib.sha256(b"theirs").hexdigest())
    headers = {"authorization": "Bearer theirs"}
    with httpx.Client(base_url=lite.url, trust_env=False, headers=headers) as http:
        for channel in ("物流", team.channel.id):
            body = {"channel": channel, "text": "/help"}
            assert http.post("/api/v1/commands", json=body).status_code == 404


def test_language_is_ones_own(lite):
    with lite.browser("po") as po, lite.browser("dev") as dev:
        assert po.send("PATCH", "/api/v1/chat/me", {"locale": "en"}).status_code == 200
        assert po.get("/api/v1/chat/me")["texts"]["send"] == "Send"
        assert dev.get("/api/v1/chat/me")["texts"]["send"] == "发送"
        assert po.send("PATCH", "/api/v1/chat/me", {"locale": "fr"}).status_code == 422
        assert "There is no command" in po.say("/nonsense")["messages"][1]["html"]


def test_health_readiness_and_metrics(lite):
    with httpx.Client(base_url=lite.url, trust_env=False) as http:
        assert http.get("/healthz").text == "ok\n"
        assert http.get("/readyz").json() == {"ready": True, "checks": {"database": True}}
        http.get("/nothing")
        assert (
            'duban_http_requests_total{method="GET",status="404"} 1.0' in http.get("/metrics").text
        )
