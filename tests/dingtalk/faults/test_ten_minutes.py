"""The gateway is gone for ten minutes: tries that grow rarer, and afterwards everything, once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.dingtalk.connection.supervisor import Pace
from domain.message_json import to_json
from domain.messages import Card, Para
from tests.dingtalk.faults.hours import Hours
from tests.dingtalk.harness import DingtalkTeam
from tests.fakes.dingtalk import FakeDingtalk
from tests.waiting import until

TEN_MINUTES = 600.0
LOOK = 10.0
MOST_TRIES = 50
"""Pauses of 15 to 30 seconds after the first few: 20 to 45 tries, and some to begin with."""


@pytest.fixture
def hours(stream_company: DingtalkTeam) -> Hours:
    """The pauses of the company's stream."""
    stream, made = stream_company.program.platform.stream, Hours()
    stream.stop()
    stream._waiting, stream._pace = made, Pace(look=LOOK)
    stream.start()
    stream_company.dingtalk.connected()
    until(lambda: made.pass_next(1.0) >= 0 and stream.wait(0), "it does not see that it is open")
    return made


def dark(dingtalk: FakeDingtalk) -> None:
    """The whole of DingTalk is out of reach."""
    dingtalk.go_away()


def closed(dingtalk: FakeDingtalk) -> None:
    """Only the gateway has gone; it answers what a proxy without a server does."""
    dingtalk.gateway.down = True
    dingtalk.break_connections()


def refusing(dingtalk: FakeDingtalk) -> None:
    """The gateway gives tickets, but lets nobody in with them."""
    dingtalk.gateway.refuse_tickets = True
    dingtalk.break_connections()


def back(dingtalk: FakeDingtalk, how: Callable[[FakeDingtalk], None]) -> None:
    """Everything is as it was."""
    if how is dark:
        dingtalk.come_back()
    dingtalk.gateway.down = dingtalk.gateway.refuse_tickets = False


@pytest.mark.parametrize("gone", [dark, closed, refusing], ids=lambda f: f.__name__)
def test_nothing_is_lost_and_the_tries_grow_rarer(
    stream_company: DingtalkTeam,
    hours: Hours,
    gone: Callable[[FakeDingtalk], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    company, dingtalk = stream_company, stream_company.dingtalk
    dingtalk.outbound.keeps, dingtalk.outbound.patience.robot = True, 60.0
    dingtalk.deafen()
    talk = [_said(company, 0)]  # it is done, but the acknowledgment is lost
    until(lambda: _stories(company) == ["需求0"], "the first was not done")
    asked, began = dingtalk.gateway.asked, len(hours.pauses)
    gone(dingtalk)
    talk += [_said(company, number) for number in (1, 2, 3)]
    _post(company, "提醒一", "提醒二")
    _wait_out(company, hours, TEN_MINUTES)
    pauses = [p for p in hours.pauses[began:] if p != LOOK]
    tries = max(dingtalk.gateway.asked - asked, caplog.messages.count("dingtalk.gateway"))
    assert 10 <= tries <= MOST_TRIES, pauses
    assert pauses[0] <= 1.0
    assert all(7.5 <= p <= 30 for p in pauses[5:]), pauses
    assert len({round(p, 4) for p in pauses[5:]}) > 1, "all processes would come at once"
    back(dingtalk, gone)
    _wait_out(company, hours, 31.0)
    dingtalk.connected()
    for one in talk:
        one.join(60)
        assert not one.is_alive(), "a message was not delivered again"
    company.clock.advance(timedelta(minutes=2))
    company.settle()
    assert _stories(company) == [f"需求{n}" for n in range(4)]
    said = [m.text for m in company.room.said_by_robot()]
    for words in ("提醒一", "提醒二", *(f"需求{n}" for n in range(4))):
        assert sum(words in text for text in said) == 1, words


def test_a_silent_half_open_connection_is_replaced(
    stream_company: DingtalkTeam, hours: Hours, caplog: pytest.LogCaptureFixture
) -> None:
    company, dingtalk = stream_company, stream_company.dingtalk
    before = dingtalk.gateway.greeted
    dingtalk.freeze()
    talk = _said(company, 0)
    hours.pass_(TEN_MINUTES - LOOK)
    until(lambda: hours.resting == 1, "nobody watches")
    assert dingtalk.gateway.greeted == before
    hours.pass_(2 * LOOK)
    until(lambda: "dingtalk.silent" in caplog.messages, "nobody noticed")
    dingtalk.connected()
    talk.join(60)
    company.settle()
    assert _stories(company) == ["需求0"]
    assert len(company.room.said_by_robot()) == 1


def _said(company: DingtalkTeam, number: int) -> threading.Thread:
    """Somebody says something; the thread ends when the platform is content."""
    person, robot = company.person("po"), f"@{company.dingtalk.app.robot_name}"
    line = f"{robot} 需求 新建 需求{number}"
    talk = threading.Thread(target=person.say, args=(company.room, line), daemon=True)
    talk.start()
    return talk


def _post(company: DingtalkTeam, *words: str) -> None:
    with company.write() as uow:
        for each in words:
            card = to_json(Card(each, (Para("内容"),)))
            payload = {"channel": company.channel.id, "card": card}
            uow.queue(f"channel:{company.channel.id}", "post", payload, company.clock.now())


def _wait_out(company: DingtalkTeam, hours: Hours, seconds: float) -> None:
    """Let time pass for the stream, and for the rows that wait for another try."""
    passed = 0.0
    while passed < seconds:
        # While there is no connection, the watch rests, and what is to connect does.
        until(lambda: hours.resting >= 2 or company.program.platform.stream.is_open, "it is stuck")
        step = hours.pass_next(LOOK)
        company.clock.advance(timedelta(seconds=step))
        company.sent_something()
        passed += step


def _stories(company: DingtalkTeam) -> list[str]:
    with company.read() as uow:
        return sorted(s.title for s in uow.stories.many(range(1, 100)))
