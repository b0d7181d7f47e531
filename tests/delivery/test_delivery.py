"""Outbox rows become messages: in order, once, and with patience where the outside says no."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.delivery import MOST_TRIES, Delivery
from bot.webchat.access import ensure_direct
from bot.webchat.posting import NEAR
from bot.webchat.surface import WebSurface
from domain.message_json import from_json, to_json
from domain.messages import Card, T
from domain.ports import Destination, GiveUp, JobHandler, Retry
from storage.messaging import OutboxItem, OutboxStatus
from tests.harness import Team
from tests.waiting import until


class ScriptedSurface:
    """A surface of the test's: remembers what arrived, fails as it is told."""

    outside = True

    def __init__(self) -> None:
        self.doubts: list[bool] = []
        self.got: list[tuple[str, str, str]] = []
        self.replaced: list[Mapping[str, Any] | None] = []
        self.trouble: list[BaseException] = []

    def send(
        self,
        destination: Destination,
        card: Card,
        delivery_id: str,
        replaces: Mapping[str, Any] | None,
        *,
        doubtful: bool,
    ) -> Mapping[str, Any]:
        self.doubts.append(doubtful)
        if self.trouble:
            raise self.trouble.pop(0)
        self.got.append((destination.channel, str(card.title), delivery_id))
        self.replaced.append(replaces)
        return {"ts": len(self.got)}


class ListEngine:
    """Keeps what was queued; the test runs it."""

    def __init__(self) -> None:
        self.jobs: dict[str, tuple[str, Mapping[str, Any], str]] = {}
        self.handlers: dict[str, JobHandler] = {}

    def register(self, kind: str, handler: JobHandler) -> None:
        self.handlers[kind] = handler

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def enqueue(self, key: str, kind: str, payload: Mapping[str, Any], lane: str) -> None:
        self.jobs.setdefault(key, (kind, payload, lane))


class Post:
    """A team with a delivery over a scripted surface."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.surface = ScriptedSurface()
        self.engine = ListEngine()
        self.delivery = Delivery(
            team.store, self.engine, team.clock, {"web": self.surface}, {}, {"web": ensure_direct}
        )

    def queue(self, title: str, key: str | None = None) -> str:
        channel = self.team.channel.id
        payload = {"channel": channel, "card": to_json(Card(title, key=key))}
        with self.team.write() as uow:
            return uow.queue(f"channel:{channel}", "post", payload, self.team.clock.now())

    def row(self, item_id: str) -> OutboxItem:
        with self.team.read() as uow:
            item = uow.outbox.get(item_id)
        assert item is not None
        return item

    @property
    def titles(self) -> list[str]:
        return [title for _, title, _ in self.surface.got]


@pytest.fixture
def post(team: Team) -> Post:
    return Post(team)


def test_in_order_and_once(post: Post) -> None:
    rows = [post.queue(str(n)) for n in range(20)]
    post.delivery.drain()
    post.delivery.drain()
    assert post.titles == [str(n) for n in range(20)]
    assert {post.row(r).status for r in rows} == {OutboxStatus.DONE}
    assert post.row(rows[3]).handle == {"ts": 4}


def test_a_rate_limit_is_waited_out_and_order_kept(post: Post) -> None:
    post.surface.trouble = [Retry(30, "rate limit")]
    first, _ = post.queue("first"), post.queue("second")
    post.delivery.drain()
    assert post.titles == []
    post.team.clock.advance(timedelta(seconds=29))
    post.delivery.drain()
    assert post.titles == []
    post.team.clock.advance(timedelta(seconds=1))
    post.delivery.drain()
    assert post.titles == ["first", "second"]
    assert post.row(first).attempts == 1


def test_what_can_never_go_holds_up_nothing(post: Post) -> None:
    post.surface.trouble = [GiveUp("the channel is archived")]
    first, _ = post.queue("first"), post.queue("second")
    post.delivery.drain()
    assert post.titles == ["second"]
    assert post.row(first).status is OutboxStatus.FAILED
    assert "the channel is archived" in post.team.say("admin", "/setup failed")


def test_what_nothing_here_does_waits_until_something_does(post: Post) -> None:
    """ZenTao taken out of the settings for a day: what was to be written there is not given up."""
    with post.team.write() as uow:
        row = uow.queue("tracker:x", "tracker", {}, post.team.clock.now())
    for _ in range(2 * MOST_TRIES):
        post.delivery.drain()
        post.team.clock.advance(timedelta(hours=1))
    assert post.row(row).status is OutboxStatus.PENDING
    assert "tracker" in (post.row(row).error or "")


def test_a_doubt_outlives_the_time_in_which_nothing_here_does_it(post: Post) -> None:
    """A crash in the middle of a write, then a day without ZenTao in the settings."""
    with post.team.write() as uow:
        row = uow.queue("tracker:x", "tracker", {}, post.team.clock.now())
        uow.outbox.begin(row, post.team.clock.now())
    post.delivery.drain()
    assert post.row(row).doubtful


def test_a_doubt_outlives_a_try_that_sent_nothing(post: Post) -> None:
    """A crash in the middle of a try; the next one cannot even log in there."""
    post.surface.trouble = [Retry(30, "no login", patient=True)]
    row = post.queue("first")
    with post.team.write() as uow:
        uow.outbox.begin(row, post.team.clock.now())
    post.delivery.drain()
    assert post.row(row).doubtful


def test_an_administrator_sends_it_again(post: Post) -> None:
    post.surface.trouble = [GiveUp("the channel is archived")]
    first = post.queue("first")
    post.delivery.drain()
    post.team.say("admin", f"/setup resend {first}")
    post.delivery.drain()
    assert post.titles == ["first"]
    assert "没有未送达" in post.team.say("admin", "/setup failed")


def test_an_unknown_fault_is_tried_again_with_growing_pauses(post: Post) -> None:
    post.surface.trouble = [RuntimeError("socket") for _ in range(MOST_TRIES)]
    first = post.queue("first")
    pauses: list[float] = []
    while post.row(first).status is OutboxStatus.PENDING:
        post.delivery.drain()
        row = post.row(first)
        if row.status is OutboxStatus.PENDING:
            pause = row.due_at - post.team.clock.now()
            pauses.append(pause.total_seconds())
            post.team.clock.advance(pause)
    assert len(pauses) == MOST_TRIES - 1
    assert pauses[-1] > pauses[0] * 10
    assert post.row(first).status is OutboxStatus.FAILED


def test_the_card_of_an_object_is_replaced(post: Post) -> None:
    post.queue("one", key="review:1")
    post.queue("two", key="review:1")
    post.delivery.drain()
    assert post.surface.replaced == [None, {"ts": 1}]


def test_a_person_without_a_conversation_gets_one(post: Post) -> None:
    post.team.say("po", "/team role @sales tester")
    post.delivery.drain()
    with post.team.read() as uow:
        direct = uow.channels.direct("web", post.team.id("sales"))
    assert direct is not None
    assert [channel for channel, _, _ in post.surface.got] == [direct.id]


def test_a_channel_that_is_gone_holds_up_nothing(post: Post) -> None:
    first = post.queue("first")
    with post.team.write() as uow:
        uow.channels.remove(post.team.channel.id)
    post.delivery.drain()
    assert post.titles == []
    assert post.row(first).status is OutboxStatus.FAILED


def test_a_sweep_wakes_the_engine_for_what_is_due_and_again_after_a_failure(post: Post) -> None:
    first = post.queue("first")
    assert post.delivery.sweep() == 1
    assert post.delivery.sweep() == 1
    assert list(post.engine.jobs) == [f"{first}.0"]
    post.surface.trouble = [Retry(5, "later")]
    for kind, payload, _ in list(post.engine.jobs.values()):
        post.engine.handlers[kind](payload)
    assert post.delivery.sweep() == 0
    post.team.clock.advance(timedelta(seconds=5))
    assert post.delivery.sweep() == 1
    again = int(post.team.clock.now().timestamp() * 1000)
    assert list(post.engine.jobs) == [f"{first}.0", f"{first}.{again}"]


def test_a_pause_that_is_over_wakes_the_engine_without_a_sweep(post: Post) -> None:
    post.delivery.start()
    post.surface.trouble = [Retry(0.05, "rate limit", patient=True)]
    first = post.queue("first")
    post.delivery.drain()
    until(lambda: bool(post.engine.jobs))
    post.delivery.stop()
    assert [k.partition(".")[0] for k in post.engine.jobs] == [first]


def test_patience_never_gives_up(post: Post) -> None:
    post.surface.trouble = [Retry(30, "away", patient=True) for _ in range(3 * MOST_TRIES)]
    first = post.queue("first")
    for _ in range(3 * MOST_TRIES + 1):
        post.delivery.drain()
        post.team.clock.advance(timedelta(seconds=30))
    assert post.titles == ["first"]
    assert post.row(first).status is OutboxStatus.DONE


@pytest.mark.parametrize(
    ("trouble", "doubtful"),
    [
        pytest.param(Retry(1, "refused before it was read"), False, id="surely not sent"),
        pytest.param(Retry(1, "no answer", sent=True), True, id="perhaps sent"),
        pytest.param(OSError("reset"), True, id="an unknown error"),
    ],
)
def test_the_next_try_knows_whether_to_look_first(
    post: Post, trouble: Exception, doubtful: bool
) -> None:
    post.surface.trouble = [trouble]
    post.queue("first")
    post.delivery.drain()
    post.team.clock.advance(timedelta(seconds=30))
    post.delivery.drain()
    assert post.surface.doubts == [False, doubtful]


def test_a_try_that_a_crash_ended_is_doubtful(post: Post) -> None:
    post.surface.trouble = [SystemExit()]
    post.queue("first")
    with pytest.raises(SystemExit):
        post.delivery.drain()
    post.delivery.drain()
    assert post.surface.doubts == [False, True]


def test_a_commit_wakes_the_engine(post: Post) -> None:
    post.team.store.after_commit = post.delivery.after_commit
    post.delivery.start()
    first = post.queue("first")
    post.delivery.stop()
    assert list(post.engine.jobs) == [f"{first}.0"]
    _, _, lane = post.engine.jobs[f"{first}.0"]
    assert lane.endswith(f":channel:{post.team.channel.id}")


def test_two_lanes_do_not_wait_for_each_other(post: Post) -> None:
    post.surface.trouble = [Retry(60, "slow channel")]
    post.queue("stuck")
    post.team.say("po", "/team role @sales tester")
    post.delivery.drain()
    assert len(post.surface.got) == 1


# -- drawing anew


def alone(team: Team, who: str) -> list[Card]:
    """The cards that somebody has alone with Duban in the web chat."""
    with team.read() as uow:
        channel = uow.channels.direct("web", team.id(who))
        said = uow.chat.page(channel.id, team.id(who), limit=100) if channel else ()
    return [from_json(m.card) for m in said if m.card]


def test_a_card_that_somebody_has_alone_is_redrawn_where_it_is(team: Team) -> None:
    web = {"web": WebSurface(team.store, team.clock)}
    delivery = Delivery(team.store, ListEngine(), team.clock, web, {}, {"web": ensure_direct})
    team.say("po", "/story new 登录改版")
    team.say("dev", "/change S1 改为手机号登录 因为客户要求")
    team.say("dev", "/change submit CR-1 人天=3 顺延=0")
    delivery.drain()
    (asked,) = alone(team, "pm")
    assert len(asked.actions) == 2
    with team.write() as uow:
        for number in range(NEAR + 1):  # it is far up by now
            told = {"person": team.id("pm"), "card": to_json(Card(f"第 {number} 条"))}
            uow.queue(f"person:{team.id('pm')}", "post", told, team.clock.now())
    delivery.drain()
    team.say("po", "/change reject CR-1 本期不做")
    delivery.drain()
    told, *others = alone(team, "pm")
    assert (told.actions, told.status) == ((), T("change.status.rejected"))
    assert len(others) == NEAR + 1, "nothing was posted"


def test_whoever_has_no_such_card_is_sent_none(post: Post) -> None:
    person = post.team.id("pm")
    row = {"person": person, "card": to_json(Card("x", key="decide:1:1"))}
    with post.team.write() as uow:
        item = uow.queue(f"person:{person}", "redraw", row, post.team.clock.now())
    post.delivery.drain()
    assert post.titles == []
    assert post.row(item).status is OutboxStatus.DONE
