"""``/story``: making and showing."""

from __future__ import annotations

import pytest

from domain.ids import new_id
from domain.people import Product
from domain.stories import Status, StoryDraft
from tests.commands.stories import make, stored
from tests.harness import Team


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


def test_english(english_team: Team) -> None:
    make(english_team, "Sign in @dev")
    assert "S1 Sign in · reviewing · waiting" in english_team.say("dev", "/story show S1")
    assert "1 story" in english_team.say("dev", "/story list reviewing")
    assert "waiting → tested" in english_team.say("tester", "/story stage S1 tested")
