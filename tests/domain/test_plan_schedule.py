"""Plans computed forward and backward over China's real working days."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.holiday_data import LibraryHolidays
from domain.calendar import WorkingCalendar
from domain.deliverables import catalogue_item
from domain.errors import NotFoundError, UserError
from domain.messages import Day, T
from domain.plans import (
    SOFTWARE,
    TEMPLATES,
    UPGRADE,
    NotEnoughTimeError,
    Plan,
    PlanTemplate,
    Schedule,
    Span,
    collisions,
    find_template,
    schedule_backward,
    schedule_forward,
)

CHINA = WorkingCalendar("CN", LibraryHolidays())


def dates(schedule: Schedule) -> dict[str, str]:
    return {p.name: f"{p.starts:%m-%d}/{p.ends:%m-%d}" for p in schedule.phases}


def as_plan(schedule: Schedule) -> Plan:
    return Plan("plan", "product", "v1", schedule.phases, schedule.milestones)


def test_forward_over_national_day_2025() -> None:
    # 09-28 is a make-up Sunday, 10-01 to 10-08 are off, 10-11 is a make-up Saturday
    made = schedule_forward(UPGRADE, date(2025, 9, 25), CHINA)
    assert dates(made) == {
        "需求确认与设计": "09-25/09-30",  # Thu, Fri, make-up Sun, Mon, Tue
        "需求评审": "10-09/10-10",
        "开发": "10-11/10-23",  # from the make-up Saturday on
        "测试": "10-23/10-29",  # shares one day with development
        "上线": "10-30/10-31",
    }
    assert [(s.name, s.due) for s in made.milestones][-1] == ("上线", date(2025, 10, 31))
    assert all(stone.phase_id for stone in made.milestones)


def test_forward_from_a_day_off_starts_on_the_next_working_day() -> None:
    made = schedule_forward(UPGRADE, date(2025, 10, 3), CHINA, locale="en")
    assert made.phases[0].starts == date(2025, 10, 9)
    assert made.phases[0].name == "Requirements and design"


def test_backward_over_spring_festival_2026() -> None:
    # off 02-15 to 02-23; 02-14 and 02-28 are make-up Saturdays
    made = schedule_backward(UPGRADE, date(2026, 3, 2), CHINA)
    assert dates(made) == {
        "需求确认与设计": "01-23/01-29",
        "需求评审": "01-30/02-02",
        "开发": "02-03/02-14",  # up to the make-up Saturday
        "测试": "02-14/02-27",  # that Saturday, then four days after the festival
        "上线": "02-28/03-02",  # a make-up Saturday and the Monday
    }


def test_backward_equals_forward_from_its_own_start() -> None:
    back = schedule_backward(SOFTWARE, date(2026, 6, 30), CHINA)
    forth = schedule_forward(SOFTWARE, back.phases[0].starts, CHINA)
    assert dates(back) == dates(forth)


def test_what_follows_going_live_runs_forward() -> None:
    made = schedule_backward(SOFTWARE, date(2026, 6, 30), CHINA)
    launch, follow_up = made.phases[-2:]
    assert launch.ends == date(2026, 6, 30)
    assert follow_up.starts == date(2026, 7, 1)
    assert CHINA.length(follow_up.starts, follow_up.ends) == 20


def test_going_live_on_a_saturday() -> None:
    saturday = date(2026, 6, 27)
    made = schedule_backward(SOFTWARE, saturday, CHINA)
    launch = made.phases[-2]
    assert launch.ends == date(2026, 6, 26)
    assert [s.due for s in made.milestones if s.phase_id == launch.id] == [saturday]
    assert made.phases[-1].starts == date(2026, 6, 29)


def test_overlaps_are_shared_working_days() -> None:
    made = schedule_forward(SOFTWARE, date(2026, 3, 2), CHINA)
    spans = {p.name: p for p in made.phases}
    development, testing = spans["开发"], spans["测试"]
    assert CHINA.length(testing.starts, development.ends) == 5


def test_an_overlap_never_starts_before_its_predecessor() -> None:
    made = schedule_forward(SOFTWARE, date(2026, 3, 2), CHINA, days={"development": 2})
    spans = {p.name: p for p in made.phases}
    assert spans["测试"].starts == spans["开发"].starts
    back = schedule_backward(SOFTWARE, date(2026, 6, 30), CHINA, days={"development": 2})
    assert collisions(as_plan(back), CHINA) == ()


def test_backward_without_enough_time_says_how_much_and_where() -> None:
    today, go_live = date(2026, 3, 2), date(2026, 3, 20)
    with pytest.raises(NotEnoughTimeError) as caught:
        schedule_backward(UPGRADE, go_live, CHINA, not_before=today)
    error = caught.value
    # 5 + 2 + 10 + 5 - 1 + 2 = 23 working days are needed, 15 are there
    assert (error.missing, error.phase) == (8, "需求确认与设计")
    assert error.params == {"phase": "需求确认与设计", "n": 8}
    assert error.possible == date(2026, 4, 1)
    assert error.hint == T("plan.possible_go_live", {"day": Day(date(2026, 4, 1))})
    assert schedule_backward(UPGRADE, date(2026, 4, 1), CHINA, not_before=today)
    with pytest.raises(NotEnoughTimeError):
        schedule_backward(UPGRADE, date(2026, 3, 31), CHINA, not_before=today)


def test_backward_with_a_fixed_phase_in_the_way() -> None:
    review = Span(date(2026, 3, 16), date(2026, 3, 17))
    made = schedule_backward(UPGRADE, date(2026, 4, 10), CHINA, fixed={"review": review})
    fixed = made.phases[1]
    assert (fixed.starts, fixed.ends, fixed.fixed) == (review.starts, review.ends, True)
    assert made.phases[0].ends == date(2026, 3, 13), "what comes before makes room"
    with pytest.raises(NotEnoughTimeError) as caught:
        schedule_backward(UPGRADE, date(2026, 4, 7), CHINA, fixed={"review": review})
    assert (caught.value.missing, caught.value.phase) == (2, "开发")
    assert caught.value.hint == T("plan.shorten")


def test_forward_with_a_fixed_phase_that_is_too_early() -> None:
    fixed = {"review": Span(date(2026, 3, 5), date(2026, 3, 6))}
    with pytest.raises(NotEnoughTimeError) as caught:
        schedule_forward(UPGRADE, date(2026, 3, 2), CHINA, fixed=fixed)
    assert (caught.value.missing, caught.value.phase) == (2, "需求评审")


def test_a_fixed_phase_may_start_on_a_day_off() -> None:
    fixed = {"review": Span(date(2026, 3, 7), date(2026, 3, 9))}  # Saturday to Monday
    made = schedule_forward(UPGRADE, date(2026, 3, 2), CHINA, fixed=fixed)
    assert made.phases[2].starts == date(2026, 3, 10)


@pytest.mark.parametrize("days", [0, -3, 501])
def test_lengths_have_limits(days: int) -> None:
    with pytest.raises(UserError) as caught:
        schedule_forward(UPGRADE, date(2026, 3, 2), CHINA, days={"testing": days})
    assert caught.value.key == "plan.length_range"


def test_an_unknown_key_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no phase"):
        schedule_forward(UPGRADE, date(2026, 3, 2), CHINA, days={"nothing": 3})


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.key)
def test_templates_are_sound(template: PlanTemplate) -> None:
    seen: set[str] = set()
    for phase in template.phases:
        assert all(each.key in seen for each in phase.after), "predecessors come first"
        seen.add(phase.key)
        assert phase.names.zh
        assert phase.names.en
        assert [catalogue_item(number).number for number in phase.deliverables]
    assert template.go_live in seen
    assert find_template(template.names.zh) is find_template(template.key.upper()) is template


def test_the_handbooks_stages_produce_deliverables_9_to_26() -> None:
    assert [n for p in SOFTWARE.phases for n in p.deliverables] == list(range(9, 27))


def test_unknown_template() -> None:
    with pytest.raises(NotFoundError) as caught:
        find_template("瀑布")
    assert caught.value.key == "plan.no_template"


@given(
    start=st.dates(date(2024, 1, 1), date(2028, 1, 1)),
    template=st.sampled_from(TEMPLATES),
    data=st.data(),
)
def test_any_lengths_fit_in_both_directions(
    start: date, template: PlanTemplate, data: st.DataObject
) -> None:
    lengths = data.draw(st.fixed_dictionaries({key: st.integers(1, 40) for key in template.days}))
    made = schedule_forward(template, start, CHINA, days=lengths)
    assert collisions(as_plan(made), CHINA) == ()
    assert min(p.starts for p in made.phases) == CHINA.on_or_after(start)
    back = schedule_backward(template, start, CHINA, days=lengths)
    assert collisions(as_plan(back), CHINA) == ()
    by_key = dict(zip(template.days, back.phases, strict=True))
    assert by_key[template.go_live].ends == CHINA.on_or_before(start)
    for key, phase in by_key.items():
        assert CHINA.length(phase.starts, phase.ends) == lengths[key]
        assert CHINA.is_working(phase.starts)
        assert CHINA.is_working(phase.ends)
