"""Shifting, moving and editing the parts of a plan, over the labour day holiday of 2026.

Off: 05-01 to 05-05. Make-up Saturday: 05-09.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import UserError
from domain.messages import T
from domain.plans import (
    Change,
    Collision,
    Part,
    Plan,
    PlanBaseline,
    Span,
    add_milestone,
    begin_phase,
    collisions,
    diff,
    finish_milestone,
    finish_phase,
    move_milestone,
    move_phase,
    remove_phase,
    shift,
)
from tests.domain.labour_day import CHINA, PLAN, day, stone


def spans(plan: Plan) -> dict[str, str]:
    parts = (*plan.phases, *plan.milestones)
    return {p.name: f"{p.span.starts:%m-%d}/{p.span.ends:%m-%d}" for p in parts}


def moved(before: Plan, after: Plan) -> dict[str, str]:
    was = spans(before)
    return {name: span for name, span in spans(after).items() if was[name] != span}


def test_shift_takes_followers_and_milestones_along() -> None:
    result = shift(PLAN, "build", 2, CHINA)
    assert moved(PLAN, result.plan) == {
        "build": "04-29/05-11",  # 04-29, 04-30, 05-06 … 05-09 (make-up), 05-11
        "handover": "05-11/05-11",
        "test": "05-12/05-19",
        "launch": "05-20/05-21",
        "go-live": "05-22/05-22",
    }
    assert [(m.part, m.name) for m in result.moves] == [
        (Part.PHASE, "build"),
        (Part.PHASE, "test"),
        (Part.PHASE, "launch"),
        (Part.MILESTONE, "handover"),
        (Part.MILESTONE, "go-live"),
    ]
    assert result.moves[0].before == Span(day("04-27"), day("05-08"))
    assert result.moves[0].after == Span(day("04-29"), day("05-11"))
    assert result.collisions == ()
    assert result.notices == ()


def test_shift_back_undoes_shift() -> None:
    there = shift(PLAN, "build", 3, CHINA).plan
    assert shift(there, "build", -3, CHINA).plan == PLAN


def test_shift_earlier_than_a_predecessor_collides() -> None:
    result = shift(PLAN, "build", -1, CHINA)
    assert result.collisions == (Collision("design", "build", Part.PHASE, 1),)
    assert result.collisions[0].text == T(
        "plan.collision.phase", {"first": "design", "second": "build", "n": 1}
    )


def test_shift_respects_fixed_parts_and_reports_what_they_collide_with() -> None:
    plan = PLAN.with_phases([replace(PLAN.phase("launch"), fixed=True)])
    result = shift(plan, "test", 2, CHINA)
    assert moved(plan, result.plan) == {"test": "05-12/05-19"}
    assert result.kept == ("launch",)
    assert result.collisions == (Collision("test", "launch", Part.PHASE, 2),)


def test_shift_reports_a_fixed_milestone_that_its_phase_overruns() -> None:
    plan = PLAN.with_milestones([stone("handover", "05-08", "build", fixed=True)])
    result = shift(plan, "build", 2, CHINA)
    assert result.kept == ("handover",)
    assert result.collisions == (Collision("build", "handover", Part.MILESTONE, 2),)


def test_shift_stops_at_done_phases() -> None:
    plan = finish_phase(PLAN, "test", day("05-14"))
    result = shift(plan, "build", 1, CHINA)
    assert set(moved(plan, result.plan)) == {"build", "handover"}
    assert result.kept == ()
    assert result.collisions == (), "the past does not collide"


def test_a_phase_under_way_keeps_its_start() -> None:
    plan = begin_phase(PLAN, "build")
    result = shift(plan, "build", 1, CHINA)
    assert spans(result.plan)["build"] == "04-27/05-09"
    assert spans(result.plan)["test"] == "05-11/05-18"
    with pytest.raises(UserError) as caught:
        shift(plan, "build", -7, CHINA)
    assert caught.value.key == "plan.ends_before_starts"


def test_a_phase_that_should_have_begun_does_not_begin_on_another_past_day() -> None:
    begun = shift(PLAN, "build", 1, CHINA, day("05-08"))
    assert spans(begun.plan)["build"] == "04-27/05-09"
    soon = shift(PLAN, "build", 1, CHINA, day("04-28"))
    assert spans(soon.plan)["build"].startswith("04-28/")


def test_shift_of_the_whole_plan_moves_free_milestones_too() -> None:
    plan = finish_phase(PLAN, "design", day("04-24"))
    result = shift(plan, None, 5, CHINA)
    assert set(moved(plan, result.plan)) == set(spans(plan)) - {"design"}
    assert spans(result.plan)["fair"] == "06-05/06-05"


def test_shift_of_one_milestone() -> None:
    result = shift(PLAN, "go-live", -1, CHINA)
    assert moved(PLAN, result.plan) == {"go-live": "05-19/05-19"}


def test_shift_by_nothing() -> None:
    result = shift(PLAN, None, 0, CHINA)
    assert (result.plan, result.moves) == (PLAN, ())


@pytest.mark.parametrize(
    ("what", "key"),
    [
        pytest.param("design", "plan.is_done", id="done phase"),
        pytest.param("manual", "plan.is_fixed", id="fixed phase"),
        pytest.param("handover", "plan.is_done", id="reached milestone"),
        pytest.param("fair", "plan.is_fixed", id="fixed milestone"),
        pytest.param("nothing", "plan.no_phase", id="unknown"),
    ],
)
def test_what_cannot_be_shifted(what: str, key: str) -> None:
    plan = finish_phase(PLAN, "design", day("04-24"))
    plan = plan.with_phases([replace(plan.phase("manual"), fixed=True)])
    plan = finish_milestone(plan, "handover", day("05-07"))
    plan = plan.with_milestones([replace(plan.milestone("fair"), fixed=True)])
    with pytest.raises(UserError) as caught:
        shift(plan, what, 1, CHINA)
    assert caught.value.key == key


@given(by=st.integers(-40, 40))
def test_a_shift_keeps_lengths_and_links(by: int) -> None:
    result = shift(PLAN, None, by, CHINA)
    for old, new in zip(PLAN.phases, result.plan.phases, strict=True):
        assert CHINA.length(new.starts, new.ends) == CHINA.length(old.starts, old.ends)
    assert result.collisions == ()


def test_move_phase_keeps_length_and_carries_its_milestone() -> None:
    result = move_phase(PLAN, "build", CHINA, starts=day("04-29"))
    assert moved(PLAN, result.plan) == {"build": "04-29/05-11", "handover": "05-11/05-11"}
    assert result.collisions == (Collision("build", "test", Part.PHASE, 2),)


def test_move_phase_to_a_new_end_keeps_its_start() -> None:
    result = move_phase(PLAN, "build", CHINA, ends=day("05-07"))
    assert moved(PLAN, result.plan) == {"build": "04-27/05-07", "handover": "05-07/05-07"}


def test_moving_to_days_off_is_warned_not_refused() -> None:
    result = move_phase(PLAN, "launch", CHINA, starts=day("05-23"), ends=day("05-24"))
    assert spans(result.plan)["launch"] == "05-23/05-24"
    assert [notice.key for notice in result.notices] == ["plan.day_off.starts", "plan.day_off.ends"]
    holiday = move_milestone(PLAN, "fair", day("10-01"), CHINA)
    assert [notice.key for notice in holiday.notices] == ["plan.day_off.due"]
    assert holiday.notices[0].params["why"] == T("calendar.holiday", {"name": "国庆节"})


def test_moving_into_a_year_without_data_is_warned() -> None:
    result = move_milestone(PLAN, "fair", date(2031, 3, 3), CHINA)
    assert result.notices == (T("calendar.missing_years", {"years": "2031"}),)


def test_old_collisions_are_not_reported_again() -> None:
    broken = move_phase(PLAN, "test", CHINA, starts=day("05-07")).plan
    assert collisions(broken, CHINA) == (Collision("build", "test", Part.PHASE, 2),)
    assert move_milestone(broken, "fair", day("06-01"), CHINA).collisions == ()
    worse = move_phase(broken, "test", CHINA, starts=day("05-06"))
    assert worse.collisions == (Collision("build", "test", Part.PHASE, 3),)


@pytest.mark.parametrize(
    ("starts", "ends", "key"),
    [
        pytest.param("05-08", "05-07", "plan.ends_before_starts", id="ends before it starts"),
        pytest.param(None, "04-20", "plan.ends_before_starts", id="a new end before the start"),
    ],
)
def test_impossible_moves(starts: str | None, ends: str, key: str) -> None:
    with pytest.raises(UserError) as caught:
        move_phase(PLAN, "build", CHINA, starts=day(starts) if starts else None, ends=day(ends))
    assert caught.value.key == key


def test_diff_with_a_baseline() -> None:
    taken = PlanBaseline(
        "b", "plan", "初版", datetime(2026, 4, 1, tzinfo=UTC), "po", PLAN.phases, PLAN.milestones
    )
    assert diff(PLAN, taken, CHINA) == ()
    now = shift(PLAN, "test", 2, CHINA).plan
    now = remove_phase(now, "manual")
    now = add_milestone(now, stone("party", "06-01"))
    now = now.with_phases([replace(now.phase("design"), name="设计")])
    found = {each.id: each for each in diff(now, taken, CHINA)}
    assert {name: each.changes for name, each in found.items()} == {
        "design": (Change.RENAMED,),
        "test": (Change.MOVED,),
        "launch": (Change.MOVED,),
        "manual": (Change.REMOVED,),
        "go-live": (Change.MOVED,),
        "party": (Change.ADDED,),
    }
    assert (found["test"].slip, found["test"].part) == (2, Part.PHASE)
    assert found["design"].old_name == "design"
    assert (found["party"].before, found["manual"].after) == (None, None)
    earlier = shift(PLAN, "go-live", -3, CHINA).plan
    assert [each.slip for each in diff(earlier, taken, CHINA)] == [-3]
