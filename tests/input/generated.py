"""Strategies for what people could type: real words, things that nearly are, and plain garbage."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from commands.registry import Arg, ArgKind, Command, Registry, Subcommand

WORDS = (
    "登录改版", "首页", "release", "测试 环境", "S1", "s2,S3", "#12", "S999999999", "S0",
    "s-1", "CR-1", "cr2", "CR-999999999", "RV-1", "DL-3", "1", "-1", "0", "3.5",
    "999999999", "١٢", "½", "明天", "下周五", "2026-12-31", "2026-02-30", "12/31",
    "9999-12-31", "0001-01-01", "国庆后", "tomorrow", "next friday", "+3d", "-5", "2天",
    "T+5", "09:00", "25:99", "22:00-08:00", "@po", "@nobody", "<@nobody>", "<@>", "@陈敏",
    "@all", "<!channel>", "@", "in=tms", "in=nowhere", "产品=tms", "pass", "通过", "reject",
    "clarify", "yes", "确认", "docx", "md", "xlsx", "csv", "on", "off", "chair", "majority",
    "both", "Asia/Shanghai", "Europe/Berlin", "Mars/Base", "../../etc", "CN", "XX", "zh",
    "en", "load", "add", "remove", "start", "finish", "move", "owner", "rename", "需求",
    "研发=李雷", "开发", "测试", "=", "==", "a=", "=b", "story=S1", "what=", "who=@dev",
    "需求=S1", "标题=x", "due=明天", 'reason="a b"', '""', '"', "'", "“改成”", "「x」", "/",
    "//", "／评审", "?", "？", "--help", "-v", "null", "None", "true", "NaN", "1e309",
    "inf", '{"text": 1}', "[[]]", "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "{{7*7}}", "{% for x in y %}", "{title}", "%s", "%(x)s",
    "${x}", "'; DROP TABLE stories; --", "\x00", "a\x00b", "\u202egnp.exe", "\u200f",
    "\u2066x\u2069", "\ufeff", "\u200b", "مرحبا", "שלום", "👩‍👩‍👧‍👦", "🇨🇳", "📌", "✅",
    "\ud800", "\udfff", "ﬁ", "ＡＢ", "　", "\t", "\r\n", "\n\n", "\x1b[31m",
    "https://lanhuapp.com/web/#/item/project/stage?pid=1&image_id=2", "http://[::1",
    "javascript:x", "x" * 300, "字" * 700, "🙂" * 200, "a" * 10_001, "1" * 60, "( " * 40,
    "é" * 30, "e\u0301" * 30, "=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "| a | b |", "# x",
    "* y", "```", "`x`", "~", "&amp;",
)  # fmt: skip

PEOPLE = ("po", "pm", "dev", "tester", "sales", "customer", "admin")


def budget(examples: int) -> settings:
    """The same examples in every run; with ``INPUT_EXAMPLES=5000`` so many new ones."""
    wanted = os.environ.get("INPUT_EXAMPLES", "")
    return settings(
        max_examples=int(wanted) if wanted else examples,
        derandomize=not wanted,
        database=None,
        deadline=None,
        # What was stored by the examples before is part of the next: there is nothing to shrink.
        phases=(Phase.generate,),
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def texts() -> st.SearchStrategy[str]:
    """Something typed: a word that looks right, or any characters at all."""
    return st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(WORDS),
        st.sampled_from(WORDS),
        st.text(max_size=40),
        st.integers(-3, 40).map(str),
        st.dates().map(str),
    )


def fitting(arg: Arg) -> st.SearchStrategy[str]:
    """Words that this argument may well take."""
    match arg.kind:
        case ArgKind.CHOICE:
            words = [w for c in arg.choices for w in (c.value, *c.words)]
            return st.sampled_from(words) if words else texts()
        case ArgKind.STORY | ArgKind.STORIES:
            return st.integers(1, 8).map("S{}".format)
        case ArgKind.REF:
            return st.integers(1, 4).map(lambda n: f"{arg.prefix}-{n}" if arg.prefix else str(n))
        case ArgKind.PERSON | ArgKind.PEOPLE:
            return st.sampled_from(("@po", "@dev", "@李雷", "<@nobody>", "@customer"))
        case ArgKind.NUMBER:
            return st.sampled_from(("1", "2.5", "0", "-1", "999999999"))
        case ArgKind.DATE:
            return st.sampled_from(
                ("明天", "2026-12-18", "下周一", "+5d", "12月31日", "9999-12-31")
            )
        case _:
            return texts()


def lines(registry: Registry) -> st.SearchStrategy[str]:
    """Command lines: mostly of commands that there are, with arguments that mostly fit."""
    return st.one_of(*(st.just(c) for c in registry.commands)).flatmap(_line) | st.lists(
        texts(), max_size=6
    ).map(" ".join)


def forms(registry: Registry) -> st.SearchStrategy[tuple[str, dict[str, str]]]:
    """A command's name and values for its fields, some of them of no field at all."""
    pairs = [(c, s) for c in registry.commands for s in c.subcommands]
    return st.sampled_from(pairs).flatmap(_form)


def _line(command: Command) -> st.SearchStrategy[str]:
    return st.sampled_from(command.subcommands).flatmap(lambda sub: _typed(command, sub))


def _typed(command: Command, sub: Subcommand) -> st.SearchStrategy[str]:
    head = st.sampled_from(
        (f"/{command.name} {sub.name}", f"{command.zh}{sub.zh}", f"/po {command.zh} {sub.zh}")
    )
    given = st.tuples(*(st.one_of(fitting(a), fitting(a), texts(), st.just("")) for a in sub.args))
    more = st.lists(texts(), max_size=2)
    return st.tuples(head, given, more).map(lambda t: " ".join((t[0], *t[1], *t[2])))


def _form(pair: tuple[Command, Subcommand]) -> st.SearchStrategy[tuple[str, dict[str, str]]]:
    command, sub = pair
    known = {a.name: st.one_of(fitting(a), texts(), st.just("")) for a in sub.args}
    odd = st.dictionaries(st.sampled_from(WORDS), texts(), max_size=2)
    values = st.tuples(st.fixed_dictionaries({}, optional=known), odd).map(lambda t: t[1] | t[0])
    return st.tuples(st.just(f"{command.name} {sub.name}"), values)
