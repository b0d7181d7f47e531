"""The main job on DingTalk, from an app that was just installed to a closed story."""

from __future__ import annotations

import io

from docx import Document

from tests.dingtalk.harness import ALONE, DingtalkTeam
from tests.e2e.sheets import plan_sheet, wrong_sheet
from tests.harness import MONDAY

ROLES = (("陈敏", "产品经理"), ("王强", "项目经理"), ("李雷", "开发"), ("赵倩", "测试"))


def test_from_a_fresh_installation_to_a_closed_story(bare_company: DingtalkTeam) -> None:
    main_job(bare_company)
    assert bare_company.untidy() == {}
    assert bare_company.dingtalk.gateway.faults == []


def main_job(company: DingtalkTeam) -> None:
    """Setting up, a plan, a review, a change, another review, and the end of a story."""
    _set_up(company)
    _bring_in_the_plan(company)
    _hold_a_review(company)
    _change_a_story(company)
    _review_again_with_what_was_left_open(company)
    _close_it(company)
    with company.read() as uow:
        assert uow.audit_log.verify()[1] is None


def _set_up(company: DingtalkTeam) -> None:
    assert "已新建产品" in company.say("admin", "设置 产品 新建 物流运输管理系统")
    for name, role in ROLES:
        assert f"{name} 现在是{role}" in company.say("admin", f"团队 角色 @{name} {role}")
    for title in ("登录改版", "运单导出", "电子围栏"):
        assert title in company.say("po", f"需求 新建 {title}")
    company.say("po", "需求 编辑 S1 验收标准=手机号可登录")


def _bring_in_the_plan(company: DingtalkTeam) -> None:
    """A file comes alone with Duban, after it asked for one."""
    assert "单聊里问您" in company.say("po", "计划 导入")
    company.send_file("po", "计划.xlsx", wrong_sheet())
    assert "没有导入" in company.alone("po", "完成")
    company.say("po", "计划 导入")
    company.send_file("po", "计划.xlsx", plan_sheet(MONDAY.date()))
    plan = company.alone("po", "完成")
    for word in ("物流运输管理系统 V2.0 产品计划", "需求评审", "开发", "测试", "上线"):
        assert word in plan
    assert "S3" in company.say("po", "需求 计划 S1 S2 S3")
    company.say("po", "计划 图表")
    pictures = [m for m in company.dingtalk.world.media.values() if m.kind == "image"]
    assert pictures
    assert pictures[-1].data.startswith(b"\x89PNG")


def _hold_a_review(company: DingtalkTeam) -> None:
    started = company.say("po", "评审 开始 登录评审 S1 S2 S3")
    assert "进行中" in started
    assert "S1 登录改版" in started
    assert "李雷" in company.follow("dev", "我参加")
    assert "确认通过 1" in company.follow("dev", "确认通过", of="S1")
    assert "有待明确" in company.say("dev", "评审意见 S2 待明确 导出格式没有写清")
    company.remark("dev", "大家看看登录页")
    company.say("tester", "在场")
    company.say("tester", "评审意见 S1 通过")
    company.say("tester", "评审意见 S2 待明确")
    assert "决定：登录页保留旧入口三个月" in company.say("po", "决定 登录页保留旧入口三个月")
    assert "更新原型" in company.say("po", "待办 @李雷 周五 更新原型")
    company.say("po", "评审意见 S1 通过")
    assert "决定：先这样" in company.say("po", "决定：先这样")
    assert "已撤回" in company.say("po", "评审 撤回")
    assert "没有结论" in company.say("po", "评审 结束")
    assert "2 条需求未定，下次评审会自动带上" in company.follow("po", "仍然结束", channel=ALONE)
    minutes = [m for m in company.dingtalk.world.media.values() if m.name.endswith(".docx")]
    document = Document(io.BytesIO(minutes[-1].data))
    text = "\n".join(
        [p.text for p in document.paragraphs]
        + [c.text for t in document.tables for r in t.rows for c in r.cells]
    )
    for word in ("登录评审", "登录改版", "登录页保留旧入口三个月", "更新原型", "李雷", "陈敏"):
        assert word in text, word
    assert "先这样" not in text, "what was taken back is not in the minutes"
    assert "大家看看登录页" not in text, "what does not mention Duban is not heard"


def _change_a_story(company: DingtalkTeam) -> None:
    assert "CR-1" in company.say("dev", "变更 S1 改为手机号登录 因为客户要求")
    company.say("dev", "变更 登记")
    assert "CR-2" in company.submit("dev", story="S2", what="增加导出 PDF", reason="财务要用")
    assert "提交审批" in company.say("dev", "变更 查看 CR-1")
    assert "待审批" in company.say("dev", "变更 提交 CR-1 effort=3 days=3")
    assert "此操作需要角色" in company.say("dev", "变更 批准 CR-1")
    assert "已批准" in company.say("pm", "变更 批准 CR-1")
    assert "已失效" in company.say("dev", "变更 修改 CR-1 reason=客户合同要求")
    assert "已批准" in company.say("pm", "变更 批准 CR-1")
    asked = company.say("po", "变更 执行 CR-1")
    assert "执行并顺延计划" in asked
    assert "已执行" in company.follow("po", "执行并顺延计划", channel=ALONE)


def _review_again_with_what_was_left_open(company: DingtalkTeam) -> None:
    assert "S3 电子围栏" in company.say("po", "评审 开始 变更评审 S1")
    for who, name in (("dev", "李雷"), ("tester", "赵倩"), ("po", "陈敏")):
        said = company.say(who, "评审意见 S1 通过")
        assert f"{name} 对 S1 的意见：确认通过" in said
    assert "R-2 还有 2 条需求没有结论" in company.say("po", "评审 结束")
    assert "评审 R-2《变更评审》已结束" in company.follow("po", "仍然结束", channel=ALONE)


def _close_it(company: DingtalkTeam) -> None:
    assert "测试完毕" in company.say("tester", "需求 阶段 S1 测试完毕")
    company.say("po", "验证 S1")
    assert "已验证" in company.submit("po", points="1")
    assert "已关闭" in company.follow("pm", "同意关闭", channel=ALONE)
    assert "日报" in company.say("po", "日报 now")
    assert "登录改版" in company.transcript()
