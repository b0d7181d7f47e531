"""The main job with ZenTao as the tracker: plan in, review, change, verify, close, reopen.

The story's history in ZenTao is what people see who have never heard of Duban, so it is read here
line by line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.vault import Vault
from bot.zentao.link import make_own_tokens
from domain.settings import Votes
from domain.stories import Status
from storage.database import Database
from tests.e2e.zentao_house import ACCOUNTS, KEYS, PASSWORD, House
from trackers.zentao.own import fetch_token

PLAN = "V1.0 登录"
PROTOTYPE = "https://lanhuapp.com/web/#/item/project/product?pid=p1&docId=d1&versionId="
SIGNED = {"zh": "—— {name}（{account}，经督办）", "en": "— {name} ({account}, via Duban)"}
_RECORD = re.compile(r"http://127\.0\.0\.1:8000/records/[\w.-]+")

Make = Callable[..., House]

pytestmark = pytest.mark.slow
"""Each test lives through days of work, with every request to a server of its own."""


@pytest.fixture
def make_house(sqlite_db: Database, tmp_path: Path) -> Iterator[Make]:
    made: list[House] = []

    def make(version: str, **how: Any) -> House:
        made.append(House(sqlite_db, tmp_path / "data", version, **how))
        return made[-1]

    yield make
    for house in made:
        house.close()


@pytest.mark.parametrize(
    ("version", "votes", "locale"),
    [
        pytest.param("22.4", Votes.LEDGER, "zh", id="22.4, votes in the ledger"),
        pytest.param("22.4", Votes.TOKENS, "zh", id="22.4, own tokens"),
        pytest.param("22.4", Votes.SUPER, "en", id="22.4, super reviewer, in English"),
        pytest.param("18.10", Votes.LEDGER, "zh", id="18.10, votes in the ledger"),
        pytest.param("18.10", Votes.LEDGER, "en", id="18.10, in English"),
    ],
)
def test_from_a_plan_to_a_closed_story(
    make_house: Make, version: str, votes: Votes, locale: str
) -> None:
    house = make_house(version, votes=votes, locale=locale)
    _connect(house, votes)
    plan = _bring_in_the_plan(house)
    story = _make_a_story(house)
    _review(house, story, "登录评审", remark="接口已对齐")
    if votes is Votes.TOKENS:
        _told(house, ("李雷 · reviewed (Pass)\n    接口已对齐", "赵倩 · reviewed (Pass)\n"), story)
    _change(house, story)
    _review(house, story, "复审")
    _verify_and_close(house, story)
    _told(house, (OUTCOME[locale], CHANGE[locale], *CLOSING[locale]), story)
    _move_the_plan(house, plan)
    assert house.open_writes() == []
    with house.team.read() as uow:
        assert uow.audit_log.verify()[1] is None


def _connect(house: House, votes: Votes) -> None:
    house.keep()
    house.say("po", f"/setup tracker {house.product}")
    house.keep()
    with house.team.read() as uow:
        feed = uow.tracker_feed.get()
        assert feed is not None
        linked = uow.people.linked("zentao", feed.server, "account")
    assert linked == {house.team.id(h): account for h, account, *_ in ACCOUNTS}, "by their e-mail"
    if votes is Votes.TOKENS:
        _give_tokens(house)
    if votes is Votes.SUPER:
        house.fake.settings.super_reviewers = ("pobot",)


def _give_tokens(house: House) -> None:
    settings, workspace = house.duban.core.settings.zentao, house.team.workspace
    assert settings is not None
    own = make_own_tokens(house.duban.core, settings, workspace, Vault(KEYS))
    for handle, account in (("dev", "lilei"), ("tester", "zhaoqian")):
        house.fake.grant(account, "story-review", "story-view", "product-view", "product-browse")
        token = fetch_token(house.fake.url, account, PASSWORD, house.clock)
        own.keep(house.team.id(handle), token)
    own.close()


def _bring_in_the_plan(house: House) -> int:
    plan = house.fake.add_plan(house.product, PLAN, "2026-12-01", "2026-12-25")
    house.keep(timedelta(minutes=6))
    house.say("po", "/plan import")
    house.keep()
    shown = house.say("po", "/plan import")
    assert f"/plan import zentao {plan}" in shown
    said = house.say("po", f"/plan import zentao {plan}")
    assert f"/plan undo {PLAN}" in said
    return plan


def _make_a_story(house: House) -> int:
    points = "1. 手机号可登录\n2. 错误有提示"
    what = f'登录改版 描述=用户名密码登录 验收标准="{points}"'
    house.say("po", f"/story new {what} 评审人=@dev,@tester 指派给=@dev")
    house.keep()
    (row,) = house.fake.stories(house.product)
    number = int(row["id"])
    assert row["status"] == "reviewing"
    assert row["reviewers"] == ["lilei", "zhaoqian"]
    house.say("po", f"/story plan S{number} {PLAN}")
    house.keep()
    assert house.fake.plan(1)["stories"] == [number]
    return number


def _review(house: House, story: int, title: str, *, remark: str = "") -> None:
    house.say("po", f"/review start {title} S{story}")
    house.say("dev", f"/review verdict S{story} pass {remark}")
    house.say("tester", f"/review verdict S{story} pass")
    house.say("po", "/review end")
    house.keep()
    row = house.fake.story(story)
    assert row["status"] == "active"
    assert (row["pri"], row["assignedTo"]) == (3, "lilei"), "nothing beside was wiped"
    with house.team.read() as uow:
        mirrored = uow.stories.get(story)
    assert mirrored.status is Status.ACTIVE
    assert set(mirrored.reviewers) == {house.team.id("dev"), house.team.id("tester")}


def _change(house: House, story: int) -> None:
    house.team.remark("dev", f"S{story} 登录页原型 {PROTOTYPE}v1 密码:xGAE")
    text = "手机号加短信登录\n保留旧入口三个月"
    what = f'改为短信登录 因为客户要求 描述="{text}"'
    house.say("dev", f"/change S{story} {what} {PROTOTYPE}v2")
    house.say("po", "/lanhu changed D-1 登录按钮移到右上角")
    house.say("dev", "/change submit CR-1 effort=2 days=0")
    house.say("pm", "/change approve CR-1")
    house.say("po", "/change apply CR-1")
    house.keep()
    row = house.fake.story(story)
    assert (row["version"], row["status"]) == (2, "reviewing"), "never past the review"
    assert row["reviewers"] == ["lilei", "zhaoqian"]
    link = f"{PROTOTYPE}v2".replace("&", "&amp;")
    assert f'<a href="{link}">' in row["spec"]
    assert "versionId=v1" not in row["spec"]
    assert "xGAE" not in str(house.fake.actions(story)) + row["spec"]


def _verify_and_close(house: House, story: int) -> None:
    house.say("dev", f"/story stage S{story} developed")
    house.say("tester", f"/story stage S{story} tested")
    house.say("po", f"/verify S{story} all 演示通过")
    house.keep()
    assert house.fake.story(story)["stage"] == "verified"
    house.say("pm", f"/close agree S{story}")
    house.keep()
    row = house.fake.story(story)
    assert (row["status"], row["stage"], row["closedReason"]) == ("closed", "closed", "done")
    house.say("po", f"/close reopen S{story} 客户又发现问题")
    house.keep()
    row = house.fake.story(story)
    assert (row["status"], row["stage"]) == ("active", "tested")


def _move_the_plan(house: House, plan: int) -> None:
    assert f"/plan push {PLAN} yes" in house.say("po", "/plan shift all +2wd yes")
    house.say("po", f"/plan push {PLAN} yes")
    there = house.fake.plan(plan)
    assert (there["begin"], there["end"]) == ("2026-12-03", "2026-12-29")


# -- how it reads


def _read(house: House, story: int) -> str:
    """The history with addresses and signatures cut short."""
    text = _RECORD.sub("<记录>", "\n".join(house.history(story)))
    for name, account in (("陈敏", "chenmin"), ("王强", "wangqiang"), ("李雷", "lilei")):
        for signature in SIGNED.values():
            text = text.replace(signature.format(name=name, account=account), f"[{name}]")
    return text


def _told(house: House, lines: tuple[str, ...], story: int) -> None:
    """All these passages stand there, in this order."""
    text, at = _read(house, story), 0
    for passage in lines:
        found = text.find(passage, at)
        assert found >= 0, f"{passage!r} is not there after position {at} of\n{text}"
        at = found + len(passage)


OUTCOME = {
    "zh": (
        "    需求评审 R-1“登录评审”的结论：确认通过\n"
        "    李雷：确认通过，接口已对齐\n"
        "    赵倩：确认通过\n"
        "    评审纪要：<记录>\n"
        "    [陈敏]"
    ),
    "en": (
        "    Outcome of review R-1 “登录评审”: pass\n"
        "    李雷: pass. 接口已对齐\n"
        "    赵倩: pass\n"
        "    Minutes: <记录>\n"
        "    [陈敏]"
    ),
}
CHANGE = {
    "zh": (
        "产品机器人 · changed\n"
        "    变更 CR-1：改为短信登录\n"
        "    原因：客户要求\n"
        "    提出：李雷；批准：王强\n"
        "    描述改动：\n"
        "    － 用户名密码登录\n"
        "    ＋ 手机号加短信登录\n"
        "    ＋ 保留旧入口三个月\n"
        f"    蓝湖原型文档 v2：{PROTOTYPE}v2，标记：登录按钮移到右上角，陈敏 确认有变\n"
        "    变更记录：<记录>\n"
        "    [陈敏]"
    ),
    "en": (
        "产品机器人 · changed\n"
        "    Change CR-1: 改为短信登录\n"
        "    Reason: 客户要求\n"
        "    Requested by 李雷; approved by 王强\n"
        "    Description:\n"
        "    － 用户名密码登录\n"
        "    ＋ 手机号加短信登录\n"
        "    ＋ 保留旧入口三个月\n"
        f"    Lanhu prototype document v2: {PROTOTYPE}v2, marked: 登录按钮移到右上角, "
        "陈敏 confirmed a change\n"
        "    Change record: <记录>\n"
        "    [陈敏]"
    ),
}
CLOSING = {
    "zh": (
        "    验收通过，2 条验收标准全部满足：\n    ✓ 手机号可登录\n    ✓ 错误有提示\n",
        "    备注：演示通过\n    [陈敏]",
        "产品机器人 · closed (Done)\n    陈敏 已验收，王强 同意关闭\n    [王强]",
        "产品机器人 · activated\n    重新打开：客户又发现问题\n    [陈敏]",
    ),
    "en": (
        "    Accepted; all 2 acceptance points hold:\n    ✓ 手机号可登录\n    ✓ 错误有提示\n",
        "    Note: 演示通过\n    [陈敏]",
        "产品机器人 · closed (Done)\n    verified by 陈敏, closing agreed by 王强\n    [王强]",
        "产品机器人 · activated\n    Opened again: 客户又发现问题\n    [陈敏]",
    ),
}


def test_a_dead_token_is_forgotten_and_its_owner_told(make_house: Make) -> None:
    house = make_house("22.4", votes=Votes.TOKENS)
    _connect(house, Votes.TOKENS)
    _bring_in_the_plan(house)
    story = _make_a_story(house)
    house.fake.kill_tokens("lilei")
    _review(house, story, "登录评审")
    assert house.fake.story(story)["votes"] == {"pobot": "pass", "zhaoqian": "pass"}
    with house.team.read() as uow:
        feed = uow.tracker_feed.get()
        assert feed is not None
        assert uow.tracker_tokens.people(feed.server) == (house.team.id("tester"),)
    assert any("令牌已失效" in card for card in house.told("dev"))


def test_who_said_otherwise_is_no_vote_that_turns_the_outcome(make_house: Make) -> None:
    """ZenTao would close the story for one reject; the team's rule let it pass."""
    house = make_house("22.4", votes=Votes.TOKENS)
    _connect(house, Votes.TOKENS)
    _bring_in_the_plan(house)
    house.say("po", "/setup rule review_rule majority")
    story = _make_a_story(house)
    house.say("po", f"/story edit S{story} reviewers=@dev,@tester")
    house.say("po", f"/review start 登录评审 S{story}")
    house.say("dev", f"/review verdict S{story} pass")
    house.say("tester", f"/review verdict S{story} reject 没有用例")
    house.say("po", "/review excuse @tester")
    house.say("po", "/review end yes")
    house.keep()
    row = house.fake.story(story)
    assert row["status"] == "active"
    assert row["votes"]["lilei"] == "pass"
    assert "zhaoqian" not in row["votes"]


def test_a_change_of_a_story_without_reviewers_is_still_reviewed(make_house: Make) -> None:
    """Somebody made it in ZenTao without us; who approves the change is asked to review it."""
    house = make_house("22.4")
    _connect(house, Votes.LEDGER)
    story = house.fake.add_story(house.product, "旧需求", spec="<p>一版</p>")
    house.keep()
    house.say("dev", f"/change S{story} 增加扫码")
    house.say("dev", "/change submit CR-1 effort=1 days=0")
    house.say("pm", "/change approve CR-1")
    house.say("po", "/change apply CR-1")
    house.keep()
    row = house.fake.story(story)
    assert (row["version"], row["status"]) == (2, "reviewing")
    assert row["reviewers"] == ["wangqiang"]
    assert house.open_writes() == []
