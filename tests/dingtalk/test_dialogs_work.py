"""To-dos, DINGs, wishes, plans and deliverables on DingTalk, and the ways back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dingtalk.harness import ALONE, DingtalkTeam
from tests.dingtalk.world import Program


@pytest.fixture
def company(stream_company: DingtalkTeam) -> DingtalkTeam:
    """The company over the stream: nothing here depends on the way."""
    return stream_company


def test_an_action_item_is_ticked_off_in_dingtalk(company: DingtalkTeam) -> None:
    assert "A-1" in company.say("po", "待办 添加 @李雷 周五 更新原型")
    company.later(minutes=1)
    assert [t.subject for t in company.person("dev").todos] == ["A-1 更新原型"]
    company.person("dev").tick("更新原型")
    company.later(hours=8)
    assert "已完成 A-1" in company.screen("dev", ALONE)
    assert "李雷 完成了 A-1：更新原型" in company.screen("po", ALONE)
    assert "A-1" not in company.say("po", "待办 全部")


def test_an_action_item_is_ticked_off_here(company: DingtalkTeam) -> None:
    company.say("po", "待办 添加 @李雷 周五 更新原型")
    company.later(minutes=1)
    assert "已完成 A-1" in company.alone("dev", "待办 完成 A-1")
    company.later(minutes=1)
    assert company.person("dev").todos == []
    assert "A-1 更新原型" in company.alone("dev", "待办 撤回 A-1")
    company.later(minutes=1)
    assert [t.subject for t in company.person("dev").todos] == ["A-1 更新原型"]


def test_a_change_to_approve_is_a_to_do_until_it_is_decided(company: DingtalkTeam) -> None:
    company.say("po", "需求 新建 登录改版")
    company.say("dev", "变更 S1 改为手机号登录 因为客户要求")
    company.say("dev", "变更 提交 CR-1 人天=3 顺延=0")
    company.later(minutes=1)
    assert [t.subject for t in company.person("pm").todos] == ["请审批 CR-1 改为手机号登录"]
    company.follow("pm", "批准", channel=ALONE)
    company.later(minutes=1)
    assert company.person("pm").todos == []


@pytest.fixture
def ringing(sqlite_url: str, tmp_path: Path) -> Iterator[DingtalkTeam]:
    """A company that wants DINGs."""
    with Program(sqlite_url, tmp_path / "data", DINGTALK_DING="app").running() as running:
        yield DingtalkTeam(running)


def test_what_is_late_for_two_days_rings(ringing: DingtalkTeam) -> None:
    ringing.say("po", "待办 添加 @李雷 周二 补充用例")
    for _ in range(2):
        ringing.later(days=1)
    assert ringing.person("pm").notices == []
    ringing.later(days=1)
    (rung,) = ringing.person("pm").notices
    assert "补充用例" in rung
    assert ringing.person("dev").notices == []
    assert "已升级给您" in ringing.screen("pm", ALONE)


def test_wishes_are_asked_for_merged_declined_and_reopened(company: DingtalkTeam) -> None:
    company.say("po", "需求池 添加")
    assert "已放进需求池：P-1" in company.submit("po", text="批量导出运单", source="华东客户")
    assert "P-2" in company.say("dev", "需求池 添加 导出支持筛选")
    assert "P-2 已并入 P-1" in company.say("po", "需求池 合并 P-2 P-1")
    assert "P-2 已重开" in company.follow("po", "撤销")
    assert "P-1 不做" in company.say("po", "需求池 拒绝 P-1 不做了")
    assert "P-1 已重开" in company.follow("po", "重开")
    assert "需求池：2 条" in company.say("po", "需求池")


def test_a_plan_is_made_backward_drawn_and_taken_back(company: DingtalkTeam) -> None:
    made = company.say("po", "计划 倒排 V2.0 版本升级 2027-03-26")
    assert "2027年2月24日（周三） – 2027年3月26日（周五）" in made
    assert "上线" in made
    assert "甘特图" in company.follow("po", "甘特图")
    company.follow("po", "撤销")
    assert "还没有" in company.say("po", "计划")


def test_a_deliverable_is_handed_in_sent_back_and_accepted(company: DingtalkTeam) -> None:
    link = "https://docs.example.com/22"
    assert "等待验收" in company.say("dev", f"交付物 提交 22 {link}")
    assert "退回，原因：缺少截图" in company.say("po", "交付物 退回 22 缺少截图")
    assert "已撤销“退回”" in company.follow("po", "撤销")
    assert "验收通过" in company.follow("po", "验收")


def test_stories_that_were_planned_together_are_taken_back_each(company: DingtalkTeam) -> None:
    company.say("po", "计划 倒排 V2.0 版本升级 2027-03-26")
    for title in ("登录改版", "运单导出"):
        company.say("po", f"需求 新建 {title}")
    company.say("po", "需求 计划 S1 S2")
    assert "计划：无" in company.follow("po", "撤销 S2")
    assert "计划：V2.0" in company.say("po", "需求 查看 S1")
