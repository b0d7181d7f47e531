"""Cards as messages: by the webhook while it lives, else by the API, once each."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from domain.messages import Action, Card, Para, PersonRef
from storage.messaging import OutboxStatus
from tests.dingtalk.outbound.mailroom import MailRoom

DONE, PENDING, FAILED = OutboxStatus.DONE, OutboxStatus.PENDING, OutboxStatus.FAILED
NOTE = "这里再发一次"


def person(mail: MailRoom, handle: str) -> PersonRef:
    return PersonRef(mail.team.id(handle), mail.team.people[handle].name)


def test_a_conversation_that_was_heard_is_answered_by_its_webhook_without_a_call(mail: MailRoom):
    mail.hear()
    row = mail.post(Card("评审开始", (Para("登录改版"),), (Action("通过", "verdict S1 pass"),)))
    (message,) = mail.said
    assert (message.way, message.title) == ("session", "评审开始")
    assert message.text.endswith("› 通过：@督办 verdict S1 pass")
    assert mail.states(row) == [DONE]
    assert mail.dingtalk.limits.used == 0
    assert mail.budget.standing(mail.team.workspace.id).used == 0


def test_a_group_that_was_not_heard_lately_is_told_by_the_api(mail: MailRoom):
    mail.hear()
    mail.later(90 * 60)
    mail.post(Card("提醒"))
    assert [m.way for m in mail.said] == ["api"]
    assert mail.budget.standing(mail.team.workspace.id).apis == {"group.send": 1}


def test_a_webhook_that_ends_early_is_replaced_by_the_api(mail: MailRoom):
    mail.hear()
    mail.dingtalk.expire_sessions()
    row = mail.post(Card("提醒"))
    assert [m.way for m in mail.said] == ["api"]
    assert mail.states(row) == [DONE]


def test_a_webhook_that_ended_early_is_tried_once(mail: MailRoom):
    mail.hear()
    mail.dingtalk.expire_sessions()
    mail.post(Card("一"))
    mail.again()
    mail.post(Card("二"))
    assert [m.way for m in mail.said] == ["api", "api"]
    assert len(mail.dingtalk.calls_of("session.send")) == 1


def test_after_an_early_end_the_next_webhook_is_used_though_it_lives_no_longer(mail: MailRoom):
    mail.hear()
    mail.dingtalk.expire_sessions()
    mail.post(Card("一"))
    mail.hear()
    mail.post(Card("二"))
    assert [m.way for m in mail.said] == ["api", "session"]


def test_the_end_of_a_webhook_leaves_a_newer_one_alone(mail: MailRoom):
    channel = mail.team.channel.id
    mail.hear()
    with mail.team.read() as uow:
        known = uow.dingtalk.conversation(channel)
    assert known is not None
    assert known.webhook
    with mail.team.write() as uow:
        assert not uow.dingtalk.forget_webhook(channel, "an-older-one")
        assert uow.dingtalk.conversation(channel) == known
        assert uow.dingtalk.forget_webhook(channel, known.webhook)


def test_one_person_is_told_by_their_user_id(mail: MailRoom):
    mail.post(Card("请审批", (), (Action("同意", "change approve CR-1"),)), person="dev")
    (message,) = mail.told("dev")
    assert "：变更 批准 CR-1" in message.text
    (call,) = mail.dingtalk.calls_of("oto.send")
    assert call.body["userIds"] == [mail.dingtalk.world.users["dev"].staff]


def test_people_are_mentioned_by_id_where_that_works_and_by_name_elsewhere(mail: MailRoom):
    card = Card("请看", (Para(person(mail, "dev")), Para(person(mail, "customer"))))
    mail.post(card)
    mail.hear()
    mail.post(card)
    by_api, by_hook = mail.said
    staff = mail.dingtalk.world.users["dev"].staff
    assert staff not in by_api.text
    assert by_hook.text.endswith(f"@{staff}")
    assert by_hook.mentions == ("dev",)
    assert "李雷" in by_api.text


def test_whoever_was_mentioned_on_an_objects_card_is_not_called_again(mail: MailRoom):
    mail.hear()
    mail.post(Card("评审 1", (Para(person(mail, "dev")),), status="进行中", key="review:1"))
    mail.post(Card("评审 1", (Para(person(mail, "dev")),), status="已结束", key="review:1"))
    assert [m.mentions for m in mail.said] == [("dev",), ()]


def test_a_card_that_changes_is_taken_back_and_posted_anew(mail: MailRoom):
    mail.post(Card("CR-1", status="待审批", key="change:1"), person="dev")
    mail.post(Card("CR-1", status="已批准", key="change:1"), person="dev")
    assert [m.text for m in mail.told("dev")] == ["CR-1 · 已批准"]
    assert len(mail.dingtalk.calls_of("oto.recall")) == 1


def test_a_card_is_not_taken_back_after_a_day(mail: MailRoom):
    mail.post(Card("CR-1", status="待审批", key="change:1"))
    mail.later(25 * 3600)
    mail.post(Card("CR-1", status="已批准", key="change:1"))
    assert len(mail.said) == 2


@pytest.mark.parametrize(
    ("second", "asker", "count"),
    [
        pytest.param(
            Card("评审 1", (Para("2/5"),), status="进行中", key="r:1"), None, 1, id="tally"
        ),
        pytest.param(
            Card("评审 1", (Para("2/5"),), status="结束", key="r:1"), None, 2, id="status"
        ),
        pytest.param(
            Card("评审 1", (Para("1/5"),), status="进行中", key="r:1"), "po", 2, id="asked"
        ),
    ],
)
def test_a_group_is_not_told_of_every_detail_unless_somebody_asks(mail, second, asker, count):
    mail.hear()
    mail.post(Card("评审 1", (Para("1/5"),), status="进行中", key="r:1"))
    row = mail.post(second, asker=asker)
    assert len(mail.said) == count
    assert mail.states(row) == [DONE]


def test_long_cards_are_several_messages(mail: MailRoom):
    mail.hear()
    row = mail.post(Card("很长", tuple(Para(f"{n} " + "字" * 900) for n in range(12))))
    assert len(mail.said) > 1
    assert [m.title for m in mail.said] == [f"很长 ({n}/3)" for n in (1, 2, 3)]
    assert mail.states(row) == [DONE]


# -- what goes wrong


def test_a_lost_answer_is_sent_again_and_says_so(mail: MailRoom):
    mail.hear()
    mail.dingtalk.faults.drop("session.send", after=True)
    row = mail.post(Card("评审开始"))
    assert mail.states(row) == [PENDING]
    mail.later(70)
    assert len(mail.said) == 2
    assert NOTE in mail.texts[1]
    assert NOTE not in mail.texts[0]
    assert mail.states(row) == [DONE]


def test_what_never_went_is_sent_again_without_a_word(mail: MailRoom):
    mail.dingtalk.go_away()
    row = mail.post(Card("评审开始"))
    mail.dingtalk.come_back()
    mail.later(70)
    assert mail.states(row) == [DONE]
    assert mail.texts == ["评审开始"]


def test_the_gateways_504_may_have_worked(mail: MailRoom):
    mail.dingtalk.faults.gateway_timeout("group.send")
    mail.post(Card("评审开始"))
    mail.later(70)
    assert [NOTE in t for t in mail.texts] == [False, True]


def test_pages_that_are_out_are_not_sent_again(mail: MailRoom):
    card = Card("很长", tuple(Para(f"{n} " + "字" * 900) for n in range(12)))
    mail.dingtalk.faults.refuse(
        "group.send", "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", status=403,
        when=lambda body: "(2/3)" in str(body),
    )  # fmt: skip
    row = mail.post(card)
    assert mail.states(row) == [PENDING]
    mail.again()
    mail.later(5)
    assert [m.title for m in mail.said] == [f"很长 ({n}/3)" for n in (1, 2, 3)]
    assert not any(NOTE in t for t in mail.texts)
    assert mail.states(row) == [DONE]


def test_after_a_crash_what_was_begun_is_repeated_with_a_note(mail: MailRoom):
    mail.hear()
    row = mail.queue(Card("评审开始"))
    with mail.team.write() as uow:
        uow.outbox.begin(row, mail.team.clock.now())
    mail.again()
    mail.delivery.drain()
    assert len(mail.said) == 1
    assert NOTE in mail.texts[0]


def test_a_dead_token_is_replaced_once(mail: MailRoom):
    mail.post(Card("一"))
    mail.dingtalk.expire_tokens()
    mail.post(Card("二"))
    assert mail.texts == ["一", "二"]
    assert len(mail.dingtalk.calls_of("token")) == 2


def test_a_token_is_asked_for_once_and_renewed_before_it_ends(mail: MailRoom):
    for word in ("一", "二", "三"):
        mail.post(Card(word))
    assert len(mail.dingtalk.calls_of("token")) == 1
    mail.later(7200 - 200)
    mail.post(Card("四"))
    assert len(mail.dingtalk.calls_of("token")) == 2


def test_who_asked_is_told_when_the_group_cannot_be_reached(mail: MailRoom):
    mail.room.robot = False
    row = mail.post(Card("评审开始"), asker="po")
    mail.delivery.drain()
    assert mail.states(row) == [FAILED]
    assert "重新添加督办" in (mail.row(row).error or "")
    (message,) = mail.told("po")
    assert "物流" in message.text


def test_a_person_out_of_sight_is_named_with_what_to_do(mail: MailRoom):
    mail.dingtalk.world.trouble.unreachable.add("dev")
    row = mail.post(Card("请审批"), person="dev")
    assert mail.states(row) == [FAILED]
    assert "可见范围" in (mail.row(row).error or "")


def test_a_person_whose_flow_is_controlled_is_told_later(mail: MailRoom):
    mail.dingtalk.world.trouble.slowed.add("dev")
    row = mail.post(Card("请审批"), person="dev")
    mail.dingtalk.world.trouble.slowed.clear()
    mail.later(91)
    assert mail.states(row) == [DONE]
    assert [m.text for m in mail.told("dev")] == ["请审批"]


def test_a_missing_permission_waits_until_it_is_given(mail: MailRoom):
    scopes = mail.dingtalk.app.scopes
    mail.dingtalk.app.scopes = frozenset()
    row = mail.post(Card("提醒"))
    assert "qyapi_robot_sendmsg" in (mail.row(row).error or "")
    mail.dingtalk.app.scopes = scopes
    mail.later(301)
    assert mail.states(row) == [DONE]


def test_a_webhook_of_another_host_is_never_called(mail: MailRoom):
    mail.hear()
    with mail.team.write() as uow:
        known = uow.dingtalk.conversation(mail.team.channel.id)
        assert known is not None
        uow.dingtalk.save_conversation(replace(known, webhook="http://169.254.169.254/latest"))
    mail.post(Card("提醒"))
    assert [m.way for m in mail.said] == ["api"]


# -- floods


def test_a_flood_is_folded_and_no_webhook_is_muted(mail: MailRoom):
    mail.hear()
    rows = [mail.queue(Card(f"提醒 {n}", (Para("内容"),))) for n in range(60)]
    mail.delivery.drain()
    assert len(mail.said) <= 18
    assert mail.states(*rows) == [DONE] * 60
    together = "\n".join(mail.texts)
    assert all(
        together.count(f"提醒 {n}\n") + together.endswith(f"提醒 {n}") == 1 for n in range(60)
    )
    assert "条消息" in mail.said[-1].title
    assert not mail.dingtalk.limits.refused


def test_what_is_folded_and_lost_is_sent_again_with_a_note(mail: MailRoom):
    mail.hear()
    rows = [mail.queue(Card(f"提醒 {n}")) for n in range(20)]
    mail.dingtalk.faults.drop("session.send", after=True, when=lambda b: "条消息" in str(b))
    mail.delivery.drain()
    mail.later(70)
    mail.later(70)
    assert mail.states(*rows) == [DONE] * 20
    assert any(NOTE in t for t in mail.texts)


def test_a_webhook_that_is_muted_leaves_the_api(mail: MailRoom):
    mail.hear()
    mail.dingtalk.limits.per_minute = 0
    mail.post(Card("一"))
    mail.post(Card("二"))
    assert [m.way for m in mail.said] == ["api", "api"]
    assert len(mail.dingtalk.calls_of("session.send")) == 1


def test_bodies_are_the_platforms_own(mail: MailRoom):
    mail.post(Card("提醒"))
    (call,) = mail.dingtalk.calls_of("group.send")
    assert call.body["robotCode"] == mail.dingtalk.app.robot_code
    assert json.loads(call.body["msgParam"]) == {"title": "提醒", "text": "提醒"}
