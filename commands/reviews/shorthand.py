"""Short lines while a review is open: ``决定 …`` for ``评审 决定 …``.

In a meeting people type fast, and on platforms where a bot hears only what mentions it every line
of the minutes is typed to it.
"""

from __future__ import annotations

from commands.context import Context
from commands.grammar import Line, first_word
from commands.reviews.family import current, none_open
from domain.errors import UserError

WORDS = {
    "verdict": "verdict", "评审意见": "verdict", "意见": "verdict",
    "decide": "decide", "decision": "decide", "决定": "decide", "决议": "decide",
    "note": "note", "记录": "note", "记": "note",
    "question": "question", "问题": "question", "疑问": "question",
    "action": "action", "todo": "action", "待办": "action", "行动": "action", "行动项": "action",
    "join": "join", "here": "join", "present": "join", "在场": "join", "到场": "join",
}  # fmt: skip
"""The first word, and the subcommand of ``/review`` that it stands for."""


def expand(ctx: Context, line: Line) -> str | None:
    """The full line that a short one stands for.

    Elsewhere a word that names a command of its own (``待办``) stands for that, and for any other
    :class:`UserError` says that no review is open.
    """
    word, rest = first_word(line.text)
    sub = WORDS.get(word)
    if sub is None:
        return None
    full = f"review {sub} {rest}".strip()
    if ctx.channel is not None and ctx.uow.reviews.listening_in(ctx.channel.id) is not None:
        return full
    if line.command is not None:
        return None
    try:
        current(ctx)
    except UserError:
        raise none_open(word) from None
    return full
