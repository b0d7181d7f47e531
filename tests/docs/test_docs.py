"""The documentation is complete, current, and the same in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.manual import PATHS, manual
from bot.reminder_manual import PATHS as REMINDER_PATHS
from bot.reminder_manual import with_table
from commands.catalog import build_registry
from commands.grammar import nearest_subcommands, parse
from locales import LOCALES
from reminders.rules import RULES
from storage.tables import metadata

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
BOTH_LANGUAGES = ("tutorial", "how-to", "reference")
SUFFIX = {"zh": ".zh-CN.md", "en": ".md"}
_RENEW = "run `python -m bot.manual`"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _pages() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def _names(paths: list[Path]) -> list[str]:
    return [str(p.relative_to(ROOT)) for p in paths]


# -- generated pages


@pytest.mark.parametrize("locale", LOCALES)
def test_the_command_reference_is_current(locale: str) -> None:
    assert _read(ROOT / PATHS[locale]) == manual(build_registry(), locale), _RENEW


@pytest.mark.parametrize("locale", LOCALES)
def test_every_command_and_subcommand_is_in_the_reference(locale: str) -> None:
    page = _read(ROOT / PATHS[locale])
    missing: list[str] = []
    for command in build_registry().commands:
        section = re.split(rf"^## `/{command.name}` · {command.zh}\b", page, flags=re.MULTILINE)[1:]
        text = section[0].partition("\n## ")[0] if section else ""
        missing += [
            f"{command.name} {sub.name}"
            for sub in command.subcommands
            if not sub.hidden and f"**{sub.name}** {sub.zh}" not in text
        ]
    assert missing == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_table_of_reminder_rules_is_current(locale: str) -> None:
    page = _read(ROOT / REMINDER_PATHS[locale])
    assert page == with_table(page, locale), _RENEW
    assert [r.name for r in RULES if f"| `{r.name}` {r.zh} |" not in page] == []


# -- what the code knows


def _environment_variables() -> set[str]:
    """The names of the variables that the program reads."""
    settings = _read(ROOT / "bot" / "settings.py")
    found = {f"DUBAN_{name}" for name in re.findall(r'value\("([A-Z_]+)"', settings)}
    for path in (ROOT / "bot").rglob("*.py"):
        found |= set(re.findall(r'"(DUBAN_[A-Z_]+)"', _read(path)))
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_every_setting_is_in_the_reference(locale: str) -> None:
    known = _environment_variables()
    assert {"DUBAN_CONFIG", "DUBAN_PORT", "DUBAN_SECRET_KEYS"} <= known
    page = _read(DOCS / "reference" / f"settings{SUFFIX[locale]}")
    rows = set(re.findall(r"^\| `(DUBAN_[A-Z_]+)`", page, flags=re.MULTILINE))
    assert rows == known


@pytest.mark.parametrize("locale", LOCALES)
def test_every_duban_command_is_in_the_reference(locale: str) -> None:
    words = set(re.findall(r'add\("([a-z]+)", admin', _read(ROOT / "bot" / "cli.py")))
    assert {"run", "chat", "backup"} <= words
    page = _read(DOCS / "reference" / f"cli{SUFFIX[locale]}")
    assert {w for w in words if f"`duban {w}" not in page} == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_table_is_in_the_reference(locale: str) -> None:
    page = _read(DOCS / "reference" / f"data{SUFFIX[locale]}")
    assert {name for name in metadata.tables if f"`{name}`" not in page} == set()


# -- both languages


@pytest.mark.parametrize("folder", BOTH_LANGUAGES)
def test_both_languages_have_the_same_pages(folder: str) -> None:
    pages = {p.name for p in (DOCS / folder).glob("*.md")}
    chinese = {n.removesuffix(SUFFIX["zh"]) for n in pages if n.endswith(SUFFIX["zh"])}
    english = {n.removesuffix(".md") for n in pages if not n.endswith(SUFFIX["zh"])}
    assert english
    assert chinese == english


@pytest.mark.parametrize("folder", BOTH_LANGUAGES)
def test_both_languages_have_the_same_shape(folder: str) -> None:
    """As many headings, table rows and code blocks: nothing was forgotten in one of them."""
    unlike: dict[str, tuple[list[int], list[int]]] = {}
    for english in (DOCS / folder).glob("*.md"):
        if english.name.endswith(SUFFIX["zh"]):
            continue
        chinese = english.with_name(english.name.removesuffix(".md") + SUFFIX["zh"])
        if _shape(english) != _shape(chinese):
            unlike[english.name] = (_shape(english), _shape(chinese))
    assert unlike == {}


_PARTS = (r"^#+ ", r"^\| ", r"^```", r"^\* ")


def _shape(path: Path) -> list[int]:
    page = _read(path)
    return [
        len(re.findall(p, page, flags=re.MULTILINE)) for p in (r"^#+ ", r"^\| ", r"^```", r"^\* ")
    ]


# -- links and commands


def _links(page: Path) -> Iterator[str]:
    text = re.sub(r"^```.*?^```", "", _read(page), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:", target):
            yield target.partition("#")[0]


def test_every_relative_link_leads_to_a_file() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in _pages()
        for link in _links(page)
        if link and not (page.parent / link).resolve().exists()
    ]
    assert broken == []


def test_chinese_pages_link_to_chinese_pages() -> None:
    """Where there is a Chinese page, a Chinese page does not send its reader to the English one."""
    wrong = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in _pages()
        if page.name.endswith(SUFFIX["zh"])
        for link in _links(page)
        if link.endswith(".md")
        and not link.endswith(SUFFIX["zh"])
        and (page.parent / (link.removesuffix(".md") + SUFFIX["zh"])).exists()
        and page.name.removesuffix(SUFFIX["zh"]) != Path(link).stem
    ]
    assert wrong == []


def test_every_how_to_is_in_its_index() -> None:
    for suffix in SUFFIX.values():
        index = DOCS / "how-to" / f"README{suffix}"
        linked = set(_links(index))
        pages = [p.name for p in (DOCS / "how-to").glob("*.md") if not p.name.startswith("README")]
        wanted = {n for n in pages if n.endswith(SUFFIX["zh"]) == (suffix == SUFFIX["zh"])}
        assert wanted - linked == set()


def _code_blocks(page: Path) -> Iterator[str]:
    yield from re.findall(r"^```[^\n]*\n(.*?)^```", _read(page), flags=re.MULTILINE | re.DOTALL)


def _typed(page: Path) -> Iterator[str]:
    """What a reader may type: lines of code blocks, and short code in the text."""
    for block in _code_blocks(page):
        yield from (line for line in block.splitlines() if line.startswith("/"))
    rest = re.sub(r"^```.*?^```", "", _read(page), flags=re.MULTILINE | re.DOTALL)
    yield from (code for code in re.findall(r"`(/[^`]+)`", rest) if _is_command(code))


def _is_command(code: str) -> bool:
    """Not an address of the server, nor a path."""
    first = code[1:].split(maxsplit=1)[0] if code[1:].split() else ""
    return bool(first) and not re.search(r"[/.:<]", first) and first not in _ADDRESSES


_ADDRESSES = {"healthz", "readyz", "metrics", "quit", "po"}
"""Addresses, and words that are understood before the registry is asked."""


def test_every_command_line_in_the_documentation_is_a_command() -> None:
    registry = build_registry()
    unknown: list[str] = []
    for page in _pages():
        for line in _typed(page):
            parsed = parse(registry, line)
            first = parsed.words[0].plain if parsed.words else ""
            # A word that is nearly a subcommand was meant as one.
            if parsed.command is None or (
                first and not parsed.explicit and nearest_subcommands(parsed.command, first)
            ):
                unknown.append(f"{page.relative_to(ROOT)}: {line}")
    assert unknown == []


def test_every_page_was_looked_at() -> None:
    assert len(_names(_pages())) > 30
