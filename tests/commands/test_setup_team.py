"""Setting up a team: binding, rules, calendar, people; taken back as easily as done."""

from __future__ import annotations

from datetime import date

import pytest

from domain.people import Role
from domain.settings import ReviewRule, rules_of
from tests.harness import Team


def test_a_new_product_is_bound_and_its_maker_owns_it(team: Team) -> None:
    shown = team.say("admin", "/setup product 仓储系统")
    assert "已新建产品 仓储系统" in shown
    assert "/plan import" in shown
    with team.read() as uow:
        product = uow.products.by_key("仓储系统")
        assert product is not None
        assert uow.channels.get(team.channel.id).product_id == product.id
        assert Role.PO in uow.people.roles(team.id("admin"), product.id)


def test_a_known_product_is_bound_again(team: Team) -> None:
    team.say("po", "/setup unbind")
    assert "还没有绑定产品" in team.say("admin", "/setup")
    assert "已绑定到 物流运输管理系统" in team.say("admin", "/setup product tms")
    assert "物流运输管理系统 的设置" in team.say("po", "/setup")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param("/setup rule review_rule 过半", "过半数", id="Chinese word"),
        pytest.param("/setup rule change_quorum 2", "2", id="number"),
        pytest.param("/setup rule change_roles 产品经理、测试", "产品经理 / 测试", id="several"),
        pytest.param("/setup rule closure_needs one", "一方确认即可", id="English word"),
    ],
)
def test_a_rule_is_set(team: Team, line: str, shown: str) -> None:
    assert f"已设为 {shown}" in team.say("po", line)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("/setup rule review_rule 随便", id="unknown value"),
        pytest.param("/setup rule change_quorum 0", id="nobody"),
        pytest.param("/setup rule change_quorum many", id="no number"),
        pytest.param("/setup rule change_roles customer", id="customers never approve"),
        pytest.param("/setup rule closure_needs both,one", id="two values"),
    ],
)
def test_a_wrong_value_names_the_right_ones(team: Team, line: str) -> None:
    shown = team.say("po", line)
    assert "可选" in shown
    with team.read() as uow:
        assert uow.products.get(team.product.id).settings == ()


def test_a_rule_goes_back_to_what_it_was(team: Team) -> None:
    first = team.say("po", "/setup rule review_rule majority")
    assert "撤销: /setup rule review_rule default" in first
    second = team.say("po", "/setup rule review_rule chair")
    assert "撤销: /setup rule review_rule majority" in second
    shown = team.say("po", "/setup rule review_rule 默认")
    assert "评审结论规则 恢复默认：全部通过" in shown
    assert "撤销: /setup rule review_rule chair" in shown
    with team.read() as uow:
        assert uow.products.get(team.product.id).settings == ()
    assert "评审结论规则: 全部通过" in team.say("po", "/setup")


def test_rules_have_defaults(team: Team) -> None:
    rules = rules_of(team.product)
    assert rules.review_rule is ReviewRule.ALL
    assert rules.change_quorum == 1


def test_only_owners_set_rules(team: Team) -> None:
    assert "此操作需要角色" in team.say("dev", "/setup rule change_quorum 2")


def test_a_company_day_changes_the_calendar_and_back(team: Team) -> None:
    team.say("admin", "/setup day off 2026-12-31 年会")
    with team.read() as uow:
        assert uow.company_days.all() == {date(2026, 12, 31): (False, "年会")}
    assert "恢复按公共日历" in team.say("admin", "/setup day normal 2026-12-31")
    with team.read() as uow:
        assert uow.company_days.all() == {}


def test_the_country_decides_the_holidays(team: Team) -> None:
    assert "按 DE 计算" in team.say("admin", "/setup country de")
    with team.read() as uow:
        assert uow.people.workspace().country == "DE"
    assert "没有 ATLANTIS" in team.say("admin", "/setup country Atlantis")


def test_people_are_added_and_their_roles_given_and_taken(team: Team) -> None:
    assert "已添加 @小明" in team.say("pm", "/team add xm 小明")
    assert "现在是开发" in team.say("pm", "/team role @xm 开发")
    assert "不再是开发" in team.say("pm", "/team unrole @xm dev")
    assert "本来就没有" in team.say("pm", "/team unrole @xm dev")
    assert "已有人使用" in team.say("pm", "/team add XM 小明二号")


@pytest.mark.parametrize(
    ("who", "line", "name"),
    [
        pytest.param("dev", "/team rename 李雷雷", "李雷雷", id="one's own"),
        pytest.param("dev", "/团队 改名 @dev Lei  Li", "Lei Li", id="one's own by mention"),
        pytest.param("customer", "/team rename 周先生", "周先生", id="a customer's own"),
        pytest.param("pm", "/team rename @dev 李雷雷", "李雷雷", id="somebody else's"),
    ],
)
def test_a_name_is_changed_and_back(team: Team, who: str, line: str, name: str) -> None:
    whose = "customer" if who == "customer" else "dev"
    before = team.people[whose].name
    assert f"{before} 改名为 @{name}" in team.say(who, line)
    with team.read() as uow:
        assert uow.people.get(team.id(whose)).name == name
    assert len(team.sent(whose)) == (1 if who == "pm" else 0)
    assert f"{name} 改名为 @{before}" in team.say(who, f"/team rename @{whose} {before}")


def test_others_names_are_for_those_who_lead(team: Team) -> None:
    assert "需要角色" in team.say("tester", "/team rename @dev 某某")
    assert "姓名本来就是 李雷" in team.say("dev", "/team rename 李雷")
    assert "请写出新的姓名" in team.submit("dev", "team rename", name="＠")
    with team.read() as uow:
        assert uow.people.get(team.id("dev")).name == "李雷"


def test_only_an_administrator_makes_administrators(team: Team) -> None:
    assert "管理员" in team.say("po", "/team role @dev admin")
    with team.read() as uow:
        assert [p.handle for p in uow.people.with_role(Role.ADMIN, None)] == ["admin"]


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.CUSTOMER])
def test_a_guest_can_only_be_a_customer(team: Team, role: Role) -> None:
    assert "访客" in team.say("admin", f"/team role @customer {role.value}")
    with team.read() as uow:
        assert uow.people.roles_anywhere(team.id("customer")) == {Role.CUSTOMER}


def test_the_last_administrator_stays(team: Team) -> None:
    assert "最后一位管理员" in team.say("admin", "/team unrole @admin admin")


def test_nobody_is_told_of_their_own_role(team: Team) -> None:
    team.say("po", "/team role @po tester")
    assert team.sent() == []
    team.say("po", "/team role @dev tester")
    assert len(team.sent("dev")) == 1


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        pytest.param("20:00-08:30", "20:00-08:30", id="over midnight"),
        pytest.param("20到8", "20:00-08:00", id="bare hours"),
        pytest.param("12：30~14：00", "12:30-14:00", id="full-width colons"),
    ],
)
def test_quiet_hours(team: Team, typed: str, hours: str) -> None:
    assert hours in team.say("dev", f"/team quiet {typed}")


@pytest.mark.parametrize("typed", ["25:00-08:00", "夜里", "8-8"])
def test_hours_that_cannot_be(team: Team, typed: str) -> None:
    assert "没看懂时段" in team.say("dev", f"/team quiet {typed}")


def test_a_person_chooses_their_language_and_zone(team: Team) -> None:
    team.say("dev", "/team language 英文")
    with team.read() as uow:
        assert uow.people.get(team.id("dev")).locale == "en"
    team.say("dev", "/team zone Europe/Berlin")
    with team.read() as uow:
        assert uow.people.get(team.id("dev")).zone == "Europe/Berlin"
    assert "没有“Mars/Base”这个时区" in team.say("po", "/team zone Mars/Base")


def test_a_removed_person_may_come_back(team: Team) -> None:
    team.say("admin", "/team remove @sales")
    assert "停用" in team.say("sales", "/team")
    team.say("admin", "/team restore sales")
    assert "成员" in team.say("sales", "/team")


def test_the_sample_is_loaded_by_the_worker(team: Team) -> None:
    assert "正在载入" in team.say("admin", "/setup demo load")
    with team.read() as uow:
        kinds = [i.kind for i in uow.outbox.pending(team.clock.now())]
    assert kinds == ["sample"]
    assert "没有载入" in team.say("admin", "/setup demo remove")
