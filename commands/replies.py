"""Replies that belong to no family: errors, usage lines, unknown words."""

from __future__ import annotations

import re

from commands.args import MissingArgs
from commands.context import Context
from commands.grammar import Line
from commands.registry import Arg, Command, Subcommand
from domain.errors import DubanError, ErrorKind, NotFoundError
from domain.messages import Action, Card, Code, Inline, Join, Para, Reply, T, Tone

_MENTION = re.compile(r"<@([0-9a-zA-Z_-]{1,64})>")
_LABEL = 60
"""Letters of a line that stand on its button."""
_TONES = {
    ErrorKind.USER: Tone.WARN,
    ErrorKind.PERMISSION: Tone.WARN,
    ErrorKind.CONFLICT: Tone.WARN,
    ErrorKind.OUTSIDE: Tone.BAD,
}


def error_reply(error: DubanError) -> Reply:
    """An error in words, for the asker alone."""
    blocks = (Para(error.hint, muted=True),) if error.hint is not None else ()
    card = Card(error.text, blocks, error.actions, tone=_TONES[error.kind])
    return Reply((card,), private=True)


def usage(command: Command, sub: Subcommand) -> Inline:
    """``/change log <story> <text>``: the one-line usage."""
    head = Code(f"/{command.name} {sub.name}")
    return Join((head, *(_shown(a) for a in sub.args)), " ")


def _shown(arg: Arg) -> Inline:
    key = "core.arg" if arg.required else "core.arg_optional"
    return T(key, {"name": arg.label})


def missing_reply(command: Command, sub: Subcommand, missing: MissingArgs) -> Reply:
    """What is missing, and the usage line."""
    labels = tuple(a.label for a in sub.args if a.name in missing.names)
    title = T("core.missing", {"what": Join(labels, ", ")})
    blocks = (Para(T("core.usage", {"line": usage(command, sub)}), muted=True),)
    return Reply((Card(title, blocks, tone=Tone.WARN),), private=True)


def suggestion(ctx: Context, line: str) -> Action:
    """A line that may have been meant, to press or to send; who is mentioned has a name in it."""

    def named(match: re.Match[str]) -> str:
        try:
            person = ctx.uow.people.get(match.group(1))
        except NotFoundError:
            return match.group()
        alone = [p.id for p in ctx.uow.people.all() if p.name == person.name] == [person.id]
        return f"@{person.name if alone and ' ' not in person.name else person.handle}"

    typed = _MENTION.sub(named, line)
    return Action(Code(f"/{typed}"[:_LABEL]), line, typed=typed)


def unknown_reply(ctx: Context, line: Line) -> Reply:
    """For a line that names no command: the nearest ones, or the way to the help."""
    if not line.words:
        help_action = Action(T("core.help_button"), "help")
        return Reply((Card(T("core.empty"), actions=(help_action,)),), private=True)
    word = line.words[0].text[:40]
    if line.nearest:
        rest = " ".join(w.text for w in line.words[1:])
        actions = tuple(suggestion(ctx, f"{near} {rest}".strip()) for near in line.nearest)
        return Reply(
            (Card(T("core.unknown_near", {"word": word}), actions=actions, tone=Tone.WARN),),
            private=True,
        )
    actions = (Action(T("core.help_button"), "help"),)
    return Reply(
        (Card(T("core.unknown", {"word": word}), actions=actions, tone=Tone.WARN),), private=True
    )
