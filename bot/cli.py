"""The ``duban`` command."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import admin
from bot.cards.text import render_text
from bot.cards.words import Reader
from bot.settings import Settings, load_settings
from domain.errors import DubanError
from domain.messages import Card
from locales import LOCALES, template

Run = Callable[[Settings, argparse.Namespace, str], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 when it did what it says."""
    locale = terminal_locale()
    options = _parser(locale).parse_args(arguments)
    try:
        run: Run = options.run
        return run(load_settings(os.environ), options, locale)
    except DubanError as error:
        card = Card(error.text)
        print(render_text(card, Reader(locale, "UTC")), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return _output_closed()


def terminal_locale() -> str:
    """Chinese when the terminal says so, else English."""
    names = ("DUBAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((os.environ[n] for n in names if os.environ.get(n)), "")
    return "zh" if chosen.casefold().startswith("zh") else "en"


def _parser(locale: str) -> argparse.ArgumentParser:
    def words(key: str) -> str:
        return template(locale, f"cli.{key}")

    parser = argparse.ArgumentParser(prog="duban", description=words("about"))
    commands = parser.add_subparsers(required=True, metavar=words("command"))

    def add(name: str, run: Run) -> argparse.ArgumentParser:
        text = words(f"help.{name}")
        one = commands.add_parser(name, help=text, description=text)
        one.set_defaults(run=run)
        return one

    add("run", admin.run)
    add("web", admin.web)
    add("worker", admin.worker)
    add("slack", admin.slack)
    add("dingtalk", admin.dingtalk)
    add("migrate", admin.migrate)
    _manifest(add("manifest", admin.manifest), words)
    _zentao(add("zentao", admin.zentao), words)
    doctor = add("doctor", admin.doctor)
    doctor.add_argument("section", nargs="?", default=None, help=words("arg.section"))
    _choice(add("demo", admin.demo), "what", ("load", "remove"))
    _choice(add("audit", admin.audit), "what", ("verify",))
    _chat(add("chat", admin.chat), words)
    _token(add("token", admin.token), words)
    backup = add("backup", admin.backup)
    backup.add_argument("target", type=Path, nargs="?", help=words("arg.target"))
    restore = add("restore", admin.restore)
    restore.add_argument("source", type=Path, help=words("arg.source"))
    restore.add_argument("--force", action="store_true", help=words("arg.force"))
    return parser


def _choice(parser: argparse.ArgumentParser, name: str, choices: tuple[str, ...]) -> None:
    parser.add_argument(name, choices=choices)


def _chat(parser: argparse.ArgumentParser, words: Callable[[str], str]) -> None:
    parser.add_argument("--as", dest="person", default=None, metavar="HANDLE",
                        help=words("arg.person"))  # fmt: skip
    parser.add_argument("--channel", default=None, help=words("arg.channel"))
    parser.add_argument("line", nargs="*", help=words("arg.line"))


def _manifest(parser: argparse.ArgumentParser, words: Callable[[str], str]) -> None:
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--socket", action="store_true", help=words("arg.socket"))
    way.add_argument("--http", action="store_true", help=words("arg.http"))
    parser.add_argument("--lang", choices=LOCALES, default=None, help=words("arg.lang"))
    parser.add_argument(
        "--without", action="append", default=[], metavar="COMMAND", help=words("arg.without")
    )


def _token(parser: argparse.ArgumentParser, words: Callable[[str], str]) -> None:
    acts = parser.add_subparsers(dest="what", required=True)

    def act(name: str) -> argparse.ArgumentParser:
        text = words(f"help.token_{name}")
        return acts.add_parser(name, help=text, description=text)

    create = act("create")
    create.add_argument("--person", required=True, metavar="HANDLE", help=words("arg.person"))
    create.add_argument("--note", default="", help=words("arg.note"))
    act("list")
    act("revoke").add_argument("id", help=words("arg.token"))


def _zentao(parser: argparse.ArgumentParser, words: Callable[[str], str]) -> None:
    acts = parser.add_subparsers(dest="what", required=True)

    def act(name: str) -> argparse.ArgumentParser:
        text = words(f"help.zentao_{name}")
        return acts.add_parser(name, help=text, description=text)

    act("setup")
    token = act("token")
    token.add_argument("--person", required=True, metavar="HANDLE", help=words("arg.person"))
    token.add_argument("--forget", action="store_true", help=words("arg.forget"))


def _output_closed() -> int:
    """The reader of our output has gone (``| head``): end quietly, as a program in a pipe does."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return 128 + signal.SIGPIPE


if __name__ == "__main__":
    sys.exit(main())
