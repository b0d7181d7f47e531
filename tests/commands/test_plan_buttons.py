"""What a plan's buttons say to type: names where a name finds it, and the id only where not."""

from __future__ import annotations

import re
from datetime import timedelta

from domain.message_json import from_json, to_json
from domain.messages import Action, Card
from domain.scoping import scoped
from tests.commands.plan_sheets import NEW
from tests.harness import Team

ID = re.compile(r"\b[0-9a-z]{26}\b")


def _late(team: Team) -> str:
    team.say("po", NEW)
    team.clock.advance(timedelta(days=400))
    return team.say("po", "/plan")


def test_nobody_types_an_id(team: Team) -> None:
    shown = _late(team)
    lines = [line for line in shown.splitlines() if "plan phase done" in line]
    assert lines
    assert ID.search(shown) is None
    command = lines[0].partition("/")[2]
    assert "完成" in team.say("po", f"/{command}")
    assert ID.search(team.say("po", "/plan list")) is None


def test_the_button_itself_keeps_the_id(team: Team) -> None:
    _late(team)
    card = team.ask(team.request("po", "/plan")).reply.cards[0]
    done = next(a for a in card.actions if "phase done" in a.command)
    assert ID.search(done.command)
    assert not ID.search(done.typed)


def test_in_a_plan_that_is_not_the_current_one_only_the_id_finds_it(team: Team) -> None:
    team.say("po", NEW)
    team.say("po", "计划 新建 V3.0 版本升级 12-01")
    team.clock.advance(timedelta(days=400))
    shown = {name: team.say("po", f"/plan show {name}") for name in ("V2.0", "V3.0")}
    with_ids = [name for name, text in shown.items() if ID.search(text)]
    assert len(with_ids) == 1
    with team.read() as uow:
        plan = uow.plans.active(team.product.id)
    assert plan is not None
    assert with_ids[0] not in (plan.name, plan.release)


def test_what_is_typed_names_the_product_elsewhere() -> None:
    card = Card("x", actions=(Action("a", "plan phase done 1", typed="plan phase done 开发"),))
    assert from_json(to_json(card)) == card
    (action,) = scoped(card, "tms").actions
    assert action.command == "plan phase done 1 in=tms"
    assert action.typed == "plan phase done 开发 in=tms"
    (plain,) = scoped(Card("x", actions=(Action("a", "plan"),)), "tms").actions
    assert plain.typed == ""
