"""Escalations as DINGs, where the company wants them."""

from __future__ import annotations

import pytest

from bot.cards.words import Reader
from bot.dingtalk.outbound.ding import LONGEST, content
from domain.messages import Bullet, Bullets, Card, Join, T

LATE = Card("提醒", (Bullets((
    Bullet(Join(("S1 评审已逾期 3 天", T("reminder.escalated")), " ")),
    Bullet("S2 明天到期"),
)),))  # fmt: skip
ALONE = Card(Join(("S1 评审已逾期 3 天", T("reminder.escalated")), " "))
PLAIN = Card("提醒", (Bullets((Bullet("S2 明天到期"),)),))


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        pytest.param("app", 1, id="in the app"),
        pytest.param("sms", 2, id="by SMS"),
        pytest.param("phone", 3, id="by phone"),
    ],
)
def test_an_escalation_is_pressed_on_the_person(open_mail, kind, number):
    mail = open_mail(DINGTALK_DING=kind)
    mail.post(LATE, person="po")
    (ding,) = mail.dingtalk.world.dings
    assert (ding.remind, ding.receivers) == (number, ["po"])
    assert "S1 评审已逾期 3 天" in ding.text
    assert "S2" not in ding.text
    assert len(mail.told("po")) == 1


def test_one_reminder_alone_rings_too(open_mail):
    mail = open_mail(DINGTALK_DING="app")
    mail.post(ALONE, person="po")
    (ding,) = mail.dingtalk.world.dings
    assert ding.text.count("S1 评审已逾期 3 天") == 1


@pytest.mark.parametrize(
    ("variables", "card", "person"),
    [
        pytest.param({}, LATE, "po", id="switched off"),
        pytest.param({"DINGTALK_DING": "app"}, PLAIN, "po", id="no escalation"),
        pytest.param({"DINGTALK_DING": "app"}, LATE, None, id="to a group"),
    ],
)
def test_nothing_else_is(open_mail, variables, card, person):
    mail = open_mail(**variables)
    mail.post(card, person=person)
    assert mail.dingtalk.world.dings == []


def test_a_ding_is_never_sent_twice(open_mail):
    mail = open_mail(DINGTALK_DING="phone")
    mail.dingtalk.faults.gateway_timeout("ding.send")
    row = mail.post(LATE, person="po")
    with mail.team.write() as uow:
        uow.outbox.retry(row, mail.team.clock.now(), "crashed", doubtful=True)
    mail.later(120)
    assert len(mail.dingtalk.world.dings) == 1


def test_a_ding_is_short():
    long = Card("提醒", (Bullets((Bullet(Join(("长" * 900, T("reminder.escalated")))),)),))
    assert len(content(long, Reader("zh", "Asia/Shanghai"))) == LONGEST
