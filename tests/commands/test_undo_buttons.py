"""Every button that says "undo" leaves everything as it was before, and says so in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from domain.messages import Action, Code, T
from domain.people import ARCHIVED
from tests.harness import Team


def _state(team: Team) -> dict[str, Any]:
    """What people would notice, without the trace that acts leave in the audit."""
    with team.read() as uow:
        plan = uow.plans.active(team.product.id)
        return {
            "workspace": (uow.people.workspace(), dict(uow.people.workspace_settings())),
            "people": uow.people.all(with_inactive=True),
            "roles": frozenset(uow.people.grants()),
            "products": uow.products.all(),
            "channels": frozenset((*uow.channels.all(), *uow.channels.all(ARCHIVED))),
            "days": uow.company_days.all(),
            "away": [(a.person_id, a.first, a.last, a.note) for a in uow.people.absences(date.min)],
            "rules": uow.rules.of(team.product.id),
            "plan": plan and (plan.phases, plan.milestones, plan.name, plan.status),
            "deliverables": uow.deliverables.of_product(team.product.id, plan.id if plan else None),
            "items": uow.actions.open_of(team.product.id),
        }


def _undo(team: Team, who: str, line: str) -> Action:
    """The button of the reply to a line."""
    answer = team.ask(team.request(who, line))
    shown = team.shown(who, answer)
    assert not answer.failed, shown
    found = [
        a
        for card in answer.reply.cards
        for a in card.actions
        if a.label == T("core.undo") or (isinstance(a.label, Code) and "undo" in a.command)
    ]
    assert len(found) == 1, shown
    return found[0]


@dataclass(frozen=True)
class Case:
    """What was done before, and the line whose undo button is pressed."""

    who: str
    line: str
    before: tuple[tuple[str, str], ...] = ()


CASES = [
    pytest.param(Case("po", "/team rename @dev 李大雷"), id="rename"),
    pytest.param(Case("po", "/team rename @dev Li Lei 2026-12-01"), id="rename, with a date"),
    pytest.param(
        Case("po", "/team rename @dev 李雷", (("po", "/team rename @dev “李 雷”"),)),
        id="rename from a name with a space",
    ),
    pytest.param(Case("po", "/team role @dev tester"), id="role"),
    pytest.param(Case("po", "/team unrole @tester tester"), id="role taken"),
    pytest.param(Case("admin", "/team remove @sales"), id="person switched off"),
    pytest.param(
        Case("po", "/setup rule review_rule chair", (("po", "/setup rule review_rule majority"),)),
        id="rule",
    ),
    pytest.param(
        Case(
            "po", "/setup rule change_roles po,pm", (("po", "/setup rule change_roles pm,sales"),)
        ),
        id="rule with several values",
    ),
    pytest.param(Case("admin", "/setup country DE"), id="country"),
    pytest.param(Case("admin", "/setup day off 2026-12-31 年会"), id="company day"),
    pytest.param(Case("po", "/setup unbind"), id="unbind"),
    pytest.param(Case("po", "/setup channel rename 研发二部"), id="channel renamed"),
    pytest.param(
        Case("po", "/setup channel archive 研发", (("po", "/setup channel new 研发"),)),
        id="channel put away",
    ),
    pytest.param(
        Case("po", "/setup channel archive 研发 二部", (("po", "/setup channel new 研发 二部"),)),
        id="channel with a space put away",
    ),
    pytest.param(Case("po", "/digest config 10:15"), id="digest hour"),
    pytest.param(Case("po", "/digest config off"), id="digest off"),
    pytest.param(
        Case("po", "/digest config 10:15", (("po", "/digest config off"),)), id="digest on"
    ),
    pytest.param(Case("po", "/standup config 09:10"), id="standup on"),
    pytest.param(
        Case("po", "/standup config off", (("po", "/standup config 09:10"),)), id="standup off"
    ),
    pytest.param(Case("dev", "/standup away 2026-12-01 2026-12-03"), id="absence"),
    pytest.param(Case("po", "/reminders rules phase_ends off"), id="reminder off"),
    pytest.param(
        Case(
            "po",
            "/reminders rules phase_ends off",
            (("po", "/reminders rules phase_ends offsets=-5,-2 hour=10:00"),),
        ),
        id="reminder of its own off",
    ),
    pytest.param(
        Case("po", "/reminders rules phase_ends offsets=-5,-2 hour=10:00"),
        id="reminder on other days",
    ),
]


@pytest.mark.parametrize("case", CASES)
def test_undo_brings_back_what_was(team: Team, case: Case) -> None:
    for who, line in case.before:
        assert not team.ask(team.request(who, line)).failed, line
    was = _state(team)
    button = _undo(team, case.who, case.line)
    assert _state(team) != was
    answer = team.ask(team.request(case.who, button.command))
    assert not answer.failed, f"{button.command}: {team.shown(case.who, answer)}"
    assert _state(team) == was, button.command


@pytest.mark.parametrize("case", CASES)
def test_undo_is_offered_in_english_too(english_team: Team, case: Case) -> None:
    for who, line in case.before:
        english_team.ask(english_team.request(who, line))
    assert "Undo" in english_team.say(case.who, case.line)
