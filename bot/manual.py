"""The command reference, written from the registry: ``python -m bot.manual`` renews it.

The table of reminder rules (``bot.reminder_manual``) and the example of Slack's manifest
(``bot.slack.admin.example``) are renewed with it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.cards.words import Reader, words
from bot.reminder_manual import write_tables
from bot.slack.admin.example import write_examples
from commands.catalog import build_registry
from commands.registry import Command, Registry, Subcommand
from commands.replies import usage
from domain.messages import Inline
from domain.people import MEMBERS
from locales import LOCALES, template

_Shown = Callable[[Inline], str]
_Text = Callable[[str], str]

PATHS = {"zh": "docs/reference/commands.zh-CN.md", "en": "docs/reference/commands.md"}


def manual(registry: Registry, locale: str) -> str:
    """The reference of every command in a language, as Markdown."""
    reader = Reader(locale, "UTC")

    def text(key: str) -> str:
        return template(locale, f"manual.{key}")

    def shown(inline: Inline) -> str:
        return words(inline, reader)

    lines = [f"# {text('title')}", "", text("intro"), ""]
    for command in registry.commands:
        lines += _command(command, locale, shown, text)
    return "\n".join(lines).rstrip() + "\n"


def _command(command: Command, locale: str, shown: _Shown, text: _Text) -> list[str]:
    names = " · ".join((f"`/{command.name}`", command.zh, *command.aliases))
    lines = [f"## {names}", "", shown(command.summary), ""]
    lines += [f"| {text('column_sub')} | {text('column_usage')} | {text('column_who')} |"]
    lines += ["| --- | --- | --- |"]
    visible = [s for s in command.subcommands if not s.hidden]
    lines += [_row(command, sub, shown, text) for sub in visible]
    examples = [e[0 if locale == "zh" else 1] for s in visible for e in s.examples]
    if examples:
        lines += ["", text("examples"), "", "```"]
        lines += [f"/{line}" for line in dict.fromkeys(examples)] + ["```"]
    return [*lines, ""]


def _row(command: Command, sub: Subcommand, shown: _Shown, text: _Text) -> str:
    default = f" ({text('default')})" if sub is command.default else ""
    name = f"**{sub.name}** {sub.zh}{default}: {shown(sub.summary)}"
    line = _escaped(shown(usage(command, sub)))
    who = text("everybody") if sub.roles >= MEMBERS else ", ".join(sorted(sub.roles))
    return f"| {name} | {line} | {who} |"


def _escaped(line: str) -> str:
    return f"`{line.replace('|', '/')}`"


def write_manuals(root: Path) -> None:
    """Write the references of all languages below a folder."""
    registry = build_registry()
    for locale in LOCALES:
        path = root / PATHS[locale]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(manual(registry, locale), encoding="utf-8")


if __name__ == "__main__":
    root = Path(__file__).parents[1]
    write_manuals(root)
    write_tables(root)
    write_examples(root)
