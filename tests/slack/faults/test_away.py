"""Slack is away, slow or overrun while a digest goes to 200 channels: each gets it once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import bot.slack.api.asking
from domain.ids import new_id
from domain.people import Channel
from storage.slack import PLATFORM
from tests.fakes.slack import FakeSlack
from tests.harness import MONDAY
from tests.slack.harness import SlackTeam
from tests.slack.world import running

CHANNELS = 200
NINE_ON_TUESDAY = MONDAY + timedelta(days=1)
"""09:00 in Shanghai, when digests are due."""


@pytest.fixture(params=[CHANNELS])
def digests(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> Iterator[SlackTeam]:
    """A product with so many channels, each of which gets a digest at nine; and one message."""
    for program in running(sqlite_url, tmp_path / "slack", "http"):
        company = SlackTeam(program)
        _add_channels(company, request.param)
        company.say("po", "/action add @李雷 11-24 更新原型")
        program.duban.tick(MONDAY)  # what was due before nobody is told
        company.settle()
        yield company


def _add_channels(company: SlackTeam, count: int) -> None:
    with company.write() as uow:
        for number in range(count - 1):
            room = company.team.add_channel(f"room-{number}", company.slack.bot_user)
            channel = Channel(
                new_id(), PLATFORM, room.id, room.name,
                product_id=company.product.id, locale="zh", zone="Asia/Shanghai",
                digest_at=company.channel.digest_at,
            )  # fmt: skip
            uow.channels.add(channel)


def test_500_lost_answers_and_silence_in_the_middle(
    digests: SlackTeam, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack = digests.slack
    _impatient(digests, monkeypatch)
    slack.faults.fail("chat.postMessage", status=500, times=60)
    slack.faults.fail("chat.postMessage", status=503, times=20, after=True)
    slack.faults.drop("chat.postMessage", times=20)
    slack.faults.drop("chat.postMessage", times=20, after=True)
    slack.faults.hang("chat.postMessage", 0.6, times=3, after=True)
    slack.faults.hang("chat.postMessage", 0.6, times=3)
    _morning(digests)
    _until_all_is_sent(digests)
    _each_has_one(digests)


@pytest.mark.parametrize("digests", [10], indirect=True)
def test_away_altogether_for_an_hour(digests: SlackTeam) -> None:
    """Longer than the tries of a message that is refused: being away is not its fault."""
    outage = digests.slack.faults.fail("*", status=500, times=None)
    _morning(digests)
    for _ in range(60):
        digests.clock.advance(timedelta(minutes=1))
        digests.program.duban.delivery.drain()
    assert outage.hits > 0
    assert _posted(digests.slack, digests) == {}
    digests.slack.faults.calm()
    _until_all_is_sent(digests)
    _each_has_one(digests, 10)


@pytest.mark.parametrize("digests", [40], indirect=True)
def test_a_storm_of_429(digests: SlackTeam) -> None:
    """Nothing is asked again before the time that Slack named, and nothing is given up."""
    slack = digests.slack
    storm = slack.faults.storm("chat.postMessage", seconds=30)
    _morning(digests)
    first = storm.hits
    assert first == 40 + 1, "each channel and the one person, once"
    digests.clock.advance(timedelta(seconds=20))
    digests.program.duban.delivery.drain()
    assert storm.hits == first, "asked again before the time"
    for _ in range(13):  # more often than a refused message is tried
        digests.clock.advance(timedelta(seconds=31))
        digests.program.duban.delivery.drain()
    assert storm.hits > first
    slack.faults.calm()
    slack.pace.burst, slack.pace.per_second = 1, 1
    _until_all_is_sent(digests)
    _each_has_one(digests, 40)


def _impatient(company: SlackTeam, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second for Slack to answer, so that its silence costs this test little."""
    monkeypatch.setattr(bot.slack.api.asking, "TIMEOUT", 0.5)
    company.program.platform.tokens.forget(company.workspace.id)


def _morning(company: SlackTeam) -> None:
    company.clock.set(NINE_ON_TUESDAY)
    company.program.duban.tick(NINE_ON_TUESDAY)
    company.program.duban.delivery.drain()


def _until_all_is_sent(company: SlackTeam) -> None:
    for _ in range(60):
        with company.read() as uow:
            waiting = uow.outbox.pending(company.clock.now() + timedelta(days=1), 10_000)
        if not waiting:
            return
        company.clock.advance(timedelta(seconds=61))
        company.program.duban.delivery.drain()
    raise AssertionError("something is never sent")


def _each_has_one(company: SlackTeam, count: int = CHANNELS) -> None:
    posted = _posted(company.slack, company)
    assert {n: c for n, c in posted.items() if c != 1} == {}
    assert len(posted) == count


def _posted(slack: FakeSlack, company: SlackTeam) -> dict[str, int]:
    """How many digests stand in each channel."""
    found = {
        room.name: sum("日报 ·" in m["text"] for m in room.messages)
        for room in company.team.channels.values()
        if room.kind == "channel"
    }
    return {name: count for name, count in found.items() if count}


def test_a_channel_that_was_archived_does_not_hold_up_the_others(digests: SlackTeam) -> None:
    digests.slack.archive("room-7", "po")
    digests.slack.team.channel("room-8").members.remove(digests.slack.bot_user)
    digests.slack.settle()
    _morning(digests)
    _until_all_is_sent(digests)
    posted = _posted(digests.slack, digests)
    assert "room-7" not in posted
    assert len(posted) >= CHANNELS - 2
