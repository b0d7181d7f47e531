"""Items to settle, over the real dispatcher, on both databases."""

from __future__ import annotations

import pytest

from domain.actions import ActionItem, ItemKind
from domain.ids import new_id
from tests.harness import Team


@pytest.fixture
def items(team: Team) -> Team:
    """A-1 of dev until Friday (from po), A-2 a blocker of nobody."""
    team.say("po", "/action add @dev 周五 更新原型")
    with team.write() as uow:
        number = uow.actions.next_number(team.product.id)
        blocker = ActionItem(
            new_id(), number, team.product.id, ItemKind.BLOCKER, "测试环境坏了", "standup:x",
            None, None, team.clock.now(), team.id("tester"),
        )  # fmt: skip
        uow.actions.save(blocker)
    return team


def item(team: Team, number: int = 1) -> ActionItem:
    with team.read() as uow:
        found = uow.actions.by_number(team.product.id, number)
    assert found is not None
    return found


def test_mine_and_everybodys(items: Team) -> None:
    mine = items.say("dev", "/待办")
    assert "A-1 更新原型" in mine
    assert "2026年11月27日（周五）" in mine
    assert "A-2" not in mine
    everything = items.say("po", "/action list all")
    assert "A-2 测试环境坏了 · 阻塞 · 无人负责" in everything
    assert "您没有未完成的待办" in items.say("sales", "/action")
    assert "给您一项待办" in items.sent("dev")[0]


def test_done_and_back(items: Team) -> None:
    assert "已完成 A-1" in items.say("dev", "/action done A-1")
    assert "李雷 完成了 A-1" in items.sent("po")[-1]
    assert item(items).done_by == items.id("dev")
    assert "之前已完成" in items.say("dev", "/action done 1")
    assert "请本人撤回" in items.say("po", "/action undo A-1")
    items.say("dev", "/action undo A-1")
    assert item(items).open
    assert "没有可撤回" in items.say("dev", "/action undo A-1")
    items.say("dev", "/action done A-1")
    items.say("po", "/action reopen A-1")
    assert item(items).open


def test_owner_and_day(items: Team) -> None:
    items.say("po", "/action assign A-2 @tester")
    items.say("po", "/待办 截止 A-2 下周三")
    assert item(items, 2).owner == items.id("tester")
    assert str(item(items, 2).due) == "2026-12-02"
    items.say("po", "/action undo A-2")
    items.say("po", "/action undo A-2")
    assert item(items, 2).owner is None
    assert item(items, 2).due is None


@pytest.mark.parametrize(
    ("who", "line", "shown"),
    [
        pytest.param("dev", "/action done A-9", "没有 A-9", id="unknown"),
        pytest.param("dev", "/action reopen A-1", "还没有完成", id="reopen what is open"),
        pytest.param("customer", "/action", "此操作需要角色", id="customer"),
        pytest.param("dev", "/action done", "必填", id="the form"),
    ],
)
def test_what_cannot_be_done_is_explained(items: Team, who: str, line: str, shown: str) -> None:
    assert shown in items.say(who, line)


def test_the_late_ones_are_marked(items: Team) -> None:
    from datetime import timedelta

    items.clock.advance(timedelta(days=5))
    assert "已逾期" in items.say("dev", "/action")
