"""What is typed in DingTalk becomes the line that commands are."""

from __future__ import annotations

import pytest

from bot.dingtalk.inbound.typed import Mention, UnclearMentions, bare, placed, spaced, with_quoted
from commands.catalog import build_registry

REGISTRY = build_registry()
LEI, MEI = Mention("p1", ("李雷",)), Mention("p2", ("韩 梅梅", "韩梅梅"))
OTHER_LEI = Mention("p3", ("李雷",))
STRANGER, OTHER = Mention("p4", ("无名",)), Mention("p5", ("某某",))


@pytest.mark.parametrize(
    ("text", "mentions", "line"),
    [
        pytest.param(" 待办 @李雷 周五 压测", [LEI], "待办 <@p1> 周五 压测", id="one"),
        pytest.param("@韩 梅梅 @李雷 好", [LEI, MEI], "<@p2> <@p1> 好", id="name-with-a-space"),
        pytest.param("问 @李雷：几号", [LEI], "问 <@p1> ：几号", id="sign-behind"),
        pytest.param("待办 @新来的 周五", [STRANGER], "待办 <@p4> 周五", id="by-elimination"),
        pytest.param("@李雷 @新来的 好", [LEI, OTHER], "<@p1> <@p5> 好", id="one-is-left-over"),
        pytest.param("评审 邀请", [LEI], "评审 邀请 <@p1>", id="not-in-the-text"),
        pytest.param("给 @李雷丰 看", [STRANGER, LEI], None, id="a-longer-name-is-another"),
        pytest.param("@甲 @乙 好", [STRANGER, OTHER], None, id="two-unknown"),
        pytest.param("@李雷 @李雷 好", [LEI, OTHER_LEI], None, id="two-of-one-name"),
    ],
)
def test_mentions_are_placed_by_name_and_meant_by_id(
    text: str, mentions: list[Mention], line: str | None
) -> None:
    if line is None:
        with pytest.raises(UnclearMentions):
            placed(text, mentions)
    else:
        assert " ".join(placed(text, mentions).split()) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("\u3000评审\u3000开始", "评审 开始", id="wide-spaces"),
        pytest.param("\u2005review\u00a0start ", "review start", id="odd-spaces"),
        pytest.param("／评审 开始", "/评审 开始", id="wide-slash"),
        pytest.param("@督办 评审 开始", "评审 开始", id="own-name-left-in"),
        pytest.param("评审 开始 @Duban", "评审 开始", id="own-name-at-the-end"),
        pytest.param("@督办：帮助", "帮助", id="own-name-with-a-sign"),
        pytest.param("@督办员 帮助", "@督办员 帮助", id="another-name"),
        pytest.param("价格 1／2，好。", "价格 1／2，好。", id="what-people-write-stays"),
    ],
)
def test_a_line_is_cleaned(text: str, line: str) -> None:
    assert bare(text) == line


def test_somebody_may_be_called_like_duban() -> None:
    assert bare("待办 @督办 周五", [Mention("p9", ("督办",))]) == "待办 @督办 周五"


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        pytest.param("评审：开始：登录改版", "评审 开始 登录改版", id="wide-colons"),
        pytest.param("review:start:login", "review start login", id="narrow-colons"),
        pytest.param("评审，开始 登录：改版", "评审 开始 登录：改版", id="only-the-head"),
        pytest.param("变更：登录：要扫码", "变更 登录：要扫码", id="no-subcommand"),
        pytest.param("你好：世界", "你好：世界", id="no-command"),
        pytest.param("评审 开始 a：b", "评审 开始 a：b", id="nothing-to-do"),
    ],
)
def test_signs_after_a_command_are_spaces(typed: str, line: str) -> None:
    assert spaced(REGISTRY, typed) == line


@pytest.mark.parametrize(
    ("typed", "quoted", "line"),
    [
        pytest.param("变更 批准", "变更 CR-12 · 待审批", "变更 批准 CR-12", id="record"),
        pytest.param("变更 批准 cr3", "变更 CR-12", "变更 批准 cr3", id="named-here"),
        pytest.param("变更 批准 3", "变更 CR-12", "变更 批准 3", id="number-here"),
        pytest.param("变更 批准", "CR-12 和 CR-13", "变更 批准", id="two-records"),
        pytest.param("变更 批准", "CR-12，还是 CR-12", "变更 批准 CR-12", id="one-record-twice"),
        pytest.param("需求 查看", "S3 登录改版", "需求 查看 S3", id="story"),
        pytest.param("计划 查看", "CR-12", "计划 查看", id="takes-no-record"),
        pytest.param("好的", "CR-12", "好的", id="no-command"),
        pytest.param("变更 批准", "", "变更 批准", id="nothing-quoted"),
    ],
)
def test_a_quoted_card_says_which_record(typed: str, quoted: str, line: str) -> None:
    assert with_quoted(REGISTRY, typed, quoted) == line
