"""Files: what is taken, who may open it, how it is handed out."""

import base64

import pytest

from bot.webchat.files import safe_name
from domain.messages import Card, FileRef
from domain.ports import Destination

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_a_file_goes_with_its_message_and_opens_for_who_sees_that(chat):
    with chat.browser("po") as po, chat.browser("dev") as dev:
        sent = po.upload("截图 1.png", PNG)
        assert sent.status_code == 201
        file_id = sent.json()["id"]
        assert dev.http.get(f"/files/{file_id}").status_code == 404
        assert po.http.get(f"/files/{file_id}").content == PNG
        message = po.say("看图", files=[file_id])["messages"][0]
        assert f'src="/files/{file_id}"' in message["html"]
        opened = dev.http.get(f"/files/{file_id}")
        assert opened.content == PNG
        assert opened.headers["content-type"] == "image/png"
        assert opened.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in opened.headers["content-security-policy"]
        assert opened.headers["content-disposition"].startswith("inline; filename*=UTF-8''%E6")
        po.send("DELETE", f"/api/v1/chat/messages/{message['id']}", {})
        assert dev.http.get(f"/files/{file_id}").status_code == 404


def test_a_file_in_a_conversation_of_two_opens_for_the_two(lite):
    with lite.browser("po") as po, lite.browser("dev") as dev, lite.browser("pm") as pm:
        pair = po.post("/api/v1/chat/direct", {"person": lite.team.id("dev")})["channel"]
        file_id = po.upload("a.txt", b"x").json()["id"]
        po.say("", channel=pair, files=[file_id])
        assert dev.http.get(f"/files/{file_id}").status_code == 200
        assert pm.http.get(f"/files/{file_id}").status_code == 404


def test_documents_are_downloaded_not_shown(lite):
    with lite.browser("po") as po:
        file_id = po.upload("计划\r\n.txt", "内容".encode()).json()["id"]
        answer = po.http.get(f"/files/{file_id}")
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        pytest.param("a.exe", b"MZ", 415, id="program"),
        pytest.param("a.html", b"<script>", 415, id="page"),
        pytest.param("a.svg", b"<svg onload=x>", 415, id="drawing with scripts"),
        pytest.param("a", b"x", 415, id="no ending"),
        pytest.param("", b"x", 415, id="no name"),
        pytest.param("a.png", b"<html>", 415, id="no picture"),
        pytest.param("a.pdf", b"MZ", 415, id="no pdf"),
        pytest.param("a.txt", b"", 415, id="empty"),
        pytest.param("A.PNG", PNG, 201, id="capital letters"),
        pytest.param("a.txt", b"x" * 64 * 1024, 201, id="just at the limit"),
        pytest.param("a.txt", b"x" * (64 * 1024 + 1), 413, id="over the limit"),
    ],
)
def test_what_is_taken(lite, name, data, status):
    with lite.browser("po") as po:
        answer = po.upload(name, data)
        assert answer.status_code == status
        if status != 201:
            assert answer.json()["error"]["message"]


def test_a_body_without_a_length_is_cut_at_the_limit(lite):
    with lite.browser("po") as po:
        answer = po.http.post(
            "/api/v1/chat/files?name=a.txt",
            content=(b"x" * 8192 for _ in range(20)),
            headers=po.headers,
        )
        assert answer.status_code == 413
        assert answer.json()["error"]["kind"] == "too_large"


def test_a_file_of_somebody_else_can_not_be_sent(lite):
    with lite.browser("po") as po, lite.browser("dev") as dev:
        file_id = po.upload("a.txt", b"secret").json()["id"]
        body = {"text": "x", "files": [file_id], "client_id": "client-steal"}
        path = f"/api/v1/chat/channels/{dev.channel}/messages"
        assert dev.send("POST", path, body).status_code == 404


def test_a_form_brings_its_file_to_the_command(lite):
    with lite.browser("po") as po, lite.browser("dev") as dev:
        file_id = po.upload("证明.txt", b"x").json()["id"]
        done = po.submit("sampler log", {"text": "改"}, files=[file_id])
        assert "证明.txt" in done["messages"][0]["html"]
        assert dev.http.get(f"/files/{file_id}").content == b"x"


def test_a_card_with_a_file_that_is_not_known_is_still_shown(lite):
    with lite.browser("po") as po:
        card = Card("x", (FileRef("0unknown", "a.txt", "text/plain", 1),))
        lite.surface.send(Destination(po.channel), card, "delivery-x", None, doubtful=False)
        assert "a.txt" in po.messages()[0]["html"]
        assert po.http.get("/files/0unknown").status_code == 404


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\a.txt", "a.txt"),
        ('a"b<c>|?*.txt', "abc.txt"),
        ("\u202egpj.txt", "gpj.txt"),
        ("名" * 200 + ".txt", "名" * 116 + ".txt"),
        (" .. ", ""),
    ],
)
def test_names_are_made_safe(name, safe):
    assert safe_name(name) == safe
