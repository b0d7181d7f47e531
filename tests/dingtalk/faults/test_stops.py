"""Whatever the stream is at when it is told to stop, it ends cleanly; half-open sockets; logs."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.dingtalk.connection.stream import Connection
from bot.dingtalk.connection.supervisor import Stream
from tests.dingtalk.harness import ALONE, DingtalkTeam
from tests.fakes.dingtalk import FakeDingtalk
from tests.waiting import until

Stop = Callable[[], None]


class Watchful(Connection):
    """A connection that notices and comes back sooner."""

    PING_SECONDS = 0.5
    RECONNECT_BASE_DELAY_SECONDS = 0.02
    RECONNECT_MAX_DELAY_SECONDS = 0.1


@pytest.fixture
def stream(stream_company: DingtalkTeam) -> Stream:
    """The company's stream, which is to begin anew."""
    found = stream_company.program.platform.stream
    found.stop()
    until(lambda: not stream_company.dingtalk.gateway.open, "it stayed connected")
    return found


@pytest.fixture
def stop(stream_company: DingtalkTeam, stream: Stream) -> Iterator[Stop]:
    """Stops the stream while the platform does what it does, then lets that go on."""

    def stopped() -> None:
        stopping = threading.Thread(target=stream.stop, daemon=True)
        stopping.start()
        until(lambda: stream._ended is not None and stream._ended.is_set(), "nobody was told")
        stream_company.dingtalk.faults.calm()
        stopping.join(60)
        assert not stopping.is_alive()
        assert not any(t.name == "duban-dingtalk-stream" for t in threading.enumerate())

    yield stopped
    until(lambda: not stream_company.dingtalk.gateway.open, "it left a connection")
    assert not stream_company.dingtalk.gateway.faults


@pytest.mark.parametrize("where", ["gateway.open", "gateway.connect"])
def test_while_it_connects(
    stream_company: DingtalkTeam, stream: Stream, stop: Stop, where: str
) -> None:
    held = stream_company.dingtalk.faults.hold(where)
    stream.start()
    held.wait()
    stop()
    assert not stream.is_open


def test_while_it_waits_for_another_try(
    stream_company: DingtalkTeam, stream: Stream, stop: Stop, caplog: pytest.LogCaptureFixture
) -> None:
    stream_company.dingtalk.gateway.down = True
    stream.start()
    until(lambda: "dingtalk.gateway" in caplog.messages, "it did not try")
    stop()
    asked = stream_company.dingtalk.gateway.asked
    stream_company.dingtalk.gateway.down = False
    assert asked == stream_company.dingtalk.gateway.asked


def test_while_another_connection_takes_over_what_was_taken_is_finished(
    stream_company: DingtalkTeam, stream: Stream, stop: Stop
) -> None:
    dingtalk = stream_company.dingtalk
    taken, finish, done = threading.Event(), threading.Event(), threading.Event()

    async def slow(data: Any) -> None:
        del data
        taken.set()
        await asyncio.to_thread(finish.wait, 60)
        done.set()

    takers = stream._takers
    stream._takers = replace(takers, message=slow)
    stream.start()
    dingtalk.connected()
    person = stream_company.person("po")
    talk = threading.Thread(target=lambda: person.say(ALONE, "帮助"), daemon=True)
    talk.start()
    assert taken.wait(60)
    held = dingtalk.faults.hold("gateway.open")
    leaving = threading.Thread(target=dingtalk.disconnect, args=(30,), daemon=True)
    leaving.start()
    held.wait()
    finish.set()
    stop()
    assert done.is_set()
    leaving.join(60)
    talk.join(60)
    assert any(seen.ok for seen in dingtalk.seen), "it was done, and nobody was told"
    stream._takers = takers


def test_a_half_open_connection_is_noticed_by_pings(
    stream_company: DingtalkTeam, stream: Stream
) -> None:
    company, dingtalk = stream_company, stream_company.dingtalk
    stream._connect = Watchful
    stream.start()
    dingtalk.connected()
    dingtalk.freeze()
    assert "S1" in company.say("po", "需求 新建 登录改版")  # the platform gave it twice
    until(lambda: sum(not c.frozen for c in dingtalk.gateway.open) == 1, "not one alone stayed")
    assert len(company.room.said_by_robot()) == 1


def test_a_message_whose_acknowledgment_is_lost_is_done_once(
    stream_company: DingtalkTeam, stream: Stream
) -> None:
    company, dingtalk = stream_company, stream_company.dingtalk
    stream._connect = Watchful
    stream.start()
    dingtalk.connected()
    dingtalk.deafen()  # Duban hears everything, and nothing of Duban's arrives
    assert "S1" in company.say("po", "需求 新建 登录改版")
    first, second = (s for s in dingtalk.seen if s.kind == "robot")
    assert (first.code, second.code) == (0, 200)
    assert len(company.room.said_by_robot()) == 1


def test_no_log_of_any_library_shows_a_ticket_or_a_key(
    stream_company: DingtalkTeam, stream: Stream, caplog: pytest.LogCaptureFixture
) -> None:
    company, dingtalk = stream_company, stream_company.dingtalk
    names = ("", "duban.dingtalk.sdk", "duban.dingtalk.websocket", "websockets", "httpx")
    for name in names:
        caplog.set_level(logging.DEBUG, name)
    stream._connect = Watchful
    stream.start()
    dingtalk.connected()
    _trouble(dingtalk)
    assert "S1" in company.say("po", "需求 新建 登录改版")
    company.dingtalk.expire_sessions()
    assert "S2" in company.say("po", "需求 新建 运单导出")
    company.program.platform.client.read_user(company.workspace.id, company.staff("po"))
    shown = "\n".join(
        f"{r.name} {r.getMessage()} {r.exc_text} {r.__dict__}"
        for r in caplog.records
        if not r.name.startswith("aiohttp")  # the stand-in's own
    )
    assert "httpx HTTP Request: POST" in shown, "the libraries write nothing any more"
    secrets = ("ticket-", dingtalk.app.client_secret, "session=", "token=", "登录改版")
    assert [s for s in secrets if s in shown] == []


def _trouble(dingtalk: FakeDingtalk) -> None:
    """Refused, broken, asked to go, and answered with noise."""
    dingtalk.gateway.refuse_tickets = True
    before = dingtalk.gateway.opened
    dingtalk.break_connections()
    until(lambda: dingtalk.gateway.opened > before + 1, "it gave up")
    dingtalk.gateway.refuse_tickets = False
    dingtalk.connected()
    dingtalk.babble()
    dingtalk.disconnect(30)
    dingtalk.connected()
