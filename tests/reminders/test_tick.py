"""Ticks over a real database: each reminder once, whatever happens in between."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain.actions import ItemKind
from domain.people import QuietHours
from domain.reminders import Snooze, SubjectKind
from domain.stories import Stage, StoryDraft
from reminders.tick import Services, TickReport, tick
from tests.reminders.conftest import Ticking
from tests.reminders.people import local

NINE = local("2026-11-24 09:00")


@pytest.fixture
def ticking(ticking: Ticking) -> Ticking:
    """The team without a digest: the ledger holds reminders alone."""
    with ticking.team.write() as uow:
        uow.channels.save(replace(ticking.team.channel, digest_at=None))
    ticking.tick()
    return ticking


def test_with_nothing_due_a_tick_does_nothing(ticking: Ticking) -> None:
    assert ticking.tick() == TickReport()


def test_an_item_is_said_on_the_day_before_on_its_day_and_overdue(ticking: Ticking) -> None:
    ticking.item("补齐异常流程", "2026-11-25")
    for day in range(23, 28):
        ticking.tick(local(f"2026-11-{day} 09:00"))
    assert ticking.states() == [
        "action_due dev 2026-11-24 sent",
        "action_due dev 2026-11-25 sent",
        "action_overdue dev 2026-11-26 sent",
        "action_overdue dev 2026-11-27 sent",
        "action_overdue pm 2026-11-27 sent",
    ]
    first, second, third, _ = ticking.messages("dev")
    assert "待办 A-1“补齐异常流程”到期：还有 1 个工作日" in first
    assert "就在今天" in second
    assert "已逾期 1 个工作日" in third


def test_the_same_instant_twice_says_nothing_twice(ticking: Ticking) -> None:
    ticking.item("x", "2026-11-25")
    ticking.tick(NINE)
    before = ticking.states()
    assert ticking.tick(NINE) == TickReport()
    ticking.team.clock.set(NINE)
    assert ticking.states() == before
    assert len(ticking.messages("dev")) == 1


def test_everything_that_is_due_for_one_person_is_one_message(ticking: Ticking) -> None:
    for n in range(20):
        ticking.item(f"事项{n}", "2026-11-25")
    ticking.tick()
    report = ticking.tick(NINE)
    assert (report.recorded, report.sent, report.messages) == (20, 20, 1)
    (message,) = ticking.messages("dev")
    assert "有 20 件事等您处理" in message
    assert "另有 5 项" in message


def test_a_changed_date_moves_the_reminder_at_once(ticking: Ticking) -> None:
    item = ticking.item("x", "2026-11-25")
    ticking.tick()
    with ticking.team.write() as uow:
        uow.actions.save(replace(item, due=local("2026-12-02 09:00").date()))
    ticking.tick(NINE)
    ticking.tick(local("2026-11-25 09:00"))
    assert ticking.states() == []
    ticking.tick(local("2026-12-01 09:00"))
    assert ticking.states() == ["action_due dev 2026-12-01 sent"]


def test_what_is_settled_is_not_said_any_more(ticking: Ticking) -> None:
    item = ticking.item("x", "2026-11-25")
    ticking.tick()
    with ticking.team.write() as uow:
        uow.actions.save(replace(item, done_at=ticking.team.clock.now()))
    assert ticking.tick(NINE).recorded == 0
    with ticking.team.read() as uow:
        assert not uow.schedule.of_product(ticking.team.product.id)


@pytest.mark.parametrize(
    ("back_at", "state"),
    [
        pytest.param("2026-11-24 09:09", "sent", id="a few minutes are no delay"),
        pytest.param("2026-11-24 15:00", "late", id="the same day: late"),
        pytest.param("2026-11-24 21:30", "folded", id="past the rule's limit: folded"),
    ],
)
def test_after_a_stop_of_duban_what_was_due_is_late_or_folded(
    ticking: Ticking, back_at: str, state: str
) -> None:
    ticking.item("x", "2026-11-25")
    ticking.tick()
    ticking.tick(local(back_at))
    assert ticking.states() == [f"action_due dev 2026-11-24 {state}"]
    said = "".join(ticking.messages("dev"))
    assert ("补发" in said) == (state == "late")
    assert bool(said) == (state != "folded")


def test_after_days_only_the_newest_of_a_row_is_said(ticking: Ticking) -> None:
    ticking.item("x", "2026-11-23")
    ticking.tick()
    ticking.tick(local("2026-11-27 10:00"))
    assert ticking.states() == [
        "action_overdue dev 2026-11-24 cancelled",
        "action_overdue dev 2026-11-25 cancelled",
        "action_overdue dev 2026-11-26 cancelled",
        "action_overdue dev 2026-11-27 late",
        "action_overdue pm 2026-11-25 cancelled",
        "action_overdue pm 2026-11-26 cancelled",
        "action_overdue pm 2026-11-27 late",
    ]


def test_quiet_hours_defer_only_that_person(ticking: Ticking) -> None:
    from datetime import time

    with ticking.team.write() as uow:
        uow.people.save(
            replace(ticking.team.people["dev"], quiet=QuietHours(time(22), time(9, 30)))
        )
    ticking.item("x", "2026-11-25")
    ticking.item("y", "2026-11-25", owner="tester")
    ticking.tick()
    ticking.tick(NINE)
    assert ticking.states() == ["action_due tester 2026-11-24 sent"]
    ticking.tick(local("2026-11-24 09:30"))
    assert "action_due dev 2026-11-24 sent" in ticking.states()


def test_a_snoozed_subject_is_silent_until_its_hour_and_then_said_once(ticking: Ticking) -> None:
    item = ticking.item("x", "2026-11-23")
    ticking.tick()
    ticking.tick(NINE)
    until = local("2026-11-26 14:00")
    with ticking.team.write() as uow:
        (row,) = uow.ledger.all()
        uow.ledger.snooze([row.id], until)
        uow.ledger.set_snooze(
            Snooze(ticking.team.id("dev"), SubjectKind.ACTION, item.id, until, NINE)
        )
    for day, hour in ((25, 9), (26, 9), (26, 14), (26, 15), (27, 9)):
        ticking.tick(local(f"2026-11-{day} {hour:02}:00"))
    mine = [s for s in ticking.states() if " dev " in s]
    assert mine == [
        "action_overdue dev 2026-11-24 sent",
        "action_overdue dev 2026-11-25 cancelled",
        "action_overdue dev 2026-11-26 cancelled",
        "action_overdue dev 2026-11-27 sent",
    ]
    assert len(ticking.messages("dev")) == 3


def test_what_was_settled_while_it_was_snoozed_is_not_said(ticking: Ticking) -> None:
    item = ticking.item("x", "2026-11-23")
    ticking.tick()
    ticking.tick(NINE)
    with ticking.team.write() as uow:
        (row,) = uow.ledger.all()
        uow.ledger.snooze([row.id], local("2026-11-24 14:00"))
        uow.actions.save(replace(item, done_at=NINE))
    ticking.tick(local("2026-11-24 14:00"))
    assert ticking.states() == ["action_overdue dev 2026-11-24 done"]
    assert len(ticking.messages("dev")) == 1


def test_stories_tested_and_verified_are_said_to_the_po(ticking: Ticking) -> None:
    team = ticking.team
    with team.write() as uow:
        tracker = team.services.tracker(uow, team.product, team.clock.now())
        made = tracker.create(StoryDraft(team.product.id, "电子回单"), team.id("po"))
        tracker.set_stage(made.number, Stage.TESTED, team.id("tester"))
    ticking.tick()
    ticking.tick(NINE)
    assert ticking.states() == ["story_unverified po 2026-11-24 sent"]
    assert "需求 S1“电子回单”已测试，等待验证" in ticking.messages("po")[0]
    with team.write() as uow:
        tracker = team.services.tracker(uow, team.product, team.clock.now())
        tracker.set_stage(made.number, Stage.VERIFIED, team.id("po"))
    ticking.tick()
    ticking.tick(local("2026-11-24 16:00"))
    assert ticking.states()[0] == "story_unclosed po 2026-11-24 sent"


def test_a_blocker_is_said_to_the_po_each_day_until_it_is_gone(ticking: Ticking) -> None:
    item = ticking.item("测试环境连不上", None, kind=ItemKind.BLOCKER)
    for day in (24, 25):
        ticking.tick(local(f"2026-11-{day} 09:00"))
    with ticking.team.write() as uow:
        uow.actions.save(replace(item, done_at=ticking.team.clock.now()))
    ticking.tick(local("2026-11-26 09:00"))
    assert ticking.states() == [
        "blocker_open po 2026-11-24 sent",
        "blocker_open po 2026-11-25 sent",
    ]


def test_a_review_that_nobody_ends_is_nudged_and_becomes_a_draft_that_blocks_no_channel(
    ticking: Ticking,
) -> None:
    team = ticking.team
    team.say("po", "/review start 登录改版")
    ticking.tick()
    ticking.tick(local("2026-11-23 11:30"))
    assert ticking.states() == [s for s in ticking.states() if s.startswith("review_open po")]
    assert "还没有结束" in ticking.messages("po")[-1]
    ticking.tick(local("2026-11-23 18:00"))
    ticking.tick(local("2026-11-23 23:00"))
    with team.read() as uow:
        assert uow.reviews.open_in(team.channel.id) is None
        (review,) = uow.reviews.drafts_in(team.channel.id)
        assert review.nudged_at == local("2026-11-23 11:30")
    assert "已存为草稿" in ticking.messages("物流")[-1]
    assert len([s for s in ticking.states() if s.startswith("review_open")]) == 2


# -- whenever ticks come, and however many


def _ledger_after(ticking: Ticking, instants: list[datetime]) -> list[str]:
    with ticking.team.write() as uow:
        uow.channels.save(replace(ticking.team.channel, digest_at=None))
    for n in range(4):
        ticking.item(f"事项{n}", f"2026-11-2{n + 4}")
    for at in instants:
        ticking.tick(at)
    with ticking.team.read() as uow:
        return [
            f"{r.slot.rule} {r.slot.recipient.kind} {r.slot.occurrence}" for r in uow.ledger.all()
        ]


def test_random_instants_lead_to_the_ledger_of_ticks_at_every_half_hour(
    ticking: Ticking, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> None:
    start, hours = local("2026-11-23 09:35"), 24 * 6
    regular = [start + timedelta(minutes=30 * n) for n in range(hours * 2)]
    rng = random.Random(20261123)
    sparse = sorted(rng.sample(regular[1:-1], 25))
    seen = _ledger_after(ticking, [start, *sparse, regular[-1]])
    from storage.database import Database
    from storage.migrate import upgrade
    from tests.harness import Team

    url = f"sqlite:///{tmp_path_factory.mktemp('regular') / 'x.sqlite'}"
    upgrade(url)
    other = Database(url)
    try:
        again = Team(other, tmp_path_factory.mktemp("files"), start=start)
        every = _ledger_after(Ticking(again), regular)
    finally:
        other.close()
    assert sorted(seen) == sorted(every)
    assert len(every) > 12


def test_many_ticks_at_once_say_everything_once(ticking: Ticking) -> None:
    for n in range(150):
        ticking.item(f"事项{n}", "2026-11-25", owner=("dev", "tester", "pm")[n % 3])
    ticking.tick()
    ticking.team.clock.set(NINE)
    services = Services(ticking.team.services.holidays)

    def run(_: int) -> TickReport:
        return tick(ticking.team.store, ticking.team.workspace.id, services, NINE)

    with ThreadPoolExecutor(6) as pool:
        reports = list(pool.map(run, range(6)))
    ticking.tick(NINE + timedelta(minutes=2))
    states = ticking.states()
    assert len(states) == 150
    assert {s.rsplit(" ", 1)[1] for s in states} == {"sent"}
    assert sum(r.recorded for r in reports) == 150
    assert [len(ticking.messages(who)) for who in ("dev", "tester", "pm")] == [1, 1, 1]


def test_what_fell_due_before_the_first_look_at_it_is_not_lost(ticking: Ticking) -> None:
    """The item was made while nothing ticked: its reminder comes late, and says so."""
    ticking.item("给客户发方案", "2026-11-24")
    ticking.tick(local("2026-11-24 10:00"))
    ticking.tick(local("2026-11-24 10:02"))
    assert [s for s in ticking.states() if s.startswith("action")] == [
        "action_due dev 2026-11-24 late"
    ]
    (message,) = ticking.messages("dev")
    assert "给客户发方案" in message
    assert "09:00" in message


def test_a_date_moved_while_nothing_ticked_is_still_owed(ticking: Ticking) -> None:
    item = ticking.item("给客户发方案", "2026-12-24")
    ticking.tick()
    ticking.team.clock.set(local("2026-11-23 18:00"))
    with ticking.team.write() as uow:
        uow.actions.save(replace(item, due=date(2026, 11, 24)))
    ticking.tick(local("2026-11-24 10:00"))
    assert [s for s in ticking.states() if s.startswith("action")] == [
        "action_due dev 2026-11-24 late"
    ]
