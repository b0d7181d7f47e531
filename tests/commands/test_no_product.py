"""Where no product is known: nothing is asked that cannot be used, and a button puts it right."""

from __future__ import annotations

import pytest

from commands.catalog import build_registry
from domain.messages import Reply
from domain.people import Channel, Product, Role, RoleGrant
from tests.harness import Team

NEEDING = [
    f"{command.name} {sub.name}"
    for command in build_registry().commands
    for sub in command.subcommands
    if sub.needs_product
]
REFUSED = "这里还没有绑定产品。"

FREE = (
    "action list", "help show", "reminders mine", "reminders why", "setup show", "setup product",
    "setup channel", "standup answer", "standup away", "team list", "team add", "team language",
)  # fmt: skip


@pytest.fixture
def unbound(team: Team) -> Team:
    """The team's channel, without its product; the product owner may do everything."""
    team.say("po", "/setup unbind")
    with team.write() as uow:
        for role in (Role.ADMIN, Role.PM):
            uow.people.grant(RoleGrant(team.id("po"), role), f"{role.value:0>26}")
    return team


def _commands(reply: Reply) -> list[str]:
    return [a.command for card in reply.cards for a in card.actions]


def _direct(team: Team) -> str:
    channel = Channel("d" * 26, "web", "direct:po", "陈敏", "direct", person_id=team.id("po"))
    with team.write() as uow:
        uow.channels.add(channel)
    return channel.id


def test_it_is_refused_before_any_form(unbound: Team) -> None:
    assert {"plan import", "change log", "story new", "review start", "setup rule"} <= set(NEEDING)
    answers = {line: unbound.ask(unbound.request("po", f"/{line}")) for line in NEEDING}
    assert [line for line, a in answers.items() if a.reply.form or not a.failed] == []
    shown = {line: unbound.shown("po", answer) for line, answer in answers.items()}
    assert [line for line, text in shown.items() if REFUSED not in text] == []


def test_what_needs_no_product_goes_on(unbound: Team) -> None:
    assert [line for line in FREE if REFUSED in unbound.say("po", f"/{line}")] == []


def test_the_refusal_leads_on(unbound: Team) -> None:
    reply = unbound.ask(unbound.request("po", "/plan import")).reply
    assert _commands(reply) == ["setup product tms", "setup product", "setup demo load"]
    assert "已绑定到 物流运输管理系统" in unbound.say("po", _commands(reply)[0])
    assert unbound.ask(unbound.request("po", "/plan import")).reply.form is not None


def test_alone_with_duban_the_same_line_names_its_product(team: Team) -> None:
    here = _direct(team)
    with team.write() as uow:
        other = Product("p" * 26, "wms", "仓储系统")
        uow.products.add(other)
        uow.people.grant(RoleGrant(team.id("po"), Role.PO, other.id), "g" * 26)
    answer = team.ask(team.request("po", "/story new", channel=here))
    assert "您说的是哪个产品" in team.shown("po", answer)
    assert _commands(answer.reply) == ["story new in=tms", "story new in=wms"]
    assert team.ask(team.request("po", "story new in=wms", channel=here)).reply.form is not None


def test_before_the_first_product(team: Team) -> None:
    with team.write() as uow:
        uow.people.grant(RoleGrant(team.id("po"), Role.ADMIN), "a" * 26)
        uow.products.remove(team.product.id)
    answer = team.ask(team.request("po", "/plan new", channel=_direct(team)))
    assert "还没有产品" in team.shown("po", answer)
    assert _commands(answer.reply) == ["setup demo load"]


def test_english(english_team: Team) -> None:
    english_team.say("po", "/setup unbind")
    shown = english_team.say("po", "/plan new")
    assert "No product is bound here" in shown
    assert "Bind 物流运输管理系统" in shown
