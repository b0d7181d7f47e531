"""What is said to Duban in a review and is no command: a line of the minutes.

Only what mentions Duban is heard here, so what elsewhere is said in the meeting's thread is said to
Duban. What looks like a command with a slip in it is none of this: it is answered with what was
meant, and can be kept by one more line.
"""

from __future__ import annotations

from dataclasses import replace

from commands.context import Context
from commands.grammar import Line, first_word, parse
from commands.registry import ArgKind, Registry
from commands.spelling import named
from domain.messages import Action, Reply, T

_FEWEST = 2
"""Letters of a remark; less is a slip of the hand."""
_RECORDS = frozenset({ArgKind.REF, ArgKind.STORY, ArgKind.STORIES})


def may_be_remark(registry: Registry, text: str) -> bool:
    """Whether a text is no command, not even nearly one."""
    if len(text) < _FEWEST or text.startswith("/"):
        return False
    line = parse(registry, text)
    return line.command is None and not _short(registry, line) and not _near(registry, line)


def in_review(ctx: Context) -> bool:
    """Whether what somebody of the company says here is said in a review."""
    channel = ctx.channel
    listening = channel is not None and ctx.uow.reviews.listening_in(channel.id) is not None
    return listening and ctx.is_member


def with_note(ctx: Context, reply: Reply) -> Reply:
    """An answer that says what was wrong, with the way to keep the words all the same.

    Only for words that may have been meant as a remark: not for a command that was named in full.
    """
    line = parse(ctx.registry, ctx.request.text)
    meant = line.explicit or _short(ctx.registry, line) or ctx.request.text.startswith("/")
    if meant or not line.words or not reply.cards or not in_review(ctx):
        return reply
    keep = Action(T("review.button.keep_remark"), f"review note {line.text}")
    *before, last = reply.cards
    return replace(reply, cards=(*before, replace(last, actions=(*last.actions, keep))))


def _short(registry: Registry, line: Line) -> bool:
    return first_word(line.text)[0] in registry.shorthand


def _near(registry: Registry, line: Line) -> bool:
    """Whether the first word is nearly a command's; a mention is none.

    A word that means something only behind a command's name (``同意`` behind ``变更``) is also what
    people say: it is nearly a command alone, or with what such a command is about (``同意 CR-3``).
    """
    if not line.nearest or line.words[0].text.startswith("<@"):
        return False
    rest = line.text[line.words[0].end :]
    subs = [near for near in line.nearest if " " in near]
    by_name = len(subs) < len(line.nearest)
    return by_name or len(line.words) == 1 or any(_about(registry, f"{s} {rest}") for s in subs)


def _about(registry: Registry, text: str) -> bool:
    """Whether a line of a command names what it is about."""
    line = parse(registry, text)
    if line.sub is None:
        return False
    records = {arg.name for arg in line.sub.args if arg.kind in _RECORDS}
    return bool(records & named(line.sub, line.words))
