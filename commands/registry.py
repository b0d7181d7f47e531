"""The registry: from it come the parser, help, forms, autocompletion, manifests and the manual."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from domain.messages import FieldKind, Form, Inline, Reply, T
from domain.people import MEMBERS, Role
from domain.requests import Kind

if TYPE_CHECKING:
    from commands.args import Args
    from commands.context import Context
    from commands.grammar import Line

Handler = Callable[["Context", "Args"], Reply]
Shorthand = Callable[["Context", "Line"], str | None]
FormBuilder = Callable[["Context", Mapping[str, str]], Form]


class ArgKind(StrEnum):
    """What an argument takes, and so which words of the line it claims."""

    WORD = "word"  # the next word
    TEXT = "text"  # everything that nothing else claims
    REF = "ref"  # a numbered record: CR-12, cr12 or 12
    STORY = "story"  # the first S12, #12 or link
    STORIES = "stories"  # all of them
    PERSON = "person"  # the first mention
    PEOPLE = "people"  # all mentions
    DATE = "date"  # a date at the start or the end of the text
    NUMBER = "number"  # the next number
    CHOICE = "choice"  # the next word, when it is one of the choices
    FILE = "file"  # the file that came with the message


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a CHOICE and the words for it in both languages."""

    value: str
    words: tuple[str, ...]
    label: Inline


@dataclass(frozen=True, slots=True)
class Arg:
    """One argument.

    :param name: also its field in forms and its name in ``name=value``.
    :param zh: its Chinese name in ``名称=值``.
    :param label: shown in usage lines and forms.
    :param multiline: a TEXT that gets a large field in forms.
    :param prefix: for REF: ``CR``.
    """

    name: str
    zh: str
    kind: ArgKind
    label: Inline
    required: bool = False
    choices: tuple[Choice, ...] = ()
    multiline: bool = False
    prefix: str = ""
    help: Inline | None = None

    @property
    def field_kind(self) -> FieldKind:
        """The kind of form field that asks for it."""
        if self.kind is ArgKind.TEXT and self.multiline:
            return FieldKind.MULTILINE
        return _FIELD_KINDS.get(self.kind, FieldKind.TEXT)


_FIELD_KINDS = {
    ArgKind.STORY: FieldKind.STORY,
    ArgKind.STORIES: FieldKind.STORIES,
    ArgKind.PERSON: FieldKind.PERSON,
    ArgKind.PEOPLE: FieldKind.PEOPLE,
    ArgKind.DATE: FieldKind.DATE,
    ArgKind.NUMBER: FieldKind.NUMBER,
    ArgKind.CHOICE: FieldKind.CHOICE,
    ArgKind.FILE: FieldKind.FILE,
}


@dataclass(frozen=True, slots=True)
class Subcommand:
    """One thing that can be done.

    :param name: English name; ``zh`` the Chinese one; ``aliases`` further words for it.
    :param roles: any one of these is enough; the default is everybody of the company.
    :param writes: False runs on a read-only view, without an inbox entry.
    :param form: builds the form when the arguments alone do not say enough; the default is made
        from
        ``args``.
    :param asks: whether a call without its required arguments opens a form (else a usage line).
    :param examples: (Chinese, English) lines without the leading slash.
    :param needs_product: where there is no product it is refused before any form opens.
    """

    name: str
    zh: str
    handler: Handler
    summary: T
    args: tuple[Arg, ...] = ()
    aliases: tuple[str, ...] = ()
    roles: frozenset[Role] = MEMBERS
    writes: bool = True
    form: FormBuilder | None = None
    asks: bool = True
    examples: tuple[tuple[str, str], ...] = ()
    hidden: bool = False
    needs_product: bool = False


@dataclass(slots=True)
class Command:
    """A family of subcommands. The first one that was added is the default.

    :param needs_product: what its subcommands have unless they say otherwise.
    :param free: the subcommand that is offered for words that no other takes (``add``).
    """

    name: str
    zh: str
    summary: T
    aliases: tuple[str, ...] = ()
    subcommands: list[Subcommand] = field(default_factory=list[Subcommand])
    needs_product: bool = False
    free: str = ""

    def sub(
        self,
        name: str,
        zh: str,
        *,
        args: tuple[Arg, ...] = (),
        aliases: tuple[str, ...] = (),
        roles: frozenset[Role] = MEMBERS,
        writes: bool = True,
        form: FormBuilder | None = None,
        asks: bool = True,
        examples: tuple[tuple[str, str], ...] = (),
        hidden: bool = False,
        needs_product: bool | None = None,
    ) -> Callable[[Handler], Handler]:
        """Register the decorated handler. Its summary is the text ``<command>.sub.<name>``."""
        needs = self.needs_product if needs_product is None else needs_product

        def register(handler: Handler) -> Handler:
            summary = T(f"{self.name}.sub.{name}")
            self.subcommands.append(
                Subcommand(
                    name, zh, handler, summary, args, aliases, roles, writes, form, asks, examples,
                    hidden, needs,
                )
            )  # fmt: skip
            return handler

        return register

    @property
    def default(self) -> Subcommand:
        """What runs when no subcommand is named."""
        return self.subcommands[0]

    def find(self, word: str) -> Subcommand | None:
        """The subcommand of this name, in either language."""
        folded = word.casefold()
        for sub in self.subcommands:
            if folded in (sub.name, sub.zh) or folded in sub.aliases:
                return sub
        return None


@dataclass(slots=True)
class Registry:
    """All commands, and who listens to plain messages, their edits and deletions, and reactions.

    :param umbrella: the words under which every command works (``po review start``).
    :param shorthand: by its first word, what may say which full line a line stands for that names
        no command, or a command without its subcommand.
    """

    commands: list[Command] = field(default_factory=list[Command])
    umbrella: tuple[str, ...] = ("po",)
    shorthand: dict[str, Shorthand] = field(default_factory=dict[str, "Shorthand"])
    on_message: list[Callable[[Context], Reply | None]] = field(
        default_factory=list["Callable[[Context], Reply | None]"]
    )
    on_edit: list[Callable[[Context], Reply | None]] = field(
        default_factory=list["Callable[[Context], Reply | None]"]
    )
    on_reaction: list[Callable[[Context], Reply | None]] = field(
        default_factory=list["Callable[[Context], Reply | None]"]
    )

    def add(self, command: Command) -> None:
        """Add a family; a word that is taken raises ``ValueError``."""
        taken = {w for c in self.commands for w in (c.name, c.zh, *c.aliases)}
        for word in (command.name, command.zh, *command.aliases):
            if word in taken or word in self.umbrella:
                raise ValueError(f"the command word {word!r} is taken")
        self.commands.append(command)

    def find(self, word: str) -> Command | None:
        """The command of this name, in either language."""
        folded = word.casefold()
        for command in self.commands:
            if folded in (command.name, command.zh) or folded in command.aliases:
                return command
        return None

    def listeners(self, kind: Kind) -> Sequence[Callable[[Context], Reply | None]]:
        """Who listens to what was done, for the kinds that are neither command nor form."""
        match kind:
            case Kind.MESSAGE:
                return self.on_message
            case Kind.EDIT | Kind.DELETE:
                return self.on_edit
            case Kind.REACTION:
                return self.on_reaction
            case Kind.COMMAND | Kind.FORM:
                return ()
