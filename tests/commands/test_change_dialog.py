"""Change requests from the wish to the acknowledgment, as people type them, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.changes.state import ChangeRequest, ChangeStatus
from domain.people import Role, RoleGrant
from domain.plans.model import Dependency, Milestone, Phase, PhaseStatus, Plan
from domain.settings import with_rule
from domain.stories import ClosedReason, Status, Story, StoryDraft, Verdict
from tests.harness import Team

PLAN = "plan-of-change-tests"


def set_rule(team: Team, name: str, value: str) -> None:
    with team.write() as uow:
        product = uow.products.get(team.product.id)
        uow.products.save(replace(product, settings=tuple(with_rule(product, name, value).items())))


def add_active_story(team: Team, title: str, plan_id: str | None = None) -> int:
    with team.write() as uow:
        tracker = team.services.tracker(uow, team.product, team.clock.now())
        draft = StoryDraft(
            team.product.id,
            title,
            "原描述",
            "- 可登录",
            plan_id=plan_id,
            assigned_to=team.id("dev"),
            reviewers=(team.id("dev"), team.id("tester")),
        )
        number = tracker.create(draft, team.id("po")).number
        tracker.record_verdict(number, Verdict.PASS, "", team.id("po"))
    return number


def story(team: Team, number: int = 1) -> Story:
    with team.read() as uow:
        return uow.stories.get(number)


def change(team: Team, number: int = 1) -> ChangeRequest:
    with team.read() as uow:
        found = uow.changes.by_number(team.product.id, number)
    assert found is not None
    return found


@pytest.fixture
def planned(team: Team) -> Team:
    """A plan of two phases and a milestone, and the active story S1 on it."""
    phases = (
        Phase(
            "p1",
            "开发",
            date(2026, 11, 16),
            date(2026, 11, 27),
            status=PhaseStatus.ACTIVE,
            deliverables=(18,),
        ),
        Phase(
            "p2",
            "测试",
            date(2026, 11, 30),
            date(2026, 12, 11),
            predecessors=(Dependency("p1"),),
            deliverables=(22,),
        ),
    )
    stones = (Milestone("m1", "上线", date(2026, 12, 11), "p2"),)
    with team.write() as uow:
        plan = Plan(PLAN, team.product.id, "V2.3", phases, stones)
        uow.plans.add(plan, by=None, at=team.clock.now())
    add_active_story(team, "短信登录", PLAN)
    return team


@pytest.fixture
def submitted(planned: Team) -> Team:
    """CR-1 of dev, submitted: three person-days, two working days."""
    planned.say("dev", "/change S1 改用扫码登录 因为客户要求")
    planned.say("po", "/change submit CR-1 人天=3 顺延=2")
    return planned


@pytest.mark.parametrize(
    ("line", "what", "reason"),
    [
        pytest.param(
            "/change S1 改用扫码登录 因为客户要求", "改用扫码登录", "客户要求", id="short"
        ),
        pytest.param("/change log S1 改用扫码登录", "改用扫码登录", "", id="no reason"),
        pytest.param("变更 登记 #1 改登录，由于 安全组", "改登录", "安全组", id="Chinese"),
        pytest.param("/change S1 QR code because of security", "QR code", "security", id="English"),
        pytest.param("/change S1 改登录 原因=合规", "改登录", "合规", id="named"),
        pytest.param(
            "/change S1 见 https://lanhuapp.com/url/abc 密码:xGAE", "见", "", id="Lanhu link"
        ),
    ],
)
def test_one_line_logs(planned: Team, line: str, what: str, reason: str) -> None:
    assert "已登记变更 CR-1" in planned.say("dev", line)
    logged = change(planned)
    assert (logged.content.what, logged.content.reason) == (what, reason)
    assert logged.author == planned.id("dev")
    assert "xGAE" not in repr(logged)


def test_lanhu_links_are_kept_with_it(planned: Team) -> None:
    planned.say("dev", "/change S1 新原型 https://lanhuapp.com/url/abc 密码:xGAE")
    assert "已有这个链接" in planned.say("dev", "/change link CR-1 https://lanhuapp.com/url/abc")
    assert "没有找到蓝湖链接" in planned.say("dev", "/change link CR-1 https://example.com/")
    shown = planned.say("dev", "/change link CR-1 https://lanhuapp.com/url/def 密码 1234")
    assert "https://lanhuapp.com/url/abc" in shown
    assert "https://lanhuapp.com/url/def" in shown
    assert "1234" not in shown


def test_the_form_has_the_storys_text_and_only_what_differs_is_a_change(planned: Team) -> None:
    assert "原描述" in planned.say("dev", "/change S1")
    planned.submit(
        "dev",
        "change log",
        story="S1",
        what="改标题",
        title="扫码登录",
        spec="原描述",
        verify="- 可登录",
    )
    content = change(planned).content
    assert (content.title, content.spec, content.verify) == ("扫码登录", "", "")


@pytest.mark.parametrize(
    ("who", "line", "shown"),
    [
        pytest.param("dev", "/change", "登记变更", id="nothing opens the form"),
        pytest.param("customer", "/change S1 x", "此操作需要角色", id="customer"),
        pytest.param("dev", "/change S9 x", "S9", id="unknown story"),
        pytest.param("dev", "/change show CR-9", "没有变更 CR-9", id="unknown change"),
    ],
)
def test_what_cannot_be_logged_is_explained(planned: Team, who: str, line: str, shown: str) -> None:
    assert shown in planned.say(who, line)
    with planned.read() as uow:
        assert uow.changes.recent(planned.product.id) == ()


def test_a_closed_story_does_not_change(planned: Team) -> None:
    with planned.write() as uow:
        tracker = planned.services.tracker(uow, planned.product, planned.clock.now())
        tracker.close(1, ClosedReason.CANCEL, "", planned.id("po"))
    assert "已关闭，不能变更" in planned.say("dev", "/change S1 x")


def test_the_impact_is_computed_where_it_can_be(submitted: Team) -> None:
    impact = change(submitted).impact
    assert impact is not None
    assert (impact.effort, impact.days) == (3.0, 2)
    assert impact.stories == (1,)
    assert impact.phases == ("开发", "测试")
    assert impact.milestones == ("上线",)
    assert impact.deliverables == (18, 22)
    ids = {submitted.id(h) for h in ("dev", "tester", "po", "pm")}
    assert set(impact.people) == ids
    assert any("请您审批" in m for m in submitted.sent("pm"))
    assert not any("请您审批" in m for m in submitted.sent("po"))  # the submitter knows


def test_the_submit_form_is_filled_in(planned: Team) -> None:
    planned.say("dev", "/change S1 改用扫码登录")
    shown = planned.say("dev", "/change submit CR-1")
    assert "能算出来的已填好" in shown
    assert "开发" in shown
    answer = planned.submit(
        "dev", "change submit", change="CR-1", effort="1.5", days="0", people=planned.id("sales")
    )
    assert "已提交" in answer
    impact = change(planned).impact
    assert impact is not None
    assert impact.effort == 1.5
    assert impact.people == (planned.id("sales"),)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param("/change submit CR-1 人天=-1 顺延=0", "工作量应为", id="negative effort"),
        pytest.param("/change submit CR-1 人天=1 顺延=-2", "顺延天数应为", id="negative delay"),
        pytest.param("/change submit CR-1 人天=1 顺延=1.5", "顺延天数应为", id="half a day"),
        pytest.param("/change submit CR-1 人天=1 顺延=999", "顺延天数应为", id="years"),
        pytest.param("/change submit CR-1 人天=1 顺延=1 阶段=没有", "没有", id="no such phase"),
        pytest.param("/change approve CR-1", "还没有提交审批", id="approve too early"),
        pytest.param("/change apply CR-1", "批准后才能执行", id="apply too early"),
        pytest.param("/change ack CR-1", "还没有执行", id="acknowledge too early"),
    ],
)
def test_what_does_not_fit_is_explained(planned: Team, line: str, shown: str) -> None:
    planned.say("dev", "/change S1 改用扫码登录")
    assert shown in planned.say("po", line)
    assert change(planned).status is ChangeStatus.LOGGED


@pytest.mark.parametrize("who", ["dev", "tester", "sales", "admin", "customer"])
def test_only_the_deciding_roles_decide(submitted: Team, who: str) -> None:
    for line in ("/change approve CR-1", "/change reject CR-1 不要"):
        shown = submitted.say(who, line)
        assert "此操作需要角色" in shown
    assert "陈敏" in submitted.say("dev", "/change approve CR-1")
    assert change(submitted).status is ChangeStatus.SUBMITTED


@pytest.mark.parametrize("who", ["po", "pm"])
def test_one_approval_is_enough_by_default(submitted: Team, who: str) -> None:
    assert "CR-1 已批准" in submitted.say(who, "/变更 批准 CR-1")
    assert change(submitted).status is ChangeStatus.APPROVED
    assert any("已由" in m for m in submitted.sent("dev"))


def test_a_quorum_of_two(planned: Team) -> None:
    set_rule(planned, "change_quorum", "2")
    planned.say("dev", "/change S1 改用扫码登录")
    planned.say("dev", "/change submit CR-1 人天=1 顺延=0")
    assert "（1/2）" in planned.say("po", "/change approve CR-1")
    assert "已批准过" in planned.say("po", "/change approve CR-1")
    assert change(planned).status is ChangeStatus.SUBMITTED
    planned.say("pm", "/change approve CR-1")
    assert change(planned).status is ChangeStatus.APPROVED


def test_the_rule_is_that_of_the_day_it_was_submitted(submitted: Team) -> None:
    set_rule(submitted, "change_quorum", "2")
    submitted.say("po", "/change approve CR-1")
    assert change(submitted).status is ChangeStatus.APPROVED


def test_roles_can_be_set(planned: Team) -> None:
    set_rule(planned, "change_roles", "tester")
    planned.say("dev", "/change S1 改用扫码登录")
    planned.say("dev", "/change submit CR-1 人天=1 顺延=0")
    assert "此操作需要角色" in planned.say("po", "/change approve CR-1")
    assert "已批准" in planned.say("tester", "/change approve CR-1")


def test_nobody_approves_their_own_request(planned: Team) -> None:
    planned.say("po", "/change S1 改用扫码登录")
    planned.say("po", "/change submit CR-1 人天=1 顺延=0")
    shown = planned.say("po", "/change approve CR-1 我说了算")
    assert "不能批准自己提出的变更" in shown
    assert "王强" in shown
    assert change(planned).status is ChangeStatus.SUBMITTED


def without_pm(team: Team) -> None:
    with team.write() as uow:
        uow.people.revoke(RoleGrant(team.id("pm"), Role.PM, team.product.id))


def test_a_sole_approver_may_override_and_the_record_says_so(planned: Team) -> None:
    without_pm(planned)
    planned.say("po", "/change S1 改用扫码登录")
    planned.say("po", "/change submit CR-1 人天=1 顺延=0")
    assert "写明理由" in planned.say("po", "/change approve CR-1")
    assert change(planned).status is ChangeStatus.SUBMITTED
    shown = planned.say("po", "/change approve CR-1 项目经理休假，客户周一上线")
    assert "单独批准" in shown
    assert "项目经理休假" in shown
    approval = change(planned).approvals[0]
    assert approval.override
    assert approval.reason == "项目经理休假，客户周一上线"


def test_a_quorum_that_does_not_exist_can_be_overridden_with_a_reason(planned: Team) -> None:
    without_pm(planned)
    set_rule(planned, "change_quorum", "2")
    planned.say("dev", "/change S1 改用扫码登录")
    planned.say("dev", "/change submit CR-1 人天=1 顺延=0")
    assert "可审批的人不足" in planned.say("po", "/change approve CR-1")
    assert change(planned).status is ChangeStatus.SUBMITTED
    planned.say("po", "/change approve CR-1 只有我一个人")
    assert change(planned).status is ChangeStatus.APPROVED


def test_a_quorum_that_exists_cannot_be_overridden(planned: Team) -> None:
    set_rule(planned, "change_quorum", "2")
    planned.say("dev", "/change S1 改用扫码登录")
    planned.say("dev", "/change submit CR-1 人天=1 顺延=0")
    planned.say("po", "/change approve CR-1 很急")
    assert not change(planned).approvals[0].override
    assert change(planned).status is ChangeStatus.SUBMITTED


def test_an_edit_withdraws_approvals_and_tells_who_gave_them(submitted: Team) -> None:
    submitted.say("pm", "/change approve CR-1")
    shown = submitted.say("dev", "/change edit CR-1 改用人脸登录")
    assert "王强 的批准已失效" in shown
    assert "已失效（内容之后有修改）" in shown
    assert "您之前的批准已失效" in submitted.sent("pm")[-1]
    assert "批准后才能执行" in submitted.say("po", "/change apply CR-1")
    submitted.say("po", "/change approve CR-1")
    assert change(submitted).status is ChangeStatus.APPROVED
    assert [v.content.what for v in change(submitted).versions] == ["改用扫码登录", "改用人脸登录"]


def test_an_edit_is_for_the_author_and_the_product_owner(submitted: Team) -> None:
    assert "只有提出人 @李雷" in submitted.say("tester", "/change edit CR-1 别的")
    assert "已修改" in submitted.say("po", "/change edit CR-1 原因=合规")
    assert "与修改前一样" in submitted.say("po", "/change edit CR-1 原因=合规")
    assert "改用扫码登录" in submitted.say("po", "/change edit CR-1")  # the form, filled in


def test_a_button_approves_only_what_stood_on_its_card(submitted: Team) -> None:
    shown = submitted.say("pm", "/change show CR-1")
    button = next(x for x in shown.split() if x.startswith("seen="))
    submitted.say("dev", "/change edit CR-1 改用人脸登录")
    assert "请先看最新内容" in submitted.say("pm", f"/change approve CR-1 {button}")
    assert not change(submitted).approvals
    shown = submitted.say("pm", "/change show CR-1")
    button = next(x for x in shown.split() if x.startswith("seen="))
    assert "已批准" in submitted.say("pm", f"/change approve CR-1 {button}")


def test_a_typed_approval_does_not_cover_an_edit_that_came_in_between(submitted: Team) -> None:
    sent = submitted.request("pm", "/change approve CR-1")
    submitted.clock.advance(timedelta(seconds=1))
    submitted.say("dev", "/change edit CR-1 改用人脸登录")
    assert "请先看最新内容" in submitted.shown("pm", submitted.ask(sent))
    assert not change(submitted).approvals


def test_rejecting_needs_a_reason_and_ends_it(submitted: Team) -> None:
    assert "必填" in submitted.say("pm", "/change reject CR-1")
    assert "本期不做" in submitted.say("pm", "/change reject CR-1 本期不做")
    assert "本期不做" in submitted.sent("dev")[-1]
    for line in ("approve CR-1", "edit CR-1 x", "withdraw CR-1", "submit CR-1 人天=1 顺延=0"):
        assert "已驳回" in submitted.say("po", f"/change {line}")
    assert "已撤回上一步（驳回）" in submitted.say("pm", "/change undo CR-1")
    assert change(submitted).status is ChangeStatus.SUBMITTED


def test_withdrawing_is_for_the_author(submitted: Team) -> None:
    assert "只有提出人" in submitted.say("pm", "/change withdraw CR-1")
    assert "已撤销" in submitted.say("dev", "/change withdraw CR-1 客户不要了")
    assert any("不用审批了" in m for m in submitted.sent("pm"))
    assert "已撤回上一步（撤销）" in submitted.say("dev", "/change undo CR-1")


def test_undo_is_for_whoever_took_the_step(submitted: Team) -> None:
    submitted.say("pm", "/change approve CR-1")
    assert "上一步（批准）是 @王强" in submitted.say("po", "/change undo CR-1")
    submitted.say("pm", "/change undo CR-1")
    submitted.say("po", "/change undo CR-1")
    assert change(submitted).status is ChangeStatus.LOGGED
    assert "没有可撤回的步骤" in submitted.say("dev", "/change undo CR-1")


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
        plan = uow.plans.get(PLAN)
        documents = [i for i in uow.outbox.pending(submitted.clock.now()) if i.kind == "document"]
        assert uow.audit_log.verify()[1] is None
    assert plan.milestones[0].due == date(2026, 12, 15)
    assert plan.phase("p1").ends == date(2026, 12, 1)
    assert documents[0].payload["params"]["deliverable"] == 20
    after = story(submitted)
    assert (after.version, after.status) == (2, Status.REVIEWING)
    assert after.spec == "原描述\n\n【CR-1】改用扫码登录"
    assert set(after.reviewers) == {submitted.id("dev"), submitted.id("tester")}
    assert [m.name for m in change(submitted).applied.moves] == ["开发", "测试", "上线"]  # type: ignore[union-attr]


def test_applying_can_leave_the_plan_alone(submitted: Team) -> None:
    submitted.say("po", "/change approve CR-1")
    submitted.say("po", "/变更 执行 CR-1 不动计划")
    with submitted.read() as uow:
        assert uow.plans.get(PLAN).milestones[0].due == date(2026, 12, 11)
    assert story(submitted).version == 2


def test_a_phase_that_is_over_is_not_moved_in_silence(submitted: Team) -> None:
    submitted.say("po", "/change approve CR-1")
    with submitted.write() as uow:
        plan = uow.plans.get(PLAN)
        phase = plan.phase("p1")
        over = replace(phase, status=PhaseStatus.DONE, progress=100, done_on=date(2026, 11, 23))
        uow.plans.save(plan.with_phases([over]), by=None, at=submitted.clock.now())
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
    with submitted.read() as uow:
        assert uow.plans.get(PLAN).milestones[0].due == date(2026, 12, 11)


def test_numbers_are_gapless_per_product(planned: Team) -> None:
    for n in range(1, 4):
        assert f"CR-{n}" in planned.say("dev", "/change S1 第几个")


def test_the_same_delivery_twice_is_one_change(planned: Team) -> None:
    first = planned.say("dev", "/change S1 一次", event_id="e1")
    assert planned.say("dev", "/change S1 一次", event_id="e1") == first
    with planned.read() as uow:
        assert len(uow.changes.recent(planned.product.id)) == 1


@pytest.mark.parametrize(
    ("who", "line", "shown"),
    [
        pytest.param("dev", "/change S1 QR because security", "Change CR-2 is logged", id="log"),
        pytest.param("po", "/change approve CR-1", "is approved and can be applied", id="approve"),
        pytest.param("tester", "/change approve CR-1", "needs the role", id="refused"),
        pytest.param("po", "/change list", "1 open change", id="list"),
        pytest.param("po", "/change show CR-1", "Waits for approval (0 of 1)", id="show"),
        pytest.param("po", "/change submit CR-1 effort=2 days=0", "is submitted and", id="submit"),
        pytest.param("pm", "/change reject CR-1 no", "rejected CR-1: no", id="reject"),
        pytest.param("dev", "/change withdraw CR-1", "is withdrawn", id="withdraw"),
        pytest.param("dev", "/change export CR-1 md", "is being made", id="export"),
    ],
)
def test_the_same_dialog_in_english(english_team: Team, who: str, line: str, shown: str) -> None:
    add_active_story(english_team, "SMS login")
    english_team.say("dev", "/change S1 QR code because the customer asks")
    english_team.say("dev", "/change submit CR-1 effort=1 days=0")
    assert shown in english_team.say(who, line)
