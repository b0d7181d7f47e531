"""``/deliverable``: the twenty-six, from nothing to accepted and back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.deliverables import Deliverable, DeliverableStatus
from domain.stories import Verdict
from tests.commands.plan_sheets import NEW
from tests.harness import Team

LINK = "https://docs.example.com/22"


def one(team: Team, number: int) -> Deliverable:
    with team.read() as uow:
        plan = uow.plans.active(team.product.id)
        found = uow.deliverables.by_number(team.product.id, number, plan.id) if plan else None
        found = found or uow.deliverables.by_number(team.product.id, number)
    assert found is not None
    return found


def test_without_a_plan_the_whole_catalogue_is_shown(team: Team) -> None:
    shown = team.say("dev", "交付物")
    assert "已办结 0 / 26" in shown
    assert "01 解决方案" in shown
    assert "26 数据分析表和结论" in shown


def test_a_plan_brings_its_deliverables_by_stage(team: Team) -> None:
    team.say("po", NEW)
    shown = team.say("dev", "/deliverable")
    assert "▎C 产品协同与推进" in shown
    assert "22 操作使用说明书 · 未开始 · 截止 2026年12月31日（周四）" in shown
    assert "09 需求调研计划" not in shown
    assert "17 产品计划 · 已有草稿" in shown
    assert "09 需求调研计划" in team.say("dev", "交付物 列表 全部")
    assert "没有符合条件" in team.say("dev", "交付物 列表 我的")


def test_from_draft_to_accepted(team: Team) -> None:
    team.say("po", NEW)
    team.say("dev", f"交付物 起草 22 初稿 {LINK}")
    assert one(team, 22).status is DeliverableStatus.DRAFTED
    assert "已提交，等待验收" in team.say("dev", f"交付物 提交 D22 定稿 {LINK}/2。")
    each = one(team, 22)
    assert [(v.version, v.title, v.url) for v in each.versions] == [
        (1, "初稿", LINK),
        (2, "定稿", f"{LINK}/2"),
    ]
    assert "验收通过" in team.say("po", "交付物 验收 22")
    assert "验收了 22 操作使用说明书" in team.sent("dev")[0]
    assert one(team, 22).status is DeliverableStatus.ACCEPTED
    shown = team.say("dev", "/deliverable show 22")
    assert "▎经过" in shown
    assert "初稿" in shown


def test_handing_in_at_once_and_by_file(team: Team) -> None:
    file = team.upload("手册.docx", b"x")
    team.say("dev", "交付物 提交 05", files=(file,))
    each = one(team, 5)
    assert each.plan_id is None
    assert each.status is DeliverableStatus.SUBMITTED
    assert (each.versions[0].title, each.versions[0].file_id) == ("手册.docx", file.file_id)


def test_nothing_cannot_be_handed_in(team: Team) -> None:
    team.say("po", NEW)
    answer = team.ask(team.request("dev", "/deliverable submit 22"))
    assert answer.reply.form is not None
    assert "还没有内容" in team.say("dev", "/deliverable submit 22")
    assert "没有链接" in team.say("dev", "/deliverable submit 22 写好了")
    assert one(team, 22).status is DeliverableStatus.NOT_STARTED


def test_given_back_with_a_reason_that_its_maker_hears(team: Team) -> None:
    team.say("po", NEW)
    team.say("dev", f"交付物 提交 22 {LINK}")
    assert team.ask(team.request("po", "交付物 退回 22")).reply.form is not None
    team.say("po", "交付物 退回 22 缺目录")
    assert one(team, 22).status is DeliverableStatus.DRAFTED
    assert "退回了 22 操作使用说明书：缺目录" in team.sent("dev")[0]


def test_waived_and_reopened(team: Team) -> None:
    team.say("po", NEW)
    assert "豁免，原因：不在统一平台" in team.say("po", "交付物 豁免 20 不在统一平台")
    assert one(team, 20).status.settled
    team.say("po", "交付物 重开 20 客户要求")
    assert one(team, 20).status is DeliverableStatus.NOT_STARTED


def test_owner_and_due(team: Team) -> None:
    team.say("po", NEW)
    team.say("po", "交付物 负责人 22 @李雷")
    team.say("po", "交付物 期限 22 12-20")
    each = one(team, 22)
    assert each.owner == team.id("dev")
    assert "请您负责 22 操作使用说明书" in team.sent("dev")[0]
    assert "截止 2026年12月20日" in team.say("dev", "交付物 列表 我的")
    team.clock.advance(timedelta(days=30))
    assert "逾期" in team.say("dev", "/deliverable")


def test_every_step_can_be_taken_back(team: Team) -> None:
    team.say("po", NEW)
    before = one(team, 22)
    team.say("dev", f"交付物 提交 22 {LINK}")
    team.say("po", "交付物 期限 22 12-20")
    team.say("po", "交付物 撤销 22")
    assert one(team, 22).due is None
    assert "状态恢复为未开始" in team.say("dev", "交付物 撤销 22")
    assert one(team, 22) == before
    assert "没有可以撤销的操作" in team.say("po", "交付物 撤销 22")


def test_others_do_not_take_back_what_one_did(team: Team) -> None:
    team.say("po", NEW)
    team.say("po", "交付物 期限 22 12-20")
    assert "此操作需要角色" in team.say("dev", "交付物 撤销 22")


@pytest.mark.parametrize(
    "line", ["验收 22", "退回 22 不行", "豁免 22 不要", "负责人 22 @李雷", "期限 22 12-20"]
)
def test_developers_decide_nothing(team: Team, line: str) -> None:
    team.say("po", NEW)
    before = one(team, 22)
    assert "此操作需要角色" in team.say("dev", f"交付物 {line}")
    assert one(team, 22) == before


@pytest.mark.parametrize(
    ("line", "says"),
    [
        pytest.param("验收 22", "交付物目前“未开始”，不能验收", id="accept nothing"),
        pytest.param("查看 27", "没有编号 27 的交付物", id="27"),
        pytest.param("查看 0", "没有编号 0 的交付物", id="0"),
    ],
)
def test_what_cannot_be(team: Team, line: str, says: str) -> None:
    team.say("po", NEW)
    assert says in team.say("po", f"交付物 {line}")


def test_a_moved_phase_moves_what_it_must_produce(team: Team) -> None:
    team.say("po", NEW)
    team.say("po", "计划 阶段 调整 上线 2027-01-08")
    assert str(one(team, 22).due_on) == "2027-01-08"


def test_a_closed_story_marks_number_21(team: Team) -> None:
    team.say("po", NEW)
    team.say("po", "/story new 导出 plan=V2.0")
    with team.write() as uow:
        tracker = team.services.tracker(uow, team.product, team.clock.now())
        tracker.submit_for_review(1, (team.id("po"),), team.id("po"))
        tracker.record_verdict(1, Verdict.PASS, "", team.id("po"))
    team.say("tester", "/story stage S1 tested")
    team.say("po", "/verify S1")
    assert one(team, 21).status is DeliverableStatus.NOT_STARTED
    assert "已关闭" in team.say("pm", "/close agree S1")
    assert one(team, 21).status is DeliverableStatus.DRAFTED
    assert "需求 S1 已关闭" in team.say("dev", "/deliverable show 21")


def test_the_same_in_english(english_team: Team) -> None:
    team = english_team
    team.say("po", "/plan new V2.0 upgrade 2026-12-01")
    assert "handed in by @李雷" in team.say("dev", f"/deliverable submit 22 {LINK}")
    assert "waits to be accepted" in team.say("dev", f"/deliverable submit 22 v2 {LINK}")
    assert "22 User manual" in team.say("dev", "/deliverable list")
    assert "accepted by @陈敏" in team.say("po", "/deliverable accept 22")


def test_the_products_own_and_the_plans_are_told_apart(team: Team) -> None:
    team.say("po", "/deliverable submit 22 https://docs.example.com/old")
    assert "属于" not in team.say("po", "/deliverable")
    team.say("po", NEW)
    lines = team.say("po", "/deliverable").splitlines()
    places = [n for n, line in enumerate(lines) if "22 操作使用说明书" in line]
    assert ["属于本计划" in lines[n] for n in places] == [True, False]
    assert "属于产品，不在计划里" in lines[places[1]]
    assert "/deliverable submit 22" in lines[places[0] + 1]
    assert "22" not in lines[places[1] + 1]
    whole = team.say("po", "/deliverable list all")
    assert whole.count("22 操作使用说明书") == 2
    assert "01 解决方案" in whole
