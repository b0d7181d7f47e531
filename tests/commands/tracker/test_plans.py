"""Plans out of ZenTao: chosen, imported or tied, kept in step in both directions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from commands.tracker.following import follow_plans
from domain.people import Product
from domain.tracking import Feed, ImportState, Origin, ProductImport, RemotePlan
from storage.calendars import working_calendar
from tests.harness import Team

V1 = RemotePlan("12", "3", "V1.0 登录", date(2026, 12, 1), date(2026, 12, 25), "doing")
V2 = RemotePlan("13", "3", "V2.0 导出", None, None, "wait")
FOREIGN = RemotePlan("14", "9", "别的产品", date(2026, 12, 1), date(2026, 12, 2))


@pytest.fixture
def house(team: Team) -> Team:
    """The product lives in ZenTao, where it has two plans."""
    with team.write() as uow:
        product = replace(team.product, tracker="zentao", tracker_ref="3")
        uow.products.save(product)
        uow.tracker_feed.save(Feed("zentao.example"))
        now = team.clock.now()
        done = ProductImport(
            product.id, "3", ImportState.READY, team.id("po"), Origin(), now, swept_at=now
        )
        uow.tracker_imports.save(done)
        uow.tracker_catalogue.save_plans("3", (V1, V2))
        uow.tracker_catalogue.save_plans("9", (FOREIGN,))
    return team


def product(team: Team) -> Product:
    with team.read() as uow:
        return uow.products.get(team.product.id)


def look(team: Team, *plans: RemotePlan) -> int:
    """What synchronisation does after it has read the plans; how many were touched."""
    with team.write() as uow:
        uow.tracker_catalogue.save_plans("3", plans)
        calendar = working_calendar(uow, uow.people.workspace(), team.services.holidays)
        return follow_plans(uow, product(team), calendar, team.clock.now())


def spans(team: Team) -> list[tuple[str, date, date]]:
    with team.read() as uow:
        plan = uow.plans.active(team.product.id)
    assert plan is not None
    return [(p.name, p.starts, p.ends) for p in plan.phases] + [
        (m.name, m.due, m.due) for m in plan.milestones
    ]


def pushes(team: Team) -> list[tuple[str, str]]:
    with team.read() as uow:
        items = uow.outbox.pending(team.clock.now(), 100)
    return [(i.payload["begins"], i.payload["ends"]) for i in items if i.kind == "tracker_plan"]


def test_the_plans_of_the_product_are_shown_to_choose_from(house: Team) -> None:
    shown = house.say("po", "/plan import")
    assert "V1.0 登录 · 2026年12月1日（周二） – 2026年12月25日（周五） · 进行中" in shown
    assert "/plan import zentao 12" in shown
    assert "V2.0 导出 · 未定日期 · 未开始" in shown
    assert "别的产品" not in shown
    assert "/plan import file" in shown


def test_a_chosen_plan_is_made_here_and_tied(house: Team) -> None:
    said = house.say("po", "/计划 导入 禅道 12")
    assert "已从禅道导入计划“V1.0 登录”" in said
    assert spans(house) == [
        ("交付", date(2026, 12, 1), date(2026, 12, 25)),
        ("发布", date(2026, 12, 25), date(2026, 12, 25)),
    ]
    with house.read() as uow:
        plan = uow.plans.active(house.product.id)
        item = uow.tracker_imports.get(house.product.id)
    assert plan is not None
    assert plan.tracker_ref == "12"
    assert item is not None
    assert item.swept_at is not None
    assert item.swept_at < house.clock.now() - timedelta(hours=12), (
        "the stories of the productplan are put on it soon"
    )
    assert "已对应这里的“V1.0 登录”" in house.say("po", "/plan import zentao 12")
    assert "已在这里：V1.0 登录" in house.say("po", "/plan import")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        pytest.param("/plan import zentao 13", "还没有定日期", id="no dates"),
        pytest.param("/plan import zentao 14", "没有编号为 14 的计划", id="another product's"),
        pytest.param("/plan import zentao 99", "没有编号为 99 的计划", id="none"),
        pytest.param("/plan import zentao 12 bind", "没有可以绑定的计划", id="nothing to tie"),
        pytest.param("/plan push", "还没有进行中的计划", id="no plan"),
    ],
)
def test_what_cannot_be_imported_says_why(house: Team, line: str, answer: str) -> None:
    assert answer in house.say("po", line)


def test_dates_moved_in_zentao_move_the_plan_and_show_both(house: Team) -> None:
    house.say("po", "/plan import zentao 12")
    assert look(house, V1, V2) == 0
    moved = replace(V1, begins=date(2026, 12, 3), ends=date(2026, 12, 30))
    assert look(house, moved, V2) == 1
    assert spans(house)[0] == ("交付", date(2026, 12, 3), date(2026, 12, 30))
    assert spans(house)[1][1] == date(2026, 12, 30)
    told = house.sent()[-1]
    assert "禅道计划“V1.0 登录”改了日期" in told
    assert "原来: 2026年12月1日（周二） – 2026年12月25日（周五）" in told
    assert "2026年12月30日（周三）" in told
    assert look(house, moved, V2) == 0, "once"


def test_taking_the_move_back_asks_whether_zentao_should_follow(house: Team) -> None:
    house.say("po", "/plan import zentao 12")
    look(house, replace(V1, ends=date(2026, 12, 30)), V2)
    assert "要把新日期同步到禅道吗？" in house.say("po", "/plan undo")
    assert spans(house)[0][2] == date(2026, 12, 25)
    assert look(house, replace(V1, ends=date(2026, 12, 30)), V2) == 0, "people decide now"
    asked = house.say("po", "/plan push")
    assert "要把新日期同步到禅道吗？" in asked
    assert "2026年12月30日（周三）" in asked


def test_our_dates_go_there_when_somebody_confirms(house: Team) -> None:
    house.say("po", "/plan import zentao 12")
    said = house.say("po", "/plan shift all +2wd yes")
    assert "要把新日期同步到禅道吗？" in said
    assert pushes(house) == []
    assert "正在把“V1.0 登录”的日期" in house.say("po", "/计划 同步 V1.0 登录 确认")
    assert pushes(house) == [("2026-12-03", "2026-12-29")]


def test_a_plan_of_ours_is_tied_or_made_there(house: Team) -> None:
    house.say("po", "/plan new 软件 V3 2026-12-01")
    asked = house.say("po", "/plan push")
    assert "禅道里还没有计划" in asked
    bound = house.say("po", "/plan import zentao 12 bind")
    assert "已绑定禅道计划“V1.0 登录”" in bound
    assert "要把新日期同步到禅道吗？" in bound


def test_a_deleted_productplan_leaves_ours_alone(house: Team) -> None:
    house.say("po", "/plan import zentao 12")
    assert look(house, V2) == 1
    assert "禅道计划“V1.0 登录”已删除" in house.sent()[-1]
    with house.read() as uow:
        plan = uow.plans.active(house.product.id)
    assert plan is not None
    assert plan.tracker_ref is None
    assert look(house, V2) == 0


def test_what_cannot_be_taken_over_is_said(house: Team) -> None:
    house.say("po", "/plan import zentao 12")
    house.say("po", "/plan phase done 1")
    assert look(house, replace(V1, begins=date(2026, 12, 2)), V2) == 1
    assert "没法自动调整" in house.sent()[-1]


def test_another_product_is_asked_for_a_file(team: Team) -> None:
    answer = team.ask(team.request("po", "/plan import"))
    assert answer.reply.form is not None
    assert "计划不在禅道里" in team.say("po", "/plan import zentao 12")
