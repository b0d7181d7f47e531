"""Review meetings as people hold them, over the real dispatcher, on both databases."""

from __future__ import annotations

import pytest

from domain.people import Role, RoleGrant
from domain.reviews.events import Nudged, Shelved
from domain.reviews.minutes import minutes_of
from domain.reviews.seal import broken_seals
from domain.reviews.state import EntryKind, Review, ReviewStatus
from domain.settings import with_rule
from domain.stories import Status, Story, StoryDraft, Verdict
from tests.harness import Team


def add_story(team: Team, title: str, *reviewers: str) -> Story:
    with team.write() as uow:
        tracker = team.services.tracker(uow, team.product, team.clock.now())
        people = tuple(team.id(r) for r in reviewers)
        draft = StoryDraft(team.product.id, title, "描述", "- 可登录", reviewers=people)
        return tracker.create(draft, team.id("po"))


def story(team: Team, number: int) -> Story:
    with team.read() as uow:
        return uow.stories.get(number)


def review(team: Team, number: int = 1) -> Review:
    with team.read() as uow:
        found = uow.reviews.by_number(team.product.id, number)
    assert found is not None
    return found


def set_rule(team: Team, name: str, value: str) -> None:
    from dataclasses import replace

    with team.write() as uow:
        product = uow.products.get(team.product.id)
        uow.products.save(replace(product, settings=tuple(with_rule(product, name, value).items())))


@pytest.fixture
def meeting(team: Team) -> Team:
    """An open review of S1 and S2 (reviewers dev and tester)."""
    add_story(team, "短信登录", "dev", "tester")
    add_story(team, "扫码登录", "dev", "tester")
    team.say("po", "/review start 登录改版")
    return team


def test_the_agenda_is_what_waits_for_review(meeting: Team) -> None:
    shown = meeting.say("dev", "/review")
    assert "评审 R-1 · 登录改版 · 进行中" in shown
    assert "S1 短信登录" in shown
    assert "S2 扫码登录" in shown
    assert "正在记录" in shown
    assert "登录改版" in meeting.sent("dev")[0]


def test_a_title_is_made_up_when_there_is_none(team: Team) -> None:
    assert "物流运输管理系统 2026-11-23" in team.say("po", "/review start")


def test_named_stories_are_the_agenda(team: Team) -> None:
    add_story(team, "甲", "dev")
    add_story(team, "乙", "dev")
    shown = team.say("po", "/评审 开始 只看乙 S2")
    assert "S2 乙" in shown
    assert "S1 甲" not in shown


def test_drafts_on_the_plan_come_with_the_word_plan(team: Team) -> None:
    add_story(team, "草稿")
    assert "S1 草稿" not in team.say("po", "/review start 计划外")
    team.say("po", "/review cancel 重来")
    assert review(team).title == "计划外"


@pytest.mark.parametrize("who", ["dev", "tester", "sales", "customer"])
def test_only_leaders_start(team: Team, who: str) -> None:
    shown = team.say(who, "/review start x")
    assert "此操作需要角色" in shown
    assert "陈敏" in shown


def test_a_second_review_in_the_channel_is_refused_with_the_first(meeting: Team) -> None:
    shown = meeting.say("pm", "/review start 另一个")
    assert "正在进行评审 R-1《登录改版》" in shown
    assert "/review end R-1" in shown


def test_the_database_itself_allows_one_open_review_per_channel(meeting: Team) -> None:
    """Two people at once: the loser's transaction meets the unique index and is tried again."""
    from domain.errors import ConflictError
    from domain.ids import new_id
    from domain.reviews.events import Started
    from domain.settings import ReviewRule

    body = Started(9, meeting.product.id, "x", meeting.id("pm"), ReviewRule.ALL, meeting.channel.id)
    with pytest.raises(ConflictError), meeting.write() as uow:
        uow.reviews.record(Review(new_id()), body, actor=None, at=meeting.clock.now())
    with meeting.read() as uow:
        assert len(uow.reviews.recent(meeting.product.id)) == 1


def test_verdicts_count_once_and_are_replaced(meeting: Team) -> None:
    assert "李雷 对 S1 的意见：确认通过" in meeting.say("dev", "/review verdict S1 pass")
    shown = meeting.say("dev", "/评审 意见 S1 待明确 缺少异常流程")
    assert "有待明确（此前：确认通过）" in shown
    assert "有待明确 1" in shown
    assert "确认通过 1" not in shown
    votes = review(meeting).agenda[0].votes
    assert [(v.verdict, v.comment) for v in votes] == [(Verdict.CLARIFY, "缺少异常流程")]


def test_a_verdict_of_somebody_else_is_kept_and_not_counted(meeting: Team) -> None:
    shown = meeting.say("pm", "/review verdict S1 reject 太贵")
    assert "不计票" in shown
    assert "李雷、@赵倩" in shown
    assert "结论" not in shown.split("S1 短信登录")[1].split("\n")[0]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        pytest.param(
            "/review verdict S1 revert", "第 1 版，没有可撤销的变更", id="revert version 1"
        ),
        pytest.param("/review verdict S9 pass", "不在议程上", id="not on the agenda"),
        pytest.param("/review verdict S1 好的吧", "确认通过", id="no verdict: the form"),
        pytest.param("/review agenda remove S9", "不在议程上", id="remove what is not there"),
        pytest.param("/review agenda add S1", "已在议程上", id="add what is there"),
        pytest.param("/review agenda add", "要添加或移除什么", id="add nothing"),
        pytest.param("/review reopen R-1", "正在进行中", id="reopen what is open"),
        pytest.param("/review show R-9", "没有评审 R-9", id="unknown number"),
    ],
)
def test_what_cannot_be_done_is_explained(meeting: Team, line: str, answer: str) -> None:
    assert answer in meeting.say("po", line)


def test_the_form_opens_when_something_is_missing(meeting: Team) -> None:
    shown = meeting.say("po", "/review decide")
    assert "记决定" in shown
    assert "必填" in shown
    assert "📌 决定：只留短信" in meeting.submit("po", "review decide", text="只留短信")


def test_undo_is_for_the_author_and_the_chair(meeting: Team) -> None:
    meeting.say("dev", "/review decide 用短信")
    assert "只有本人或主持人" in meeting.say("tester", "/review undo")
    assert "已撤回：决定：用短信" in meeting.say("po", "/review undo")
    assert not review(meeting).entries
    meeting.say("dev", "/review decide 用短信")
    meeting.say("dev", "/review undo")
    assert not review(meeting).entries
    assert "S2 加入议程" in meeting.say("po", "/review undo")
    assert "S1 加入议程" in meeting.say("po", "/review undo")
    assert "没有可撤回" in meeting.say("po", "/review undo")


def test_undo_of_a_verdict_brings_the_earlier_back(meeting: Team) -> None:
    meeting.say("dev", "/review verdict S1 pass")
    meeting.say("dev", "/review verdict S1 reject")
    meeting.say("dev", "/review undo")
    assert [v.verdict for v in review(meeting).agenda[0].votes] == [Verdict.PASS]


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


def end_all(team: Team) -> str:
    for who in ("dev", "tester"):
        team.say(who, "/review verdict S1 pass")
        team.say(who, "/review verdict S2 clarify")
    return team.say("po", "/review end")


def test_ending_brings_the_outcomes_to_the_tracker(meeting: Team) -> None:
    shown = end_all(meeting)
    assert "已结束，纪要已封存" in shown
    assert story(meeting, 1).status is Status.ACTIVE
    assert story(meeting, 2).status is Status.DRAFT
    found = review(meeting)
    assert [o.result for o in found.endings[-1].outcomes] == ["recorded", "recorded"]
    with meeting.read() as uow:
        assert broken_seals(found.id, uow.reviews.log(found.id)) == ()
        assert uow.audit_log.verify()[1] is None
        documents = [i for i in uow.outbox.pending(meeting.clock.now()) if i.kind == "document"]
    assert documents[0].payload["document"] == "minutes.docx"
    assert documents[0].payload["params"]["review"] == found.id
    assert documents[0].payload["params"]["deliverable"] == 19


def test_ending_asks_when_something_is_undecided(meeting: Team) -> None:
    meeting.say("dev", "/review verdict S1 pass")
    asked = meeting.say("po", "/review end")
    assert "2 条需求没有结论" in asked
    assert "赵倩" in asked
    assert "/review end R-1 yes" in asked
    assert review(meeting).status is ReviewStatus.OPEN
    ended = meeting.say("po", "/评审 结束 R-1 确认")
    assert "2 条需求未定" in ended
    assert story(meeting, 1).status is Status.REVIEWING


def test_what_was_undecided_is_on_the_next_agenda(meeting: Team) -> None:
    add_story(meeting, "无评审人的草稿")
    meeting.say("po", "/review agenda add S3")
    meeting.say("po", "/review question 海外号码怎么办")
    meeting.say("po", "/review end yes")
    shown = meeting.say("po", "/review start 下一次")
    assert "S3 无评审人的草稿（第 1 版） · （R-1 遗留）" in shown
    assert "S1 短信登录（第 1 版） · （R-1 遗留）" in shown
    assert "A-1 海外号码怎么办 （R-1 遗留）" in shown
    meeting.say("po", "/review agenda remove S3")
    shown = meeting.say("po", "/review agenda remove A-1")
    assert "遗留" in shown
    assert "S3" not in shown.split("\n\n", 1)[1]
    assert "海外号码" not in shown.split("\n\n", 1)[1]


def test_whoever_ends_second_hears_who_was_first(meeting: Team) -> None:
    end_all(meeting)
    assert "R-1 已由 @陈敏 于" in meeting.say("pm", "/review end")
    assert "R-1 已由 @陈敏 于" in meeting.say("po", "/review end R-1 yes")
    assert len(review(meeting).endings) == 1


def test_only_who_leads_ends(meeting: Team) -> None:
    assert "只有主持人 @陈敏" in meeting.say("dev", "/review end yes")


def test_a_story_that_cannot_take_the_outcome_is_reported(meeting: Team) -> None:
    with meeting.write() as uow:
        tracker = meeting.services.tracker(uow, meeting.product, meeting.clock.now())
        tracker.record_verdict(1, Verdict.REJECT, "", meeting.id("po"))
    shown = end_all(meeting)
    assert "未写入需求：需求已关闭" in shown
    assert story(meeting, 2).status is Status.DRAFT


def test_a_draft_is_submitted_before_its_outcome(team: Team) -> None:
    add_story(team, "草稿")
    team.say("po", "/review start x S1")
    team.say("po", "/review agenda add S1 @dev")
    team.say("dev", "/review verdict S1 pass")
    team.say("po", "/review end")
    assert story(team, 1).status is Status.ACTIVE


def test_action_items_become_items_and_their_owners_are_told(meeting: Team) -> None:
    meeting.say("po", "/review action @dev 周五 更新原型")
    meeting.say("po", "/review action 写纪要")
    end_all(meeting)
    told = meeting.sent("dev")[-1]
    assert "A-1 更新原型" in told
    assert "2026年11月27日" in told
    assert not any("写纪要" in m for m in meeting.sent("po"))
    with meeting.read() as uow:
        items = uow.actions.open_of(meeting.product.id)
        due = uow.schedule.due(meeting.clock.now())
    assert [(i.number, i.text, i.owner) for i in items] == [
        (1, "更新原型", meeting.id("dev")),
        (2, "写纪要", meeting.id("po")),
    ]
    assert {d.subject_id for d in due if d.kind == "action"} == {i.id for i in items}


def test_a_correction_is_a_new_version(meeting: Team) -> None:
    meeting.say("po", "/review action @dev 周五 更新原型")
    end_all(meeting)
    first = review(meeting)
    assert "第 2 版" in meeting.say("po", "/review reopen R-1 漏记一条")
    meeting.say("po", "/review decide 补记")
    meeting.say("po", "/review end")
    second = review(meeting)
    assert second.version == 2
    assert second.endings[0].digest == first.endings[0].digest != second.endings[1].digest
    assert {o.result for o in second.endings[1].outcomes} == {"unchanged"}
    assert len([m for m in meeting.sent("dev") if "更新原型" in m]) == 1
    minutes = minutes_of(second, product="P", zone="Asia/Shanghai", name=str)
    assert minutes.digest == second.endings[1].digest
    assert minutes.earlier == (first.endings[0].digest,)


def test_cancelling_leaves_everything_as_it_was(meeting: Team) -> None:
    meeting.say("dev", "/review verdict S1 pass")
    assert "已取消" in meeting.say("po", "/review cancel 人没到齐")
    assert story(meeting, 1).status is Status.REVIEWING
    assert "R-1 已由 @陈敏 于" in meeting.say("pm", "/review cancel 再取消")
    assert "R-1 继续" in meeting.say("po", "/review reopen R-1")
    assert review(meeting).agenda[0].votes
    end_all(meeting)
    meeting.say("po", "/review reopen R-1")
    assert "不能取消" in meeting.say("po", "/review cancel x")


def test_reopening_beside_an_open_review_is_refused(meeting: Team) -> None:
    end_all(meeting)
    meeting.say("po", "/review start 下一次")
    assert "R-2《下一次》" in meeting.say("po", "/review reopen R-1")


def test_a_review_that_nobody_ended_blocks_no_channel(meeting: Team) -> None:
    with meeting.write() as uow:
        found = uow.reviews.open_in(meeting.channel.id)
        assert found is not None
        found = uow.reviews.record(found, Nudged(), actor=None, at=meeting.clock.now())
        uow.reviews.record(found, Shelved(), actor=None, at=meeting.clock.now())
    assert "R-2" in meeting.say("po", "/review start 第二天")
    meeting.say("po", "/review cancel x")
    assert "草稿" in meeting.say("po", "/review show R-1")
    assert "没有结论" in meeting.say("po", "/review end")
    assert "R-1 继续" in meeting.say("po", "/review reopen R-1")
    assert review(meeting).version == 1


@pytest.mark.parametrize(
    ("rule", "outcome"),
    [
        pytest.param("all", None, id="all"),
        pytest.param("majority", None, id="majority"),
        pytest.param("chair", Status.CLOSED, id="chair"),
    ],
)
def test_the_teams_rule_decides(team: Team, rule: str, outcome: Status | None) -> None:
    add_story(team, "短信登录", "dev", "tester")
    set_rule(team, "review_rule", rule)
    team.say("po", "/review start x")
    team.say("dev", "/review verdict S1 pass")
    team.say("po", "/review verdict S1 reject")
    team.say("po", "/review end yes")
    assert story(team, 1).status is (outcome or Status.REVIEWING)


def test_who_is_excused_is_not_waited_for(meeting: Team) -> None:
    assert "请假" in meeting.say("tester", "/review excuse 出差")
    assert "只有主持人" in meeting.say("dev", "/review excuse @tester")
    meeting.say("dev", "/review verdict S1 pass")
    assert "结论：确认通过" in meeting.say("po", "/review")
    meeting.say("tester", "/review join")
    assert "等 @赵倩" in meeting.say("po", "/review")


def test_a_changed_story_is_voted_on_anew(meeting: Team) -> None:
    end_all(meeting)
    with meeting.write() as uow:
        tracker = meeting.services.tracker(uow, meeting.product, meeting.clock.now())
        people = (meeting.id("dev"),)
        tracker.change(
            1, title="短信登录", spec="新", verify="", reviewers=people, comment="", actor=people[0]
        )
    meeting.say("po", "/review reopen R-1")
    shown = meeting.say("dev", "/review verdict S1 clarify")
    assert "S1 短信登录（第 2 版）" in shown
    assert "revert" in shown


def test_the_last_reviews_are_listed_and_exported(meeting: Team) -> None:
    assert "正在生成 R-1" in meeting.say("dev", "/review export md")
    end_all(meeting)
    assert "评审 R-1 · 登录改版 · 已结束" in meeting.say("dev", "/review")
    assert "评审 R-1" in meeting.say("dev", "/评审 列表")
    with meeting.read() as uow:
        kinds = [i.payload.get("document") for i in uow.outbox.pending(meeting.clock.now())]
    assert "minutes.md" in kinds


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


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param("/review", "Review R-1 · login · open", id="card"),
        pytest.param("/review verdict S1 pass", "is noted but not counted", id="not counted"),
        pytest.param("/review decide only SMS", "Decision: only SMS", id="decision"),
        pytest.param("/review action @dev fri prototype", "due Fri, 27 Nov 2026", id="action"),
        pytest.param("/review question why", "Open question A-1: why", id="question"),
        pytest.param("/review note hm", "Noted in the minutes", id="note"),
        pytest.param("/review undo", "Taken back", id="undo"),
        pytest.param("/review end", "1 story has no outcome", id="end"),
    ],
)
def test_the_same_dialog_in_english(english_team: Team, line: str, shown: str) -> None:
    add_story(english_team, "SMS", "dev", "tester")
    english_team.say("po", "/review start login")
    assert shown in english_team.say("po", line)


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


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param("决定 登录只留短信", "登录只留短信", id="decision"),
        pytest.param("决定：登录只留短信", "登录只留短信", id="full-width colon"),
        pytest.param("记录 安全组要求验证码", "已记入纪要", id="note"),
        pytest.param("待办 @李雷 周五 更新原型", "更新原型", id="action, though 待办 is a command"),
        pytest.param("问题 海外手机号怎么办", "海外手机号怎么办", id="question"),
        pytest.param("评审意见 S1 通过", "通过", id="verdict"),
        pytest.param("在场", "李雷", id="present"),
        pytest.param("decide SMS only", "SMS only", id="English"),
    ],
)
def test_short_lines_while_a_review_is_open(team: Team, line: str, shown: str) -> None:
    team.say("po", "/story new 登录改版")
    team.say("po", "/review start 登录 S1")
    said = team.say("dev", line)
    assert shown in said
    assert "没有这个命令" not in said
    assert "→" in said, "the review's card, with what comes next"


def test_short_lines_mean_nothing_without_a_review(team: Team) -> None:
    assert "review decide" in team.say("dev", "decide SMS only")
    assert "更新原型" not in team.say("dev", "/action list all")
    team.say("po", "/review start 登录")
    assert "更新原型" in team.say("dev", "/action add @tester 周五 更新原型")
    assert "A-1" in team.say("dev", "/action list all"), "a named subcommand is what it says"
