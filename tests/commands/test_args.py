"""From words or form values to the arguments that a handler takes."""

from __future__ import annotations

from datetime import date

import pytest

from bot.cards.words import Reader, words
from bot.holiday_data import LibraryHolidays
from commands.args import Args, FieldErrors, MissingArgs, Reading, read_form, read_line
from commands.grammar import Line, clean, split
from commands.registry import Arg, ArgKind, Choice, Subcommand
from domain.calendar import WorkingCalendar
from domain.errors import UserError
from domain.messages import FileRef, Reply, T
from domain.people import Person

MONDAY = date(2026, 11, 23)
PEOPLE = {p.handle: p for p in (Person("01dev", "dev", "李雷"), Person("01po", "po", "陈敏"))}
FILE = FileRef("f1", "说明.docx", "application/msword", 12)


def _find(name: str) -> Person | None:
    return next((p for p in PEOPLE.values() if name in (p.id, p.handle, p.name)), None)


def _reading(*files: FileRef) -> Reading:
    return Reading(lambda: MONDAY, lambda: WorkingCalendar("CN", LibraryHolidays()), _find, files)


def _arg(kind: ArgKind, name: str = "it", zh: str = "它", *, required: bool = False) -> Arg:
    choices = (Choice("pass", ("通过", "ok"), "pass"), Choice("reject", ("不通过",), "reject"))
    return Arg(name, zh, kind, T(f"core.{name}"), required, choices, prefix="CR")


TEXT = _arg(ArgKind.TEXT, "text", "内容")


def _sub(*args: Arg) -> Subcommand:
    return Subcommand("try", "试", lambda _ctx, _args: Reply(), T("x"), args)


def _read(typed: str, *args: Arg, files: tuple[FileRef, ...] = ()) -> Args:
    text = clean(typed)
    return read_line(_sub(*args), Line(text, split(text)), _reading(*files))


@pytest.mark.parametrize(
    ("kind", "typed", "value", "rest"),
    [
        pytest.param(ArgKind.WORD, "一期 的 事", "一期", "的 事", id="word"),
        pytest.param(ArgKind.WORD, "“一 期” 的 事", "一 期", "的 事", id="word in quotes"),
        pytest.param(ArgKind.REF, "CR-12 好", "12", "好", id="ref"),
        pytest.param(ArgKind.REF, "cr12 好", "12", "好", id="ref in small letters"),
        pytest.param(ArgKind.REF, "ＣＲ－１２ 好", "12", "好", id="full-width ref"),
        pytest.param(ArgKind.REF, "好 #12", "12", "好", id="ref with a sign, at the end"),
        pytest.param(ArgKind.REF, "12 好", "12", "好", id="ref as a number"),
        pytest.param(ArgKind.REF, "RV-12 好", "", "RV-12 好", id="ref of something else"),
        pytest.param(ArgKind.REF, "1234567890 好", "", "1234567890 好", id="too long for a ref"),
        pytest.param(ArgKind.STORY, "改 S12", 12, "改", id="story"),
        pytest.param(ArgKind.STORY, "ｓ１２ 改", 12, "改", id="full-width story"),
        pytest.param(ArgKind.STORY, "S1 S2", 1, "S2", id="the first story"),
        pytest.param(ArgKind.STORY, "改S12", None, "改S12", id="story glued to a word"),
        pytest.param(ArgKind.STORIES, "S1，S2、s3;S1 改", (1, 2, 3), "改", id="stories, each once"),
        pytest.param(ArgKind.STORIES, "S1,改 S2", (2,), "S1,改", id="a word is a story or is not"),
        pytest.param(ArgKind.STORIES, "改", (), "改", id="no story"),
        pytest.param(ArgKind.PERSON, "@dev 做", "01dev", "做", id="person by handle"),
        pytest.param(ArgKind.PERSON, "做 ＠李雷", "01dev", "做", id="person by name, full-width"),
        pytest.param(ArgKind.PERSON, "<@01po> 做", "01po", "做", id="person by id"),
        pytest.param(ArgKind.PERSON, "@dev： 做", "01dev", "做", id="person and a colon"),
        pytest.param(ArgKind.PERSON, "<@gone> 做", None, "<@gone> 做", id="an id of nobody"),
        pytest.param(ArgKind.PEOPLE, "@dev 和 @po @dev", ("01dev", "01po"), "和", id="people once"),
        pytest.param(ArgKind.NUMBER, "3 天", 3, "天", id="number"),
        pytest.param(ArgKind.NUMBER, "约 ＋３．５", 3.5, "约", id="full-width fraction"),
        pytest.param(ArgKind.NUMBER, "约 ＋３", 3, "约", id="full-width number with a sign"),
        pytest.param(ArgKind.NUMBER, "-2.5 天", -2.5, "天", id="negative fraction"),
        pytest.param(ArgKind.NUMBER, "1e9 天", None, "1e9 天", id="no exponent"),
        pytest.param(ArgKind.NUMBER, "١٢ 天", 12, "天", id="digits of another script"),
        pytest.param(ArgKind.CHOICE, "通过 很好", "pass", "很好", id="choice in Chinese"),
        pytest.param(ArgKind.CHOICE, "OK 很好", "pass", "很好", id="choice in capitals"),
        pytest.param(ArgKind.CHOICE, "很好 通过", "", "很好 通过", id="a choice comes first"),
        pytest.param(ArgKind.DATE, "周五 改原型", date(2026, 11, 27), "改原型", id="date first"),
        pytest.param(ArgKind.DATE, "改原型 12月1日", date(2026, 12, 1), "改原型", id="date last"),
        pytest.param(ArgKind.DATE, "改周五的原型 吧", None, "改周五的原型 吧", id="date inside"),
    ],
)  # fmt: skip
def test_an_argument_claims_its_words(kind: ArgKind, typed: str, value: object, rest: str) -> None:
    args = _read(typed, _arg(kind), TEXT)
    readers = {
        ArgKind.STORY: args.story, ArgKind.STORIES: args.stories, ArgKind.PERSON: args.person,
        ArgKind.PEOPLE: args.people, ArgKind.NUMBER: args.number, ArgKind.DATE: args.date,
    }  # fmt: skip
    assert readers.get(kind, args.text)("it") == value
    assert args.text("text") == rest


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        pytest.param("改成  两个 空格", "改成  两个 空格", id="spaces between stay"),
        pytest.param("第一行\n第二行", "第一行\n第二行", id="line breaks stay"),
        pytest.param("“改成短信登录”", "改成短信登录", id="quotes around everything go"),
        pytest.param('把 "登录" 改掉', '把 "登录" 改掉', id="quotes inside stay"),
        pytest.param("“甲”", "甲", id="one quoted word"),
        pytest.param('5"', '5"', id="one quote alone stays"),
        pytest.param("甲 S1 乙", "甲 乙", id="the gap of a claimed word closes"),
        pytest.param("多少=3", "多少=3", id="a name of no argument"),
        pytest.param("a==b", "a==b", id="a comparison"),
    ],
)
def test_the_text_is_what_nobody_claims_as_typed(typed: str, text: str) -> None:
    assert _read(typed, _arg(ArgKind.STORY), TEXT).text("text") == text


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("改标题 due=12月1日", id="English"),
        pytest.param("改标题 截止=2026-12-01", id="Chinese"),
        pytest.param("DUE＝１２／１ 改标题", id="full-width"),
        pytest.param("due=“12月1日” 改标题", id="smart quotes"),
        pytest.param("text=改标题 due=12/1", id="the text, too"),
        pytest.param('内容="改标题" due=12/1', id="the text in quotes"),
    ],
)
def test_an_argument_may_be_named(typed: str) -> None:
    args = _read(typed, _arg(ArgKind.DATE, "due", "截止"), TEXT)
    assert (args.date("due"), args.text("text")) == (date(2026, 12, 1), "改标题")


def test_a_named_value_may_hold_equals_signs() -> None:
    assert _read("text=a=b", TEXT).text("text") == "a=b"


@pytest.mark.parametrize("kind", [k for k in ArgKind if k is not ArgKind.FILE])
def test_a_named_argument_that_is_left_empty_is_missing(kind: ArgKind) -> None:
    with pytest.raises(MissingArgs) as missing:
        _read("it=", _arg(kind, required=True))
    assert missing.value.names == ("it",)
    assert dict(missing.value.given) == {"it": ""}


@pytest.mark.parametrize("kind", [ArgKind.PERSON, ArgKind.PEOPLE])
@pytest.mark.parametrize("value", [",", "，,"])
def test_commas_alone_are_nobody(kind: ArgKind, value: str) -> None:
    with pytest.raises(UserError, match=r"core\.not_understood_as"):
        _read(f"it={value}", _arg(kind))
    with pytest.raises(FieldErrors) as wrong:
        read_form(_sub(_arg(kind)), {"it": value}, _reading())
    assert set(wrong.value.errors) == {"it"}


def test_what_is_missing_is_named_and_what_was_given_is_kept() -> None:
    story = _arg(ArgKind.STORY, "story", "需求", required=True)
    who = _arg(ArgKind.PERSON, "who", "谁", required=True)
    with pytest.raises(MissingArgs) as missing:
        _read("S3", story, who)
    assert missing.value.names == ("who",)
    assert dict(missing.value.given) == {"story": "S3"}


@pytest.mark.parametrize(
    ("typed", "args", "key"),
    [
        pytest.param("S1 S2", (_arg(ArgKind.STORY),), "core.too_many_words", id="too many"),
        pytest.param("很好", (_arg(ArgKind.CHOICE),), "core.not_understood_as", id="no choice"),
        pytest.param(
            "第三个", (_arg(ArgKind.REF, required=True),), "core.not_understood_as", id="no number"
        ),
        pytest.param("@wang 好", (_arg(ArgKind.PERSON), TEXT), "core.unknown_mention", id="nobody"),
        pytest.param("it=abc", (_arg(ArgKind.NUMBER),), "core.no_number", id="named, no number"),
        pytest.param("it=S0x", (_arg(ArgKind.STORY),), "core.not_understood_as", id="no story"),
        pytest.param("it=CR-1,2", (_arg(ArgKind.REF),), "core.not_understood_as", id="two refs"),
        pytest.param(
            "it=@wang", (_arg(ArgKind.PEOPLE),), "core.unknown_mention", id="named nobody"
        ),
        pytest.param("it=也许", (_arg(ArgKind.DATE),), "date.unknown", id="no date"),
        pytest.param("2月30日 改", (_arg(ArgKind.DATE), TEXT), "date.impossible", id="no such day"),
    ],
)
def test_what_cannot_be_understood_is_said(typed: str, args: tuple[Arg, ...], key: str) -> None:
    with pytest.raises(UserError) as error:
        _read(typed, *args)
    assert error.value.key == key
    for locale in ("zh", "en"):
        assert words(error.value.text, Reader(locale, "UTC"))


def test_a_long_text_is_quoted_short_in_an_error() -> None:
    with pytest.raises(UserError) as error:
        _read("长" * 500, _arg(ArgKind.CHOICE))
    assert error.value.params["text"] == "长" * 80


def test_the_file_is_the_one_that_came_along() -> None:
    args = _read("说明", _arg(ArgKind.FILE), TEXT, files=(FILE,))
    assert args.file("it") == FILE
    assert args.raw["it"] == "说明.docx"
    assert _read("说明", _arg(ArgKind.FILE), TEXT).file("it") is None


def test_a_form_takes_the_file_and_misses_it() -> None:
    sub = _sub(_arg(ArgKind.FILE, required=True))
    assert read_form(sub, {}, _reading(FILE)).file("it") == FILE
    with pytest.raises(FieldErrors) as wrong:
        read_form(sub, {}, _reading())
    assert wrong.value.errors == {"it": T("core.field_required")}


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        pytest.param(ArgKind.TEXT, " 一 行\n两行 ", "一 行\n两行", id="text"),
        pytest.param(ArgKind.REF, "CR-7", "7", id="ref"),
        pytest.param(ArgKind.STORY, "S7", 7, id="story"),
        pytest.param(ArgKind.STORIES, "S7 S8,S9", (7, 8, 9), id="stories"),
        pytest.param(ArgKind.PERSON, "01dev", "01dev", id="person by id"),
        pytest.param(ArgKind.PEOPLE, "01dev，po", ("01dev", "01po"), id="people"),
        pytest.param(ArgKind.NUMBER, "-1.25", -1.25, id="number"),
        pytest.param(ArgKind.CHOICE, "不通过", "reject", id="choice"),
        pytest.param(ArgKind.DATE, "下周一", date(2026, 11, 30), id="date"),
    ],
)
def test_a_form_field_is_read_like_the_line(kind: ArgKind, typed: str, value: object) -> None:
    args = read_form(_sub(_arg(kind)), {"it": typed, "extra": "kept"}, _reading())
    readers = {
        ArgKind.STORY: args.story, ArgKind.STORIES: args.stories, ArgKind.PERSON: args.person,
        ArgKind.PEOPLE: args.people, ArgKind.NUMBER: args.number, ArgKind.DATE: args.date,
    }  # fmt: skip
    assert readers.get(kind, args.text)("it") == value
    assert args.raw["extra"] == "kept"
    assert "extra" not in args


def test_all_wrong_fields_are_told_at_once() -> None:
    sub = _sub(
        _arg(ArgKind.NUMBER, "n"), _arg(ArgKind.DATE, "day"), _arg(ArgKind.WORD, "w", required=True)
    )
    with pytest.raises(FieldErrors) as wrong:
        read_form(sub, {"n": "many", "day": "31-31", "w": "  "}, _reading())
    assert set(wrong.value.errors) == {"n", "day", "w"}


def test_an_argument_of_another_kind_reads_as_nothing() -> None:
    args = Args({"n": 3, "t": "x"}, {})
    assert args.number("t") is None
    assert args.story("t") is None
    assert args.stories("t") == ()
    assert args.people("t") == ()
    assert args.person("n") is None
    assert args.date("n") is None
    assert args.file("n") is None
    assert args.text("missing", "default") == "default"
