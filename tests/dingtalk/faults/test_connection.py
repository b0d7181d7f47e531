"""The stream fails in every way that it can, and nothing is lost or done twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import Duban
from bot.core import build_core
from bot.dingtalk.platform import DingtalkPlatform
from tests.dingtalk.harness import DingtalkTeam
from tests.fakes.dingtalk import FakeDingtalk
from tests.idle import IdleEngine
from tests.waiting import until


def stories(company: DingtalkTeam) -> int:
    """How many stories there are."""
    with company.read() as uow:
        return len(uow.stories.many(range(1, 100)))


def test_a_message_that_comes_twice_is_done_and_answered_once(
    stream_company: DingtalkTeam,
) -> None:
    stream_company.dingtalk.outbound.twice = True
    stream_company.say("po", "需求 新建 登录改版")
    assert [s.ok for s in stream_company.dingtalk.seen] == [True, True]
    assert stories(stream_company) == 1
    assert len(stream_company.room.said_by_robot()) == 1


def test_a_disconnect_during_a_review_loses_nothing(stream_company: DingtalkTeam) -> None:
    company = stream_company
    company.say("po", "需求 新建 登录改版")
    company.say("po", "评审 开始 登录评审 S1")
    before = company.dingtalk.gateway.greeted
    company.dingtalk.disconnect(10)
    company.dingtalk.connected()
    assert company.dingtalk.gateway.greeted == before + 1
    assert "确认通过" in company.say("dev", "评审意见 S1 通过")
    assert "保留旧入口" in company.say("po", "决定 保留旧入口")


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(FakeDingtalk.close_connections, id="closed"),
        pytest.param(FakeDingtalk.break_connections, id="broken"),
    ],
)
def test_it_comes_back(stream_company: DingtalkTeam, end: object) -> None:
    assert callable(end)
    end(stream_company.dingtalk)
    stream_company.dingtalk.connected()
    assert "S1" in stream_company.say("po", "需求 新建 登录改版")


def test_it_comes_back_when_the_gateway_does(stream_company: DingtalkTeam) -> None:
    dingtalk = stream_company.dingtalk
    dingtalk.go_away()
    until(lambda: not dingtalk.gateway.open, "the connection stands")
    dingtalk.come_back()
    dingtalk.gateway.refuse_tickets = True
    until(lambda: dingtalk.gateway.opened > 2, "it gave up")
    dingtalk.gateway.refuse_tickets = False
    dingtalk.connected()
    assert "S1" in stream_company.say("po", "需求 新建 登录改版")


@pytest.fixture
def second(stream_company: DingtalkTeam, tmp_path: Path) -> Iterator[DingtalkPlatform]:
    """Another process on the same database, connected too."""
    program = stream_company.program
    core = build_core(program.core.settings, program.clock)
    program.others.append(core)
    duban = Duban(core, work=False, listen=True, engine=IdleEngine())
    (platform,) = duban.platforms
    assert isinstance(platform, DingtalkPlatform)
    duban.start()
    stream_company.dingtalk.connected(2)
    yield platform
    duban.stop()


def test_of_two_processes_each_message_is_handled_by_one(
    stream_company: DingtalkTeam, second: DingtalkPlatform
) -> None:
    company = stream_company
    company.dingtalk.outbound.twice = True
    for number in range(1, 11):
        assert f"S{number} " in company.say("po", f"需求 新建 需求{number}")
    assert stories(company) == 10
    assert len(set(company.dingtalk.gateway.used)) == 2, "only one was asked"
    assert len(company.room.said_by_robot()) == 10
    assert second.stream.is_open
