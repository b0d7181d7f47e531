"""Who decides on a change request, and what an edit or a step back does to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commands.changes.family import approve_command
from domain.changes.state import ChangeStatus
from domain.people import Role, RoleGrant
from tests.commands.changing import change
from tests.commands.reviewing import set_rule
from tests.harness import Team


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
    button = approve_command(change(submitted))
    submitted.say("dev", "/change edit CR-1 改用人脸登录")
    assert "请先看最新内容" in submitted.say("pm", f"/{button}")
    assert not change(submitted).approvals
    button = approve_command(change(submitted))
    assert "已批准" in submitted.say("pm", f"/{button}")


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
