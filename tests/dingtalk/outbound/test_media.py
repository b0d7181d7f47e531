"""Files of cards: documents to open, charts as pictures, and what stands in for them."""

from __future__ import annotations

from domain.messages import Card, FileRef
from storage.messaging import OutboxStatus
from tests.dingtalk.outbound.mailroom import MailRoom

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10">'
    '<rect width="9" height="9"/></svg>'
)


def minutes(mail: MailRoom, data: bytes = b"PK docx") -> Card:
    mail.team.files.put("f1", data)
    return Card("评审纪要", (FileRef("f1", "纪要 第1次.docx", DOCX, len(data)),), key="minutes:1")


def test_minutes_are_a_file_below_their_card(mail: MailRoom):
    mail.hear()
    row = mail.post(minutes(mail))
    card, file = mail.said
    assert "📎 纪要 第1次.docx" in card.text
    assert (card.way, file.way, file.kind) == ("session", "api", "file")
    assert (file.content["fileName"], file.content["fileType"]) == ("纪要 第1次.docx", "docx")
    media = mail.dingtalk.world.media[file.content["mediaId"]]
    assert (media.name, media.data) == ("纪要 第1次.docx", b"PK docx")
    assert mail.states(row) == [OutboxStatus.DONE]


def test_a_drawing_becomes_a_picture(mail: MailRoom):
    mail.team.files.put("g1", SVG.encode())
    mail.post(
        Card("甘特图", (FileRef("g1", "甘特图.svg", "image/svg+xml", len(SVG)),)), person="dev"
    )
    picture = mail.told("dev")[-1]
    assert picture.kind == "image"
    media = mail.dingtalk.world.media[picture.content["photoURL"]]
    assert media.data.startswith(b"\x89PNG")
    assert media.name == "甘特图.png"


def test_a_file_of_an_objects_card_comes_once(mail: MailRoom):
    mail.hear()
    mail.post(minutes(mail))
    mail.later(2 * 3600)
    mail.post(minutes(mail), asker="po")
    assert [m.kind for m in mail.said].count("file") == 1


def test_a_file_that_failed_does_not_bring_its_card_again(mail: MailRoom):
    mail.hear()
    mail.dingtalk.faults.drop("media.upload")
    row = mail.post(minutes(mail))
    assert mail.states(row) == [OutboxStatus.PENDING]
    mail.again()
    mail.later(70)
    assert [m.kind for m in mail.said] == ["markdown", "file"]
    assert mail.states(row) == [OutboxStatus.DONE]


def test_a_file_that_is_gone_or_empty_is_left_out(mail: MailRoom):
    gone = FileRef("f9", "没有.docx", DOCX, 1)
    row = mail.post(Card("纪要", (gone,)))
    mail.post(minutes(mail, b""))
    assert [m.kind for m in mail.said] == ["markdown", "markdown"]
    assert mail.states(row) == [OutboxStatus.DONE]


def test_without_calls_a_file_is_a_link(open_mail):
    mail = open_mail(DINGTALK_MONTHLY_CALLS="100")
    for _ in range(100):
        mail.budget.spend(mail.team.workspace.id, "group.send")
    mail.hear()
    row = mail.post(minutes(mail))
    assert mail.states(row) == [OutboxStatus.DONE]
    assert [m.way for m in mail.said] == ["session", "session"]
    assert "[纪要 第1次.docx](https://duban.example.com/files/f1)" in mail.texts[1]
