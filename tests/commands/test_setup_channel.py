"""A second channel: made, renamed, put away and brought back by command, where Duban holds them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.people import ARCHIVED, Channel, Product, Role, RoleGrant
from tests.harness import Team


def _channel(team: Team, name: str, kind: str = "channel") -> Channel | None:
    with team.read() as uow:
        return uow.channels.by_name("web", name, kind=kind)


def _say_in(team: Team, handle: str, text: str, channel: str | None) -> str:
    return team.shown(handle, team.ask(team.request(handle, text, channel=channel)))


def test_a_second_product_gets_a_home(team: Team) -> None:
    shown = team.say("po", "/设置 频道 新建 #仓储")
    assert "频道 仓储 已新建" in shown
    made = _channel(team, "仓储")
    assert made is not None
    assert any("新频道已建好" in card and "/setup product" in card for card in team.sent())
    assert "已新建产品 仓储系统" in _say_in(team, "po", "/setup product 仓储系统", made.id)
    with team.read() as uow:
        product = uow.products.by_key("仓储系统")
        assert product is not None
        assert uow.channels.get(made.id).product_id == product.id
        assert uow.channels.get(team.channel.id).product_id == team.product.id


def test_what_is_missing_is_asked_for(team: Team) -> None:
    form = team.ask(team.request("po", "/setup channel new")).reply.form
    assert form is not None
    assert [(f.name, f.value) for f in form.fields] == [("what", "new"), ("name", "")]
    assert "频道 仓储 已新建" in team.submit("po", "setup channel", what="new", name="仓储")


def test_a_name_is_taken_once(team: Team) -> None:
    assert "已经有名为“物流”的频道" in team.say("po", "/setup channel new 物流")
    team.say("po", "/setup channel new 仓储")
    assert "已经有名为“仓储”的频道" in team.say("po", "/setup channel rename 仓储")


def test_this_channel_is_renamed_and_back(team: Team) -> None:
    shown = team.say("po", "/setup channel rename 物流 二期")
    assert "频道 物流 已改名为 物流 二期" in shown
    assert "/setup channel rename 物流" in shown
    assert _channel(team, "物流 二期") is not None
    team.say("po", "/setup channel rename 物流")
    assert _channel(team, "物流") is not None


def test_an_archived_channel_is_seen_nowhere_and_comes_back_as_it_was(team: Team) -> None:
    team.say("po", "/setup channel new 仓储")
    made = _channel(team, "仓储")
    assert made is not None
    _say_in(team, "po", "/setup product tms", made.id)
    bound = _channel(team, "仓储")
    assert "频道 仓储 已归档" in team.say("po", "/setup channel archive 仓储")
    with team.read() as uow:
        assert [c.name for c in uow.channels.all()] == ["物流"]
        assert [c.name for c in uow.channels.of_product(team.product.id)] == ["物流"]
    assert "已归档" in team.say("po", "/setup channel new 仓储")
    assert "频道 仓储 已恢复" in team.say("po", "/setup channel restore 仓储")
    assert _channel(team, "仓储") == bound
    assert _channel(team, "仓储", ARCHIVED) is None


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param("/setup channel archive 物流", "不能归档您正在用的频道", id="this one"),
        pytest.param("/setup channel archive 没有", "找不到这个频道", id="unknown"),
        pytest.param("/setup channel restore 没有", "找不到这个频道", id="nothing to restore"),
        pytest.param("/setup channel new ＃", "给频道一个名称", id="no name"),
    ],
)
def test_what_cannot_be_done_says_why(team: Team, line: str, shown: str) -> None:
    assert shown in team.say("po", line)


def test_the_last_channel_stays(team: Team) -> None:
    with team.write() as uow:
        direct = Channel("d" * 26, "web", "direct:po", "陈敏", "direct", person_id=team.id("po"))
        uow.channels.add(direct)
    assert "最后一个频道" in _say_in(team, "po", "setup channel archive 物流", direct.id)


def test_a_channel_with_an_open_review_stays(team: Team) -> None:
    team.say("po", "/setup channel new 仓储")
    made = _channel(team, "仓储")
    assert made is not None
    _say_in(team, "po", "/setup product tms", made.id)
    _say_in(team, "po", "/review start 登录改版", made.id)
    assert "正在进行的评审" in team.say("po", "/setup channel archive 仓储")


def test_another_products_channel_is_not_put_away_by_strangers(team: Team) -> None:
    with team.write() as uow:
        other = Product("p" * 26, "wms", "仓储系统")
        uow.products.add(other)
        uow.channels.add(Channel("c" * 26, "web", "wms", "仓储", product_id=other.id))
    assert "需要角色" in team.say("po", "/setup channel archive 仓储")
    with team.write() as uow:
        uow.people.grant(RoleGrant(team.id("po"), Role.PO, other.id), "g" * 26)
    assert "已归档" in team.say("po", "/setup channel archive 仓储")


def test_developers_make_no_channels(team: Team) -> None:
    assert "需要角色" in team.say("dev", "/setup channel new 仓储")


def test_elsewhere_people_make_the_channel_themselves(team: Team) -> None:
    with team.write() as uow:
        uow.channels.save(replace(team.channel, platform="elsewhere"))
    assert "把督办邀请进去" in team.say("po", "/setup channel new 仓储")
    assert _channel(team, "仓储") is None


def test_english(english_team: Team) -> None:
    shown = english_team.say("po", "/setup channel new Warehouse")
    assert "The channel Warehouse was made" in shown
    assert "/setup channel archive Warehouse" in shown
