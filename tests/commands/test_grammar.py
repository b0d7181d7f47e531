"""From a typed line to a command and its words, as people and input methods write them."""

from __future__ import annotations

import pytest

from commands.catalog import build_registry
from commands.grammar import (
    MAX_LINE,
    clean,
    nearest_commands,
    nearest_subcommands,
    parse,
    split,
)
from commands.registry import Command, Registry
from domain.messages import Reply, T

REGISTRY = build_registry()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("  a  ", "a", id="around"),
        pytest.param("a\u00a0b\u3000c\td", "a b c d", id="odd spaces"),
        pytest.param("a\nb", "a\nb", id="a line break stays"),
        pytest.param("a\r\nb", "a \nb", id="a carriage return becomes a space"),
        pytest.param("\u200ba\u200fb\ufeff", "ab", id="invisible"),
        pytest.param("\u202egnp.exe", "gnp.exe", id="right to left override"),
        pytest.param("e\u0301", "é", id="composed"),
        pytest.param("a\x00b\x1b[31m", "ab[31m", id="control"),
        pytest.param("a\ud800b", "ab", id="lone surrogate"),
        pytest.param("", "", id="nothing"),
        pytest.param("\u200b \u3000", "", id="nothing to see"),
        pytest.param("👩‍🔧", "👩🔧", id="joined emoji fall apart, and stay readable"),
    ],
)
def test_a_line_is_cleaned(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_a_page_is_cut_at_the_limit() -> None:
    assert clean("字" * (MAX_LINE + 5)) == "字" * MAX_LINE


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param("a b", ["a", "b"], id="spaces"),
        pytest.param('a "b c" d', ["a", "b c", "d"], id="quotes"),
        pytest.param("“b c” d", ["b c", "d"], id="smart quotes"),
        pytest.param("「b c」 d", ["b c", "d"], id="corner quotes"),
        pytest.param('reason="a b" c', ["reason=a b", "c"], id="a named phrase"),
        pytest.param("原因=“甲 乙” 丙", ["原因=甲 乙", "丙"], id="a named phrase in Chinese"),
        pytest.param("<@a b", ["<@a", "b"], id="half a mention"),
        pytest.param("<@01x>说 b", ["<@01x>", "说", "b"], id="a mention with words at its back"),
        pytest.param('"', ['"'], id="one quote"),
        pytest.param('5" 屏', ['5"', "屏"], id="inches"),
        pytest.param('"甲 乙', ['"甲', "乙"], id="a quote that nobody closed"),
        pytest.param('""', [""], id="an empty phrase"),
        pytest.param("it's", ["it's"], id="an apostrophe"),
        pytest.param("a=b=c", ["a=b=c"], id="two equals"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_a_line_is_split_into_words(line: str, words: list[str]) -> None:
    assert [w.text for w in split(line)] == words


def test_a_word_knows_where_it_stands_and_what_it_is_in_narrow_characters() -> None:
    first, second = split("ＣＲ－１２　“Ａ b”")
    assert (first.text, first.plain, first.quoted) == ("ＣＲ－１２", "CR-12", False)
    assert (second.text, second.plain, second.quoted) == ("Ａ b", "A b", True)
    assert (first.start, first.end, second.start, second.end) == (0, 5, 6, 11)


@pytest.mark.parametrize(
    ("line", "command", "sub", "explicit", "rest"),
    [
        pytest.param("/review start x", "review", "start", True, ["x"], id="English"),
        pytest.param("review start x", "review", "start", True, ["x"], id="no slash"),
        pytest.param("评审 开始 x", "review", "start", True, ["x"], id="Chinese"),
        pytest.param("/评审开始 x", "review", "start", True, ["x"], id="written together"),
        pytest.param("Review START x", "review", "start", True, ["x"], id="capitals"),
        pytest.param("/po review start x", "review", "start", True, ["x"], id="umbrella"),
        pytest.param("/po /review start", "review", "start", True, [], id="umbrella and slash"),
        pytest.param("/po po review start", "review", "start", True, [], id="umbrella twice"),
        pytest.param("／ｒｅｖｉｅｗ　ｓｔａｒｔ", "review", "start", True, [], id="full-width"),
        pytest.param("评审： 开始： x", "review", "start", True, ["x"], id="colons"),
        pytest.param("review, start, x", "review", "start", True, ["x"], id="commas"),
        pytest.param("help!", "help", None, False, [], id="exclaimed"),
        pytest.param(
            'review "start" x', "review", None, False, ["start", "x"], id="quoted is text"
        ),
        pytest.param("/?", "help", None, False, [], id="a sign for help"),
        pytest.param("？ 评审", "help", None, False, ["评审"], id="a full-width sign for help"),
        pytest.param("change S1 改标题", "change", None, False, ["S1", "改标题"], id="the default"),
    ],
)
def test_the_command_is_found(
    line: str, command: str, sub: str | None, explicit: bool, rest: list[str]
) -> None:
    parsed = parse(REGISTRY, line)
    assert parsed.command is not None
    assert parsed.sub is not None
    assert parsed.command.name == command
    assert parsed.sub.name == (sub or parsed.command.default.name)
    assert parsed.explicit is explicit
    assert [w.text for w in parsed.words] == rest


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("", id="nothing"),
        pytest.param("   ", id="spaces"),
        pytest.param("/", id="a slash"),
        pytest.param("/po", id="the umbrella alone"),
        pytest.param("po / po", id="umbrellas"),
    ],
)
def test_a_line_without_a_word_names_nothing(line: str) -> None:
    parsed = parse(REGISTRY, line)
    assert (parsed.command, parsed.words, parsed.nearest) == (None, (), ())


@pytest.mark.parametrize(
    ("line", "product", "rest"),
    [
        pytest.param("story list in=tms", "tms", [], id="at the end"),
        pytest.param("in=tms story list", "tms", [], id="at the start"),
        pytest.param("需求 列表 产品=tms 我的", "tms", ["我的"], id="Chinese, in the middle"),
        pytest.param("story list IN＝TMS", "TMS", [], id="full-width and capitals"),
        pytest.param('story list in="t m s"', "t m s", [], id="quoted"),
        pytest.param("story list in=a in=b", "a", ["in=b"], id="the first of two"),
        pytest.param("story list in=", None, ["in="], id="named and left empty"),
        pytest.param("story list", None, [], id="not named"),
    ],
)
def test_a_product_may_be_named_anywhere(line: str, product: str | None, rest: list[str]) -> None:
    parsed = parse(REGISTRY, line)
    assert parsed.sub is not None
    assert (parsed.sub.name, parsed.product) == ("list", product)
    assert [w.text for w in parsed.words] == rest


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        pytest.param("reveiw", "review", id="swapped"),
        pytest.param("REVEIW", "review", id="swapped in capitals"),
        pytest.param("评申", "评审", id="a wrong character"),
        pytest.param("storys", "story", id="one letter more"),
        pytest.param("plna", "plan", id="short"),
    ],
)
def test_a_wrong_command_has_near_ones(typed: str, near: str) -> None:
    assert near in nearest_commands(REGISTRY, typed)
    assert parse(REGISTRY, typed).nearest == nearest_commands(REGISTRY, typed)


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        pytest.param("reviw", ("review",), id="the name, no alias beside it"),
        pytest.param("planns", ("plan",), id="an alias leads to the name"),
        pytest.param("评身", ("评审",), id="Chinese for Chinese"),
        pytest.param("demo", ("setup demo",), id="a subcommand leads to its command"),
        pytest.param("示例", ("设置 示例",), id="a subcommand in Chinese"),
        pytest.param("import", ("plan import", "story import"), id="a subcommand of two"),
        pytest.param("产品计划书", ("计划",), id="a Chinese alias leads to the Chinese name"),
        pytest.param("failed", ("setup failed",), id="any of its subcommands"),
        pytest.param("resend", ("reminders",), id="hidden ones are not proposed"),
    ],
)
def test_names_are_proposed_in_the_language_of_the_word(typed: str, near: tuple[str, ...]) -> None:
    assert nearest_commands(REGISTRY, typed) == near


def test_a_word_like_no_command_has_none_near() -> None:
    assert nearest_commands(REGISTRY, "xylophone") == ()


def _handler(_ctx: object, _args: object) -> Reply:
    return Reply()


def _command() -> Command:
    command = Command("ship", "发货", T("x"), aliases=("send",))
    for name, zh, hidden in (
        ("start", "开始", False),
        ("status", "状态", False),
        ("step", "步", True),
    ):
        command.sub(name, zh, aliases=(f"{name}-now",), hidden=hidden)(_handler)
    return command


def test_a_hidden_subcommand_is_found_and_never_proposed() -> None:
    command = _command()
    assert command.find("STEP") is not None
    assert "step" not in nearest_subcommands(command, "stepp")
    assert nearest_subcommands(command, "strat")[0] == "start"


def test_a_subcommand_is_proposed_by_its_name_in_the_same_language() -> None:
    assert nearest_subcommands(_command(), "start-noww")[0] == "start"
    assert nearest_subcommands(_command(), "开使") == ("开始",)


@pytest.mark.parametrize(
    ("name", "zh", "aliases"),
    [
        pytest.param("ship", "别的", (), id="English name"),
        pytest.param("other", "发货", (), id="Chinese name"),
        pytest.param("other", "别的", ("send",), id="alias"),
        pytest.param("send", "别的", (), id="name that is an alias"),
        pytest.param("po", "别的", (), id="umbrella"),
    ],
)
def test_a_word_names_one_command_only(name: str, zh: str, aliases: tuple[str, ...]) -> None:
    registry = Registry()
    registry.add(_command())
    with pytest.raises(ValueError, match="is taken"):
        registry.add(Command(name, zh, T("x"), aliases=aliases))
    assert len(registry.commands) == 1


def test_no_two_subcommands_share_a_word() -> None:
    for command in REGISTRY.commands:
        words = [w for s in command.subcommands for w in {s.name, s.zh, *s.aliases}]
        twice = {w for w in words if words.count(w) > 1}
        assert not twice, f"{command.name}: {twice}"


def test_every_word_of_the_registry_can_be_typed() -> None:
    for command in REGISTRY.commands:
        for word in (command.name, command.zh, *command.aliases):
            for sub in command.subcommands:
                for act in (sub.name, sub.zh, *sub.aliases):
                    parsed = parse(REGISTRY, f"/{word} {act}")
                    assert (parsed.command, parsed.sub) == (command, sub), f"/{word} {act}"
