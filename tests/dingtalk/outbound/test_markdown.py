"""Cards as markdown that reads well on a telephone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from bot.cards.way import Way
from bot.cards.words import Reader
from bot.dingtalk.text.escape import HAIR, bold, calm, link
from bot.dingtalk.text.markdown import TITLE, Markdown, render_markdown
from bot.dingtalk.text.pages import BYTES, CHARACTERS, pages_of, weight
from domain.messages import (
    Action,
    Bar,
    Bullet,
    Bullets,
    Card,
    Code,
    Day,
    Fields,
    FileRef,
    Grid,
    Heading,
    Join,
    Link,
    Moment,
    Para,
    PersonRef,
    Strong,
    T,
    Tone,
)
from tests.fakes.dingtalk.reading import plain

GROUP = Reader("zh", "Asia/Shanghai", way=Way("@督办 "))
DIRECT = Reader("zh", "Asia/Shanghai", "p1", way=Way(""))
ENGLISH = Reader("en", "Asia/Shanghai", way=Way("@督办 "))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("登录改版", "登录改版", id="plain"),
        pytest.param("*a* _b_", r"\*a\* \_b\_", id="emphasis"),
        pytest.param("# 标题", r"\# 标题", id="headline"),
        pytest.param("> 引用", r"\> 引用", id="quote"),
        pytest.param("- 一\n- 二", "\\- 一  \n\\- 二", id="list"),
        pytest.param("1. 一", "1\u2060. 一", id="numbered"),
        pytest.param("`rm`", r"\`rm\`", id="code"),
        pytest.param("[点我](https://evil)", r"\[点我\]\(https://evil)", id="link"),
        pytest.param("![x](y)", r"\!\[x\]\(y)", id="picture"),
        pytest.param("a | b", r"a \| b", id="table"),
        pytest.param("<font color=red>", f"<{HAIR}font color=red\\>", id="tag"),
        pytest.param("a < b", "a < b", id="less than"),
        pytest.param("<", f"<{HAIR}", id="a sign that the next words may make a tag"),
        pytest.param("@5537100 你好", f"@{HAIR}5537100 你好", id="mention of an id"),
        pytest.param("@张三 你好", "@张三 你好", id="mention of a name stays words"),
        pytest.param("一\n二\n\n\n三", "一  \n二\n\n三", id="line breaks"),
        pytest.param("    缩进", "缩进", id="no code by indenting"),
        pytest.param("back\\slash", r"back\\slash", id="backslash"),
        pytest.param("S12 (3/5)", "S12 (3/5)", id="round brackets are harmless alone"),
    ],
)
def test_nothing_typed_means_anything(text, shown):
    assert calm(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("通过", "**通过**", id="words"),
        pytest.param(" 通过 ", " **通过** ", id="spaces stay outside"),
        pytest.param("（通过）", "（通过）", id="punctuation would show the stars"),
        pytest.param("一  \n二", "一  \n二", id="not over lines"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_bold(text, shown):
    assert bold(text) == shown


def test_addresses_can_not_end_a_link_early():
    assert link("https://x.cn/a(b) c", "标签") == "[标签](https://x.cn/a%28b%29%20c)"


def _everything() -> Card:
    return Card(
        "登录改版",
        (
            Para(Join(("请 ", PersonRef("p1", "张三"), " 看一下"))),
            Para("先前的", muted=True),
            Heading("范围"),
            Fields((("负责人", PersonRef("p2", "李四")), ("到期", Day(date(2026, 11, 27))))),
            Bullets((Bullet("第一条", (Action("完成", "action done A1"),)), Bullet("第二\n行"))),
            Grid(("编号", "标题"), (("S12", "登录"), ("S13", ""))),
            Bar("进度", 40),
            FileRef("f1", "纪要_v2.docx", "application/x", 2048),
            Para(Link("看板", "/p/x")),
        ),
        (Action("通过", "verdict S12 pass"), Action("说明", "x", typed="help review")),
        status="进行中",
        tone=Tone.INFO,
        key="review:1",
    )


def test_a_card_with_everything_reads_well():
    shown = render_markdown(_everything(), GROUP, base_url="https://duban.example.com")
    assert shown.title == "登录改版 · 进行中"
    assert shown.people == ("p1",)
    assert shown.text == (
        "#### 🔵 登录改版 · 进行中\n\n"
        "请 张三 看一下\n\n"
        "> 先前的\n\n"
        "##### 范围\n\n"
        "- 负责人：李四\n- 到期：2026年11月27日（周五）\n\n"
        "- 第一条  \n  › 完成：@督办 action done A1\n- 第二  \n  行\n\n"
        "- S12 · 标题：登录\n- S13\n\n"
        "进度 ████░░░░░░ 40%\n\n"
        "📎 纪要\\_v2.docx · 2 KB\n\n"
        "[看板](https://duban.example.com/p/x)\n\n"
        "可以发送：  \n› 通过：@督办 verdict S12 pass  \n› 说明：@督办 help review"
    )


def test_in_a_conversation_of_two_commands_need_no_mention_and_can_be_tapped():
    shown = render_markdown(
        Card("x", actions=(Action("通过", "verdict S12 pass"),)), DIRECT, tap=True
    )
    assert shown.text.endswith(
        "› [通过](dtmd://dingtalkclient/sendMessage?content=verdict%20S12%20pass)：verdict S12 pass"
    )


def test_a_sentence_is_no_headline_and_an_address_inside_needs_a_base():
    card = Card("已记录。", (Para(Link("看板", "/p/x")), Para(Code("help me"))))
    assert render_markdown(card, ENGLISH).parts == ("已记录。", "看板", "“help me”")


def test_times_are_the_readers():
    moment = Moment(datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    assert render_markdown(Card(moment), ENGLISH).text == "Mon, 23 Nov 2026, 09:00"


def test_our_own_commands_are_named_as_they_are_typed_here():
    text = render_markdown(Card(T("dingtalk.calls_advice")), GROUP).text
    assert "@督办" in text
    assert "/help" not in text


def test_long_titles_are_short_in_the_notification():
    shown = render_markdown(Card("长" * 200), GROUP)
    assert len(shown.title) == TITLE
    assert shown.text == "长" * 200


def test_strong_runs_stay_together():
    card = Card(Join((Strong("S12"), Strong(" 登录"), " 通过")))
    assert render_markdown(card, GROUP).text == "**S12 登录** 通过"


# -- cutting


def test_what_fits_is_one_message():
    (page,) = pages_of(Markdown("t", ("a", "b")), "@1 @2", "left out")
    assert (page.title, page.text) == ("t", "a\n\nb\n\n@1 @2")


def test_long_cards_are_cut_between_parts():
    parts = tuple(f"第{n}段" + "字" * 1000 for n in range(12))
    pages = pages_of(Markdown("很长", parts), "@1", "left out")
    assert len(pages) > 1
    assert pages[0].text.endswith("@1")
    assert [p.title for p in pages] == [
        f"很长 ({n}/{len(pages)})" for n in range(1, len(pages) + 1)
    ]
    joined = "\n\n".join(p.text for p in pages)
    assert all(part in joined for part in parts)
    assert joined.index("第0段") < joined.index("第11段")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("字" * 20_000, id="three bytes each"),
        pytest.param("𠮷" * 9_000, id="four bytes each"),
        pytest.param('"' * 9_000, id="escaped in JSON"),
        pytest.param("\\*" * 6_000, id="escaped signs"),
        pytest.param("word " * 5_000, id="words"),
        pytest.param("line of text\n" * 1_500, id="lines"),
    ],
)
def test_every_message_is_within_both_limits_and_nothing_is_lost(text):
    pages = pages_of(Markdown("t", (text,)), "", "left out")
    for page in pages:
        assert len(page.text) <= CHARACTERS
        assert weight(page.text) <= BYTES
        assert not re.search(r"(?<!\\)(\\\\)*\\$", page.text)
    bare = "".join(re.sub(r"^\(\d+/\d+\)\n\n", "", p.text) for p in pages)
    assert re.sub(r"\s", "", bare) == re.sub(r"\s", "", text)


def test_what_is_endless_ends_and_says_so():
    pages = pages_of(Markdown("t", ("字" * 200_000,)), "", "后面的没有显示")
    assert len(pages) == 8
    assert pages[-1].text.endswith("后面的没有显示")


def test_english_begins_with_a_capital_and_what_people_typed_stays() -> None:
    ours, typed = T("change.sub.log"), "iOS first"
    pairs = ((T("story.version"), "v1"), ("iPad", "yes"))
    blocks = (Para(ours), Para(typed), Heading(ours), Fields(pairs))
    shown = render_markdown(Card(ours, blocks), ENGLISH)
    assert shown.title == "Log a change"
    lines = shown.text.split("\n\n")
    assert lines[:4] == ["#### Log a change", "Log a change", "iOS first", "##### Log a change"]
    assert "- iPad: yes" in lines[4]
    assert render_markdown(Card(typed), ENGLISH).title == "iOS first"


def _choices(*labels: str, line: str = "review verdict S1 {}") -> tuple[Action, ...]:
    words = ("pass", "clarify")
    return tuple(
        Action(label, line.format(word)) for label, word in zip(labels, words, strict=True)
    )


@pytest.mark.parametrize(
    ("reader", "actions", "shown"),
    [
        pytest.param(
            ENGLISH,
            _choices("Pass", "Clarify"),
            "› One of: @督办 review verdict S1 pass / clarify",
            id="one",
        ),
        pytest.param(
            ENGLISH, _choices("Yes", "No"), "› Yes: @督办 review verdict S1 pass", id="other-names"
        ),
        pytest.param(
            ENGLISH, _choices("Pass", "Clarify")[:1], "› Pass: @督办 review verdict S1", id="single"
        ),
        pytest.param(
            ENGLISH,
            (Action("Show", "story show"), Action("Edit", "review edit")),
            "› Show: @督办 story show",
            id="different-lines",
        ),
        pytest.param(
            DIRECT, _choices("pass", "clarify"), "› pass：review verdict S1 pass", id="to-be-tapped"
        ),
    ],
)
def test_choices_of_one_thing_are_one_line_where_they_are_typed(
    reader: Reader, actions: tuple[Action, ...], shown: str
) -> None:
    card = Card("R-1", (Bullets((Bullet("S1", actions),)),))
    drawn = render_markdown(card, reader, tap=reader is DIRECT).text
    assert shown in plain(drawn)
