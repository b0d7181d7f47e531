"""``/help``: what can be done here, and how one command is used. Made from the registry alone."""

from __future__ import annotations

from functools import lru_cache

from commands.args import Args
from commands.context import Context
from commands.grammar import nearest_commands
from commands.registry import Arg, ArgKind, Command, Subcommand
from commands.replies import usage
from domain.errors import NotFoundError
from domain.messages import (
    Action,
    Block,
    Bullet,
    Bullets,
    Card,
    Code,
    Heading,
    Inline,
    Join,
    Para,
    Reply,
    T,
)

COMMAND = Command("help", "帮助", T("help.help"), aliases=("?", "？"))


@COMMAND.sub(
    "show",
    "查看",
    args=(Arg("command", "命令", ArgKind.WORD, T("help.arg.command")),),
    writes=False,
    examples=(("帮助", "help"), ("帮助 评审", "help review")),
)
def show(ctx: Context, args: Args) -> Reply:
    """The list of commands, or one command's subcommands with usage and examples."""
    word = args.text("command").lstrip("/")
    if not word:
        return Reply((_overview(ctx),), private=True)
    command = ctx.registry.find(word)
    if command is None:
        raise NotFoundError("help.unknown", _near(ctx, word), word=word[:40])
    return Reply((_details(ctx, command),), private=True)


def _near(ctx: Context, word: str) -> Inline | None:
    near = nearest_commands(ctx.registry, word)
    if not near:
        return None
    return T("core.did_you_mean", {"line": Code(f"/help {near[0].split()[0]}")})


def _overview(ctx: Context) -> Card:
    """One line per command that the asker may use, each opening its details."""
    return _list(
        tuple(
            (command.name, command.zh, command.summary.key)
            for command in ctx.registry.commands
            if any(ctx.may(sub.roles) for sub in command.subcommands)
        )
    )


@lru_cache(maxsize=64)
def _list(commands: tuple[tuple[str, str, str], ...]) -> Card:
    """The list, made once for all who may use the same: it is asked for all day."""
    items = tuple(
        Bullet(_line(name, zh, T(summary)), (Action(T("help.more"), f"help {name}"),))
        for name, zh, summary in commands
    )
    blocks: tuple[Block, ...] = (Bullets(items), Para(T("help.grammar"), muted=True))
    return Card(T("help.title"), blocks)


def _line(name: str, zh: str, summary: Inline) -> Inline:
    return Join((Join((Code(f"/{name}"), zh), " "), summary), "  ")


def _details(ctx: Context, command: Command) -> Card:
    blocks: list[Block] = [Para(command.summary)]
    for sub in command.subcommands:
        if not sub.hidden:
            blocks += _subcommand(ctx, command, sub)
    title = Join((Code(f"/{command.name}"), command.zh), " ")
    return Card(title, tuple(blocks))


def _subcommand(ctx: Context, command: Command, sub: Subcommand) -> list[Block]:
    default = T("help.default") if sub is command.default else ""
    heading = Join((sub.summary, default), " ")
    blocks: list[Block] = [Heading(heading), Para(_both_usages(command, sub))]
    if sub.examples:
        pick = 0 if ctx.locale == "zh" else 1
        lines = tuple(Code(f"/{example[pick]}") for example in sub.examples)
        blocks.append(Para(T("help.examples", {"lines": Join(lines, " · ")}), muted=True))
    if not ctx.may(sub.roles):
        roles = Join(tuple(T(f"role.{r.value}") for r in sorted(sub.roles)), " / ")
        blocks.append(Para(T("help.needs", {"roles": roles}), muted=True))
    return blocks


def _both_usages(command: Command, sub: Subcommand) -> Inline:
    return Join((usage(command, sub), Code(f"{command.zh} {sub.zh}")), "  ·  ")
