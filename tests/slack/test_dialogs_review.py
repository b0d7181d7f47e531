"""A review in a Slack channel: its thread is the minutes, emoji and shortcuts are its entries."""

from __future__ import annotations

import io

from docx import Document

from domain.reviews.state import EntryKind, Review
from tests.fakes.slack.pressing import elements
from tests.slack.harness import ROOM, SlackTeam


def started(company: SlackTeam) -> str:
    """Start a review; the time stamp of its card, where its thread hangs."""
    company.say("po", "/review start 登录评审")
    return company.thread_of("登录评审 · 进行中")


def review(company: SlackTeam) -> Review:
    with company.read() as uow:
        found = uow.reviews.by_number(company.product.id, 1)
    assert found is not None
    return found


def texts(company: SlackTeam, kind: EntryKind) -> list[str]:
    return [e.text for e in review(company).of_kind(kind)]


def test_the_thread_of_the_card_is_the_meeting(company: SlackTeam) -> None:
    thread = started(company)
    company.remark("dev", "午饭吃什么")
    company.remark("dev", "要加图形验证码", thread=thread)
    company.remark("customer", "我也说一句", thread=thread)
    other = company.remark("dev", "另一个话题")
    company.remark("dev", "别处", thread=other["ts"])
    assert texts(company, EntryKind.NOTE) == ["要加图形验证码"]


def test_emoji_make_entries_and_take_them_back(company: SlackTeam) -> None:
    thread = started(company)
    decision = company.remark("dev", "只留短信", thread=thread)
    action = company.remark("dev", "@赵倩 周五前补接口文档", thread=thread)
    question = company.remark("dev", "海外号码怎么办", thread=thread)
    assert "决定：只留短信" in company.react("po", "📌", decision)
    company.react("pm", "📌", decision)
    assert "2026年11月27日" in company.react("po", "✅", action)
    company.react("po", "❓", question)
    assert texts(company, EntryKind.DECISION) == ["只留短信"]
    (item,) = review(company).of_kind(EntryKind.ACTION)
    assert (item.owner, str(item.due)) == (company.id("tester"), "2026-11-27")
    assert texts(company, EntryKind.QUESTION) == ["海外号码怎么办"]
    company.unreact("pm", "📌", decision)
    assert texts(company, EntryKind.DECISION) == ["只留短信"], "theirs did not make it"
    company.unreact("po", "📌", decision)
    company.unreact("po", "✅", action)
    company.unreact("po", "❓", question)
    kinds = (EntryKind.DECISION, EntryKind.ACTION, EntryKind.QUESTION)
    assert [texts(company, kind) for kind in kinds] == [[], [], []]


def test_emoji_on_what_duban_says_make_no_entries(company: SlackTeam) -> None:
    thread = started(company)
    company.say("dev", "/review decide 用短信", thread=thread)
    messages = company.team.channel(ROOM).thread(thread)
    assert {m["user"] for m in messages} == {company.slack.bot_user, company.user("dev")}
    for message in messages:
        if message["user"] == company.slack.bot_user:
            for emoji in ("📌", "✅", "❓"):
                company.react("po", emoji, message)
    assert texts(company, EntryKind.DECISION) == ["用短信"]
    assert texts(company, EntryKind.ACTION) + texts(company, EntryKind.QUESTION) == []


def test_edits_and_deletions_are_followed(company: SlackTeam) -> None:
    thread = started(company)
    kept = company.remark("dev", "只留短信验证码", thread=thread)
    gone = company.remark("dev", "先上灰度", thread=thread)
    company.react("po", "📌", kept)
    company.edit("dev", kept, "只留短信和邮箱")
    company.delete("dev", gone)
    assert texts(company, EntryKind.DECISION) == ["只留短信和邮箱"]
    assert "先上灰度" not in [e.text for e in review(company).entries]


def test_a_message_is_added_by_its_menu(company: SlackTeam) -> None:
    started(company)
    said = company.remark("dev", "这句话不在会上说的")
    company.shortcut("po", "add_to_minutes", said)
    assert "@李雷: 这句话不在会上说的" in [e.text for e in review(company).entries]


def test_a_message_becomes_a_change_by_its_menu(company: SlackTeam) -> None:
    company.say("po", "/story new 登录改版")
    said = company.remark("sales", "客户希望能用微信登录")
    assert "客户希望能用微信登录" in company.shortcut("dev", "log_change", said)
    shown = company.submit("dev", story="S1", what="增加微信登录", reason="客户要求")
    assert "CR-1" in shown
    with company.read() as uow:
        change = uow.changes.by_number(company.product.id, 1)
    assert change is not None


def test_a_global_shortcut_asks_where(company: SlackTeam) -> None:
    company.say("po", "/story new 登录改版")
    company.shortcut("dev", "new_change")
    seen = company.person("dev").submit()
    assert seen.ok
    assert not seen.error
    company.settle()
    assert "CR-1" in company.submit("dev", story="S1", what="增加微信登录")


def test_commands_are_said_in_the_thread_and_answered_there(company: SlackTeam) -> None:
    thread = started(company)
    assert "决定：用短信" in company.say("dev", "/review decide 用短信", thread=thread)
    replies = company.team.channel(ROOM).thread(thread)
    assert any("用短信" in m["text"] and m["user"] == company.slack.bot_user for m in replies)


def test_the_card_is_edited_in_place(company: SlackTeam) -> None:
    company.say("po", "/story new 登录改版")
    company.say("po", "/review start 登录评审 S1")
    thread = company.thread_of("登录评审 · 进行中")
    company.press("dev", "我参加")
    company.press("dev", "确认通过")
    cards = [m for m in company.team.channel(ROOM).top() if "登录评审 · 进行中" in m["text"]]
    assert [m["ts"] for m in cards] == [thread]
    assert "确认通过 1" in company.slack.screen("po", company.team).message(cards[0])


def test_the_end_asks_first_and_leaves_a_document(company: SlackTeam) -> None:
    company.say("po", "/story new 登录改版")
    company.say("po", "/review start 登录评审 S1")
    thread = company.thread_of("登录评审 · 进行中")
    company.remark("dev", "登录页保留旧入口", thread=thread)
    assert "没有结论" in company.say("po", "/review end")
    company.press("po", "仍然结束")
    (file,) = [f for f in company.team.files.values() if f.name.endswith(".docx")]
    tables = Document(io.BytesIO(file.data)).tables
    words = "\n".join(c.text for t in tables for r in t.rows for c in r.cells)
    assert "登录评审" in words
    assert "登录页保留旧入口" in words
    assert file.shared


def test_home_shows_what_waits_and_settles_it(company: SlackTeam) -> None:
    company.say("po", "/action add @李雷 11-24 更新原型")
    assert "更新原型" in company.home("dev")
    assert "更新原型" not in company.home("tester")
    company.press_home("dev", "完成")
    assert "更新原型" not in company.home("dev")
    with company.read() as uow:
        assert uow.actions.open_of(company.product.id) == ()


def asked(company: SlackTeam, who: str) -> tuple[int, list[str]]:
    """How many messages somebody has alone with Duban, and which buttons these have."""
    person = company.person(who)
    said = company.team.seen_by(company.user(who), person.room("app"))
    shown = [element for m in said for _, element in elements(m.get("blocks", []))]
    return len(said), [e["text"]["text"] for e in shown if e["type"] == "button"]


def test_who_is_asked_to_decide_sees_alone_when_it_is_decided(company: SlackTeam) -> None:
    company.say("po", "/story new 登录改版")
    company.say("dev", "/change S1 改为手机号登录 因为客户要求")
    company.say("dev", "/change submit CR-1 人天=3 顺延=0")
    before = {who: asked(company, who) for who in ("po", "pm")}
    assert all(buttons[-2:] == ["批准", "驳回"] for _, buttons in before.values())
    company.press("pm", "批准", channel="app")
    assert asked(company, "po") == (before["po"][0], before["po"][1][:-2]), "by somebody else"
    assert "批准" not in asked(company, "pm")[1], "by oneself"
    for who in ("po", "pm"):
        assert "变更 CR-1 · 改为手机号登录 · 已批准" in company.screen(who, "app")
    company.say("dev", "/change edit CR-1 reason=客户合同要求")
    assert asked(company, "po")[1][-2:] == ["批准", "驳回"], "it is to be decided anew"
    assert "客户合同要求" in company.screen("po", "app")
    assert "已批准" in company.press("po", "批准", channel="app")
