"""``/home``: what waits for whom, reminders, products, settings; each button is a real command."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from commands.grammar import parse
from domain.ids import new_id
from domain.messages import Action, Bullets, Card
from domain.people import Absence, Person, Product, Role, RoleGrant
from storage.uow import UnitOfWork
from tests.harness import Team


def _actions(card: Card) -> list[Action]:
    rows = [a for b in card.blocks if isinstance(b, Bullets) for i in b.items for a in i.actions]
    return [*rows, *card.actions]


def _buttons(team: Team, handle: str) -> list[str]:
    reply = team.ask(team.request(handle, "/home", channel=None)).reply
    return [a.command for card in reply.cards for a in _actions(card)]


def _home(team: Team, handle: str) -> str:
    return team.shown(handle, team.ask(team.request(handle, "/home", channel=None)))


def test_nothing_waits_at_first(team: Team) -> None:
    shown = _home(team, "dev")
    assert "现在没有等您处理的事" in shown
    assert "物流运输管理系统 还没有计划" in shown
    assert "我的设置" in shown


def test_a_verdict_waits_until_it_is_given(team: Team) -> None:
    team.say("po", "/story new 登录改版")
    team.say("po", "/review start 登录 S1")
    team.say("dev", "/review join")
    assert "等您表态的评审（1）" in _home(team, "dev")
    assert "等您表态" not in _home(team, "tester"), "who is not here is not waited for"
    team.say("dev", "review verdict S1 pass")
    assert "等您表态" not in _home(team, "dev")


def test_the_verdict_buttons_of_the_page_work_from_there(team: Team) -> None:
    team.say("po", "/story new 登录改版")
    team.say("po", "/review start 登录 S1")
    team.say("dev", "/review join")
    (press,) = [b for b in _buttons(team, "dev") if b.endswith(" pass")]
    answer = team.ask(team.request("dev", press, channel=None))
    assert not answer.failed
    assert "等您表态" not in _home(team, "dev")


def test_an_approval_waits_for_those_who_may_give_it(team: Team) -> None:
    team.say("po", "/story new 登录改版")
    team.say("dev", "/change S1 改用短信登录 因为客户要求")
    team.say("dev", "/change submit CR-1 人天=1 顺延=0")
    assert "等您审批的变更（1）" in _home(team, "po")
    assert "等您审批" not in _home(team, "dev"), "nobody approves their own request"
    assert "等您审批" not in _home(team, "customer")


def test_tested_stories_wait_for_the_owner_and_verified_ones_for_the_manager(team: Team) -> None:
    team.say("po", "/story new 登录改版")
    team.say("tester", "/story stage S1 测试完毕")
    assert "等您验证的需求（1）" in _home(team, "po")
    assert "等您" not in _home(team, "pm").replace("没有等您处理的事", "")
    team.say("po", "/close waive S1 status 小改动")
    team.say("po", "/verify S1")
    assert "等您验证" not in _home(team, "po")
    assert "等您同意关闭（1）" in _home(team, "pm")


def test_action_items_and_what_is_overdue(team: Team) -> None:
    team.say("pm", "/action add @dev 12-01 联调接口")
    shown = _home(team, "dev")
    assert "您的待办（1）" in shown
    assert "截止 2026年12月1日" in shown
    team.clock.advance(timedelta(days=20))
    assert "已逾期" in _home(team, "dev")


def test_a_plan_shows_its_progress_and_what_is_late(team: Team) -> None:
    team.say("po", "/plan new V2.0")
    shown = _home(team, "po")
    assert "V2.0 · 正常" in shown
    assert "“需求调研” 0%，2026年12月4日（周五） 结束" in shown
    assert "下一个里程碑“调研报告确认” 2026年12月4日" in shown
    assert "您的逾期项" not in shown
    team.clock.advance(timedelta(days=14))
    assert "需求调研 应于 2026年12月4日（周五） 完成，已逾期" in _home(team, "po")
    assert "您的逾期项" not in _home(team, "dev"), "it is not theirs"
    for press in [b for b in _buttons(team, "po") if b.startswith(("plan phase", "plan mile"))]:
        assert not team.ask(team.request("po", press, channel=None)).failed, press
    assert "需求调研 应于" not in _home(team, "po")


def test_long_sections_are_cut_with_where_the_rest_is(team: Team) -> None:
    for number in range(8):
        team.say("pm", f"/action add @dev 第{number}件事")
    shown = _home(team, "dev")
    assert "您的待办（8）" in shown
    assert "还有 3 条" in shown
    assert "/action" in shown


def _second_product(uow: UnitOfWork, team: Team) -> None:
    other = Product(new_id(), "wms", "仓储系统")
    uow.products.add(other)
    uow.people.grant(RoleGrant(team.id("po"), Role.PO, other.id), new_id())


def test_with_several_products_each_button_names_its_own(team: Team) -> None:
    team.say("po", "/story new 登录改版")
    team.say("tester", "/story stage S1 测试完毕")
    with team.write() as uow:
        _second_product(uow, team)
    shown = _home(team, "po")
    assert "仓储系统 还没有计划" in shown
    buttons = _buttons(team, "po")
    assert "verify S1 in=tms" in buttons
    assert "plan new in=wms" in buttons
    assert "仓储系统" not in _home(team, "dev"), "the products of others are not listed"


def test_who_has_no_role_is_told_who_gives_one(team: Team) -> None:
    with team.write() as uow:
        fresh = Person(new_id(), "xin", "小新")
        uow.people.add(fresh)
    team.people["xin"] = fresh
    shown = _home(team, "xin")
    assert "/team role" in shown
    assert "我的设置" in shown


def test_settings_are_shown_with_the_commands_that_change_them(team: Team) -> None:
    with team.write() as uow:
        uow.people.save(replace(team.people["dev"], zone="Europe/Berlin"))
        day = team.clock.now().date()
        uow.people.add_absence(Absence(new_id(), team.id("dev"), day, day + timedelta(days=2)))
    team.say("dev", "/team quiet 20:00-08:30")
    shown = _home(team, "dev")
    assert "Europe/Berlin" in shown
    assert "20:00-08:30" in shown
    assert "2026年11月25日" in shown
    commands = _buttons(team, "dev")
    for command in ("team language en", "team quiet off", "standup back 2026-11-23"):
        assert command in commands
        assert not team.ask(team.request("dev", command, channel=None)).failed
    after = _home(team, "dev")
    for line in ("语言: 英文", "免打扰: 没有设", "请假: 没有请假"):
        assert line in after


@pytest.mark.parametrize("handle", ["po", "pm", "dev", "admin"])
def test_every_button_is_a_command_that_there_is(team: Team, handle: str) -> None:
    team.say("po", "/story new 登录改版")
    team.say("tester", "/story stage S1 测试完毕")
    team.say("po", "/plan new V2.0")
    team.clock.advance(timedelta(days=10))
    for button in _buttons(team, handle):
        line = parse(team.registry, button)
        assert line.command is not None, button
        assert line.sub is not None, button


def test_in_english_it_is_english(english_team: Team) -> None:
    english_team.say("pm", "/action add @dev join the interfaces")
    shown = _home(english_team, "dev")
    assert "Waiting for you (1)" in shown
    ours = shown.replace("物流运输管理系统", "").replace("中文", "")
    assert not re.search("[\u4e00-\u9fff]", ours)


def test_an_administrator_without_a_part_of_their_own_sees_the_first_products(team: Team) -> None:
    with team.write() as uow:
        for number in range(10):
            uow.products.add(Product(new_id(), f"p{number}", f"第{number}个产品"))
    shown = _home(team, "admin")
    assert "第0个产品" in shown
    assert "第9个产品" not in shown


def test_an_action_item_of_any_product_is_there_and_its_button_names_it(team: Team) -> None:
    team.say("pm", "/action add @sales 准备演示")
    with team.write() as uow:
        _second_product(uow, team)
        for grant in uow.people.grants():
            if grant.person_id == team.id("sales"):
                uow.people.revoke(grant)
    assert "您的待办（1）" in _home(team, "sales")
    assert "action done A-1 in=tms" in _buttons(team, "sales")
