"""Plans and deliverables come back as they went in, and every change of a plan can be gone back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from domain.deliverables import Deliverable, DeliverableStatus, DeliverableVersion
from domain.errors import ConflictError, NotFoundError
from domain.ids import new_id
from domain.people import Product
from domain.plan_deliverables import align
from domain.plans import (
    Dependency,
    Milestone,
    Phase,
    PhaseStatus,
    Plan,
    PlanBaseline,
    PlanStatus,
    remove_phase,
)
from storage.plans import Plans
from storage.schedule import AT_ONCE, DueSubject
from storage.uow import UnitOfWork
from tests.harness import MONDAY, Team

LATER = MONDAY + timedelta(hours=1)


def make(team: Team, name: str = "V2.0 上线计划") -> Plan:
    ids = [new_id() for _ in range(3)]
    return Plan(
        new_id(),
        team.product.id,
        name,
        (
            Phase(ids[0], "设计", date(2026, 9, 14), date(2026, 9, 25), owner=team.id("dev"),
                  deliverables=(11, 12), gate="定稿", progress=100, status=PhaseStatus.DONE,
                  done_on=date(2026, 9, 24)),
            Phase(ids[1], "开发", date(2026, 9, 21), date(2026, 10, 13), progress=60,
                  predecessors=(Dependency(ids[0], -3),), status=PhaseStatus.ACTIVE),
            Phase(ids[2], "上线", date(2026, 10, 19), date(2026, 11, 4), fixed=True,
                  predecessors=(Dependency(ids[1]), Dependency(ids[0], 5)),
                  deliverables=(22, 26)),
        ),
        (
            Milestone(new_id(), "定稿", date(2026, 9, 25), ids[0], done_on=date(2026, 9, 24)),
            Milestone(new_id(), "正式上线", date(2026, 11, 6), fixed=True),
        ),
        release="V2.0",
        tracker_ref="7",
    )  # fmt: skip


def stored(team: Team, plan: Plan) -> Plan:
    with team.write() as uow:
        uow.plans.add(plan, by=team.id("po"), at=MONDAY)
        uow.deliverables.apply(align(plan, ()))
    return plan


def pending(uow: UnitOfWork, team: Team) -> list[DueSubject]:
    """What of plans is to be looked at, whenever (the channel's daily round apart)."""
    return [each for each in uow.schedule.of_product(team.product.id) if each.kind != "channel"]


def waiting(uow: UnitOfWork, team: Team) -> set[tuple[str, str]]:
    every = pending(uow, team)
    return {(each.kind, each.subject_id) for each in every if each.next_at == AT_ONCE}


def settle(team: Team) -> None:
    """As after a tick: everything is to be looked at in ten years."""
    with team.write() as uow:
        for each in uow.schedule.of_product(team.product.id):
            far = datetime(2036, 1, 1, tzinfo=UTC)
            uow.schedule.set(each.kind, each.subject_id, each.product_id, far)


@contextmanager
def counted(uow: UnitOfWork) -> Iterator[list[str]]:
    """The statements that a block sends."""
    seen: list[str] = []

    def look(*args: Any) -> None:
        seen.append(str(args[2]))

    connection = uow._connection  # pyright: ignore[reportPrivateUsage]
    event.listen(connection, "before_cursor_execute", look)
    yield seen
    event.remove(connection, "before_cursor_execute", look)


def test_a_plan_comes_back_whole(team: Team) -> None:
    plan = stored(team, make(team))
    with team.read() as uow:
        assert uow.plans.get(plan.id) == plan
        assert uow.plans.active(team.product.id) == plan
        assert uow.plans.by_name(team.product.id, "v2.0 上线计划 ") == plan
        assert uow.plans.by_name(team.product.id, "v2.0") == plan
        assert uow.plans.phase(plan.phases[1].id) == (plan, plan.phases[1])
        assert uow.plans.milestone(plan.milestones[1].id) == (plan, plan.milestones[1])
        assert uow.plans.phase(new_id()) is None
        assert uow.plans.revision(plan.id) == (1, MONDAY)
        with pytest.raises(NotFoundError):
            uow.plans.get(new_id())


def test_a_new_plan_is_looked_at_by_the_next_tick(team: Team) -> None:
    plan = stored(team, make(team))
    with team.read() as uow:
        ids = {d.id for d in uow.deliverables.of_plan(plan.id)}
        assert waiting(uow, team) == (
            {("plan", plan.id)}
            | {("phase", p.id) for p in plan.phases}
            | {("milestone", m.id) for m in plan.milestones}
            | {("deliverable", each) for each in ids}
        )


def test_a_change_wakes_what_it_touches_and_nothing_else(team: Team) -> None:
    plan = stored(team, make(team))
    settle(team)
    last = plan.phases[2]
    moved = plan.with_phases([replace(last, ends=date(2026, 11, 5))])
    with team.write() as uow:
        uow.plans.save(moved, by=team.id("po"), at=LATER, act="moved")
    with team.read() as uow:
        due = {d.id: d.due_on for d in uow.deliverables.of_phase(last.id)}
        assert set(due.values()) == {date(2026, 11, 5)}
        assert waiting(uow, team) == {("plan", plan.id), ("phase", last.id)} | {
            ("deliverable", each) for each in due
        }
        assert uow.plans.get(plan.id) == moved
        assert uow.plans.revision(plan.id) == (2, LATER)


def test_removed_parts_leave_the_schedule(team: Team) -> None:
    plan = stored(team, make(team))
    shorter = remove_phase(plan, plan.phases[0].id)
    with team.write() as uow:
        uow.plans.save(shorter, by=None, at=LATER)
        uow.deliverables.apply(align(shorter, uow.deliverables.of_plan(plan.id)))
    with team.read() as uow:
        assert uow.plans.get(plan.id) == shorter
        kinds = [each.kind for each in pending(uow, team)]
        assert sorted(kinds) == sorted(
            ["plan", "phase", "phase", "milestone", "deliverable", "deliverable"]
        )
        assert [d.number for d in uow.deliverables.of_plan(plan.id)] == [22, 26]


def test_order_of_phases_is_kept(team: Team) -> None:
    plan = stored(team, make(team))
    turned = replace(plan, phases=plan.phases[::-1], milestones=plan.milestones[::-1])
    with team.write() as uow:
        uow.plans.save(turned, by=None, at=LATER)
    with team.read() as uow:
        assert uow.plans.get(plan.id) == turned


def test_going_back_step_by_step_to_nothing(team: Team) -> None:
    plan = stored(team, make(team))
    renamed = replace(plan, name="新名字")
    shorter = remove_phase(renamed, plan.phases[1].id)
    with team.write() as uow:
        uow.plans.save(renamed, by=team.id("po"), at=LATER, act="renamed")
        uow.plans.save(shorter, by=team.id("pm"), at=LATER, act="phase_removed")
    for kind, expected in (("phase_removed", renamed), ("renamed", plan)):
        with team.write() as uow:
            last = uow.plans.last_act(plan.id)
            assert last is not None
            assert (last.act.kind, last.before) == (kind, expected)
            uow.plans.save(expected, by=None, at=LATER, act="undone", undoes=last.act.revision)
            assert uow.plans.get(plan.id) == expected
    with team.write() as uow:
        last = uow.plans.last_act(plan.id)
        assert last is not None
        assert (last.act.kind, last.before, last.by) == ("made", None, team.id("po"))
        uow.plans.remove(plan.id)
    with team.read() as uow:
        assert uow.plans.of_product(team.product.id) == ()
        assert uow.deliverables.of_plan(plan.id) == ()
        assert pending(uow, team) == []


def test_the_current_plan_is_the_one_made_current_last(team: Team) -> None:
    first, second = stored(team, make(team, "一期")), make(team, "二期")
    with team.write() as uow:
        uow.plans.add(second, by=None, at=LATER)
    with team.write() as uow:
        assert uow.plans.active(team.product.id) == second
        uow.plans.activate(first.id, by=None, at=LATER + timedelta(hours=1))
    with team.write() as uow:
        assert uow.plans.active(team.product.id) == first
        assert uow.plans.of_product(team.product.id) == (first, second)
        uow.plans.deactivate(first.id, by=None, at=LATER)
        uow.plans.deactivate(second.id, by=None, at=LATER)
    with team.write() as uow:
        assert uow.plans.active(team.product.id) is None
        assert {p.status for p in uow.plans.of_product(team.product.id)} == {PlanStatus.CLOSED}
        assert {each.kind for each in pending(uow, team)} == {"plan"}
        again = uow.plans.activate(second.id, by=None, at=LATER)
        assert again == second
        assert ("phase", second.phases[0].id) in waiting(uow, team)


def test_two_people_at_once_do_not_overwrite_each_other(team: Team) -> None:
    plan = stored(team, make(team))
    with pytest.raises(ConflictError), team.write() as uow:
        mine = uow.plans.get(plan.id)
        # What another process commits in between, seen from this transaction.
        connection = uow._connection  # pyright: ignore[reportPrivateUsage]
        other = Plans(connection, uow.workspace_id, team.clock)
        other.save(replace(plan, name="别人的"), by=None, at=LATER)
        uow.plans.get(plan.id)
        uow.plans.save(replace(mine, name="我的"), by=None, at=LATER)


def test_a_baseline_stays_as_it_was(team: Team) -> None:
    plan = stored(team, make(team))
    baseline = PlanBaseline(
        new_id(), plan.id, "评审时", MONDAY, team.id("po"), plan.phases, plan.milestones
    )
    with team.write() as uow:
        uow.plans.add_baseline(baseline)
        uow.plans.save(remove_phase(plan, plan.phases[0].id), by=None, at=LATER)
    with team.read() as uow:
        assert uow.plans.baselines(plan.id) == (baseline,)


@pytest.mark.parametrize("products", [1, 20])
def test_loading_many_plans_takes_a_few_queries(team: Team, products: int) -> None:
    ids: list[str] = []
    with team.write() as uow:
        for number in range(products):
            product = Product(new_id(), f"p{number}", f"产品 {number}")
            uow.products.add(product)
            ids.append(product.id)
            uow.plans.add(replace(make(team), product_id=product.id), by=None, at=MONDAY)
    with team.read() as uow, counted(uow) as seen:
        found = uow.plans.active_many(ids)
        uow.plans.phases([p.phases[0].id for p in found.values()])
        uow.deliverables.missing_of_phases([p.phases[2].id for p in found.values()])
    assert set(found) == set(ids)
    assert len([s for s in seen if s.lstrip().upper().startswith("SELECT")]) <= 9


def test_a_deliverable_comes_back_with_its_versions(team: Team) -> None:
    plan = stored(team, make(team))
    with team.write() as uow:
        each = uow.deliverables.by_number(team.product.id, 22, plan.id)
        assert each is not None
        assert (each.due, each.due_on) == (None, date(2026, 11, 4))
        version = DeliverableVersion(1, "手册", team.id("dev"), MONDAY, url="https://x.test/1")
        changed = replace(
            each,
            owner=team.id("dev"),
            due=date(2026, 11, 1),
            status=DeliverableStatus.DRAFTED,
            versions=(version,),
            reason="先写",
        )
        uow.deliverables.save(changed)
        uow.deliverables.record(each, "draft", {"version": 1}, actor=team.id("dev"), at=MONDAY)
    with team.write() as uow:
        assert uow.deliverables.get(each.id) == changed
        assert changed.due_on == date(2026, 11, 1)
        assert [e.type for e in uow.deliverables.history(each.id)] == ["draft"]
        assert [d.number for d in uow.deliverables.missing_of_phase(plan.phases[2].id)] == [22]
        uow.deliverables.save(replace(changed, versions=(), status=DeliverableStatus.SUBMITTED))
        assert uow.deliverables.missing_of_phase(plan.phases[2].id) == ()
        numbers = [d.number for d in uow.deliverables.open_of(team.product.id, [plan.id])]
        assert numbers == [11, 12, 22, 26]


def test_a_product_has_each_deliverable_once(team: Team) -> None:
    with team.write() as uow:
        uow.deliverables.save(Deliverable(new_id(), team.product.id, 5))
    with team.read() as uow:
        assert uow.deliverables.by_number(team.product.id, 5) is not None
        assert [d.number for d in uow.deliverables.of_product(team.product.id)] == [5]
    with pytest.raises(ConflictError), team.write() as uow:
        uow.deliverables.save(Deliverable(new_id(), team.product.id, 5))


def test_what_was_begun_survives_the_removal_of_its_phase(team: Team) -> None:
    plan = stored(team, make(team))
    with team.write() as uow:
        each = uow.deliverables.by_number(team.product.id, 11, plan.id)
        assert each is not None
        uow.deliverables.save(replace(each, owner=team.id("dev")))
        shorter = remove_phase(plan, plan.phases[0].id)
        uow.plans.save(shorter, by=None, at=LATER)
        uow.deliverables.apply(align(shorter, uow.deliverables.of_plan(plan.id)))
        kept = uow.deliverables.of_plan(plan.id)
        assert [(d.number, d.phase_id) for d in kept][:1] == [(11, None)]
        uow.plans.save(plan, by=None, at=LATER, act="undone", undoes=2)
        uow.deliverables.apply(align(plan, uow.deliverables.of_plan(plan.id)))
        back = uow.deliverables.of_plan(plan.id)
    assert [(d.number, d.phase_id) for d in back] == [
        (11, plan.phases[0].id),
        (12, plan.phases[0].id),
        (22, plan.phases[2].id),
        (26, plan.phases[2].id),
    ]
