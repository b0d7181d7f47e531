"""``/help``: what can be done here, and how one command is used. Made from the registry alone."""

from __future__ import annotations

from functools import lru_cache

from commands.args import Args
from commands.context import Context
from commands.grammar import nearest_commands, parse
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
    args=(
        Arg("command", "命令", ArgKind.WORD, T("help.arg.command")),
        Arg("part", "子命令", ArgKind.WORD, T("help.arg.part")),
    ),
    writes=False,
    examples=(
        ("帮助", "help"),
        ("帮助 评审", "help review"),
        ("帮助 评审 意见", "help review verdict"),
    ),
)
def show(ctx: Context, args: Args) -> Reply:
    """The list of commands, one command's subcommands with usage and examples, or one of these."""
    word = args.text("command").lstrip("/")
    if not word:
        return Reply((_overview(ctx),), private=True)
    line = parse(ctx.registry, f"{word} {args.text('part')}")
    if line.command is None:
        raise NotFoundError("help.unknown", _near(ctx, word), word=word[:40])
    only = line.sub if line.explicit else None
    return Reply((_details(ctx, line.command, only),), private=True)


def _near(ctx: Context, word: str) -> Inline | None:
    near = nearest_commands(ctx.registry, word)
    if not near:
        return None
    return T("core.did_you_mean", {"line": Code(f"/help {near[0].split()[0]}")})


def _overview(ctx: Context) -> Card:
    """One line per command that the asker may use, each opening its details."""
    return _list(
        tuple(
            (command.name, _beside(ctx, command), command.summary.key)
            for command in ctx.registry.commands
            if any(ctx.may(sub.roles) for sub in command.subcommands)
        )
    )


@lru_cache(maxsize=64)
def _list(commands: tuple[tuple[str, str, str], ...]) -> Card:
    """The list, made once for all who may use the same: it is asked for all day."""
    items = tuple(
        Bullet(_line(name, other, T(summary)), (Action(T("help.more"), f"help {name}"),))
        for name, other, summary in commands
    )
    blocks: tuple[Block, ...] = (Bullets(items), Para(T("help.grammar"), muted=True))
    return Card(T("help.title"), blocks)


def _line(name: str, other: str, summary: Inline) -> Inline:
    return Join((Join((Code(f"/{name}"), other), " "), summary), "  ")


def _in_chinese(ctx: Context) -> bool:
    """Whether our lines are shown in Chinese where this is read, so that they need none beside."""
    channel, spelt = ctx.channel, ctx.services.hears_mentions_only
    return ctx.locale == "zh" and channel is not None and channel.platform in spelt


def _beside(ctx: Context, command: Command) -> str:
    """The command's name in the language in which the line itself is not."""
    return command.name if _in_chinese(ctx) else command.zh


def _details(ctx: Context, command: Command, only: Subcommand | None) -> Card:
    """How a command is used.

    :param only: the one subcommand that was asked for.
    """
    blocks: list[Block] = [Para(command.summary)] if only is None else []
    for sub in command.subcommands:
        if only in (None, sub) and (only or not sub.hidden):
            blocks += _subcommand(ctx, command, sub)
    title = Join((Code(f"/{command.name}"), _beside(ctx, command)), " ")
    return Card(title, tuple(blocks))


def _subcommand(ctx: Context, command: Command, sub: Subcommand) -> list[Block]:
    default = T("help.default") if sub is command.default else ""
    heading = Join((sub.summary, default), " ")
    blocks: list[Block] = [Heading(heading), Para(_usages(ctx, command, sub))]
    if sub.examples:
        pick = 0 if ctx.locale == "zh" else 1
        lines = tuple(Code(f"/{example[pick]}") for example in sub.examples)
        blocks.append(Para(T("help.examples", {"lines": Join(lines, " · ")}), muted=True))
    if not ctx.may(sub.roles):
        roles = Join(tuple(T(f"role.{r.value}") for r in sorted(sub.roles)), " / ")
        blocks.append(Para(T("help.needs", {"roles": roles}), muted=True))
    return blocks


def _usages(ctx: Context, command: Command, sub: Subcommand) -> Inline:
    if _in_chinese(ctx):
        return usage(command, sub)
    return Join((usage(command, sub), Code(f"{command.zh} {sub.zh}")), "  ·  ")
