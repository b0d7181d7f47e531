"""What may come next in a line: commands, subcommands, people, stories, choices, dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.cards.words import words
from bot.webchat.access import active_person, conversation
from bot.webchat.call import Call
from bot.webchat.forms import open_changes, open_stories, product_of
from bot.webchat.mentions import BOT_NAMES, addressed
from bot.webchat.views import Desk, View, desk_of
from commands.dispatcher import Dispatcher
from commands.grammar import parse
from commands.registry import Arg, ArgKind, Command, Registry, Subcommand
from commands.replies import usage
from domain.people import Channel
from storage.uow import Store, UnitOfWork

MOST = 12
_DATES = {
    "zh": ("今天", "明天", "周五", "下周一", "月底", "+3wd"),
    "en": ("today", "tomorrow", "fri", "next mon", "+3d", "+3wd"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One suggestion.

    :param insert: what replaces the word that is being typed.
    """

    kind: str
    insert: str
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class _Here:
    """Who types where, and what is there."""

    uow: UnitOfWork
    desk: Desk
    channel: Channel
    registry: Registry


@dataclass(frozen=True, slots=True)
class _Line:
    """What stands before the cursor.

    :param before: everything up to the word that is being typed; :param partial: that word.
    """

    before: str
    partial: str

    @property
    def at(self) -> int:
        """Where the word begins."""
        return len(self.before)


class Completer:
    """Suggestions from the registry and from what is there."""

    def __init__(self, store: Store, dispatcher: Dispatcher) -> None:
        self._store = store
        self._registry = dispatcher.registry

    def complete(self, call: Call) -> View:
        """Suggestions for ``text`` (up to the cursor) in ``channel``.

        The answer's ``at`` is where the word begins that an item replaces; ``usage`` is the line to
        show above the items.
        """
        text = call.query.get("text", "")[:2000]
        line = _split(text)
        with self._store.read(call.session.workspace) as uow:
            me = active_person(uow, call.session.person)
            channel = conversation(uow, me, call.query.get("channel", ""))
            here = _Here(uow, desk_of(uow, me), channel, self._registry)
            items, hint = _items(here, text, line)
        unique = list(dict.fromkeys(items))[:MOST]
        return {
            "at": line.at,
            "usage": hint,
            "items": [
                {"kind": i.kind, "insert": i.insert, "label": i.label, "detail": i.detail}
                for i in unique
            ],
        }


def _items(here: _Here, text: str, line: _Line) -> tuple[list[Item], str]:
    """The suggestions and the usage line, if any."""
    if line.partial.startswith(("@", "＠")):
        return list(_people(here.desk, line.partial[1:], bot=not line.before.strip())), ""
    if line.partial.startswith(("#", "＃")):
        return list(_stories(here, line.partial[1:])), ""
    rest, meant = addressed(text)
    slashed = rest.startswith(("/", "／"))
    if not (meant or slashed or here.channel.kind == "direct"):
        return [], ""
    head = rest.lstrip("/／ ") + (" " if text[-1:].isspace() and rest else "")
    if not head or " " not in head:
        return list(_commands(here, head, "/" if slashed else "")), ""
    parsed = parse(here.registry, rest)
    if parsed.command is None:
        return [], ""
    return _within(here, line, parsed.command, parsed.sub, head)


def _commands(here: _Here, head: str, slash: str) -> Iterator[Item]:
    """Commands that begin so, in the language that is being typed."""
    folded = head.casefold()
    for command in here.registry.commands:
        names = (command.name, command.zh, *command.aliases)
        hit = next((n for n in names if n.startswith(folded)), None)
        if hit is not None:
            other = command.zh if hit != command.zh else command.name
            detail = words(command.summary, here.desk.reader)
            yield Item("command", f"{slash}{hit} ", f"{slash}{hit}", f"{other} · {detail}")


def _within(
    here: _Here, line: _Line, command: Command, sub: Subcommand | None, head: str
) -> tuple[list[Item], str]:
    """After the command's word: its subcommands first, then what the arguments take."""
    typed = head.split()
    second = len(typed) + (not line.partial) <= 2
    items = list(_subcommands(command, line.partial, here.desk)) if second else []
    chosen = sub or command.default
    for arg in chosen.args:
        items += _arg(here, arg, line.partial)
    named = len(typed) > 1 and command.find(typed[1]) is not None
    return items, words(usage(command, chosen), here.desk.reader) if named or not second else ""


def _arg(here: _Here, arg: Arg, partial: str) -> Iterable[Item]:
    """What an argument takes, as far as it begins with what is typed."""
    label = words(arg.label, here.desk.reader)
    match arg.kind:
        case ArgKind.CHOICE:
            return _choices(arg, partial, here.desk, label)
        case ArgKind.PERSON | ArgKind.PEOPLE:
            return () if partial else _people(here.desk, partial, bot=False)
        case ArgKind.STORY | ArgKind.STORIES:
            return _stories(here, partial)
        case ArgKind.REF if arg.prefix == "CR":
            return _changes(here, partial)
        case ArgKind.DATE:
            days = _DATES.get(here.desk.me.locale, _DATES["en"])
            return (Item("date", f"{d} ", d, label) for d in days if d.startswith(partial))
        case _:
            return ()


def _stories(here: _Here, partial: str) -> Iterator[Item]:
    """Stories by number or by a part of the title."""
    wanted = partial.casefold()
    product = product_of(here.uow, here.channel.id)
    for value, title in open_stories(here.uow, product) if product else ():
        number = value.casefold()
        if number.startswith(wanted) or number[1:].startswith(wanted) or wanted in title.casefold():
            yield Item("story", f"{value} ", value, title)


def _split(text: str) -> _Line:
    match = re.search(r"(\S*)\Z", text)
    partial = match.group(1) if match else ""
    at_sign = max(partial.rfind("@"), partial.rfind("＠"))
    if at_sign > 0 and not partial[at_sign - 1].isascii():
        partial = partial[at_sign:]  # Chinese is written without a space before a mention
    return _Line(text[: len(text) - len(partial)], partial)


def _subcommands(command: Command, partial: str, desk: Desk) -> Iterator[Item]:
    folded = partial.casefold()
    for sub in command.subcommands:
        names = (sub.name, sub.zh, *sub.aliases)
        hit = next((n for n in names if n.startswith(folded)), None)
        if hit is not None and not sub.hidden:
            other = sub.zh if hit != sub.zh else sub.name
            detail = words(sub.summary, desk.reader)
            yield Item("subcommand", f"{hit} ", hit, f"{other} · {detail}")


def _people(desk: Desk, partial: str, *, bot: bool) -> Iterator[Item]:
    folded = partial.casefold()
    if bot and any(name.startswith(folded) for name in BOT_NAMES):
        name = BOT_NAMES[1 if desk.me.locale == "zh" else 0]
        yield Item("bot", f"@{name} ", f"@{name}", "Duban")
    for person in desk.people.values():
        names = (person.handle, person.name.casefold())
        if person.active and any(n.startswith(folded) for n in names):
            yield Item("person", f"@{person.handle} ", f"@{person.handle}", person.name)


def _choices(arg: Arg, partial: str, desk: Desk, label: str) -> Iterator[Item]:
    folded = partial.casefold()
    for choice in arg.choices:
        names = (choice.value, *choice.words)
        hit = next((n for n in names if n.startswith(folded)), None)
        if hit is not None:
            shown = words(choice.label, desk.reader)
            yield Item("choice", f"{hit} ", hit, f"{shown} · {label}")


def _changes(here: _Here, partial: str) -> Iterator[Item]:
    folded = partial.casefold()
    product = product_of(here.uow, here.channel.id)
    for value, title in open_changes(here.uow, product) if product else ():
        if value.casefold().startswith(folded):
            yield Item("change", f"{value} ", value, title)
