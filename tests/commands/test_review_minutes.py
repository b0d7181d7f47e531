"""What is said and shown during a review becomes its minutes, on both databases."""

from __future__ import annotations

from domain.people import Role, RoleGrant
from domain.reviews.state import EntryKind
from tests.commands.reviewing import review
from tests.harness import Team


def test_what_is_said_becomes_minutes_once(meeting: Team) -> None:
    assert meeting.remark("dev", "要加图形验证码", message_id="m1") == ""
    meeting.remark("dev", "要加图形验证码", message_id="m1")
    meeting.remark("customer", "我也说一句", message_id="m2")
    notes = review(meeting).of_kind(EntryKind.NOTE)
    assert [(n.text, n.by) for n in notes] == [("要加图形验证码", meeting.id("dev"))]


def test_only_the_thread_of_the_card_is_the_meeting_where_there_are_threads(meeting: Team) -> None:
    found = review(meeting)
    where = f"channel:{meeting.channel.id}"
    with meeting.write() as uow:
        uow.cards.save(f"review:{found.id}", where, {"message": "c1", "thread": "c1"})
        uow.cards.save(f"review:{found.id}", where, {"message": "c2", "thread": "c2"})
    meeting.remark("dev", "午饭吃什么")
    meeting.remark("dev", "第一处", thread="c1")
    meeting.remark("dev", "第二处", thread="c2")
    meeting.remark("dev", "别处", thread="c3")
    assert [n.text for n in review(meeting).of_kind(EntryKind.NOTE)] == ["第一处", "第二处"]


def test_nothing_is_recorded_without_a_review(team: Team) -> None:
    assert team.remark("dev", "大家好") == ""
    assert team.react("po", "📌", "大家好", author="dev", message_id="m1") == ""


def test_reactions_make_entries_and_take_them_back(meeting: Team) -> None:
    meeting.react("po", "📌", "只留短信", author="dev", message_id="m1")
    meeting.react("pm", "📌", "只留短信", author="dev", message_id="m1")
    tester = meeting.id("tester")
    meeting.react("po", "✅", f"周五前 <@{tester}> 补接口文档", author="dev", message_id="m2")
    meeting.react("po", "✅️", "整理原型", author="dev", message_id="m3")
    meeting.react("po", "❓", "海外号码怎么办", author="dev", message_id="m4")
    found = review(meeting)
    assert [x.text for x in found.of_kind(EntryKind.DECISION)] == ["只留短信"]
    items = [(x.text, x.owner, str(x.due)) for x in found.of_kind(EntryKind.ACTION)]
    assert items == [
        ("补接口文档", tester, "2026-11-27"),
        ("整理原型", meeting.id("dev"), "None"),
    ]
    assert [x.text for x in found.of_kind(EntryKind.QUESTION)] == ["海外号码怎么办"]
    meeting.react("pm", "📌", "只留短信", author="dev", message_id="m1", added=False)
    assert review(meeting).of_kind(EntryKind.DECISION)
    meeting.react("po", "📌", "只留短信", author="dev", message_id="m1", added=False)
    meeting.react("po", "✅", "x", author="dev", message_id="m2", added=False)
    meeting.react("po", "❓", "x", author="dev", message_id="m4", added=False)
    found = review(meeting)
    assert [x.text for x in found.entries] == ["整理原型"]


def test_the_same_delivery_twice_is_one_entry(meeting: Team) -> None:
    first = meeting.say("po", "/review decide 一次", event_id="e1")
    assert meeting.say("po", "/review decide 一次", event_id="e1") == first
    assert len(review(meeting).entries) == 1


def test_in_a_direct_conversation_the_only_open_review_is_meant(meeting: Team) -> None:
    from domain.ids import new_id
    from domain.people import Channel

    direct = Channel(new_id(), "web", "d1", "李雷", "direct", person_id=meeting.id("dev"))
    with meeting.write() as uow:
        uow.channels.add(direct)
    answer = meeting.ask(meeting.request("dev", "/review verdict S1 pass", channel=direct.id))
    assert not answer.failed
    assert review(meeting).agenda[0].votes
    assert any("登录改版" in m for m in meeting.sent())


def test_another_products_review_is_out_of_reach(meeting: Team) -> None:
    from domain.ids import new_id
    from domain.people import Channel, Product

    other = Product(new_id(), "wms", "仓储")
    channel = Channel(new_id(), "web", "wms", "仓储", product_id=other.id)
    with meeting.write() as uow:
        uow.products.add(other)
        uow.channels.add(channel)
        uow.people.grant(RoleGrant(meeting.id("po"), Role.PO, other.id), new_id())
    answer = meeting.ask(meeting.request("po", "/review show R-1", channel=channel.id))
    assert answer.failed
    answer = meeting.ask(meeting.request("pm", "/review decide x", channel=channel.id))
    assert answer.failed


def test_edits_and_deletions_of_recorded_messages_are_followed(team: Team) -> None:
    team.say("po", "/review start 登录改版")
    team.remark("dev", "只留短信验证码", message_id="m1")
    team.remark("dev", "先上灰度", message_id="m2")
    team.react("po", "📌", "只留短信验证码", author="dev", message_id="m1")
    team.react("po", "✅", "周五 更新原型", author="dev", message_id="m3")
    assert "只留短信和邮箱" in team.edit("dev", "只留短信和邮箱", message_id="m1")
    assert team.edit("dev", None, message_id="m2") == ""
    team.edit("dev", "@tester 12-01 更新原型和文案", message_id="m3")
    shown = team.say("po", "/review show")
    assert "只留短信和邮箱" in shown
    assert "更新原型和文案" in shown
    assert "赵倩" in shown
    assert "只留短信验证码" not in shown
    minutes = team.say("po", "/review end yes")
    assert "先上灰度" not in minutes


def test_an_edit_after_the_end_changes_no_record(team: Team) -> None:
    team.say("po", "/review start 登录改版")
    team.react("po", "📌", "只留短信验证码", author="dev", message_id="m1")
    team.say("po", "/review end yes")
    assert team.edit("dev", "另一句", message_id="m1") == ""
    assert "只留短信验证码" in team.say("po", "/review show R-1")
