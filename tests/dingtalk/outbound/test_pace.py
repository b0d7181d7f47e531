"""What a conversation takes is counted once, however many processes say something there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.dingtalk.outbound.speaking import PER_MINUTE, Speaking
from bot.dingtalk.place import Place, Places
from domain.messages import Card
from domain.ports import Destination
from storage.dingtalk import Said
from storage.messaging import OutboxStatus
from tests.dingtalk.outbound.mailroom import MailRoom
from tests.harness import Team

PROCESSES = 4


def place_of(team: Team) -> Place:
    """The team's channel as a conversation of DingTalk."""
    places = Places(team.store, "robot", team.clock)
    return places.of(Destination(team.channel.id), "nothing")


def counts(team: Team) -> Said:
    with team.read() as uow:
        return uow.dingtalk.said(team.channel.id)


@pytest.fixture
def place(team: Team) -> Place:
    return place_of(team)


def at_once(work: Iterable[Callable[[], float]]) -> list[float]:
    with ThreadPoolExecutor(PROCESSES) as pool:
        return [f.result() for f in [pool.submit(w) for w in work]]


def test_those_who_count_at_the_same_moment_miss_none(team: Team, place: Place) -> None:
    processes = [Speaking(team.store, team.clock) for _ in range(PROCESSES)]
    waits = at_once(lambda p=p: p.take(place) for _ in range(10) for p in processes)
    assert waits.count(0.0) == PER_MINUTE
    assert all(0 < w <= 63 for w in waits if w)
    assert sum(counts(team).counts.values()) == PER_MINUTE


def test_there_is_room_again_when_it_was_said(team: Team, place: Place) -> None:
    first, second = (Speaking(team.store, team.clock) for _ in range(2))
    for _ in range(PER_MINUTE):
        assert first.take(place) == 0
    wait = second.take(place)
    assert wait > 57
    team.clock.advance(timedelta(seconds=wait - 1))
    assert second.take(place) > 0
    team.clock.advance(timedelta(seconds=1))
    assert second.take(place) == 0


def test_never_more_than_that_in_any_minute(team: Team, place: Place) -> None:
    speaking = Speaking(team.store, team.clock)
    said: list[float] = []
    for _ in range(400):
        if speaking.take(place) == 0:
            said.append(team.clock.now().timestamp())
        team.clock.advance(timedelta(seconds=0.7))
    assert len(said) >= PER_MINUTE * 4
    assert all(sum(at - 60 < s <= at for s in said) <= PER_MINUTE for at in said)
    assert len(counts(team).counts) < 25


def test_a_conversation_does_not_count_for_another(team: Team, place: Place) -> None:
    speaking = Speaking(team.store, team.clock)
    while speaking.take(place) == 0:
        pass
    with team.write() as uow:
        other = replace(place.channel, id="another", external_id="cid2", name="别处")
        uow.channels.add(other)
    assert speaking.take(replace(place, channel=other)) == 0


def test_a_mute_is_known_to_all_and_ends(team: Team, place: Place) -> None:
    first, second = (Speaking(team.store, team.clock) for _ in range(2))
    first.take(place)
    first.mute(place)
    assert second.muted(place)
    assert sum(counts(team).counts.values()) == 1
    second.take(place)
    assert first.muted(place)
    team.clock.advance(timedelta(minutes=10))
    assert not second.muted(place)


def test_counts_of_a_clock_that_ran_ahead_are_not_believed(team: Team, place: Place) -> None:
    speaking = Speaking(team.store, team.clock)
    with team.write() as uow:
        uow.dingtalk.save_said(team.channel.id, Said({10**9: 500}))
    assert speaking.take(place) == 0
    assert sum(counts(team).counts.values()) == 1


def test_two_processes_together_keep_to_it(mail: MailRoom, tmp_path: Path) -> None:
    """Each has said less than a minute takes; together it would be too much."""
    mail.hear()
    mail.dingtalk.limits.per_minute = 20
    processes = [mail.again()[1] for _ in range(2)]
    rows: list[str] = []
    for number in range(30):
        rows.append(mail.queue(Card(f"提醒 {number}")))
        processes[number % 2].drain()
    assert len(mail.said) == PER_MINUTE
    for number in range(4):
        mail.team.clock.advance(timedelta(seconds=63))
        processes[number % 2].drain()
    assert mail.states(*rows) == [OutboxStatus.DONE] * 30
    together = "\n".join(f"{text}\n" for text in mail.texts)
    assert [together.count(f"提醒 {n}\n") for n in range(30)] == [1] * 30
    assert not mail.dingtalk.limits.refused
