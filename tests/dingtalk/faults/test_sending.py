"""What Duban sends gets there whatever fails, and once as far as that can be known."""

from __future__ import annotations

from datetime import timedelta

from bot.dingtalk.outbound.speaking import PER_MINUTE
from domain.message_json import to_json
from domain.messages import Card, Para
from storage.uow import UnitOfWork
from tests.dingtalk.harness import DingtalkTeam


def test_after_the_reply_address_has_ended_the_api_is_used(stream_company: DingtalkTeam) -> None:
    company = stream_company
    company.say("po", "需求 新建 登录改版")
    company.clock.advance(timedelta(minutes=91))
    with company.write() as uow:
        _post(company, uow, "迟到的消息")
    company.settle()
    assert company.room.said_by_robot()[-1].way == "api"
    assert "迟到的消息" in company.transcript()


def test_a_reply_address_that_ended_before_its_time(stream_company: DingtalkTeam) -> None:
    company = stream_company
    company.say("po", "需求 新建 登录改版")
    company.dingtalk.expire_sessions()
    with company.write() as uow:
        _post(company, uow, "迟到的消息")
    company.settle()
    refused = company.dingtalk.calls_of("session.send")[-1].answer
    assert refused["errcode"] != 0
    assert company.room.said_by_robot()[-1].way == "api"


def test_a_token_that_died_is_renewed(stream_company: DingtalkTeam) -> None:
    company = stream_company
    for words in ("第一条", "第二条"):
        company.dingtalk.expire_sessions()
        with company.write() as uow:
            _post(company, uow, words)
        company.settle()
        company.dingtalk.expire_tokens()
    assert "第二条" in company.transcript()
    assert 401 in [c.status for c in company.dingtalk.calls_of("group.send")]


def test_a_flood_keeps_to_twenty_a_minute(stream_company: DingtalkTeam) -> None:
    company = stream_company
    company.say("po", "需求 新建 登录改版")
    company.dingtalk.limits.per_minute = 20
    company.program.platform._surface._speaking.most = PER_MINUTE
    with company.write() as uow:
        for number in range(60):
            _post(company, uow, f"第{number}件事")
    for _ in range(10):
        company.settle()
        company.clock.advance(timedelta(seconds=61))
    seen = company.transcript()
    assert all(f"第{n}件事" in seen for n in range(60))
    assert company.dingtalk.limits.refused == {}


def test_a_month_without_calls_left_still_answers(stream_company: DingtalkTeam) -> None:
    company = stream_company
    company.say("po", "需求 新建 登录改版")
    company.dingtalk.limits.monthly = company.dingtalk.limits.used
    company.clock.advance(timedelta(minutes=91))
    with company.write() as uow:
        _post(company, uow, "等着的消息")
    company.settle()
    assert "等着的消息" not in company.transcript()
    company.say("po", "需求 新建 运单导出")  # what waited goes at once, and what answers this
    waited, reply = company.room.said_by_robot()[-2:]
    assert (waited.text, waited.way) == ("#### 等着的消息\n\n等着的消息", "session")
    assert "S2" in reply.text
    assert reply.way == "session"


def test_what_the_gateway_gave_up_on_is_said_again_with_a_word(
    stream_company: DingtalkTeam,
) -> None:
    company = stream_company
    company.dingtalk.faults.gateway_timeout("group.send")
    with company.write() as uow:
        _post(company, uow, "评审提醒")
    company.settle()
    for _ in range(5):
        company.clock.advance(timedelta(seconds=61))
        company.settle()
    said = [m.text for m in company.room.said_by_robot() if "评审提醒" in m.text]
    assert len(said) == 2
    assert "这里再发一次" in said[1]


def _post(company: DingtalkTeam, uow: UnitOfWork, words: str) -> None:
    payload = {"channel": company.channel.id, "card": to_json(Card(words, (Para(words),)))}
    uow.queue(f"channel:{company.channel.id}", "post", payload, company.clock.now())
