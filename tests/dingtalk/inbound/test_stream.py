"""The stream connection: watched, relieved, away, refused, half-open, stopped; nothing is lost."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable

import pytest

from bot.dingtalk.connection.stream import Connection, Takers
from bot.dingtalk.connection.supervisor import Pace, Stream
from bot.dingtalk.platform import DingtalkPlatform
from tests.dingtalk.faults.hours import Hours
from tests.dingtalk.inbound.office import Office
from tests.fakes.dingtalk.saying import ALONE
from tests.waiting import MOST_SECONDS, until


class Hurry(Connection):
    """A connection that tries again sooner."""

    RECONNECT_BASE_DELAY_SECONDS = 0.02
    RECONNECT_MAX_DELAY_SECONDS = 0.1


@pytest.fixture(scope="module")
def hasty(new_office: Callable[..., Office]) -> Office:
    """An office whose connection does not wait long."""
    office = new_office(connect=Hurry, pace=Pace(look=0.02, silence=3600, stuck=3600))
    office.furnish()
    return office


def _line(office: Office) -> object:
    line = office.platform.stream._line
    assert line is not None
    return line.connection


def _open(office: Office) -> int:
    return sum(not c.leaving and not c.frozen for c in office.dingtalk.gateway.open)


def test_pings_are_answered_as_they_came(hasty: Office) -> None:
    assert hasty.dingtalk.ping()


def test_a_disconnect_frame_loses_nothing(hasty: Office) -> None:
    for number in range(3):
        before = _line(hasty)
        hasty.dingtalk.disconnect(2)
        assert "登录改版" in hasty.say("dev", "需求 查看 S1"), number
        until(lambda before=before: _line(hasty) is not before, "no other connection took over")
        hasty.dingtalk.connected()
    until(lambda: len(hasty.dingtalk.gateway.open) == 1, "old connections stayed")


@pytest.mark.parametrize("way", ["close_connections", "break_connections"])
def test_a_connection_that_ends_is_made_again(hasty: Office, way: str) -> None:
    before = list(hasty.dingtalk.gateway.open)
    getattr(hasty.dingtalk, way)()
    until(
        lambda: any(c not in before for c in hasty.dingtalk.gateway.open), "it was not made again"
    )
    assert "登录改版" in hasty.say("dev", "需求 查看 S1")


def test_noise_on_the_connection_does_no_harm(hasty: Office) -> None:
    before = list(hasty.dingtalk.gateway.open)
    hasty.dingtalk.babble()
    assert "登录改版" in hasty.say("dev", "需求 查看 S1")
    assert list(hasty.dingtalk.gateway.open) == before


def test_the_gateway_is_away_for_a_while(hasty: Office) -> None:
    hasty.dingtalk.go_away()
    until(lambda: not hasty.platform.stream.is_open, "the connection was not missed")
    hasty.dingtalk.come_back()
    hasty.dingtalk.connected()
    assert "登录改版" in hasty.say("dev", "需求 查看 S1")


def test_a_silent_connection_is_replaced_before_it_is_let_go(
    new_office: Callable[..., Office],
) -> None:
    office = new_office(connect=Hurry, pace=Pace(look=0.02, silence=0.3, stuck=3600))
    first = _line(office)
    most: list[int] = []
    until(lambda: most.append(_open(office)) or _line(office) is not first, "it stayed")
    assert min(most) >= 1, "for a moment nobody listened"
    office.platform.stream._pace = Pace(look=0.02)  # or each of its connections is replaced, too
    office.dingtalk.connected()
    assert office.say("admin", "帮助")


def test_a_message_under_way_is_finished_when_the_process_stops(
    new_office: Callable[..., Office],
) -> None:
    office = new_office(connect=Hurry)
    office.furnish()
    taken, finish, done = threading.Event(), threading.Event(), threading.Event()

    async def slow(data: object) -> None:
        del data
        taken.set()
        await asyncio.to_thread(finish.wait, MOST_SECONDS)
        done.set()

    stream = office.platform.stream
    connection = _line(office)
    assert isinstance(connection, Connection)
    office.replace_message_taker(slow)
    person = office.dingtalk.person("dev")
    telling = threading.Thread(target=lambda: person.say(ALONE, "帮助"))
    telling.start()
    assert taken.wait(MOST_SECONDS)
    office.dingtalk.outbound.patience.robot = 0.1  # once it is unanswered, nobody connects again
    stopping = threading.Thread(target=stream.stop)
    stopping.start()
    finish.set()
    stopping.join(MOST_SECONDS)
    assert done.is_set()
    assert not stopping.is_alive()
    telling.join(MOST_SECONDS)


@pytest.mark.parametrize("secret", ["wrong"])
def test_wrong_credentials_are_said_and_tried_again_without_hurry(
    hasty: Office, caplog: pytest.LogCaptureFixture, secret: str
) -> None:
    async def nothing(data: object) -> None:
        del data

    settings = hasty.core.settings.dingtalk
    wrong = type(settings)(
        client_id=settings.client_id, client_secret=secret, api_base_url=settings.api_base_url
    )
    takers, hours = Takers(nothing, nothing, nothing), Hours()  # type: ignore[arg-type]
    stream = Stream(wrong, takers, waiting=hours)
    with caplog.at_level(logging.INFO):
        stream.start()
        # Two rest: the watch, and the connection before its second try.
        until(lambda: hours.resting == 2, "it does not wait for another try")
        assert _refused(caplog) == 1
        assert 0.5 <= max(hours.pauses) <= 1
        hours.pass_(1.0)
        until(lambda: _refused(caplog) == 2, "it was not tried again")
        stream.stop()  # whatever it waits for
    assert hours.resting == 0
    assert not stream.wait(0)


def _refused(caplog: pytest.LogCaptureFixture) -> int:
    return caplog.messages.count("dingtalk.gateway_refused")


def test_neither_tickets_nor_words_come_into_the_log(
    hasty: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        before = list(hasty.dingtalk.gateway.open)
        hasty.dingtalk.break_connections()
        until(lambda: any(c not in before for c in hasty.dingtalk.gateway.open), "not made again")
        hasty.dingtalk.babble()
        hasty.alone("dev", "需求 查看 S1 秘密的话")
    logged = "\n".join(
        f"{r.getMessage()} {vars(r)}" for r in caplog.records if r.name.startswith("duban")
    )
    assert "ticket=" not in logged
    assert "秘密的话" not in logged


def test_two_processes_answer_each_message_once(hasty: Office) -> None:
    other = DingtalkPlatform(hasty.core, vault=None)  # type: ignore[arg-type]
    other.start()
    try:
        hasty.dingtalk.connected(2)
        for number in range(6):
            said = hasty.say("dev", f"待办 添加 @李雷 周五 第{number}件")
            assert said.count("已记下") == 1
        with hasty.store.read(hasty.workspace.id) as uow:
            texts = [i.text for i in uow.actions.open_for(hasty.person("dev"))]
        assert sorted(texts) == [f"第{n}件" for n in range(6)]
    finally:
        other.stop()
