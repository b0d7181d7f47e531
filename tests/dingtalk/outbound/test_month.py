"""The month's calls: what goes without them, what waits for them, and for how long."""

from __future__ import annotations

from datetime import timedelta

from domain.messages import Card, Para
from storage.messaging import OutboxStatus
from tests.dingtalk.outbound.mailroom import MailRoom

DONE, PENDING = OutboxStatus.DONE, OutboxStatus.PENDING


def test_the_last_tenth_of_the_months_calls_is_kept_for_what_must_go(open_mail):
    mail = open_mail(DINGTALK_MONTHLY_CALLS="100")
    for _ in range(92):
        mail.budget.spend(mail.team.workspace.id, "group.send")
    digest = mail.queue(Card("日报"))
    approval = mail.queue(Card("请审批"), person="dev")
    mail.delivery.drain()
    assert mail.states(digest, approval) == [PENDING, DONE]
    assert "调用次数用完" in (mail.row(digest).error or "")


def test_what_waits_goes_as_soon_as_somebody_speaks(open_mail):
    mail = open_mail(DINGTALK_MONTHLY_CALLS="20")
    for _ in range(20):
        mail.budget.spend(mail.team.workspace.id, "group.send")
    row = mail.post(Card("日报"))
    assert mail.states(row) == [PENDING]
    mail.hear()
    mail.delivery.drain()
    assert mail.states(row) == [DONE]
    assert [m.way for m in mail.said] == ["session"]


def test_without_calls_a_webhook_that_lives_is_used_at_once(open_mail):
    mail = open_mail(DINGTALK_MONTHLY_CALLS="20")
    for _ in range(20):
        mail.budget.spend(mail.team.workspace.id, "group.send")
    mail.hear()
    row = mail.post(Card("日报", (Para("一切正常"),)))
    assert mail.states(row) == [DONE]
    assert [m.way for m in mail.said] == ["session"]
    assert mail.dingtalk.limits.used == 0


def test_what_waits_for_calls_goes_before_what_came_after_it(open_mail):
    mail = open_mail(DINGTALK_MONTHLY_CALLS="20")
    for _ in range(20):
        mail.budget.spend(mail.team.workspace.id, "group.send")
    rows = [mail.post(Card("日报")), mail.post(Card("周报"))]
    mail.hear()
    rows.append(mail.post(Card("回答")))
    assert mail.states(*rows) == [DONE] * 3
    assert [m.title for m in mail.said] == ["日报", "周报", "回答"]


def test_what_is_planned_for_later_is_not_hurried(mail: MailRoom):
    later, now = mail.team.clock.now() + timedelta(hours=1), mail.team.clock.now()
    lane, payload = f"channel:{mail.team.channel.id}", {"channel": mail.team.channel.id}
    with mail.team.write() as uow:
        planned = uow.outbox.add(lane, "post", payload, now, due_at=later)
        elsewhere = uow.outbox.add("person:x", "post", payload, now)
        uow.outbox.retry(elsewhere, later, "no calls", doubtful=False, counts=False)
        assert uow.outbox.hurry([lane], now) == 0
    assert [mail.row(r).due_at for r in (planned, elsewhere)] == [later, later]


def test_a_new_month_has_calls_again(open_mail):
    mail = open_mail(DINGTALK_MONTHLY_CALLS="20")
    for _ in range(20):
        mail.budget.spend(mail.team.workspace.id, "group.send")
    row = mail.post(Card("日报"))
    seconds = (mail.budget.renewal() - mail.team.clock.now()).total_seconds()
    mail.later(seconds - 20)
    assert mail.states(row) == [PENDING]
    mail.later(320)
    assert mail.states(row) == [DONE]


def test_administrators_are_told_once_when_the_calls_run_low(open_mail):
    mail = open_mail(DINGTALK_MONTHLY_CALLS="100")
    for _ in range(85):
        mail.budget.spend(mail.team.workspace.id, "group.send")
    mail.delivery.drain()
    (message,) = mail.told("po")
    assert "已调用 80 次，共 100 次" in message.text


def test_when_dingtalk_says_so_first_it_is_believed(mail: MailRoom):
    mail.dingtalk.limits.monthly = 0
    row = mail.post(Card("日报"))
    calls = len(mail.dingtalk.calls)
    mail.later(301)
    mail.later(301)
    assert mail.states(row) == [PENDING]
    assert len(mail.dingtalk.calls) == calls
