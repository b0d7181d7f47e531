"""Change requests that the tests of several dialogs share."""

from __future__ import annotations

from datetime import date

import pytest

from domain.changes.state import ChangeRequest
from domain.ids import new_id
from domain.plans.model import Dependency, Milestone, Phase, PhaseStatus, Plan
from domain.stories import Story, StoryDraft, Verdict
from tests.harness import Team


def add_active_story(team: Team, title: str, plan_id: str | None = None) -> int:
    with team.write() as uow:
        tracker = team.services.tracker(uow, team.product, team.clock.now())
        draft = StoryDraft(
            team.product.id,
            title,
            "原描述",
            "- 可登录",
            plan_id=plan_id,
            assigned_to=team.id("dev"),
            reviewers=(team.id("dev"), team.id("tester")),
        )
        number = tracker.create(draft, team.id("po")).number
        tracker.record_verdict(number, Verdict.PASS, "", team.id("po"))
    return number


def story(team: Team, number: int = 1) -> Story:
    with team.read() as uow:
        return uow.stories.get(number)


def change(team: Team, number: int = 1) -> ChangeRequest:
    with team.read() as uow:
        found = uow.changes.by_number(team.product.id, number)
    assert found is not None
    return found


def plan(team: Team) -> Plan:
    """The plan of :func:`planned`; several companies may stand in one database."""
    with team.read() as uow:
        (found,) = uow.plans.of_product(team.product.id)
    return found


@pytest.fixture
def planned(team: Team) -> Team:
    """A plan of two phases and a milestone, and the active story S1 on it."""
    build, test = new_id(), new_id()
    phases = (
        Phase(
            build,
            "开发",
            date(2026, 11, 16),
            date(2026, 11, 27),
            status=PhaseStatus.ACTIVE,
            deliverables=(18,),
        ),
        Phase(
            test,
            "测试",
            date(2026, 11, 30),
            date(2026, 12, 11),
            predecessors=(Dependency(build),),
            deliverables=(22,),
        ),
    )
    stones = (Milestone(new_id(), "上线", date(2026, 12, 11), test),)
    with team.write() as uow:
        made = Plan(new_id(), team.product.id, "V2.3", phases, stones)
        uow.plans.add(made, by=None, at=team.clock.now())
    add_active_story(team, "短信登录", made.id)
    return team


@pytest.fixture
def submitted(planned: Team) -> Team:
    """CR-1 of dev, submitted: three person-days, two working days."""
    planned.say("dev", "/change S1 改用扫码登录 因为客户要求")
    planned.say("po", "/change submit CR-1 人天=3 顺延=2")
    return planned
