"""Two processes are connected at once: each message is handled once, whoever gets it, and again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest

from tests.dingtalk.faults.listener import listen
from tests.dingtalk.harness import DingtalkTeam
from tests.dingtalk.world import Program
from tests.fakes.dingtalk.gateway import ROBOT, Connection, Lost
from tests.waiting import until

pytestmark = pytest.mark.slow
Start = Callable[[], ForkServerProcess]


@pytest.fixture
def company(db_url: str, tmp_path: Path) -> Iterator[DingtalkTeam]:
    """A company whose own process only sends: it is not connected any more."""
    with Program(db_url, tmp_path / "data").running() as running:
        made = DingtalkTeam(running)
        running.platform.stream.stop()
        until(lambda: not running.dingtalk.gateway.open, "it stays connected")
        yield made


@pytest.fixture
def start(company: DingtalkTeam, db_url: str, tmp_path: Path) -> Iterator[Start]:
    """Starts one more process and waits until it is connected."""
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["tests.dingtalk.faults.listener"])
    settings = {
        **company.dingtalk.environment,
        "DUBAN_DATA_DIR": str(tmp_path / "data"),
        "DUBAN_DATABASE_URL": db_url,
        "DUBAN_BASE_URL": "https://duban.example.com",
        "DUBAN_SECRET_KEYS": "a-secret-of-the-tests",
    }
    started: list[ForkServerProcess] = []

    def one_more() -> ForkServerProcess:
        before = len(company.dingtalk.gateway.open)
        process = forks.Process(target=listen, args=(settings,), daemon=True)
        process.start()
        started.append(process)
        company.dingtalk.connected(before + 1)
        return process

    yield one_more
    for process in started:
        process.kill()
        process.join(10)


def test_each_message_is_handled_once_though_both_get_it(
    company: DingtalkTeam, start: Start, db_url: str
) -> None:
    count = 8 if is_postgres(db_url) else 20
    start()
    start()
    both = list(company.dingtalk.gateway.open)
    for number in range(1, count + 1):
        data = written(company, f"需求 新建 需求{number}")
        # By turns at the same moment, and to the other one after the first has answered.
        if number % 2:
            acks = company.dingtalk.run(at_once(company, both, data))
        else:
            acks = [company.dingtalk.run(push(company, one, data)) for one in both]
        assert [a["code"] for a in acks] == [200, 200]
    company.settle()
    check(company, count)


def test_what_a_killed_process_did_not_acknowledge_the_other_handles(
    company: DingtalkTeam, start: Start, db_url: str
) -> None:
    count = 3 if is_postgres(db_url) else 8
    start()
    (staying,) = company.dingtalk.gateway.open
    lost = 0
    for number in range(1, count + 1):
        process = start()
        (dying,) = (c for c in company.dingtalk.gateway.open if c is not staying)
        data = written(company, f"需求 新建 需求{number}")
        # Killed from before it has read the frame until after it has answered it.
        pause = (number - 1) * 0.02
        lost += company.dingtalk.run(killed_while(company, dying, data, process, pause))
        until(lambda c=dying: c not in company.dingtalk.gateway.open, "it stays connected")
        ack = company.dingtalk.run(push(company, staying, data))
        assert ack["code"] == 200
    assert lost, "none was killed before its acknowledgement"
    company.settle()
    check(company, count)


def is_postgres(url: str) -> bool:
    """There a few messages show what there is to show: it is slower."""
    return url.startswith("postgresql")


def written(company: DingtalkTeam, line: str) -> dict[str, Any]:
    """What the gateway sends of a message in the group, each time that it sends it."""
    person, world = company.person("po"), company.dingtalk.world
    robot = f"@{world.app.robot_name}"
    with world.lock:
        message = world.say(company.room, "text", f"{robot} {line}", author="po")
        payload = person.payload(company.room, message, ())
    return payload | {"msgtype": "text", "text": {"content": f" {line}"}}


async def push(company: DingtalkTeam, to: Connection, data: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(data, ensure_ascii=False)
    return await company.dingtalk.gateway.ask(to, "CALLBACK", ROBOT, text)


async def at_once(
    company: DingtalkTeam, to: list[Connection], data: dict[str, Any]
) -> list[dict[str, Any]]:
    return list(await asyncio.gather(*(push(company, one, data) for one in to)))


async def killed_while(
    company: DingtalkTeam,
    dying: Connection,
    data: dict[str, Any],
    process: ForkServerProcess,
    pause: float,
) -> bool:
    """Whether the process was killed before it acknowledged the message."""
    pushing = asyncio.ensure_future(push(company, dying, data))
    await asyncio.sleep(pause)
    process.kill()
    with contextlib.suppress(Lost):
        await pushing
        return False
    return True


def check(company: DingtalkTeam, count: int) -> None:
    """Each message made one story and got one answer."""
    with company.read() as uow:
        stories = uow.stories.many(range(1, 100))
    assert sorted(s.title for s in stories) == sorted(f"需求{n}" for n in range(1, count + 1))
    answers = [m.text for m in company.room.said_by_robot()]
    for number in range(1, count + 1):
        told = [a for a in answers if f"需求{number}\n" in f"{a}\n" or f"需求{number} " in a]
        assert len(told) >= 1, number
    assert len(answers) == count
