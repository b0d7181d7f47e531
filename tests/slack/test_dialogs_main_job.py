"""The main job on Slack, from an app that was just installed to a closed story."""

from __future__ import annotations

import io

from docx import Document

from tests.e2e.sheets import plan_sheet, wrong_sheet
from tests.harness import MONDAY
from tests.slack.harness import ROOM, SlackTeam

ROLES = (("陈敏", "产品经理"), ("王强", "项目经理"), ("李雷", "开发"), ("赵倩", "测试"))


def test_from_a_fresh_installation_to_a_closed_story(bare_company: SlackTeam) -> None:
    main_job(bare_company)


def main_job(company: SlackTeam) -> None:
    """Setting up, a plan, a review, a change, another review, and the end of a story."""
    _set_up(company)
    _bring_in_the_plan(company)
    _hold_a_review(company)
    _change_a_story(company)
    _review_again_with_what_was_left_open(company)
    _close_it(company)
    with company.read() as uow:
        assert uow.audit_log.verify()[1] is None


def _set_up(company: SlackTeam) -> None:
    assert "已新建产品" in company.say("admin", "/setup product 物流运输管理系统")
    for name, role in ROLES:
        assert f"@{name} 现在是{role}" in company.say("admin", f"/team role @{name} {role}")
    for title in ("登录改版", "运单导出", "电子围栏"):
        assert title in company.say("po", f"/story new {title}")
    company.say("po", "/story edit S1 验收标准=手机号可登录")


def _bring_in_the_plan(company: SlackTeam) -> None:
    """Files come with a mention: slash commands carry none."""
    wrong = company.mention("po", "plan import", files=[("计划.xlsx", wrong_sheet())])
    assert "没有导入" in wrong
    sheet = plan_sheet(MONDAY.date())
    plan = company.mention("po", "计划 导入", files=[("计划.xlsx", sheet)])
    for word in ("物流运输管理系统 V2.0 产品计划", "需求评审", "开发", "测试", "上线"):
        assert word in plan
    assert "S3" in company.say("po", "/story plan S1 S2 S3")
    chart = company.say("po", "/plan chart")
    assert ".png" in chart
    (picture,) = [f for f in company.team.files.values() if f.mime == "image/png"]
    assert picture.data.startswith(b"\x89PNG")


def _hold_a_review(company: SlackTeam) -> None:
    started = company.say("po", "/review start 登录评审 S1 S2 S3")
    assert "进行中" in started
    assert "S1 登录改版" in started
    thread = company.thread_of("登录评审 · 进行中")
    assert "李雷" in company.press("dev", "我参加")
    assert "确认通过 1" in company.press("dev", "确认通过")
    company.mention("dev", "意见 S2 待明确 导出格式没有写清", thread=thread)
    assert "有待明确" in company.say("dev", "/review verdict S2 clarify 导出格式没有写清")
    keep = company.remark("dev", "登录页保留旧入口三个月", thread=thread)
    company.say("tester", "/review join")
    company.say("tester", "/review verdict S1 pass")
    company.say("tester", "/review verdict S2 clarify")
    act = company.remark("tester", "@李雷 周五前更新原型", thread=thread)
    assert "决定：登录页保留旧入口三个月" in company.react("po", "📌", keep)
    assert "已记行动项" in company.react("po", "✅", act)
    company.say("po", "/review verdict S1 pass")
    assert "决定：先这样" in company.say("po", "/review decide 先这样")
    assert "已撤回" in company.say("po", "/review undo")
    assert "没有结论" in company.say("po", "/review end")
    ended = company.press("po", "仍然结束")
    assert "2 条需求未定，下次评审会自动带上" in ended
    (minutes,) = [f for f in company.team.files.values() if f.name.endswith(".docx")]
    document = Document(io.BytesIO(minutes.data))
    text = "\n".join(
        [p.text for p in document.paragraphs]
        + [c.text for t in document.tables for r in t.rows for c in r.cells]
    )
    for word in ("登录评审", "登录改版", "登录页保留旧入口三个月", "更新原型", "李雷", "陈敏"):
        assert word in text, word
    assert "先这样" not in text, "what was taken back is not in the minutes"


def _change_a_story(company: SlackTeam) -> None:
    assert "CR-1" in company.say("dev", "/change S1 改为手机号登录 因为客户要求")
    assert "登记变更" in company.say("dev", "/change log")
    assert "CR-2" in company.submit("dev", story="S2", what="增加导出 PDF", reason="财务要用")
    company.say("dev", "/change show CR-1")
    assert "影响" in company.press("dev", "提交审批")
    assert "待审批" in company.submit("dev", effort="3", days="3")
    assert "此操作需要角色" in company.say("dev", "/change approve CR-1")
    assert "已批准" in company.say("pm", "/change approve CR-1")
    assert "已失效" in company.say("dev", "/change edit CR-1 reason=客户合同要求")
    assert "已批准" in company.say("pm", "/change approve CR-1")
    assert "执行并顺延计划" in company.say("po", "/change apply CR-1")
    assert "已执行" in company.press("po", "执行并顺延计划")


def _review_again_with_what_was_left_open(company: SlackTeam) -> None:
    assert "S3 电子围栏" in company.say("po", "/review start 变更评审 S1")
    for who, name in (("dev", "李雷"), ("tester", "赵倩"), ("po", "陈敏")):
        said = company.say(who, "/review verdict S1 pass R2")
        assert f"@{name} 对 S1 的意见：确认通过" in said
    assert "R-2 还有 2 条需求没有结论" in company.say("po", "/review end")
    assert "评审 R-2《变更评审》已结束" in company.press("po", "仍然结束")


def _close_it(company: SlackTeam) -> None:
    assert "测试完毕" in company.say("tester", "/story stage S1 tested")
    assert "手机号可登录" in company.say("po", "/verify S1")
    assert "已验证" in company.submit("po", points=["1. 手机号可登录"])
    assert "已关闭" in company.press("pm", "同意关闭", channel="app")
    assert "日报" in company.say("po", "/digest now")
    assert "登录改版" in company.screen("po", ROOM)
