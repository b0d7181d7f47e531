"""Adding to plans, recording what is done, finding parts, and what values refuse."""

from __future__ import annotations

from datetime import datetime

import pytest

from domain.errors import NotFoundError, UserError
from domain.plans import (
    Collision,
    Dependency,
    Part,
    PhaseStatus,
    Plan,
    PlanBaseline,
    Span,
    add_milestone,
    add_phase,
    begin_phase,
    collisions,
    find_milestone,
    find_part,
    find_phase,
    finish_milestone,
    finish_phase,
    link,
    move_milestone,
    move_phase,
    remove_milestone,
    remove_phase,
    reopen_milestone,
    reopen_phase,
    set_progress,
)
from tests.domain.labour_day import CHINA, PLAN, day, phase, stone


def test_done_parts_do_not_move() -> None:
    done = finish_milestone(finish_phase(PLAN, "build", day("05-08")), "fair", day("05-30"))
    for act in (
        lambda: move_phase(done, "build", CHINA, ends=day("05-11")),
        lambda: move_milestone(done, "fair", day("06-01"), CHINA),
        lambda: begin_phase(done, "build"),
        lambda: set_progress(done, "build", 50),
        lambda: finish_phase(done, "build", day("05-09")),
        lambda: finish_milestone(done, "fair", day("05-31")),
    ):
        with pytest.raises(UserError) as caught:
            act()
        assert caught.value.key == "plan.is_done"


def test_progress_and_finishing_can_be_taken_back() -> None:
    begun = set_progress(PLAN, "build", 40)
    assert (begun.phase("build").status, begun.phase("build").progress) == (PhaseStatus.ACTIVE, 40)
    done = finish_phase(begun, "build", day("05-11"))
    assert (done.phase("build").progress, done.phase("build").done_on) == (100, day("05-11"))
    assert done.phase("build").span == PLAN.phase("build").span
    again = reopen_phase(done, "build").phase("build")
    assert (again.status, again.done_on) == (PhaseStatus.ACTIVE, None)
    reached = finish_milestone(PLAN, "fair", day("05-30"))
    assert reopen_milestone(reached, "fair") == PLAN
    with pytest.raises(UserError, match=r"plan\.not_done"):
        reopen_phase(PLAN, "build")
    with pytest.raises(UserError, match=r"plan\.progress_range"):
        set_progress(PLAN, "build", 101)


def test_circles_are_refused_and_named() -> None:
    with pytest.raises(UserError) as caught:
        link(PLAN, "design", "launch")
    assert caught.value.key == "plan.cycle"
    circle = str(caught.value.params["names"]).split(" → ")
    assert circle[0] == circle[-1]
    assert {"design", "launch"} <= set(circle)
    with pytest.raises(UserError, match=r"plan\.cycle"):
        link(PLAN, "build", "build")


def test_adding_and_removing() -> None:
    extra = phase("pilot", "05-18", "05-22", "test")
    wider = add_phase(PLAN, extra, position=5)
    assert [each.name for each in wider.phases].index("pilot") == 4
    assert remove_phase(wider, "pilot") == PLAN
    with pytest.raises(UserError, match=r"plan\.phase_exists"):
        add_phase(PLAN, phase(" Build", "05-18", "05-22"))
    with pytest.raises(NotFoundError, match=r"deliverable\.no_number"):
        add_phase(PLAN, phase("x", "05-18", "05-22", deliverables=(27,)))
    more = add_milestone(PLAN, stone("party", "06-01"))
    assert remove_milestone(more, "party") == PLAN
    with pytest.raises(UserError, match=r"plan\.phase_exists"):
        add_milestone(PLAN, stone("fair", "06-01", id="other"))


def test_removing_a_phase_closes_the_gap() -> None:
    without = remove_phase(PLAN, "test")
    assert {each.phase_id for each in without.phase("launch").predecessors} == {"manual", "build"}
    assert [each.name for each in remove_phase(PLAN, "build").milestones] == ["go-live", "fair"]


def test_links_have_lags() -> None:
    overlapping = link(PLAN, "test", "build", lag=-2)
    assert overlapping.phase("test").predecessors == (Dependency("build", -2),)
    earlier = move_phase(overlapping, "test", CHINA, starts=day("05-07"))
    assert earlier.collisions == ()
    gap = link(PLAN, "test", "build", lag=1)
    assert collisions(gap, CHINA) == (Collision("build", "test", Part.PHASE, 1),)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        pytest.param("2", "build", id="number"),
        pytest.param(" Build ", "build", id="name"),
        pytest.param("laun", "launch", id="part of the name"),
    ],
)
def test_find_phase(word: str, name: str) -> None:
    assert find_phase(PLAN, word).name == name
    assert find_part(PLAN, word).name == name


@pytest.mark.parametrize("word", ["9", "0", "", "nothing", "²"])
def test_phases_that_are_not_there(word: str) -> None:
    with pytest.raises(NotFoundError):
        find_phase(PLAN, word)
    with pytest.raises(NotFoundError):
        find_part(PLAN, word)


def test_find_names_the_candidates() -> None:
    with pytest.raises(UserError) as caught:
        find_phase(PLAN, "n")
    assert caught.value.params["names"] == "design, manual, launch"
    assert find_milestone(PLAN, "go").name == find_part(PLAN, "go-live").name == "go-live"
    assert find_milestone(PLAN, "3").name == "fair"


def test_values_check_themselves() -> None:
    start = datetime(2026, 4, 1)  # noqa: DTZ001 - a naive one is what must be refused
    for make in (
        lambda: phase("", "04-01", "04-02"),
        lambda: phase("a", "04-01", "04-02", status=PhaseStatus.DONE),
        lambda: phase("a", "04-01", "04-02", done_on=day("04-02")),
        lambda: stone(" ", "04-01"),
        lambda: Plan("p", "q", ""),
        lambda: Plan("p", "q", "n", (phase("a", "04-01", "04-02"), phase("a", "04-01", "04-02"))),
        lambda: Plan("p", "q", "n", (phase("a", "04-01", "04-02", "other"),)),
        lambda: Plan("p", "q", "n", (), (stone("a", "04-01", "other"),)),
        lambda: PlanBaseline("b", "p", "n", start, "po", (), ()),
    ):
        with pytest.raises(ValueError, match=r"."):
            make()
    with pytest.raises(UserError, match=r"plan\.ends_before_starts"):
        phase("a", "04-02", "04-01")


def test_the_span_of_a_plan() -> None:
    assert PLAN.span == Span(day("04-20"), day("05-30"))
    assert Plan("p", "q", "n").span is None


def test_long_plans_are_handled_quickly() -> None:
    chain = [phase("0", "04-20", "04-24")]
    chain += [phase(str(i), "04-20", "04-24", str(i - 1)) for i in range(1, 1500)]
    assert len(Plan("p", "q", "n", tuple(chain)).phases) == 1500
