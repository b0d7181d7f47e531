"""How a review ends, and what comes of it, on both databases."""

from __future__ import annotations

import pytest

from domain.reviews.events import Nudged, Shelved
from domain.reviews.minutes import minutes_of
from domain.reviews.seal import broken_seals
from domain.reviews.state import ReviewStatus
from domain.stories import Status, Verdict
from tests.commands.reviewing import add_story, end_all, review, set_rule, story
from tests.harness import Team


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
    assert "S3 无评审人的草稿（第 1 版） · R-1 遗留" in shown
    assert "S1 短信登录（第 1 版） · R-1 遗留" in shown
    assert "A-1 海外号码怎么办 · R-1 遗留" in shown
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
