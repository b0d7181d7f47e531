"""``duban doctor zentao``: every trap of the connection is named, with what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards.text import render_text
from bot.cards.words import Reader
from bot.core import Core
from bot.doctor import report
from domain.clock import ManualClock
from domain.people import Product
from domain.settings import Votes
from domain.tracking import Feed
from tests.fakes.zentao import BOT, BOT_PASSWORD, FakeZentao
from tests.harness import MONDAY


def look(core: Core, locale: str = "zh") -> tuple[str, bool]:
    card, well = report(core, "zentao")
    return render_text(card, Reader(locale, "Asia/Shanghai")), well


def test_a_good_connection_is_well(core: Core, fake: FakeZentao) -> None:
    fake.add_product("物流")
    shown, well = look(core)
    assert well, shown
    assert "禅道 22.4（open）" in shown
    assert "账号 pobot 可以登录" in shown
    assert "新接口（v2）可用" in shown
    assert "新建和变更需求必须评审。" in shown
    assert "禅道的时区是 Asia/Shanghai" in shown
    assert "还没有产品接到禅道" in shown
    assert "ZenTao 22.4 (open)" in look(core, "en")[0]


@pytest.mark.parametrize(
    ("privilege", "how"),
    [
        pytest.param("story-submitReview", "预置的角色都没有这一项", id="no role has it"),
        pytest.param("story-change", "勾选“研发需求”的 change", id="change"),
        pytest.param("company-dynamic", "勾选“组织”的 dynamic", id="the action log"),
        pytest.param("productplan-linkStory", "勾选“计划”的 linkStory", id="plans"),
    ],
)
def test_each_missing_privilege_is_named_with_where_to_grant_it(
    core: Core, fake: FakeZentao, privilege: str, how: str
) -> None:
    fake.revoke(BOT, privilege)
    shown, well = look(core)
    assert not well
    assert f"缺少权限 {privilege}" in shown
    assert how in shown
    assert BOT in shown


def _weak(fake: FakeZentao) -> None:
    fake.weak_password(BOT)


def _wrong_password(fake: FakeZentao) -> None:
    fake.refuse_logins()


def _away(fake: FakeZentao) -> None:
    fake.down()


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        pytest.param(_weak, "密码太弱", id="a weak password closes v2"),
        pytest.param(_wrong_password, "登录不了禅道", id="login"),
        pytest.param(_away, "连不上禅道", id="away"),
    ],
)
def test_what_stands_in_the_way_is_said(
    core: Core, fake: FakeZentao, trouble: Callable[[FakeZentao], None], words: str
) -> None:
    trouble(fake)
    shown, well = look(core)
    assert not well
    assert words in shown
    assert BOT_PASSWORD not in shown


def test_a_clock_that_is_wrong_is_said(core: Core, clock: ManualClock) -> None:
    late = replace(core, clock=ManualClock(clock.now() - timedelta(minutes=5)))
    assert "禅道的时钟快 300 秒" in look(late)[0]


def test_products_people_and_the_mirror_are_looked_at(core: Core, fake: FakeZentao) -> None:
    fake.add_product("公开")
    hidden = fake.add_product("保密", acl="private")
    workspace = core.store.workspaces()[0]
    with core.store.write(workspace.id) as uow:
        uow.products.add(Product("p" * 26, "tms", "物流", "zentao", str(hidden)))
        uow.tracker_feed.save(Feed("elsewhere", fresh_at=MONDAY - timedelta(hours=1)))
    shown, well = look(core)
    assert not well
    assert f"“物流”对应的禅道产品 #{hidden} 看不到了" in shown
    assert "加进它的白名单" in shown
    assert "最近一次读取" in shown


@pytest.mark.parametrize("fake", ["18.10"], indirect=True)
def test_an_old_server_is_fine_and_slower(core: Core, fake: FakeZentao) -> None:
    fake.add_product("物流")
    shown, well = look(core)
    assert well, shown
    assert "只有旧接口（v1）" in shown


@pytest.mark.parametrize(
    ("votes", "words"),
    [
        pytest.param(Votes.LEDGER, "评审结论记在督办", id="ledger"),
        pytest.param(Votes.TOKENS, "duban zentao token", id="own tokens"),
        pytest.param(Votes.SUPER, "设为超级评审人", id="super reviewer"),
    ],
)
def test_the_way_of_voting_is_told(core: Core, fake: FakeZentao, votes: Votes, words: str) -> None:
    fake.add_product("物流")
    settings = core.settings
    assert settings.zentao is not None
    chosen = replace(settings, zentao=replace(settings.zentao, votes=votes))
    assert words in look(replace(core, settings=chosen))[0]
