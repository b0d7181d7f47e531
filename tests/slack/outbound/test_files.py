"""Documents, pictures and canvases."""

from __future__ import annotations

import pytest

from domain.messages import Card, FileRef, Para, T
from storage.messaging import OutboxStatus
from tests.commands.reviewing import add_story
from tests.slack.outbound.mailroom import MailRoom, drawn

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">
<rect width="9" height="9"/></svg>"""


def ref(mail: MailRoom, name: str, data: bytes, mime: str, alt: str = "") -> FileRef:
    stored = mail.team.upload(name, data, mime)
    return FileRef(stored.file_id, name, mime, len(data), alt)


def test_a_file_follows_its_card_with_its_bytes(mail: MailRoom) -> None:
    file = ref(mail, "产品计划.xlsx", b"PK" * 100, "application/zip")
    mail.post(Card("计划表", (Para("给您"), file)))
    card, upload = mail.messages
    assert "xlsx" not in drawn(card), "it is not named twice"
    assert "产品计划.xlsx" in card["text"], "but the text is complete"
    (shown,) = upload["files"]
    assert (shown["name"], shown["title"]) == ("产品计划.xlsx", "产品计划.xlsx")
    assert mail.slack.team.files[shown["id"]].data == b"PK" * 100
    assert "thread_ts" not in upload


def test_in_a_thread_it_stays_there(mail: MailRoom) -> None:
    mail.post(Card("root"))
    root = mail.messages[0]["ts"]
    mail.post(Card("纪要", (ref(mail, "a.docx", b"x", "application/msword"),)), thread=root)
    assert {m.get("thread_ts") for m in mail.messages[1:]} == {root}
    assert len(mail.messages) == 3


def test_a_drawing_becomes_a_picture_with_words_for_who_does_not_see_it(mail: MailRoom) -> None:
    mail.post(Card("图", (ref(mail, "甘特图.svg", SVG, "image/svg+xml", "十二月的计划"),)))
    (shown,) = mail.messages[1]["files"]
    assert shown["name"] == "甘特图.png"
    assert shown["alt_txt"] == "十二月的计划"
    assert mail.slack.team.files[shown["id"]].data.startswith(b"\x89PNG")


def test_to_a_person(mail: MailRoom) -> None:
    mail.post(Card("给您", (ref(mail, "a.txt", b"x", "text/plain"),)), person="po")
    assert [len(m.get("files", ())) for m in mail.slack.direct("po").messages] == [0, 1]


def test_a_file_that_is_gone_or_empty_is_left_out(mail: MailRoom) -> None:
    empty = ref(mail, "empty.txt", b"", "text/plain")
    gone = FileRef("01gone", "gone.txt", "text/plain", 4)
    row = mail.post(Card("文件", (empty, gone)))
    assert len(mail.messages) == 1
    assert mail.row(row).status is OutboxStatus.DONE


def test_an_edited_card_uploads_a_file_once(mail: MailRoom) -> None:
    file = ref(mail, "a.txt", b"x", "text/plain")
    other = ref(mail, "b.txt", b"y", "text/plain")
    mail.post(Card("对象", (file,), key="plan:1"))
    mail.post(Card("对象", (Para("改了"), file), key="plan:1"))
    mail.post(Card("对象", (Para("改了"), file, other), key="plan:1"))
    names = [f["name"] for m in mail.messages for f in m.get("files", ())]
    assert names == ["a.txt", "b.txt"]


def test_without_the_right_to_upload_the_card_is_there_and_the_administrator_hears_of_it(
    mail: MailRoom,
) -> None:
    mail.slack.faults.refuse("files.getUploadURLExternal", "missing_scope")
    row = mail.post(Card("计划表", (ref(mail, "a.txt", b"x", "text/plain"),)))
    assert mail.row(row).status is OutboxStatus.DONE
    assert any("不让督办上传文件" in text for text in mail.team.sent("admin"))


def _reviewed(mail: MailRoom) -> None:
    add_story(mail.team, "短信登录", "dev")
    mail.team.say("po", "/review start 登录改版")
    mail.team.say("dev", "/review verdict S1 pass")
    mail.team.say("po", "/review end yes")
    mail.delivery.drain()


def test_minutes_come_as_a_document_and_as_a_canvas(mail: MailRoom) -> None:
    _reviewed(mail)
    card, document, canvas = mail.messages[-3:]
    assert document["files"][0]["name"].endswith(".docx")
    assert document["files"][0]["size"] > 10_000
    assert canvas["thread_ts"] == card["ts"]
    ((canvas_id, made),) = mail.slack.team.canvases.items()
    assert "登录改版" in made["title"]
    assert "短信登录" in made["markdown"]
    assert made["access"] == {"level": "read", "channels": [mail.room.id], "users": []}
    assert f"https://acme.slack.com/docs/{mail.slack.team.id}/{canvas_id}|" in canvas["text"]


def test_without_canvases_the_document_alone(mail: MailRoom) -> None:
    mail.slack.team.features = frozenset()
    _reviewed(mail)
    assert mail.messages[-1]["files"][0]["name"].endswith(".docx")
    assert mail.slack.team.canvases == {}


def test_a_canvas_is_linked_once(mail: MailRoom) -> None:
    mail.slack.faults.fail(
        "chat.postMessage", after=True, when=lambda args: "/docs/" in str(args.get("text"))
    )
    _reviewed(mail)
    mail.until_quiet()
    assert len([m for m in mail.messages if "/docs/" in m["text"]]) == 1
    assert len([m for m in mail.messages if m.get("files")]) == 1


@pytest.mark.parametrize("line", ["/plan chart", "/计划 图表"])
def test_a_chart_is_a_png(mail: MailRoom, line: str) -> None:
    mail.team.say("po", "/plan new V2.0 软件交付 12-01")
    mail.team.say("po", line)
    mail.delivery.drain()
    files = [f for m in mail.messages for f in m.get("files", ())]
    assert [f["mimetype"] for f in files] == ["image/png"]
    assert "V2.0" in files[0]["name"]
    assert files[0]["alt_txt"]


def test_texts_of_cards_are_in_the_channels_language(mail: MailRoom) -> None:
    mail.post(Card(T("core.submit")))
    assert mail.texts() == ["提交"]
