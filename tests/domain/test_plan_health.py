"""How a plan stands: progress, what is overdue, what comes next; all in working days of 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.holiday_data import LibraryHolidays
from domain.calendar import WorkingCalendar
from domain.plans import (
    Dependency,
    Milestone,
    Pace,
    Phase,
    Plan,
    collisions,
    finish_milestone,
    finish_phase,
    health,
    set_progress,
)

CHINA = WorkingCalendar("CN", LibraryHolidays())


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


PLAN = Plan(
    id="plan",
    product_id="product",
    name="v1",
    phases=(
        Phase("a", "设计", day("09-14"), day("09-18")),  # five days
        Phase("b", "开发", day("09-20"), day("09-30")),  # from the make-up Sunday: eight days
        Phase("c", "测试", day("10-08"), day("10-10")),  # to the make-up Saturday: three days
    ),
    milestones=(
        Milestone("m", "设计定稿", day("09-18"), "a"),
        Milestone("g", "上线", day("10-12"), "c"),
    ),
)


def test_before_it_starts() -> None:
    state = health(PLAN, day("09-11"), CHINA)
    assert (state.pace, state.progress, state.expected) == (Pace.ON_TRACK, 0, 0)
    assert state.current == ()
    assert [phase.name for phase in state.upcoming] == ["设计"]
    assert state.next_milestone is not None
    assert (state.next_milestone.milestone.name, state.next_milestone.days) == ("设计定稿", 5)


def test_progress_weighs_working_days() -> None:
    plan = finish_milestone(finish_phase(PLAN, "a", day("09-18")), "m", day("09-18"))
    state = health(set_progress(plan, "b", 50), day("09-24"), CHINA)
    # 5 days done and half of 8, of 16; expected 5 + 5 (20, 21, 22, 23, 24)
    assert (state.progress, state.expected) == (900 // 16, 1000 // 16)
    assert state.pace is Pace.ON_TRACK
    assert [phase.name for phase in state.current] == ["开发"]


def test_at_risk_when_far_behind() -> None:
    plan = finish_milestone(finish_phase(PLAN, "a", day("09-18")), "m", day("09-18"))
    assert health(set_progress(plan, "b", 10), day("09-24"), CHINA).pace is Pace.AT_RISK


@pytest.mark.parametrize(
    ("today", "begun", "pace"),
    [
        pytest.param("10-08", False, Pace.ON_TRACK, id="on its first day"),
        pytest.param("10-09", False, Pace.AT_RISK, id="it should have begun"),
        pytest.param("10-09", True, Pace.ON_TRACK, id="it has begun"),
    ],
)
def test_a_phase_that_should_have_begun_is_a_risk(today: str, begun: bool, pace: Pace) -> None:
    plan = PLAN
    for phase in ("a", "b"):
        plan = finish_phase(plan, phase, day("09-30"))
    plan = finish_milestone(plan, "m", day("09-18"))
    plan = set_progress(plan, "c", 60) if begun else plan
    assert health(plan, day(today), CHINA).pace is pace


def test_dates_that_do_not_fit_together_are_a_risk() -> None:
    early = replace(PLAN.phases[1], predecessors=(Dependency("c"),))
    plan = replace(PLAN, phases=(PLAN.phases[0], early, PLAN.phases[2]))
    assert collisions(plan, CHINA)
    assert health(plan, day("09-11"), CHINA).pace is Pace.AT_RISK
    assert health(PLAN, day("09-11"), CHINA).pace is Pace.ON_TRACK


@pytest.mark.parametrize(
    ("today", "days"),
    [
        pytest.param("09-30", None, id="its last day is not late"),
        pytest.param("10-03", 0, id="in the holiday nobody could have worked"),
        pytest.param("10-08", 1, id="the first day after"),
        pytest.param("10-10", 3, id="the make-up Saturday counts"),
    ],
)
def test_overdue_counts_working_days(today: str, days: int | None) -> None:
    plan = finish_milestone(finish_phase(PLAN, "a", day("09-18")), "m", day("09-18"))
    state = health(plan, day(today), CHINA)
    assert [late.days for late in state.overdue_phases] == ([] if days is None else [days])
    assert (state.pace is Pace.LATE) is (days is not None)
    assert state.overdue_milestones == ()


def test_overdue_milestones() -> None:
    state = health(finish_phase(PLAN, "a", day("09-18")), day("09-20"), CHINA)
    assert [(late.part.name, late.days) for late in state.overdue_milestones] == [("设计定稿", 1)]
    assert state.pace is Pace.LATE


def test_countdown_skips_the_holiday_and_is_zero_on_the_day() -> None:
    plan = finish_milestone(PLAN, "m", day("09-18"))
    at = {
        text: health(plan, day(text), CHINA).next_milestone for text in ("09-30", "10-12", "10-13")
    }
    # 10-08, 10-09, the make-up Saturday, Monday 10-12
    assert [count and count.days for count in at.values()] == [4, 0, None]


def test_a_phase_that_began_early_is_current() -> None:
    state = health(set_progress(PLAN, "b", 5), day("09-15"), CHINA)
    assert [phase.name for phase in state.current] == ["设计", "开发"]
    assert [phase.name for phase in state.upcoming] == ["测试"]


def test_phases_that_start_together_come_up_together() -> None:
    twin = replace(PLAN.phases[2], id="d", name="手册")
    state = health(replace(PLAN, phases=(*PLAN.phases, twin)), day("09-24"), CHINA)
    assert [phase.name for phase in state.upcoming] == ["测试", "手册"]


def test_done_and_empty_plans() -> None:
    assert health(Plan("p", "q", "n"), day("09-14"), CHINA).pace is Pace.EMPTY
    done = PLAN
    for phase in PLAN.phases:
        done = finish_phase(done, phase.id, day("10-10"))
    for stone in PLAN.milestones:
        done = finish_milestone(done, stone.id, day("10-12"))
    state = health(done, day("12-01"), CHINA)
    assert (state.pace, state.progress, state.expected) == (Pace.DONE, 100, 100)
    assert state.next_milestone is None
