"""Slack's text as ours."""

from __future__ import annotations

import pytest

from bot.slack.reading.text import addressed, addressed_within, plain, unfenced

PEOPLE = {"U1": "p1", "W2": "p2"}
ROOMS = {"C1": "dev"}


@pytest.mark.parametrize(
    ("typed", "ours"),
    [
        pytest.param("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c", id="entities, each once"),
        pytest.param("给 <@U1|bob> 和 <@W2>", "给 <@p1> 和 <@p2>", id="people"),
        pytest.param("<@U9|eve> <@U8>", "@eve @U8", id="people nobody knows"),
        pytest.param("<#C1|dev> <#C1> <#C9>", "#dev #dev #C9", id="channels"),
        pytest.param("<!here> <!channel|channel>", "@here @channel", id="everybody"),
        pytest.param("<!subteam^S1|@web> <!subteam^S2>", "@web @subteam", id="groups"),
        pytest.param("<!date^1^{date}|2026-11-23>", "2026-11-23", id="dates"),
        pytest.param("<https://x.cn/a?b=1&amp;c=2>", "https://x.cn/a?b=1&c=2", id="bare address"),
        pytest.param("<http://x.cn|x.cn>", "x.cn", id="an address of Slack's own making"),
        pytest.param("<mailto:a@b.c|a@b.c>", "a@b.c", id="mail"),
        pytest.param("<tel:+861|+861>", "+861", id="telephone"),
        pytest.param("<https://x.cn/s|原型>", "原型 https://x.cn/s", id="a link with words"),
        pytest.param("&lt;@U1&gt; &lt;!here&gt;", "<@U1> <!here>", id="typed, so no marks"),
        pytest.param("a < b > c", "a < b > c", id="signs alone"),
        pytest.param("S12\u00a0通过", "S12 通过", id="a space that does not break"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_plain(typed: str, ours: str) -> None:
    assert plain(typed, PEOPLE.get, ROOMS.get) == ours


@pytest.mark.parametrize(
    ("typed", "rest", "meant"),
    [
        pytest.param("<@UB> 评审 开始", "评审 开始", True, id="with a space"),
        pytest.param("  <@UB>，评审 开始", "评审 开始", True, id="with a comma"),
        pytest.param("<@UB|duban>: /review start", "/review start", True, id="with a colon"),
        pytest.param("<@UB>", "", True, id="alone"),
        pytest.param("<@UB> `/review start`", "/review start", True, id="as a manual shows it"),
        pytest.param("<@U1> 评审", "<@U1> 评审", False, id="somebody else"),
        pytest.param("问问 <@UB> 评审", "问问 <@UB> 评审", False, id="inside the line"),
    ],
)
def test_addressed(typed: str, rest: str, meant: bool) -> None:
    assert addressed(typed, "UB") == (rest, meant)


def test_addressed_within() -> None:
    assert addressed_within("大家好 <@U1> <@UB> 评审 状态", "UB") == "评审 状态"
    assert addressed_within("大家好 <@U1>", "UB") is None


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("`a b`", "a b"),
        ("```a\nb```", "a\nb"),
        ("`a` b `c`", "`a` b `c`"),
        ("`", "`"),
        ("``", "``"),
    ],
)
def test_unfenced(typed: str, bare: str) -> None:
    assert unfenced(typed) == bare
