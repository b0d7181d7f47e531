"""Items to settle, over the real dispatcher, on both databases."""

from __future__ import annotations

import pytest

from domain.actions import ActionItem, ItemKind
from domain.ids import new_id
from domain.people import Person
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


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        pytest.param("待办 @李雷 周五 补接口文档", "待办 添加 @李雷 周五 补接口文档", id="zh"),
        pytest.param("/待办 补接口文档", "待办 添加 补接口文档", id="nobody named"),
        pytest.param("待办 加 @李雷 补接口文档", "待办 添加 @李雷 补接口文档", id="a slip"),
        pytest.param("行动 补接口文档", "待办 添加 补接口文档", id="the review's word"),
    ],
)
def test_words_without_a_subcommand_are_offered_as_an_item(
    team: Team, typed: str, offered: str
) -> None:
    said = team.say("po", typed)
    assert "您要找的是不是" in said
    assert offered in said
    assert "您没有未完成的待办" in team.say("po", "/action"), "nothing was made yet"
    assert "A-1" in team.say("po", offered)
    assert "补接口文档" in team.say("po", "/action list all")


def test_in_english_with_a_mention_that_shows_a_name(english_team: Team) -> None:
    dev = english_team.id("dev")
    answer = english_team.ask(english_team.request("po", f"todo <@{dev}> fri write the API docs"))
    (offer,) = answer.reply.cards[0].actions
    assert offer.command == f"action add <@{dev}> fri write the API docs"
    assert offer.typed == "action add @李雷 fri write the API docs"
    assert "Did you mean" in english_team.shown("po", answer)
    assert dev not in english_team.shown("po", answer)
    assert "A-1" in english_team.say("po", offer.command)


@pytest.mark.parametrize("typed", ["/action A-7", "/action 7"])
def test_a_number_is_no_item_to_be_made(team: Team, typed: str) -> None:
    answer = team.ask(team.request("po", typed))
    assert answer.failed
    assert answer.reply.cards[0].actions == ()


def test_people_of_one_name_are_offered_by_their_handles(team: Team) -> None:
    with team.write() as uow:
        uow.people.add(Person(new_id(), "lilei2", "李雷", "zh"))
    answer = team.ask(team.request("po", f"待办 <@{team.id('dev')}> 补文档"))
    assert answer.reply.cards[0].actions[0].typed == "待办 添加 @dev 补文档"


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
