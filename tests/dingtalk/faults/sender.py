"""A process that sends every kind of delivery to DingTalk, and is killed in the middle of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.app import Duban
from bot.core import Core, build_core
from bot.dingtalk.platform import DingtalkPlatform
from bot.settings import load_settings
from bot.surfaces.pacing import Window
from domain.clock import ManualClock, SystemClock
from domain.ids import new_id
from domain.message_json import to_json
from domain.messages import Action, Card, FileRef, Para
from domain.people import Channel
from storage.dingtalk import PLATFORM, Conversation
from tests.dingtalk.world import PLENTY
from tests.fakes.dingtalk import FakeDingtalk, Room
from tests.idle import IdleEngine

LONG = "这一行很长，为的是让一张卡片装不下而要分成几条消息。" * 60
TOKEN = re.compile(r"〔[^〕]+〕")
"""What is to be found once: each paragraph and each file bears its own."""


def send(environment: Mapping[str, str], *, folds: bool, now: datetime | None = None) -> None:
    """Send everything that is due, as a worker of Duban does.

    :param folds: each message takes along what waits behind it, as far as there is room.
    :param now: what its clock says all the time; None: the machine's.
    """
    clock = ManualClock(now) if now else SystemClock()
    core = build_core(load_settings(environment), clock)
    duban = Duban(core, work=False, engine=IdleEngine())
    (platform,) = duban.platforms
    assert isinstance(platform, DingtalkPlatform)
    speaking = platform._surface._speaking
    speaking.most, speaking.fold_from = PLENTY, PLENTY + 1 if folds else 0
    platform.client._rate = Window(PLENTY, 1.0)
    duban.delivery.drain()
    core.store.database.close()


def queue_all(core: Core, workspace: str, dingtalk: FakeDingtalk, rounds: int) -> set[str]:
    """Queue five kinds by turns for every group, half of which are answered by a webhook.

    :returns: every token that people are to see.
    """
    now = datetime.now(UTC)
    expected: set[str] = set()
    with core.store.write(workspace) as uow:
        for place, room in enumerate(dingtalk.world.rooms.values()):
            channel = Channel(
                new_id(), PLATFORM, room.id, room.title, locale="zh", zone="Asia/Shanghai"
            )
            uow.channels.add(channel)
            uow.dingtalk.save_conversation(_conversation(dingtalk, room, channel, place, now))
            for number in range(rounds):
                card = _card(core, number, place)
                payload = {"channel": channel.id, "card": to_json(card)}
                uow.queue(f"channel:{channel.id}", "post", payload, now)
                expected.update(TOKEN.findall(repr(card)))
    return expected


def _conversation(
    dingtalk: FakeDingtalk, room: Room, channel: Channel, place: int, now: datetime
) -> Conversation:
    robot = dingtalk.app.robot_code
    if place % 2:
        return Conversation(channel.id, robot, None, None, now)
    with dingtalk.world.lock:
        hook, _ = dingtalk.world.session(room)
    return Conversation(channel.id, robot, hook, now + timedelta(hours=1), now)


def _card(core: Core, number: int, place: int) -> Card:
    """A plain one, one of several pages, one with a file, one with a button, and a long one."""
    name = f"{number}-{place}"
    title = f"第{number}件事"
    match number % 5:
        case 1:
            return Card(title, tuple(Para(f"〔{name}·{n}〕{LONG}") for n in range(6)))
        case 2:
            data = f"{name}的文件".encode()
            file = FileRef(new_id(), f"〔文件{name}〕.txt", "text/plain", len(data))
            core.files.put(file.file_id, data)
            return Card(title, (Para(f"〔{name}〕"), file))
        case 3:
            return Card(title, (Para(f"〔{name}〕"),), actions=(Action("看看", "需求 S1"),))
        case 4:
            parts = tuple(Para(f"〔{name}·{n}〕{LONG}") for n in range(6))
            return Card(title, parts, actions=(Action("看看", "需求 S1"),))
        case _:
            return Card(title, (Para(f"〔{name}〕"),))
