"""The stand-in draws a message as DingTalk's clients do, and names what looks bad on a phone."""

from __future__ import annotations

import pytest

from tests.dingtalk.ticking import Ticking
from tests.fakes.dingtalk import FakeDingtalk, Message
from tests.fakes.dingtalk.reading import blemishes, plain


@pytest.mark.parametrize(
    ("markdown", "wanted"),
    [
        pytest.param("#### 评审 12\n\n- **S12** 登录", "评审 12\n\n- S12 登录", id="marks"),
        pytest.param(r"1\*2 \[x\] \#3", "1*2 [x] #3", id="escaped"),
        pytest.param("[打开](https://a.example/b)", "打开", id="link"),
        pytest.param("> 引用\n> 两行", "引用\n两行", id="quote"),
    ],
)
def test_markdown_as_it_is_drawn(markdown: str, wanted: str) -> None:
    assert plain(markdown) == wanted


@pytest.mark.parametrize(
    ("markdown", "wanted"),
    [
        pytest.param("| a | b |\n| - | - |", "a table", id="table"),
        pytest.param("```\nx\n```", "code", id="fence"),
        pytest.param("用 `x`", "code", id="code"),
        pytest.param("<b>x</b>", "an HTML tag", id="tag"),
        pytest.param("一行\n又一行", "a line break that is not drawn", id="break"),
        pytest.param("步骤\n1. 一", "a numbered list without an empty line before it", id="list"),
    ],
)
def test_what_looks_bad_on_a_phone(markdown: str, wanted: str) -> None:
    assert wanted in blemishes(markdown)
    assert blemishes("#### 好\n\n- 一\n- 二  \n续行\n\n1. 一\n2. 二") == []


def test_a_message_is_shown_with_its_buttons() -> None:
    content = {"btns": [{"title": "打开", "actionURL": "https://a.example"}]}
    message = Message("m", 0, "", "actionCard", "**评审**", content=content)
    with FakeDingtalk(Ticking()) as dingtalk:
        dingtalk.add_user("po", "陈敏")
        person = dingtalk.person("po")
        assert person.sees(message) == "评审\n[打开]"
        assert person.link(message, "打开") == "https://a.example"
