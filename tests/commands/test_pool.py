"""The requirement pool: added, triaged, merged, ranked, made into stories, declined, taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.holiday_data import LibraryHolidays
from bot.webchat.access import ensure_direct
from domain.requests import Kind
from reminders.tick import Services, tick
from tests.harness import Team


@pytest.fixture
def pool(team: Team) -> Team:
    team.say("sales", "/pool add 批量导出运单 来源=华东客户")
    team.say("dev", "/需求池 添加 导出支持筛选")
    return team


def test_what_is_added_can_be_read_and_taken_back(pool: Team) -> None:
    shown = pool.say("sales", "/pool")
    assert "物流运输管理系统 的需求池：2 条" in shown
    assert "待分拣（2）" in shown
    assert "P-1 批量导出运单 · 华东客户" in shown
    assert "→ 分拣: /pool triage P-1" in shown
    assert "已撤回 P-1" in pool.say("sales", "/pool remove P-1")
    assert "需要角色" in pool.say("sales", "/pool remove P-2")
    assert "没有 P-1" in pool.say("sales", "/pool show P-1")


def test_a_card_says_all_about_an_item(pool: Team) -> None:
    shown = pool.say("po", "/pool show P-1")
    assert "P-1 批量导出运单 · 待分拣" in shown
    assert "提出人: @孙俪" in shown
    assert "来源: 华东客户" in shown
    assert "/pool convert P-1" in shown


def test_a_card_in_the_channel_is_for_all_who_are_there(pool: Team) -> None:
    assert "/pool convert P-1" in pool.say("dev", "/pool show P-1")
    added = pool.say("sales", "/pool add 支持离线")
    assert "/pool triage P-3" in added
    assert "需要角色" in pool.say("dev", "/pool triage P-3 high"), "who presses is asked"


def test_alone_a_card_offers_what_one_may_do(pool: Team) -> None:
    with pool.write() as uow:
        for who in ("dev", "po"):
            ensure_direct(uow, pool.people[who])

    def offered(who: str) -> list[str]:
        with pool.read() as uow:
            channel = uow.channels.direct("web", pool.id(who))
        assert channel is not None
        request = pool.request(who, "/pool show P-1", channel=channel.id)
        (card,) = pool.ask(request).reply.cards
        return [a.command.split(" in=")[0] for a in card.actions]

    assert offered("dev") == []
    assert offered("po") == ["pool triage P-1", "pool convert P-1", "pool decline P-1"]


def test_a_message_is_taken_once(team: Team) -> None:
    request = replace(team.request("dev", "pool add 支持离线"), message_id="m1")
    assert "已放进需求池：P-1" in team.shown("dev", team.ask(request))
    again = replace(request, event_id="another", person=team.id("po"))
    assert "已经在需求池里：P-1" in team.shown("po", team.ask(again))


def test_triage_and_order(pool: Team) -> None:
    assert "优先级高" in pool.say("po", "/pool triage P-1 high")
    assert "优先级低" in pool.say("po", "/pool 分拣 P-2 低")
    assert "P-2 现在排第 1" in pool.say("po", "/pool rank P-2 1")
    shown = pool.say("po", "/pool")
    assert shown.index("P-2") < shown.index("P-1")
    pool.say("dev", "/pool add 新的")
    assert "还没有分拣" in pool.say("po", "/pool rank P-3 1")


def test_a_merge_counts_for_both_and_is_parted_again(pool: Team) -> None:
    said = pool.say("po", "/pool merge P-2 P-1")
    assert "P-2 已并入 P-1" in said
    assert "提过 2 次" in said
    assert "导出支持筛选" in said
    assert "已并入另一条" in pool.say("po", "/pool triage P-2 1")
    assert "不能并入自己" in pool.say("po", "/pool merge P-1 P-1")
    assert "P-2 已重开" in pool.say("po", "/pool reopen P-2")
    assert "提过" not in pool.say("po", "/pool show P-1")


def test_a_wish_becomes_a_story_and_its_author_hears_of_it(pool: Team) -> None:
    pool.say("po", "/pool triage P-1 1")
    assert "P-1 已转为需求 S1" in pool.say("po", "/pool convert P-1")
    story = pool.say("po", "/story show S1")
    assert "批量导出运单" in story
    assert "华东客户" in story
    assert "P1" in story
    assert pool.sent("sales") == ["P-1 已转为需求 S1"]
    assert "P-1 已转为需求。" in pool.say("po", "/pool convert P-1")


def test_declining_needs_a_reason_and_tells_it(pool: Team) -> None:
    form = pool.say("po", "/pool decline P-1")
    assert "原因" in form
    pool.submit("po", "pool decline", item="P-1", reason="与方向不符")
    assert pool.sent("sales") == ["P-1“批量导出运单”不做，原因：与方向不符"]
    assert "不做（1）" in pool.say("po", "/pool list settled")
    assert "已决定不做" in pool.say("po", "/pool convert P-1")
    assert "已重开" in pool.say("po", "/pool reopen P-1")


@pytest.mark.parametrize(
    "line",
    ["/pool triage P-1 1", "/pool merge P-1 P-2", "/pool convert P-1", "/pool decline P-1 不"],
)
def test_only_owners_decide(pool: Team, line: str) -> None:
    assert "需要角色" in pool.say("dev", line)
    assert "待分拣（2）" in pool.say("po", "/pool")


def test_customers_see_nothing_of_it(pool: Team) -> None:
    assert "需要角色" in pool.say("customer", "/pool")


def test_the_po_is_reminded_after_three_working_days(pool: Team) -> None:
    services = Services(LibraryHolidays())
    tick(pool.store, pool.workspace.id, services, pool.clock.now())
    pool.say("po", "/pool triage P-2 2")
    pool.clock.advance(timedelta(days=3, minutes=1))
    tick(pool.store, pool.workspace.id, services, pool.clock.now())
    told = [m for m in pool.sent("po") if "还没有分拣" in m]
    assert len(told) == 1
    assert "P-1" in told[0]
    assert "P-2" not in told[0]


def test_in_english(english_team: Team) -> None:
    said = english_team.say("sales", "/pool add Export in bulk source=ACME")
    assert "Put into the pool: P-1" in said
    assert "To be triaged (1)" in english_team.say("po", "/pool")
    request = english_team.request("po", "pool add", kind=Kind.FORM, values={"text": ""})
    assert "Text" in english_team.shown("po", english_team.ask(request))
