"""Change requests that the tests of several dialogs share."""

from __future__ import annotations

from datetime import date

import pytest

from domain.changes.state import ChangeRequest
from domain.plans.model import Dependency, Milestone, Phase, PhaseStatus, Plan
from domain.stories import Story, StoryDraft, Verdict
from tests.harness import Team

PLAN = "plan-of-change-tests"


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


@pytest.fixture
def planned(team: Team) -> Team:
    """A plan of two phases and a milestone, and the active story S1 on it."""
    phases = (
        Phase(
            "p1",
            "开发",
            date(2026, 11, 16),
            date(2026, 11, 27),
            status=PhaseStatus.ACTIVE,
            deliverables=(18,),
        ),
        Phase(
            "p2",
            "测试",
            date(2026, 11, 30),
            date(2026, 12, 11),
            predecessors=(Dependency("p1"),),
            deliverables=(22,),
        ),
    )
    stones = (Milestone("m1", "上线", date(2026, 12, 11), "p2"),)
    with team.write() as uow:
        plan = Plan(PLAN, team.product.id, "V2.3", phases, stones)
        uow.plans.add(plan, by=None, at=team.clock.now())
    add_active_story(team, "短信登录", PLAN)
    return team


@pytest.fixture
def submitted(planned: Team) -> Team:
    """CR-1 of dev, submitted: three person-days, two working days."""
    planned.say("dev", "/change S1 改用扫码登录 因为客户要求")
    planned.say("po", "/change submit CR-1 人天=3 顺延=2")
    return planned
