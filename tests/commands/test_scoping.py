"""With several products, a button in a personal message still means the product it came from."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from domain.ids import new_id
from domain.messages import Action, Bullet, Bullets, Card
from domain.people import Channel, Product, Role, RoleGrant
from domain.scoping import scoped
from reminders.tick import Services as TickServices
from reminders.tick import tick
from tests.harness import Team


@pytest.fixture
def two(team: Team) -> str:
    """A second product in which nothing happens; the id of the product owner's conversation."""
    with team.write() as uow:
        other = Product(new_id(), "wms", "仓储系统")
        uow.products.add(other)
        uow.people.grant(RoleGrant(team.id("po"), Role.PO, other.id), new_id())
        direct = Channel(
            new_id(), "web", "direct:po", "陈敏", kind="direct", person_id=team.id("po")
        )
        uow.channels.add(direct)
    return direct.id


def _direct(team: Team, channel: str, line: str) -> str:
    return team.shown("po", team.ask(team.request("po", line, channel=channel)))


def test_a_direct_conversation_must_know_the_product(team: Team, two: str) -> None:
    assert "您说的是哪个产品" in _direct(team, two, "/setup rule change_quorum 2")
    assert "已设为 2" in _direct(team, two, "/setup rule change_quorum 2 in=wms")
    with team.read() as uow:
        assert uow.products.get(team.product.id).settings == ()


def test_a_story_names_its_product(team: Team, two: str) -> None:
    team.say("po", "/story new 登录改版")
    assert "登录改版" in _direct(team, two, "/story show S1")


def test_an_unknown_product_is_named(team: Team, two: str) -> None:
    assert "nowhere" in _direct(team, two, "/setup in=nowhere")


def test_a_button_of_a_personal_message_works_where_it_is_read(team: Team, two: str) -> None:
    team.say("po", "/story new 登录改版")
    team.say("dev", "/change log S1 改为手机号登录")
    team.submit("dev", "change submit", change="CR-1", effort="1", days="0")
    message = next(m for m in team.sent("po") if "change approve" in m)
    found = re.search(r"/(change approve [^\n]*)", message)
    assert found is not None
    assert "in=tms" in found.group(1)
    assert "已批准" in _direct(team, two, found.group(1))


def test_a_command_that_names_a_product_keeps_it() -> None:
    card = Card(
        "t", (Bullets((Bullet("x", (Action("go", "plan in=a"),)),)),), (Action("g", "plan"),)
    )
    done = scoped(card, "b")
    assert done.actions[0].command == "plan in=b"
    block = done.blocks[0]
    assert isinstance(block, Bullets)
    assert block.items[0].actions[0].command == "plan in=a"


def test_a_reminder_names_the_product_of_what_it_reminds_of(team: Team, two: str) -> None:
    team.say("po", "/action add @po 明天 和客户确认口径")
    team.clock.advance(timedelta(days=1, hours=1))
    tick(team.store, team.workspace.id, TickServices(team.services.holidays), team.clock.now())
    message = next(m for m in team.sent("po") if "和客户确认口径" in m)
    found = re.search(r"/(action done [^\n]*)", message)
    assert found is not None
    assert "in=tms" in found.group(1)
    assert "和客户确认口径" in _direct(team, two, found.group(1))
