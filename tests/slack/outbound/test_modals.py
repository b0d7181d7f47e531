"""Forms as modals: everything that stands in a form comes back from it as the core expects it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.cards.html import Choices
from bot.cards.words import Reader
from bot.slack.blocks import (
    Metadata,
    form_errors,
    form_files,
    form_values,
    form_view,
    loading_view,
    notice_view,
    read_metadata,
)
from domain.messages import Card, FieldKind, Form, FormField, Option, Para, T, Tone
from tests.cards.samples import FORM
from tests.fakes.slack.rules.views import require_view
from tests.slack.outbound.filling import submitted

READER = Reader("zh", "Asia/Shanghai", "", {"p1": "王芳", "p2": "李雷", "p3": "周客户"})
USERS = {"p1": "U1", "p2": "U2"}
PEOPLE = {u: p for p, u in USERS.items()}


def person_of(user: str) -> str:
    return PEOPLE[user]


def one(kind: FieldKind, value: str = "", **more: object) -> Form:
    return Form(
        "x y", "标题", (replace(FormField("f", "字段", kind, value=value), **more),), "提交"
    )  # pyright: ignore[reportArgumentType]


def back(form: Form, choices: Choices | None = None, **changed: object) -> Mapping[str, str]:
    view = form_view(form, READER, USERS, Metadata(), choices or Choices())
    require_view(view, "modal")
    return form_values(submitted(view, **changed), person_of)


def element(form: Form, choices: Choices | None = None) -> Mapping[str, object]:
    view = form_view(form, READER, USERS, Metadata(), choices or Choices())
    return next(b["element"] for b in view["blocks"] if b["type"] == "input")


def test_what_stands_in_a_form_comes_back() -> None:
    view = form_view(FORM, READER, USERS, Metadata())
    require_view(view, "modal")
    values = form_values(submitted(view), person_of)
    assert values == {f.name: f.value for f in FORM.fields}


BOTH = (Option("hi", "高"), Option("lo", "低"))
MANY = tuple(Option(str(n), f"第 {n} 个") for n in range(250))
K = FieldKind
TYPED, MENU, MENU_OF = "plain_text_input", "static_select", "multi_static_select"
BOXES, USERS_OF = "checkboxes", "multi_users_select"
CASES = [
    pytest.param(one(K.TEXT), "a < b", TYPED, "a < b", id="text"),
    pytest.param(one(K.MULTILINE), "一\n二", TYPED, "一\n二", id="lines"),
    pytest.param(one(K.DATE), "2026-12-31", "datepicker", "2026-12-31", id="day"),
    pytest.param(one(K.DATE, "下周三"), "+3d", TYPED, "+3d", id="day in words"),
    pytest.param(one(K.NUMBER), "2.5", "number_input", "2.5", id="number"),
    pytest.param(one(K.NUMBER, "两天"), "2", TYPED, "2", id="no number"),
    pytest.param(one(K.PERSON), "U2", "users_select", "p2", id="person"),
    pytest.param(one(K.PEOPLE, "p1"), ["U1", "U2"], USERS_OF, "p1,p2", id="people"),
    pytest.param(one(K.PERSON, "p3"), "p1", MENU, "p1", id="not on Slack"),
    pytest.param(one(K.PEOPLE, "p1,p3"), ["p3"], BOXES, "p3", id="one not on Slack"),
    pytest.param(one(K.STORY), "S12", TYPED, "S12", id="story"),
    pytest.param(one(K.STORIES), "S1 S2", TYPED, "S1 S2", id="stories"),
    pytest.param(one(K.CHOICE, options=BOTH), "lo", MENU, "lo", id="choice"),
    pytest.param(one(K.CHOICES, options=BOTH), ["hi", "lo"], BOXES, "hi,lo", id="choices"),
    pytest.param(one(K.CHOICE, options=MANY), "249", MENU, "249", id="of many"),
    pytest.param(one(K.CHOICES, options=MANY), ["0", "249"], MENU_OF, "0,249", id="several"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "typed", "kind", "value"), CASES)
def test_what_is_filled_in_comes_back(form: Form, typed: object, kind: str, value: str) -> None:
    assert element(form)["type"] == kind
    assert back(form, f=typed) == {"f": value}


@pytest.mark.parametrize("form", [pytest.param(c.values[0], id=c.id) for c in CASES])
def test_an_empty_field_is_an_empty_text(form: Form) -> None:
    empty = replace(form, fields=(replace(form.fields[0], value=""),))
    assert back(empty) == {"f": ""}


def test_an_optional_choice_can_be_taken_back() -> None:
    form = one(FieldKind.CHOICE, "lo", options=BOTH)
    assert back(form, f="·none·") == {"f": ""}
    required = one(FieldKind.CHOICE, "lo", options=BOTH, required=True)
    assert [o["value"] for o in element(required)["options"]] == ["hi", "lo"]  # pyright: ignore[reportGeneralTypeIssues]


def test_stories_are_picked_where_they_are_known_and_an_unknown_one_stays() -> None:
    choices = Choices(stories=(("S1", "S1 登录"), ("S2", "S2 找回密码")))
    form = one(FieldKind.STORIES, "S9,S2")
    assert back(form, choices) == {"f": "S9,S2"}
    assert back(form, choices, f=["S1"]) == {"f": "S1"}


def test_a_long_choice_is_spelled_out_above_the_menu() -> None:
    point = "登录失败五次后锁定账号十分钟，" * 8
    form = one(FieldKind.CHOICES, options=(Option("1.1", f"1. {point}"), Option("1.2", "2. 短")))
    above, below = form_view(form, READER, {}, Metadata())["blocks"]
    assert point in above["elements"][0]["text"]
    assert below["element"]["options"][0]["text"]["text"].endswith("…")


def test_files_are_named_and_handed_over() -> None:
    form = one(FieldKind.FILE)
    files = [{"id": "F1", "name": "a.xlsx"}]
    view = submitted(form_view(form, READER, {}, Metadata()), f=files)
    assert form_files(view) == ({"id": "F1", "name": "a.xlsx"},)
    assert form_values(view, person_of) == {"f": "a.xlsx"}
    assert element(form)["max_files"] == 1


def test_what_the_modal_remembers() -> None:
    asked = Metadata(channel="C1", thread="1.2", message="1.3", reply="https://hooks.slack.com/x")
    view = form_view(FORM, READER, USERS, asked)
    assert read_metadata(view) == replace(asked, command="change log")
    assert read_metadata({"private_metadata": "[1]"}) == Metadata()
    assert read_metadata({"private_metadata": '{"other": 1}'}) == Metadata()
    assert read_metadata({}) == Metadata()


def test_a_long_address_is_left_out_rather_than_the_form() -> None:
    asked = Metadata(channel="C1", reply="https://hooks.slack.com/" + "x" * 3000)
    view = form_view(FORM, READER, USERS, asked)
    require_view(view, "modal")
    assert read_metadata(view) == Metadata(command="change log", channel="C1")


def test_errors_stand_beside_their_fields() -> None:
    assert form_errors(FORM, READER) == {"f:late": "看不懂"}
    blocks = form_view(FORM, READER, USERS, Metadata())["blocks"]
    at = next(i for i, b in enumerate(blocks) if b.get("block_id") == "f:late")
    assert blocks[at + 1]["elements"][0]["text"] == "⚠ 看不懂"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        pytest.param("记录变更", "记录变更", id="short"),
        pytest.param(
            "登记一个很长很长很长很长很长很长很长很长的变更请求",
            "登记一个很长很长很长很长很长很长很长很长的变更…",
            id="Chinese",
        ),
        pytest.param("Log a change request of story", "Log a change request…", id="after a word"),
        pytest.param("一\n二", "一 二", id="one line"),
    ],
)  # fmt: skip
def test_a_title_is_cut_well(title: str, shown: str) -> None:
    view = form_view(replace(FORM, title=title), READER, {}, Metadata())
    assert view["title"]["text"] == shown
    assert len(shown) <= 24


def test_an_english_title_begins_with_a_capital() -> None:
    english = replace(READER, locale="en")
    view = form_view(replace(FORM, title=T("change.sub.log")), english, {}, Metadata())
    assert view["title"]["text"] == "Log a change"


def test_other_views() -> None:
    require_view(loading_view(READER), "modal")
    notice = notice_view(Card(T("core.submit"), (Para("x"),), tone=Tone.BAD), READER, {})
    require_view(notice, "modal")
    assert "submit" not in notice
