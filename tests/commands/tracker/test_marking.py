"""What stands in the tracker's history: outcomes with names, changes with their marked content."""

from __future__ import annotations

import pytest

from domain.stories import Verdict
from tests.harness import Team

IMAGE = "https://lanhuapp.com/web/#/item/project/detailDetach?pid=p1&image_id=i1"
DOC = "https://lanhuapp.com/web/#/item/project/product?pid=p1&docId=d1&versionId="


@pytest.fixture
def house(team: Team) -> Team:
    """A story that is agreed, with a text and an acceptance point."""
    return _agreed(team, "用户名登录\n旧入口")


def _agreed(team: Team, spec: str) -> Team:
    team.say("po", f'/story new 登录改版 描述="{spec}" 验收标准="1. 可登录" 评审人=@dev')
    with team.write() as uow:
        tracker = team.services.tracker(uow, team.product, team.clock.now())
        tracker.record_verdict(1, Verdict.PASS, "", team.id("po"))
    return team


def comments(team: Team) -> list[str]:
    with team.read() as uow:
        return [a.comment for a in uow.stories.history(1) if a.comment]


def applied(team: Team, line: str) -> str:
    """The comment of a change that was logged with this line, approved and applied."""
    team.say("dev", f"/change S1 {line}")
    team.say("dev", "/change submit CR-1 effort=1 days=0")
    team.say("pm", "/change approve CR-1")
    team.say("po", "/change apply CR-1")
    return comments(team)[-1]


def test_a_change_marks_what_goes_and_what_comes(house: Team) -> None:
    said = applied(house, '改为短信登录 因为客户要求 标题=短信登录 描述="短信登录\n旧入口"')
    lines = said.splitlines()
    assert lines[:9] == [
        "变更 CR-1：改为短信登录",
        "原因：客户要求",
        "提出：李雷；批准：王强",
        "标题改动：",
        "－ 登录改版",
        "＋ 短信登录",
        "描述改动：",
        "－ 用户名登录",
        "＋ 短信登录",
    ]
    assert "旧入口" not in said, "what stays is not marked"
    assert lines[-1].startswith("变更记录：http://127.0.0.1:8000/records/")


def test_a_change_of_one_line_is_marked_at_the_end_of_the_text(house: Team) -> None:
    said = applied(house, "增加扫码")
    assert "＋ 【CR-1】增加扫码" in said
    with house.read() as uow:
        assert uow.stories.get(1).spec.endswith("【CR-1】增加扫码")


def test_the_designs_of_a_change_stand_in_the_description_once_each(team: Team) -> None:
    house = _agreed(team, f"见 {DOC}v1")
    said = applied(house, f"改原型 {DOC}v2 {IMAGE}")
    with house.read() as uow:
        spec = uow.stories.get(1).spec
    assert f"见 {DOC}v2" in spec, "the older version's link becomes the newer one's"
    assert "versionId=v1" not in spec
    assert spec.count(IMAGE) == 1
    assert spec.index("蓝湖设计稿：") < spec.index(IMAGE)
    assert f"蓝湖原型文档 v2：{DOC}v2" in said
    assert f"蓝湖设计图：{IMAGE}" in said


def test_a_long_change_is_cut_and_keeps_its_link(house: Team) -> None:
    text = "\n".join(f"第 {n} 行要求" for n in range(200))
    house.submit("dev", "change log", story="S1", what="重写", spec=text)
    house.say("dev", "/change submit CR-1 effort=1 days=0")
    house.say("pm", "/change approve CR-1")
    house.say("po", "/change apply CR-1")
    said = comments(house)[-1]
    assert "……另有 172 行改动" in said
    assert len(said) <= 4000
    assert "变更记录：http" in said.splitlines()[-1]


def test_an_outcome_says_who_said_what_and_where_the_minutes_are(team: Team) -> None:
    team.say("po", "/story new 登录改版 评审人=@dev,@tester")
    team.say("po", "/setup rule review_rule majority")
    team.say("po", "/review start 登录评审 S1")
    team.say("po", "/review excuse @tester")
    team.say("dev", "/review verdict S1 clarify 缺少异常流程")
    team.say("po", "/review end")
    lines = comments(team)[-1].splitlines()
    assert lines[0] == "需求评审 R-1“登录评审”的结论：有待明确"
    assert lines[1] == "李雷：有待明确，缺少异常流程"
    assert lines[-1].startswith("评审纪要：http://127.0.0.1:8000/records/")


def test_a_closure_says_what_was_checked_and_who_agreed(house: Team) -> None:
    house.say("po", "/story stage S1 tested")
    house.say("po", "/verify S1 all 演示通过")
    house.say("pm", "/close agree S1")
    house.say("po", "/close reopen S1 客户又发现问题")
    assert comments(house)[-3:] == [
        "验收通过，1 条验收标准全部满足：\n✓ 可登录\n备注：演示通过",
        "陈敏 已验收，王强 同意关闭",
        "重新打开：客户又发现问题",
    ]


def test_english_histories_are_english(english_team: Team) -> None:
    team = english_team
    with team.write() as uow:
        workspace = uow.people.workspace()
        uow.people.save_workspace(
            type(workspace)(workspace.id, workspace.name, "en", workspace.zone, workspace.country),
            {},
        )
    team.say("po", "/story new Login reviewers=@dev")
    team.say("po", "/review start Login S1")
    team.say("dev", "/review verdict S1 pass")
    team.say("po", "/review end")
    lines = comments(team)[-1].splitlines()
    assert lines[:2] == ["Outcome of review R-1 “Login”: pass", "李雷: pass"]
