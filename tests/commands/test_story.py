"""``/story``: making, editing, moving on, listing and taking back."""

from __future__ import annotations

import pytest

from domain.ids import new_id
from domain.people import Product
from domain.plans.model import Plan
from domain.stories import ClosedReason, Stage, Status, Story, StoryDraft, Verdict
from tests.harness import Team


def stored(team: Team, number: int = 1) -> Story:
    with team.read() as uow:
        return uow.stories.get(number)


def make(team: Team, line: str = "登录改版", *, agreed: bool = False) -> Story:
    """A story by the PO; agreed ones went through a review."""
    team.say("po", f"/story new {line}")
    with team.read() as uow:
        story = uow.stories.of_product(team.product.id)[-1]
    if agreed:
        team.say("po", f"/story submit {story.ref} @dev @tester")
        with team.write() as uow:
            tracker = team.services.tracker(uow, team.product, team.clock.now())
            tracker.record_verdict(story.number, Verdict.PASS, "", team.id("po"))
    return stored(team, story.number)


def test_one_line_makes_a_draft(team: Team) -> None:
    shown = team.say("po", "/story new 支持 2 种性能 P1 支付")
    assert shown.startswith("S1 支持 2 种性能 P1 支付 · 草稿 · 未开始")
    story = stored(team)
    assert (story.priority, story.category, story.opened_by) == (3, "feature", team.id("po"))


def test_named_values_on_a_line(team: Team) -> None:
    team.say(
        "po", '/story new 扫码支付 描述="用 相机 扫" 优先级=1 类别=安全 模块=支付 预计工时=2.5'
    )
    story = stored(team)
    assert (story.title, story.spec, story.priority) == ("扫码支付", "用 相机 扫", 1)
    assert (story.category, story.module, story.estimate) == ("safe", "支付", 2.5)


def test_mentions_are_reviewers_and_are_told_once(team: Team) -> None:
    shown = team.say("po", "/story new 登录改版 @dev @po")
    assert "评审中" in shown
    assert stored(team).reviewers == (team.id("dev"), team.id("po"))
    assert team.sent("dev") == ["@陈敏 请您评审：S1 登录改版\n→ 查看: /story show S1"]
    assert team.sent("po") == [], "nobody is told of their own act"


def test_a_form_makes_everything(team: Team) -> None:
    team.submit(
        "po",
        "story new",
        title=" 运单  导出 ",
        spec="按月\r\n导出",
        verify="1. 有 Excel\r\n2. 有 CSV",
        priority="2",
        category="interface",
        module="运单",
        estimate="8",
        reviewers=team.id("tester"),
        assignee=team.id("dev"),
    )
    story = stored(team)
    assert (story.title, story.spec) == ("运单 导出", "按月\n导出")
    assert story.acceptance == ("有 Excel", "有 CSV")
    assert (story.status, story.assigned_to) == (Status.REVIEWING, team.id("dev"))
    assert "把 S1 运单 导出 指派给了您" in team.sent("dev")[0]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        pytest.param({"title": "x", "priority": "9"}, "“9”不是优先级", id="priority"),
        pytest.param({"title": "x", "estimate": "很久"}, "“很久”不是工时", id="estimate"),
        pytest.param({"title": "x", "estimate": "-1"}, "“-1", id="negative estimate"),
        pytest.param({"title": "长" * 256}, "最多 255 个字", id="long title"),
        pytest.param({"title": "x", "reviewers": "nobody"}, "@nobody", id="unknown reviewer"),
        pytest.param({"spec": "没有标题"}, "此项必填", id="no title"),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(
    team: Team, values: dict[str, str], says: str
) -> None:
    shown = team.submit("po", "story new", **values)
    assert says in shown
    assert all(v[:20] in shown for v in values.values())
    with team.read() as uow:
        assert uow.stories.of_product(team.product.id) == ()


def test_new_without_a_word_opens_the_form(team: Team) -> None:
    shown = team.say("po", "/story new")
    assert "标题" in shown
    assert "验收标准" in shown
    assert "评审人" in shown


@pytest.mark.parametrize("who", ["dev", "tester", "sales", "customer"])
def test_only_editors_make_stories(team: Team, who: str) -> None:
    shown = team.say(who, "/story new 偷偷加一条")
    assert "需要角色" in shown
    assert "@陈敏" in shown


def test_show_has_everything_and_the_next_step(team: Team) -> None:
    make(team, '登录改版 描述="新界面" 验收标准="能登录" @dev')
    shown = team.say("po", "/story show S1")
    for part in ("新界面", "1. 能登录", "@李雷", "v1", "创建", "/story recall S1"):
        assert part in shown


@pytest.mark.parametrize(
    ("who", "stage", "button"),
    [
        pytest.param("dev", "planned", "/story stage S1 developing", id="developer starts"),
        pytest.param("dev", "developing", "/story stage S1 developed", id="developer ends"),
        pytest.param("tester", "developed", "/story stage S1 testing", id="tester starts"),
        pytest.param("tester", "testing", "/story stage S1 tested", id="tester ends"),
        pytest.param("po", "tested", "/verify S1", id="PO verifies"),
    ],
)
def test_the_button_for_the_asker(team: Team, who: str, stage: str, button: str) -> None:
    make(team, agreed=True)
    team.say("po", f"/story stage S1 {stage}")
    assert button in team.say(who, "/story show S1")


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


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        pytest.param("", {1, 2, 3}, id="all open ones"),
        pytest.param("已测试", {2}, id="stage"),
        pytest.param("tested", {2}, id="stage in English"),
        pytest.param("评审中", {3}, id="status"),
        pytest.param("mine", {1}, id="mine"),
        pytest.param("我的", {1}, id="mine in Chinese"),
        pytest.param("@dev", {2}, id="somebody's"),
        pytest.param("草稿 导出", {2}, id="status and text"),
        pytest.param("LOGIN", {1}, id="text, case folded"),
        pytest.param("50%", set(), id="a percent sign is no pattern"),
        pytest.param("全部", {1, 2, 3, 4}, id="closed ones too"),
        pytest.param("已关闭", {4}, id="closed ones"),
        pytest.param("未计划 导出", {2}, id="unplanned"),
    ],
)
def test_list_filters(team: Team, words: str, numbers: set[int]) -> None:
    for line in ("Login 改版", "运单导出", "报表 @dev", "旧需求"):
        team.say("po", f"/story new {line}")
    team.say("po", "/story assign S1 @po")
    team.say("po", "/story assign S2 @dev")
    team.say("po", "/story stage S2 tested")
    with team.write() as uow:
        tracker = team.services.tracker(uow, team.product, team.clock.now())
        tracker.close(4, ClosedReason.POSTPONED, "", team.id("po"))
    shown = team.say("po", f"/story list {words}")
    assert {n for n in range(1, 5) if f"- S{n} " in shown} == numbers
    if not numbers:
        assert "没有符合条件的需求" in shown


def test_the_list_is_grouped_by_stage(team: Team) -> None:
    for title in ("甲", "乙", "丙"):
        team.say("po", f"/story new {title}")
    team.say("po", "/story stage S1 tested")
    shown = team.say("dev", "需求")
    assert shown.index("未开始（2）") < shown.index("S2 乙") < shown.index("测试完毕（1）")
    assert shown.index("测试完毕（1）") < shown.index("S1 甲")


def test_a_number_alone_shows_the_story(team: Team) -> None:
    make(team, '登录改版 描述="新界面"')
    assert "新界面" in team.say("dev", "/story S1")
    assert "新界面" in team.say("dev", "需求 #1")


def test_an_empty_list_says_how_to_begin(team: Team) -> None:
    shown = team.say("po", "/story")
    assert "还没有需求" in shown
    assert "/story import" in shown
    assert "/story new" not in team.say("dev", "/story")


def test_a_story_of_another_product_is_not_touched(team: Team) -> None:
    other = Product(new_id(), "wms", "仓储")
    with team.write() as uow:
        uow.products.add(other)
        tracker = team.services.tracker(uow, other, team.clock.now())
        tracker.create(StoryDraft(other.id, "入库"), team.id("po"))
    for line in ("/story show S1", "/story assign S1 @dev", "/verify S1", "/close S1"):
        assert "属于“仓储”" in team.say("po", line)


def test_an_unknown_number(team: Team) -> None:
    assert "没有需求 S99" in team.say("po", "/story show S99")


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


@pytest.fixture
def planned(team: Team) -> Team:
    """The team with two plans, v2.3 and v2.4."""
    with team.write() as uow:
        for name in ("v2.3 运单", "v2.4 结算"):
            plan = Plan(new_id(), team.product.id, name)
            uow.plans.add(plan, by=None, at=team.clock.now())
    return team


def test_stories_go_on_a_plan_and_off_it(planned: Team) -> None:
    make(planned)
    make(planned, "导出")
    shown = planned.say("po", "/story plan S1 S2 v2.3")
    assert "已移入计划“v2.3 运单”：S1 登录改版、S2 导出" in shown
    assert stored(planned).stage is Stage.PLANNED
    assert "计划: v2.3 运单" in planned.say("po", "/story show S1")
    assert "移入计划 v2.3 运单" in planned.say("po", "/story history S1")
    planned.say("po", "/story unplan S1")
    assert (stored(planned).plan_id, stored(planned).stage) == (None, Stage.WAIT)
    planned.say("po", "/story undo S1")
    assert stored(planned).plan_id == stored(planned, 2).plan_id


def test_the_list_of_a_plan(planned: Team) -> None:
    make(planned, "登录改版 计划=v2.3")
    make(planned, "导出")
    for words in ("v2.3", "v2.3 运单", "计划=v2.3", "plan=v2.3 未开始 已计划"):
        shown = planned.say("dev", f"/story list {words}")
        assert "S1 登录改版" in shown
        assert "S2 导出" not in shown
    assert "S2 导出" in planned.say("dev", "/story list 未计划")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        pytest.param("v9", "现有计划：v2.4 结算、v2.3 运单", id="unknown"),
        pytest.param("v2", "现有计划：v2.4 结算、v2.3 运单", id="more than one"),
    ],
)
def test_a_plan_that_is_not_found(planned: Team, name: str, says: str) -> None:
    make(planned)
    assert says in planned.say("po", f"/story plan S1 {name}")


def test_the_form_offers_the_plans(planned: Team) -> None:
    shown = planned.say("po", "/story new")
    assert "v2.3 运单" in shown
    assert "v2.4 结算" in shown
    with planned.read() as uow:
        last = uow.plans.of_product(planned.product.id)[-1]
    planned.submit("po", "story new", title="结算单", plan=last.id)
    assert stored(planned).plan_id == last.id


def test_a_closed_story_keeps_still(team: Team) -> None:
    make(team)
    with team.write() as uow:
        tracker = team.services.tracker(uow, team.product, team.clock.now())
        tracker.close(1, ClosedReason.CANCEL, "", team.id("po"))
    for line in ("assign S1 @dev", "stage S1 testing", "edit S1 优先级=1", "submit S1 @dev"):
        assert "已关闭" in team.say("po", f"/story {line}")
    assert "关闭原因: 已取消" in team.say("po", "/story show S1")


def test_english(english_team: Team) -> None:
    make(english_team, "Sign in @dev")
    assert "S1 Sign in · reviewing · waiting" in english_team.say("dev", "/story show S1")
    assert "1 story" in english_team.say("dev", "/story list reviewing")
    assert "waiting → tested" in english_team.say("tester", "/story stage S1 tested")
