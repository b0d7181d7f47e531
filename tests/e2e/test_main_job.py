"""The main job as a product owner does it: the real program, its page in a real Chromium."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from playwright.sync_api import expect

from tests.e2e.browser import Chat, opened
from tests.e2e.server import Server
from tests.e2e.sheets import XLSX, plan_sheet, wrong_sheet

PEOPLE = (
    ("po", "陈敏", "产品经理"),
    ("pm", "王强", "项目经理"),
    ("dev", "李雷", "开发"),
    ("tester", "赵倩", "测试"),
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "data").start()
    yield server
    server.stop()


@pytest.fixture
def chat(server: Server, chromium: str) -> Iterator[Chat]:
    with opened(chromium) as browser:
        chat = Chat(browser, server.url)
        yield chat
        assert chat.complaints == []


def test_from_an_empty_folder_to_a_closed_story(chat: Chat, server: Server) -> None:
    _set_up(chat)
    _bring_in_the_plan(chat)
    _hold_a_review(chat)
    _change_a_story(chat)
    _review_again_with_what_was_left_open(chat)
    _close_it(chat)
    assert "审计链完整" in server.run("audit", "verify")


def _set_up(chat: Chat) -> None:
    chat.shot("01-empty")
    chat.say("/setup product 物流运输管理系统", "已新建产品")
    for handle, name, role in PEOPLE:
        added = chat.say(f"/team add {handle} {name}", f"已添加 @{name}")
        chat.press(added, role)
        chat.sees(f"@{name} 现在是{role}")
    chat.become("po")
    for title in ("登录改版", "运单导出", "电子围栏"):
        chat.say(f"/story new {title}", title)
    chat.say("/story edit S1 验收标准=手机号可登录", "登录改版")


def _bring_in_the_plan(chat: Chat) -> None:
    chat.attach("计划.xlsx", wrong_sheet(), XLSX)
    refused = chat.say("/plan import", "没有导入")
    expect(refused).to_contain_text("3")
    expect(refused).to_contain_text("4")
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    chat.attach("计划.xlsx", plan_sheet(today), XLSX)
    plan = chat.say("/plan import", "物流运输管理系统 V2.0 产品计划")
    for word in ("需求评审", "开发", "测试", "上线"):
        expect(plan).to_contain_text(word)
    chat.shot("02-plan")
    chat.say("/story plan S1 S2 S3", "S3")
    chart = chat.say("/plan chart", "/plan chart")
    expect(chat.messages.locator("img").last).to_be_visible()
    chart.scroll_into_view_if_needed()
    chat.shot("03-chart")


def _hold_a_review(chat: Chat) -> None:
    review = chat.say("/review start 登录评审 S1 S2 S3", "进行中")
    expect(review).to_contain_text("S1 登录改版")
    chat.become("dev")
    review = chat.sees("进行中")
    chat.press(review, "我参加")
    chat.press(chat.sees("进行中"), "确认通过")  # S1
    expect(chat.sees("进行中")).to_contain_text("确认通过 1")
    chat.say("/review verdict S2 clarify 导出格式没有写清", "有待明确")
    chat.say("登录页保留旧入口三个月", "登录页保留旧入口三个月")
    chat.become("tester")
    chat.say("/review join", "已加入评审")
    chat.say("/review verdict S1 pass", "确认通过")
    chat.say("/review verdict S2 clarify", "有待明确")
    chat.say("@dev 周五前更新原型", "周五前更新原型")
    chat.become("po")
    chat.react(chat.remark("登录页保留旧入口三个月"), "📌")
    chat.sees("决定：登录页保留旧入口三个月")
    chat.react(chat.remark("周五前更新原型"), "✅")
    chat.sees("已记行动项")
    chat.say("/review verdict S1 pass", "确认通过")
    chat.say("/review decide 先这样", "决定：先这样")
    chat.say("/review undo", "已撤回")
    chat.shot("04-review")
    ending = chat.say("/review end", "没有结论")
    chat.press(ending, "仍然结束")
    chat.sees("2 条需求未定，下次评审会自动带上")
    expect(chat.sees("未定，留到下次")).to_contain_text("S3 电子围栏")
    minutes = chat.sees(".docx")
    name = minutes.locator("a", has_text=".docx").first.inner_text().split("\n")[0].strip()
    document = Document(io.BytesIO(chat.download(minutes, name)))
    text = "\n".join(
        [p.text for p in document.paragraphs]
        + [c.text for t in document.tables for r in t.rows for c in r.cells]
    )
    for word in ("登录评审", "登录改版", "登录页保留旧入口三个月", "更新原型", "李雷", "陈敏"):
        assert word in text, word
    assert "先这样" not in text, "what was taken back is not in the minutes"
    chat.shot("05-minutes")


def _change_a_story(chat: Chat) -> None:
    chat.become("dev")
    chat.say("/change S1 改为手机号登录 因为客户要求", "CR-1")
    chat.send("/change log")
    chat.fill(story="S2", what="增加导出 PDF", reason="财务要用")
    chat.submit()
    chat.sees("CR-2")
    chat.press(chat.sees("CR-1"), "提交审批")
    chat.fill(effort="3", days="3")
    chat.shot("06-impact")
    chat.submit()
    chat.sees("待审批")
    chat.say("/change approve CR-1", "此操作需要角色")
    chat.become("pm")
    chat.say("/change approve CR-1", "已批准")
    chat.become("dev")
    chat.say("/change edit CR-1 reason=客户合同要求", "撤回")
    chat.become("pm")
    chat.say("/change show CR-1", "待审批")
    chat.say("/change approve CR-1", "已批准")
    chat.become("po")
    preview = chat.say("/change apply CR-1", "执行并顺延计划")
    chat.shot("07-before-after")
    chat.press(preview, "执行并顺延计划")
    chat.sees("已执行")
    chat.say("/plan", "产品计划")
    chat.shot("08-plan-moved")


def _review_again_with_what_was_left_open(chat: Chat) -> None:
    chat.say("/review start 变更评审 S1", "变更评审")
    expect(chat.sees("进行中")).to_contain_text("S3 电子围栏")
    for handle, name in (("dev", "李雷"), ("tester", "赵倩"), ("po", "陈敏")):
        chat.become(handle)
        chat.say("/review verdict S1 pass R2", f"@{name} 对 S1 的意见：确认通过")
    ending = chat.say("/review end", "R-2 还有 2 条需求没有结论")
    chat.press(ending, "仍然结束")
    chat.sees("评审 R-2《变更评审》已结束")


def _close_it(chat: Chat) -> None:
    chat.become("tester")
    chat.say("/story stage S1 tested", "测试完毕")
    chat.become("po")
    chat.send("/verify S1")
    chat.fill(points="手机号可登录")
    chat.submit()
    chat.sees("已验证")
    chat.become("pm")
    chat.press(chat.sees("同意关闭"), "同意关闭")
    chat.sees("已关闭")
    chat.shot("09-closed")
    chat.become("po")
    chat.say("/digest now", "日报")
    chat.shot("10-digest")
