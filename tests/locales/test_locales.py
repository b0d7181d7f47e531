"""Chinese and English are equal: same keys, same placeholders, and every key that code names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.catalog import build_registry
from domain.messages import Inline, T
from locales import LOCALES, catalogue, template

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "commands", "documents", "domain", "reminders", "storage", "trackers", "web")
_KEY = re.compile(r"[a-z]+(\.[a-z0-9_]+)+\Z")
_HOLE = re.compile(r"\{([a-z_0-9]+)\}")


def test_both_languages_have_the_same_keys() -> None:
    zh, en = catalogue("zh").keys(), catalogue("en").keys()
    only_english = {k for k in en - zh if not k.endswith("_one")}
    assert zh - en == set()
    assert only_english == set()


def test_a_singular_stands_beside_its_plural() -> None:
    for locale in LOCALES:
        texts = catalogue(locale)
        orphans = [k for k in texts if k.endswith("_one") and k.removesuffix("_one") not in texts]
        assert orphans == []


def test_both_languages_use_the_same_placeholders() -> None:
    zh, en = catalogue("zh"), catalogue("en")
    unlike = {
        key: (zh[key], en[key])
        for key in zh
        if set(_HOLE.findall(zh[key])) != set(_HOLE.findall(en[key]))
    }
    assert unlike == {}


def test_no_text_is_empty_or_untranslated() -> None:
    zh, en = catalogue("zh"), catalogue("en")
    assert [k for k in (*zh, *en) if not (zh.get(k) or en.get(k))] == []
    sentences = {k for k in zh if k in en and zh[k] == en[k] and len(zh[k].split()) > 3}
    assert sentences == set()


def test_chinese_texts_are_chinese() -> None:
    """A Chinese sentence has Chinese characters; bare names and formats need none."""
    english = {
        k: v
        for k, v in catalogue("zh").items()
        if len(re.findall(r"[A-Za-z]{3,}", re.sub(r"\{\w+\}|/\w+[^，。]*", "", v))) > 4
        and not re.search(r"[\u4e00-\u9fff]", v)
    }
    assert english == {}


def _named_keys() -> Iterator[tuple[str, str]]:
    """Keys that stand literally in a call of T, say, whisper, template or an error class."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args:
                    yield from _key_of(node, f"{path.relative_to(ROOT)}:{node.lineno}")


def _key_of(call: ast.Call, where: str) -> Iterator[tuple[str, str]]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    position = 1 if name == "template" else 0
    if name not in ("T", "say", "whisper", "template") and not name.endswith("Error"):
        return
    if len(call.args) <= position:
        return
    first = call.args[position]
    if isinstance(first, ast.Constant) and isinstance(first.value, str) and _KEY.match(first.value):
        yield first.value, where


def test_every_key_that_code_names_has_a_text() -> None:
    texts = catalogue("zh")
    missing = {where: key for key, where in _named_keys() if key not in texts}
    assert missing == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_command_and_argument_has_its_words(locale: str) -> None:
    texts = catalogue(locale)
    missing: list[str] = []
    for command in build_registry().commands:
        labels: list[Inline] = [command.summary]
        for sub in command.subcommands:
            labels.append(sub.summary)
            labels += [arg.label for arg in sub.args]
            labels += [choice.label for arg in sub.args for choice in arg.choices]
        missing += [t.key for t in labels if isinstance(t, T) and t.key not in texts]
    assert missing == []


def test_a_key_without_a_text_shows_itself() -> None:
    assert template("zh", "nobody.knows") == "nobody.knows"


def test_one_is_singular_where_there_is_a_singular() -> None:
    assert template("en", "cli.audit_ok", 1) == "The audit chain holds: {n} entry."
    assert template("en", "cli.audit_ok", 2) == "The audit chain holds: {n} entries."


def test_an_unknown_language_gets_the_default_one() -> None:
    assert template("fr", "core.submit") == template("zh", "core.submit")


def test_every_command_has_examples_in_both_languages() -> None:
    without = [
        f"{command.name} {sub.name}"
        for command in build_registry().commands
        for sub in command.subcommands
        if not sub.hidden and not sub.examples
    ]
    assert without == []


def test_chinese_quotes_are_of_one_kind() -> None:
    """Names in a sentence stand in “…”, close to the words around; 《》 is for reviews' titles."""
    wrong = [
        key
        for key, text in catalogue("zh").items()
        if re.search("[「」『』]", text)
        or text.count("“") != text.count("”")
        or re.search("[\u4e00-\u9fff，。；：、] “|” [\u4e00-\u9fff，。；：、]", text)
        or re.search("《(?!{title})", text)
    ]
    assert wrong == []
