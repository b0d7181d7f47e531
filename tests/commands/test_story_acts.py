"""``/story``: stages, edits, handing in, and taking back."""

from __future__ import annotations

import pytest

from domain.stories import ClosedReason, Stage, Status, Verdict
from tests.commands.stories import make, stored
from tests.harness import Team


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("/story stage S1 已测试", id="Chinese stage"),
        pytest.param("需求 阶段 S1 tested", id="Chinese command"),
        pytest.param("/story stage tested S1", id="stage first"),
        pytest.param("需求阶段 #1 测试完毕", id="written together"),
    ],
)
def test_stage_words(team: Team, line: str) -> None:
    make(team)
    assert "未开始 → 测试完毕" in team.say("tester", line)
    assert stored(team).stage is Stage.TESTED


def test_a_tested_story_is_shown_to_its_owner(team: Team) -> None:
    make(team)
    team.say("tester", "/story stage S1 tested")
    assert "S1 登录改版 测试完毕，等您验证" in team.sent("po")[0]


@pytest.mark.parametrize(
    ("who", "stage", "allowed"),
    [
        pytest.param("dev", "developing", True, id="developer: developing"),
        pytest.param("dev", "developed", True, id="developer: developed"),
        pytest.param("dev", "tested", False, id="developer: tested"),
        pytest.param("tester", "testing", True, id="tester: testing"),
        pytest.param("tester", "developed", False, id="tester: developed"),
        pytest.param("pm", "released", True, id="PM: released"),
        pytest.param("sales", "developing", False, id="sales: developing"),
        pytest.param("po", "verified", False, id="verified has its own command"),
        pytest.param("po", "closed", False, id="closed has its own command"),
    ],
)
def test_who_may_set_which_stage(team: Team, who: str, stage: str, allowed: bool) -> None:
    make(team)
    team.say(who, f"/story stage S1 {stage}")
    assert (stored(team).stage.value == stage) is allowed


def test_assign_tells_and_undo_gives_back(team: Team) -> None:
    make(team)
    assert "已指派给 @李雷" in team.say("po", "/story assign S1 @dev 请先看设计")
    assert "请先看设计" in team.sent("dev")[0]
    team.say("po", "/story assign S1 @dev2")
    assert "指派给: @李雷" in team.say("po", "/story undo S1")
    assert "指派给: 无人" in team.say("po", "/story undo S1")
    assert "没有可以撤销的" in team.say("po", "/story undo S1")


def test_undo_takes_edits_and_stages_back_in_order(team: Team) -> None:
    make(team)
    team.say("po", "/story edit S1 新标题 优先级=1 预计工时=4")
    team.say("dev", "/story stage S1 developing")
    assert "未开始" in team.say("po", "/story undo S1").splitlines()[0]
    assert team.say("po", "/story undo S1").startswith("S1 登录改版")
    story = stored(team)
    assert (story.priority, story.estimate, story.stage) == (3, 0.0, Stage.WAIT)


def test_undo_refuses_what_was_altered_since(team: Team) -> None:
    make(team)
    team.say("po", "/story assign S1 @dev")
    with team.write() as uow:  # as a change from the tracker's own pages would be
        tracker = team.services.tracker(uow, team.product, team.clock.now())
        tracker.assign(1, team.id("dev2"), team.id("pm"))
    assert "后来又被改过" in team.say("po", "/story undo S1")
    assert stored(team).assigned_to == team.id("dev2")


def test_others_take_back_only_their_own(team: Team) -> None:
    make(team)
    team.say("dev", "/story stage S1 developing")
    assert "需要角色" in team.say("dev2", "/story undo S1")
    team.say("dev", "/story undo S1")
    assert stored(team).stage is Stage.WAIT


def test_edit_opens_a_filled_form(team: Team) -> None:
    make(team, '登录改版 模块=账号 验收标准="能登录"')
    shown = team.say("po", "/story edit S1")
    assert "登录改版" in shown
    assert "账号" in shown
    assert "能登录" in shown


def test_an_emptied_field_becomes_empty(team: Team) -> None:
    make(team, "登录改版 模块=账号")
    team.submit("po", "story edit", story="S1", title="登录改版", module="")
    assert stored(team).module == ""


def test_an_edit_without_a_difference_says_so(team: Team) -> None:
    make(team)
    assert "没有任何改动" in team.submit("po", "story edit", story="S1", title="登录改版")


@pytest.mark.parametrize("by", ["line", "form"])
def test_agreed_words_need_a_change_request(team: Team, by: str) -> None:
    make(team, agreed=True)
    if by == "line":
        shown = team.say("po", "/story edit S1 别的标题")
    else:
        shown = team.submit("po", "story edit", story="S1", title="别的标题")
    assert "/change log S1" in shown
    assert stored(team).title == "登录改版"
    team.say("po", "/story edit S1 优先级=1")
    assert stored(team).priority == 1, "what is not agreed may still be edited"


def test_submit_asks_the_same_reviewers_again(team: Team) -> None:
    make(team, "登录改版 @dev")
    with team.write() as uow:
        tracker = team.services.tracker(uow, team.product, team.clock.now())
        tracker.record_verdict(1, Verdict.CLARIFY, "", team.id("po"))
    team.say("po", "/story submit S1")
    assert (stored(team).status, stored(team).reviewers) == (Status.REVIEWING, (team.id("dev"),))


def test_submit_without_reviewers_asks_for_them(team: Team) -> None:
    make(team)
    assert "此项必填" in team.say("po", "/story submit S1")
    assert stored(team).status is Status.DRAFT


def test_recall(team: Team) -> None:
    make(team, "登录改版 @dev")
    assert "草稿" in team.say("po", "/story recall S1")
    assert "没有可以撤回的" in team.say("po", "/story recall S1")


def test_history_tells_who_did_what(team: Team) -> None:
    make(team, "登录改版 @dev")
    team.say("po", "/story assign S1 @dev 快一点")
    shown = team.say("dev", "/story history S1")
    assert "@陈敏  指派  指派给：无 → @李雷  “快一点”" in shown
    assert shown.index("指派") < shown.index("创建"), "newest first"


def test_every_act_is_in_the_audit(team: Team) -> None:
    make(team, "登录改版 @dev")
    for line in ("recall S1", "edit S1 新名", "assign S1 @dev", "stage S1 tested", "undo S1"):
        team.say("po", f"/story {line}")
    with team.read() as uow:
        rows = uow.audit_log.of("story:1")
    assert [r.action for r in rows] == [
        "story:story:created", "story:review:recalled", "story:story:edited",
        "story:assignee:set", "story:stage:set", "story:act:undone",
    ]  # fmt: skip
    assert rows[2].old == {"title": "登录改版"}
    assert rows[2].new == {"title": "新名"}


def test_a_closed_story_keeps_still(team: Team) -> None:
    make(team)
    with team.write() as uow:
        tracker = team.services.tracker(uow, team.product, team.clock.now())
        tracker.close(1, ClosedReason.CANCEL, "", team.id("po"))
    for line in ("assign S1 @dev", "stage S1 testing", "edit S1 优先级=1", "submit S1 @dev"):
        assert "已关闭" in team.say("po", f"/story {line}")
    assert "关闭原因: 已取消" in team.say("po", "/story show S1")
