"""kill -9 while sending to DingTalk, counted: what comes twice is only what was on its way.

At each kill exactly one call is under way, and the stand-in knows whether it was done. So it is
known of every message how often it has to be there.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import signal
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest

from bot.core import build_core
from bot.first_run import ensure_workspace
from bot.settings import load_settings
from domain.clock import SystemClock
from tests.dingtalk.card_template import TEMPLATE_ID, card_template
from tests.dingtalk.faults.sender import TOKEN, queue_all, send
from tests.dingtalk.world import PLENTY
from tests.fakes.dingtalk import FakeDingtalk, Fault, Message
from tests.waiting import until

AGAIN = "这里再发一次"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def forks() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.dingtalk.faults.sender"])
    return context


@pytest.fixture
def dingtalk() -> Iterator[FakeDingtalk]:
    with FakeDingtalk() as running:
        limits = running.limits
        limits.per_second = limits.per_minute = limits.monthly = PLENTY
        running.outbound.muted = True
        running.add_template(card_template())
        yield running


@dataclass(slots=True)
class Kills:
    """What was under way at the kills.

    :ivar done: tokens of messages that had arrived, though nobody could know; how often.
    :ivar touched: tokens of all messages that were under way.
    """

    dingtalk: FakeDingtalk
    count: int = 0
    done: Counter[str] = field(default_factory=Counter[str])
    touched: set[str] = field(default_factory=set[str])
    caught: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def strike(self, at: int, *, after: bool) -> Fault:
        """Hold the answer to the so-manieth call from now on, before or after the work is done."""
        calls = itertools.count(1)

        def when(body: Mapping[str, Any]) -> bool:
            if next(calls) != at:
                return False
            self.caught = body
            return True

        return self.dingtalk.faults.hold("*", when=when, after=after)

    def note(self, *, after: bool) -> None:
        """The process is killed now. A card's own id says whether it is there."""
        self.count += 1
        said = json.dumps(self.caught, ensure_ascii=False)
        tokens = tokens_in(said, file=self.caught.get("msgKey") == "sampleFile")
        if "outTrackId" not in self.caught:
            self.touched |= tokens
            self.done.update(tokens if after else ())


@pytest.mark.parametrize(
    ("database", "cards", "rooms", "rounds", "kills"),
    [
        pytest.param("sqlite", False, 4, 25, 60, id="markdown"),
        pytest.param("sqlite", True, 4, 20, 40, id="cards"),
        pytest.param("postgres", False, 2, 5, 4, id="markdown-pg", marks=pytest.mark.postgres),
        pytest.param("postgres", True, 1, 5, 3, id="cards-pg", marks=pytest.mark.postgres),
    ],
)
def test_only_what_was_on_its_way_comes_twice(
    forks: ForkServerContext,
    dingtalk: FakeDingtalk,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    *,
    database: str,
    cards: bool,
    rooms: int,
    rounds: int,
    kills: int,
) -> None:
    settings = {
        **dingtalk.environment,
        "DUBAN_DATA_DIR": str(tmp_path / "data"),
        "DUBAN_DATABASE_URL": request.getfixturevalue(f"{database}_url"),
        "DUBAN_BASE_URL": "https://duban.example.com",
        "DUBAN_SECRET_KEYS": "a-secret-of-the-tests",
        **({"DINGTALK_CARD_TEMPLATE": TEMPLATE_ID} if cards else {}),
    }
    core = build_core(load_settings(settings), SystemClock())
    workspace = ensure_workspace(core.store, "zh", core.clock.now()).id
    for number in range(rooms):
        dingtalk.add_group(f"群{number}")
    expected = queue_all(core, workspace, dingtalk, rounds)
    found = Kills(dingtalk)
    for turn in range(1_000):
        after = turn % 4 != 3
        folds = not cards and turn % 6 == 5
        # The first call asks for a token; the others send, upload, look and draw.
        fault = found.strike(2 + turn % 7, after=after)
        process = forks.Process(target=send, args=(settings,), kwargs={"folds": folds}, daemon=True)
        process.start()
        until(lambda p=process, f=fault: f.reached.is_set() or not p.is_alive(), "it hangs", 90)
        if fault.reached.is_set():
            process.kill()
            found.note(after=after)
        process.join(60)
        dingtalk.faults.calm()
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL, process.exitcode
    assert found.count >= kills, found.count
    with core.store.read(workspace) as uow:
        assert uow.outbox.pending(SystemClock().now() + timedelta(days=1)) == ()
        assert uow.outbox.failed() == ()
    core.store.database.close()
    check(found, expected)


def check(found: Kills, expected: set[str]) -> None:
    seen: Counter[str] = Counter()
    unsaid: list[str] = []
    needless: list[str] = []
    for room in found.dingtalk.world.rooms.values():
        noted_before = False
        for message in room.messages:
            tokens = tokens_of(found.dingtalk, message)
            noted = AGAIN in message.text
            if not noted and not (message.kind == "file" and noted_before):
                unsaid += [t for t in tokens if seen[t]]
            if noted and tokens and not tokens & found.touched:
                needless.append(message.text[:80])
            seen.update(tokens)
            noted_before = noted
    assert expected - set(seen) == set(), "lost"
    assert unsaid == [], "twice without a word"
    assert needless == [], "a word where nothing was unclear"
    wrong = {t: (n, 1 + found.done[t]) for t, n in seen.items() if n != 1 + found.done[t]}
    assert wrong == {}, "how often it is there, and has to be"


def tokens_of(dingtalk: FakeDingtalk, message: Message) -> set[str]:
    """The tokens that somebody reads there."""
    shown = dingtalk.card(message.card).values["body"] if message.card else message.text
    return tokens_in(shown, file=message.kind == "file")


def tokens_in(text: str, *, file: bool) -> set[str]:
    """The tokens of a text; a file counts where it is, not where it is only spoken of."""
    return {t for t in TOKEN.findall(text) if ("文件" in t) == file}
