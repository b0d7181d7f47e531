"""Cards arrive in Slack: once, in order, edited in place, with their history in the thread."""

from __future__ import annotations

from typing import Any

import pytest

from domain.messages import Action, Bullet, Bullets, Card, Para, PersonRef, Tone
from storage.messaging import OutboxStatus
from tests.slack.outbound.mailroom import MailRoom, drawn


def review(status: str, *lines: str, title: str = "评审 R-1") -> Card:
    return Card(
        title,
        (Bullets(tuple(Bullet(line) for line in lines)),),
        (Action("结束", "review end"),),
        status=status,
        tone=Tone.INFO,
        key="review:1",
    )


def test_a_card_is_posted_with_its_text_and_its_delivery(mail: MailRoom) -> None:
    row = mail.post(Card("计划已保存", (Para("V2.0"),)))
    (message,) = mail.messages
    assert message["text"] == "计划已保存\nV2.0"
    assert message["metadata"]["event_payload"] == {"id": row, "part": "card"}
    (call,) = mail.slack.calls_of("chat.postMessage")
    assert call.args["unfurl_links"] is False
    assert mail.row(row).status is OutboxStatus.DONE
    assert mail.row(row).handle == {
        "channel": mail.room.id, "ts": message["ts"], "thread": message["ts"],
    }  # fmt: skip


def test_people_are_mentioned_where_they_are_spoken_to(mail: MailRoom) -> None:
    dev, customer = mail.person("dev"), mail.person("customer")
    mail.post(
        Card(
            "已指派",
            (
                Para(PersonRef(dev.id, dev.name)),
                Para(PersonRef(customer.id, customer.name)),
                Bullets((Bullet(PersonRef(dev.id, dev.name)),)),
            ),
        )
    )
    shown = drawn(mail.messages[0])
    assert f"<@{mail.slack.team.user('dev').id}>\n周客户\n• 李雷" in shown


def test_in_order_and_in_the_thread(mail: MailRoom) -> None:
    mail.post(Card("root"))
    root = mail.messages[0]["ts"]
    for n in range(5):
        mail.queue(Card(f"reply {n}"), thread=root)
    mail.delivery.drain()
    assert mail.texts() == ["root", *(f"reply {n}" for n in range(5))]
    assert {m.get("thread_ts") for m in mail.messages[1:]} == {root}


def test_a_thread_that_is_gone_leaves_the_channel(mail: MailRoom) -> None:
    mail.post(Card("still said"), thread="1700000000.000100")
    (message,) = mail.messages
    assert "thread_ts" not in message


def test_an_objects_card_is_edited_in_place(mail: MailRoom) -> None:
    mail.post(review("进行中", "S1 等 李雷"))
    mail.post(review("进行中", "S1 通过 1"))
    (message,) = mail.messages
    assert "S1 通过 1" in drawn(message)
    handle = mail.handle("review:1")
    assert handle is not None
    assert handle["ts"] == message["ts"] == handle["thread"]
    assert handle["threads"] == [message["ts"]]


def test_its_history_is_in_the_thread(mail: MailRoom) -> None:
    mail.post(review("进行中", "S1 等 李雷"))
    mail.post(review("进行中", "S1 通过 1"))  # a tally is no history
    mail.post(review("已结束", "S1 通过 1"))
    root, line = mail.messages
    assert line["thread_ts"] == root["ts"]
    assert line["text"] == "评审 R-1：进行中 → 已结束"
    assert "已结束" in drawn(root)


def test_a_new_title_is_history_too(mail: MailRoom) -> None:
    mail.post(review("进行中", "S1"))
    mail.post(review("进行中", "S1", title="评审 R-1 登录"))
    assert mail.texts()[-1] == "标题改为“评审 R-1 登录”"


def test_a_card_far_up_is_posted_anew_and_points_there(mail: MailRoom) -> None:
    mail.post(review("进行中", "S1"))
    mail.later(600)
    for n in range(16):
        mail.slack.person("dev").say("wuliu", f"chat {n}")
    mail.post(review("进行中", "S1", "S2"))
    first, *_, last = mail.messages
    assert "S2" in drawn(last)
    assert "已更新，见 <https://acme.slack.com/archives/" in drawn(first)
    assert "actions" not in {b["type"] for b in first["blocks"]}
    handle = mail.handle("review:1")
    assert handle is not None
    assert handle["ts"] == last["ts"]
    assert handle["threads"] == [first["ts"], last["ts"]]


def test_a_card_with_little_after_it_stays(mail: MailRoom) -> None:
    mail.post(review("进行中", "S1"))
    mail.later(600)
    for n in range(15):
        mail.slack.person("dev").say("wuliu", f"chat {n}")
    mail.post(review("进行中", "S2"))
    assert "S2" in drawn(mail.messages[0])
    assert len(mail.messages) == 16


def test_who_answers_in_its_thread_sees_it_change_however_far_up(mail: MailRoom) -> None:
    mail.post(review("进行中", "S1"))
    root = mail.messages[0]["ts"]
    mail.later(600)
    for n in range(30):
        mail.slack.person("dev").say("wuliu", f"chat {n}")
    mail.post(review("进行中", "S2"), thread=root)
    assert "S2" in drawn(mail.messages[0])
    assert len(mail.messages) == 31


@pytest.mark.parametrize(
    ("chat", "pressed", "anew"),
    [
        pytest.param(5, False, False, id="typed, and the card is in sight"),
        pytest.param(6, False, True, id="typed, and the card is further up"),
        pytest.param(9, True, False, id="pressed on the card itself"),
    ],
)
def test_who_asks_sees_the_answer(mail: MailRoom, chat: int, pressed: bool, anew: bool) -> None:
    mail.post(review("进行中", "S1"))
    for n in range(chat):
        mail.slack.person("dev").say("wuliu", f"chat {n}")
    on = mail.messages[0]["ts"] if pressed else None
    mail.post(review("进行中", "S1", "S2"), asker="po", on=on)
    assert ("S2" in drawn(mail.messages[-1])) is anew
    assert ("S2" in drawn(mail.messages[0])) is not anew


def test_who_asks_for_a_card_in_which_nothing_changed_gets_it_below(mail: MailRoom) -> None:
    mail.post(review("进行中", "S1"))
    mail.slack.person("dev").say("wuliu", "@督办 评审")
    mail.post(review("进行中", "S1"), asker="dev")
    first, _, last = mail.messages
    assert "S1" in drawn(last)
    assert "卡片移到了下面，见 <https://acme.slack.com/archives/" in drawn(first)
    handle = mail.handle("review:1")
    assert handle is not None
    assert handle["ts"] == last["ts"]


def test_in_its_own_thread_they_get_a_copy_and_the_card_stays(mail: MailRoom) -> None:
    mail.post(review("进行中", "S1"))
    root = mail.messages[0]["ts"]
    for _ in range(2):
        mail.post(review("进行中", "S1"), thread=root, asker="dev")
    first, *copies = mail.messages
    assert [m["thread_ts"] for m in copies] == [root, root]
    assert [drawn(m) for m in copies] == [drawn(first)] * 2
    mail.post(review("进行中", "S2"), thread=root, asker="dev")
    assert "S2" in drawn(mail.messages[0])
    assert len(mail.messages) == 3


@pytest.mark.parametrize(
    "why",
    [
        pytest.param({}, id="nobody asked"),
        pytest.param({"asker": "dev", "pressed": True}, id="a button of the card"),
        pytest.param({"asker": "dev", "beside": True}, id="a line above says what was done"),
    ],
)
def test_else_nothing_new_is_posted_of_what_did_not_change(
    mail: MailRoom, why: dict[str, Any]
) -> None:
    mail.post(review("进行中", "S1"))
    on = mail.messages[0]["ts"] if why.get("pressed") else None
    card, beside = review("进行中", "S1"), bool(why.get("beside"))
    mail.post(card, asker=why.get("asker"), on=on, beside=beside)
    assert len(mail.messages) == 1


def test_a_card_that_somebody_deleted_is_posted_again(mail: MailRoom) -> None:
    mail.post(review("进行中", "S1"))
    mail.room.messages.clear()
    mail.post(review("进行中", "S2"))
    assert "S2" in drawn(mail.messages[0])


def test_a_long_card_goes_on_in_its_thread_and_shrinks_again(mail: MailRoom) -> None:
    long = [f"S{n} " + "很长的说明" * 60 for n in range(60)]
    mail.post(review("进行中", *long))
    root, *rest = mail.messages
    assert len(rest) >= 1
    assert {m["thread_ts"] for m in rest} == {root["ts"]}
    assert "后面的在话题里" in drawn(root)
    assert all(line.split()[0] in "".join(map(drawn, mail.messages)) for line in long)
    mail.post(review("进行中", *long[:59], "S99 换了一条"))
    assert len(mail.messages) == 1 + len(rest)
    assert "S99" in drawn(mail.messages[-1])
    mail.post(review("进行中", "S1"))
    assert len(mail.messages) == 1


@pytest.mark.parametrize("person", ["po", "dev"])
def test_a_person_is_written_to_and_the_conversation_remembered(
    mail: MailRoom, person: str
) -> None:
    mail.post(Card("只给您"), person=person)
    direct = mail.slack.direct(person)
    assert [m["text"] for m in direct.messages] == ["只给您"]
    with mail.team.read() as uow:
        channel = uow.channels.direct("slack", mail.team.id(person))
    assert channel is not None
    assert channel.external_id == direct.id
    mail.post(Card("再一条"), person=person)
    assert [m["text"] for m in direct.messages] == ["只给您", "再一条"]


def test_everything_is_harmless_on_the_way(mail: MailRoom) -> None:
    mail.post(Card("<!channel> & <@U1> *x*", (Para("> 引用\n`a` <http://x|y>"),)))
    (message,) = mail.messages
    assert message["blocks"][0]["text"]["type"] == "plain_text"  # where nothing means anything
    assert "<" not in _texts_of(message["blocks"][1:]) + message["text"]
    assert "&lt;!channel&gt; &amp; &lt;@U1&gt;" in message["text"]


def _texts_of(blocks: list[dict[str, object]]) -> str:
    return drawn({"blocks": blocks})
