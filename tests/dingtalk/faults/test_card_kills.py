"""kill -9 around interactive cards: each object has one card that lives, with the latest state.

Its own id is Duban's (facts, section 7.3), so it can be asked whether a card is there: nothing of
it ever comes twice, and nothing says that it might.
"""

from __future__ import annotations

import itertools
import multiprocessing
import signal
from collections.abc import Iterator, Mapping
from datetime import timedelta
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from bot.core import Core, build_core
from bot.first_run import ensure_workspace
from bot.settings import load_settings
from domain.clock import ManualClock
from domain.ids import new_id
from domain.message_json import to_json
from domain.messages import Action, Card, Para
from domain.people import Channel
from storage.dingtalk import PLATFORM
from tests.dingtalk.card_template import TEMPLATE_ID, card_template
from tests.dingtalk.faults.sender import send
from tests.dingtalk.world import PLENTY
from tests.fakes.dingtalk import FakeDingtalk, Message, Room
from tests.harness import MONDAY
from tests.waiting import until

OBJECTS = 3
STEP = timedelta(minutes=10)
NEXT_DAY = timedelta(hours=20)
Strikes = tuple[tuple[int, bool], ...]
"""At which of its calls about cards each process dies, and whether DingTalk has done it by then."""
EVERYWHERE: Strikes = tuple((at, after) for at in (1, 2, 2) for after in (False, True))
SOMEWHERE: Strikes = ((1, True), (2, True), (2, False))
MOVED = "请看下面最新的卡片"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def forks() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.dingtalk.faults.sender"])
    return context


class House:
    """A company with one group, whose cards are sent by processes that are killed."""

    def __init__(
        self,
        forks: ForkServerContext,
        dingtalk: FakeDingtalk,
        settings: Mapping[str, str],
        strikes: Strikes,
    ) -> None:
        self.strikes = strikes
        self._forks = forks
        self._settings = settings
        self.dingtalk = dingtalk
        self.clock = ManualClock(MONDAY)
        self.room: Room = dingtalk.add_group("物流", "po")
        self.core: Core = build_core(load_settings(settings), self.clock)
        self.workspace = ensure_workspace(self.core.store, "zh", self.clock.now()).id
        self.channel = Channel(new_id(), PLATFORM, self.room.id, "物流", locale="zh")
        with self.core.store.write(self.workspace) as uow:
            uow.channels.add(self.channel)

    def queue(self, state: str) -> None:
        """Say what each object is like now."""
        now = self.clock.now()
        with self.core.store.write(self.workspace) as uow:
            for number in range(OBJECTS):
                press = (Action("看看", f"需求 S{number}"),)
                body = (Para(f"它现在：{state}"),)
                card = Card(f"评审 {number}", body, press, status=state, key=f"review:{number}")
                payload = {"channel": self.channel.id, "card": to_json(card)}
                uow.queue(f"channel:{self.channel.id}", "post", payload, now)

    def send_with_kills(self) -> int:
        """Send it all, by one process that dies after the other; how many died."""
        kills = 0
        for at, after in (*self.strikes, (PLENTY, True)):
            calls = itertools.count(1)
            fault = self.dingtalk.faults.hold(
                "card.*", when=lambda _, c=calls, n=at: next(c) == n, after=after
            )
            process = self._forks.Process(
                target=send,
                args=(self._settings,),
                kwargs={"folds": False, "now": self.clock.now()},
                daemon=True,
            )
            process.start()
            until(lambda p=process, f=fault: f.reached.is_set() or not p.is_alive(), "it hangs", 90)
            if fault.reached.is_set():
                process.kill()
                kills += 1
            process.join(60)
            self.dingtalk.faults.calm()
            assert process.exitcode == (-signal.SIGKILL if fault.reached.is_set() else 0)
            if process.exitcode == 0:
                break
        with self.core.store.read(self.workspace) as uow:
            assert uow.outbox.pending(self.clock.now() + timedelta(days=1)) == ()
            assert uow.outbox.failed() == ()
        return kills

    def cards(self) -> list[Message]:
        """The messages of the group; nothing but cards, each of them once."""
        said = self.room.said_by_robot()
        assert [m.way for m in said] == ["card"] * len(said)
        tracks = [m.card for m in said]
        assert len(set(tracks)) == len(tracks)
        return said

    def screens(self) -> list[tuple[str, bool]]:
        """What each of them shows, and whether there is something to press."""
        shown = [self.dingtalk.card(m.card).seen_by("po") for m in self.cards()]
        return [(s.text, bool(s.offers)) for s in shown]

    def check(self, state: str, *, moved: int = 0) -> None:
        """One card an object that lives and says this; so many older ones point to them."""
        screens = self.screens()
        assert len(screens) == OBJECTS + moved
        assert all(MOVED in text and not offers for text, offers in screens[:moved])
        for number, (text, offers) in enumerate(screens[moved:]):
            assert f"评审 {number} · {state}" in text
            assert f"它现在：{state}" in text
            assert offers


@pytest.fixture(
    params=[
        pytest.param(("sqlite", EVERYWHERE), id="sqlite"),
        pytest.param(("postgres", SOMEWHERE), id="postgres", marks=pytest.mark.postgres),
    ]
)
def house(
    forks: ForkServerContext, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[House]:
    clock: list[ManualClock] = []
    kind, strikes = request.param
    with FakeDingtalk(lambda: _seconds(clock)) as dingtalk:
        limits = dingtalk.limits
        limits.per_second = limits.per_minute = limits.monthly = PLENTY
        dingtalk.outbound.muted = True
        dingtalk.add_user("po", "陈敏")
        dingtalk.add_template(card_template())
        settings = {
            **dingtalk.environment,
            "DUBAN_DATA_DIR": str(tmp_path / "data"),
            "DUBAN_DATABASE_URL": request.getfixturevalue(f"{kind}_url"),
            "DUBAN_BASE_URL": "https://duban.example.com",
            "DUBAN_SECRET_KEYS": "a-secret-of-the-tests",
            "DINGTALK_CARD_TEMPLATE": TEMPLATE_ID,
        }
        made = House(forks, dingtalk, settings, strikes)
        clock.append(made.clock)
        yield made
        made.core.store.database.close()


def _seconds(clock: list[ManualClock]) -> float:
    return (clock[0].now() if clock else MONDAY).timestamp()


def test_one_card_an_object_whoever_was_killed(house: House) -> None:
    # Between a card's creation and its record.
    house.queue("进行中")
    kills = house.send_with_kills()
    house.check("进行中")
    # Between its update in place and the record of that.
    house.clock.advance(STEP)
    house.queue("第二轮")
    kills += house.send_with_kills()
    house.check("第二轮")
    # Where it is posted anew, between the new card, the old one's last update and the record.
    house.clock.advance(NEXT_DAY)
    house.queue("已通过")
    kills += house.send_with_kills()
    house.check("已通过", moved=OBJECTS)
    assert kills >= len(house.strikes) * 2
