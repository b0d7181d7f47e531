"""A process that sends what waits for Slack, and is killed by the test in the middle of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.app import Duban
from bot.core import Core, build_core
from bot.settings import load_settings
from domain.clock import SystemClock
from domain.ids import new_id
from domain.message_json import to_json
from domain.messages import Card, FileRef, Para
from domain.people import Channel
from storage.slack import PLATFORM
from storage.uow import UnitOfWork
from tests.idle import IdleEngine

LONG = "这一行很长，为的是让一张卡片装不下而要分成几条消息。" * 20


def send(environment: Mapping[str, str]) -> None:
    """Send everything that is due; what a worker of Duban does, without waiting for more."""
    core = build_core(load_settings(environment), SystemClock())
    Duban(core, work=False, engine=IdleEngine()).delivery.drain()
    core.store.database.close()


def queue_all(core: Core, workspace: str, rooms: list[str], rounds: int) -> dict[str, int]:
    """Queue plain cards, long ones, cards with files and cards that are edited, for each room.

    :param rooms: Slack's ids of channels.
    :returns: each marker that people are to read, and in how many messages.
    """
    expected: dict[str, int] = {}
    with core.store.write(workspace) as uow:
        channels = [_channel(uow, room) for room in rooms]
        for number in range(rounds):
            for place, channel in enumerate(channels):
                marker = f"消息{number}号在{place}"
                card = _card(core, marker, number, place)
                uow.queue(
                    f"channel:{channel.id}",
                    "post",
                    {"channel": channel.id, "card": to_json(card)},
                    datetime.now(UTC),
                )
                if card.key is None:
                    expected[marker] = 1
    return expected


def _card(core: Core, marker: str, number: int, place: int) -> Card:
    """Four kinds by turns; the last is an edit of one card of the room."""
    match number % 4:
        case 0:
            return Card(marker)
        case 1:
            return Card(marker, tuple(Para(f"{marker}的第{n}段 {LONG}") for n in range(6)))
        case 2:
            data = f"{marker}的文件".encode() * (place + 1)
            file = FileRef(new_id(), f"{number}-{place}.txt", "text/plain", len(data))
            core.files.put(file.file_id, data)
            return Card(marker, (file,))
        case _:
            return Card(marker, status=f"第{number}步", key=f"plan:{place}")


def _channel(uow: UnitOfWork, room: str) -> Channel:
    channel = Channel(new_id(), PLATFORM, room, room, locale="zh", zone="Asia/Shanghai")
    uow.channels.add(channel)
    return channel


def environment(folder: Path, url: str, slack: Mapping[str, str]) -> dict[str, str]:
    """Settings of every process of this test."""
    return {
        **slack,
        "DUBAN_DATA_DIR": str(folder),
        "DUBAN_DATABASE_URL": url,
        "DUBAN_BASE_URL": "https://duban.example.com",
        "DUBAN_SECRET_KEYS": "a-secret-of-the-tests",
    }
