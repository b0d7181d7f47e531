"""What applying a change request does to the story, the plan and the people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.changes.state import ChangeStatus
from domain.plans.model import PhaseStatus
from domain.stories import ClosedReason, Status
from tests.commands.changing import change, plan, story
from tests.harness import Team


def test_applying_shows_the_plan_and_moves_it_once_confirmed(submitted: Team) -> None:
    submitted.say("po", "/change approve CR-1")
    assert "此操作需要角色" in submitted.say("dev", "/change apply CR-1")
    asked = submitted.say("po", "/change apply CR-1")
    assert "顺延 2 个工作日" in asked
    assert "上线：2026年12月11日（周五） → 2026年12月15日（周二）" in asked
    assert change(submitted).status is ChangeStatus.APPROVED
    done = submitted.say("po", "/change apply CR-1 确认")
    assert "S1 现在是第 2 版，计划已顺延" in done
    with submitted.read() as uow:
        documents = [i for i in uow.outbox.pending(submitted.clock.now()) if i.kind == "document"]
        assert uow.audit_log.verify()[1] is None
    moved = plan(submitted)
    assert moved.milestones[0].due == date(2026, 12, 15)
    assert moved.phases[0].ends == date(2026, 12, 1)
    assert documents[0].payload["params"]["deliverable"] == 20
    after = story(submitted)
    assert (after.version, after.status) == (2, Status.REVIEWING)
    assert after.spec == "原描述\n\n【CR-1】改用扫码登录"
    assert set(after.reviewers) == {submitted.id("dev"), submitted.id("tester")}
    assert [m.name for m in change(submitted).applied.moves] == ["开发", "测试", "上线"]  # type: ignore[union-attr]


def test_applying_can_leave_the_plan_alone(submitted: Team) -> None:
    submitted.say("po", "/change approve CR-1")
    submitted.say("po", "/变更 执行 CR-1 不动计划")
    assert plan(submitted).milestones[0].due == date(2026, 12, 11)
    assert story(submitted).version == 2


def test_a_phase_that_is_over_is_not_moved_in_silence(submitted: Team) -> None:
    before = plan(submitted)
    submitted.say("po", "/change approve CR-1")
    with submitted.write() as uow:
        over = replace(
            before.phases[0], status=PhaseStatus.DONE, progress=100, done_on=date(2026, 11, 23)
        )
        uow.plans.save(before.with_phases([over]), by=None, at=submitted.clock.now())
    shown = submitted.say("po", "/change apply CR-1 yes")
    assert "/change apply CR-1 keep" in shown
    assert story(submitted).version == 1
    submitted.say("po", "/change apply CR-1 keep")
    assert story(submitted).version == 2


def test_a_change_without_delay_is_applied_at_once(planned: Team) -> None:
    planned.submit(
        "dev",
        "change log",
        story="S1",
        what="改文案",
        title="扫码登录",
        spec="新描述",
        verify="- 新",
    )
    planned.say("po", "/change submit CR-1 人天=1 顺延=0")
    planned.say("po", "/change approve CR-1")
    planned.say("pm", "/change apply CR-1")
    after = story(planned)
    assert (after.title, after.spec, after.verify) == ("扫码登录", "新描述", "- 新")


def test_everybody_affected_acknowledges(submitted: Team) -> None:
    submitted.say("po", "/change approve CR-1")
    submitted.say("po", "/change apply CR-1 yes")
    assert any("请确认您已知悉" in m for m in submitted.sent("tester"))
    assert not any("请确认您已知悉" in m for m in submitted.sent("po"))
    assert "没有要求您确认" in submitted.say("sales", "/change ack CR-1")
    for who in ("dev", "tester"):
        assert "已知悉 CR-1" in submitted.say(who, "/change ack CR-1")
    assert "您已确认过" in submitted.say("dev", "/change ack CR-1")
    assert change(submitted).pending_acks == (submitted.id("pm"),)
    assert "全部确认" in submitted.say("pm", "/change ack CR-1")
    assert change(submitted).status is ChangeStatus.ACKNOWLEDGED
    assert "没有未完成的变更" in submitted.say("po", "/change list")
    assert "CR-1" in submitted.say("po", "/change list all")


def test_what_was_applied_is_changed_by_another_change_only(submitted: Team) -> None:
    submitted.say("po", "/change approve CR-1")
    submitted.say("po", "/change apply CR-1 keep")
    assert "请登记新的变更" in submitted.say("po", "/change undo CR-1")
    assert "请另行登记变更" in submitted.say("dev", "/change edit CR-1 x")
    assert "不能撤销" in submitted.say("dev", "/change withdraw CR-1")


def test_what_the_tracker_refuses_leaves_nothing_behind(submitted: Team) -> None:
    submitted.say("po", "/change approve CR-1")
    with submitted.write() as uow:
        tracker = submitted.services.tracker(uow, submitted.product, submitted.clock.now())
        tracker.close(1, ClosedReason.CANCEL, "", submitted.id("po"))
    answer = submitted.ask(submitted.request("po", "/change apply CR-1 yes"))
    assert answer.failed
    assert change(submitted).status is ChangeStatus.APPROVED
    assert plan(submitted).milestones[0].due == date(2026, 12, 11)
